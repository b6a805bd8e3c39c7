import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const service = process.env.DIKUAI_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  build: {
    target: 'es2022',
    // The service sends script-src 'self' and the page supports no browser that
    // lacks modulepreload.
    modulePreload: { polyfill: false },
    // MapLibre alone is larger than Vite's default warning.
    chunkSizeWarningLimit: 1300,
  },
  worker: { format: 'es' },
  // While developing, the doors come from a running service.
  server: { proxy: Object.fromEntries(['/api', '/tiles', '/styles'].map((door) => [door, service])) },
  test: { include: ['tests/**/*.test.ts'] },
})
