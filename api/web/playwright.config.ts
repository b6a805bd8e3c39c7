import { defineConfig } from '@playwright/test'

// Runs against a service that is up: DIKUAI_URL, or the usual address. The
// browser is the system's own, drawing WebGL in software.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/run',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: process.env.DIKUAI_URL ?? 'http://127.0.0.1:8080',
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
