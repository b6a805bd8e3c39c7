// What every trial shares: the page watched for errors and foreign hosts, the
// map's rest, pictures.
import { test as base, expect, type Page } from '@playwright/test'
import path from 'node:path'
import { side, top } from '../src/layout'

const shots = process.env.DIKUAI_SHOTS ?? 'test-results/shots'

/** An administrator's key. */
export const key = process.env.DIKUAI_KEY

export const test = base.extend<{ watched: void }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const wrong: string[] = []
      const own = new URL(baseURL!).host
      page.on('request', (request) => {
        const url = new URL(request.url())
        if (url.protocol.startsWith('http') && url.host !== own) wrong.push(`request to ${url.host}`)
      })
      page.on('console', (message) => {
        const refused = /\/api\/v1\/(imports|compliance|cases|plots\/(adjust|\d+\/renumber))/.test(message.location().url) // told to the reader, and logged by the browser
        if (message.type() === 'error' && !refused) wrong.push(`console: ${message.text()}`)
      })
      page.on('pageerror', (error) => wrong.push(`page: ${error.message}`))
      await use()
      expect(wrong).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

export const parks = [
  { code: 'panyu', zh: '番禺园区', mu: '300.00' },
  { code: 'nansha', zh: '南沙园区', mu: '1446.00' },
  { code: 'luogang', zh: '萝岗园区', mu: '1383.00' },
]

/** Waits until the map has drawn all that it wants to draw. */
export async function rest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.mapIdle === 'true')
}

export async function open(page: Page, address = '/'): Promise<void> {
  await page.goto(address)
  await rest(page)
}

export function parkCard(page: Page, name: string) {
  return page.getByRole('tabpanel').getByRole('button', { name })
}

/** The map's place as the address keeps it: zoom, latitude, longitude. */
export function place(page: Page): { zoom: number; lat: number; lon: number } {
  const [zoom = 0, lat = 0, lon = 0] = new URL(page.url()).hash.slice(1).split('/').map(Number)
  return { zoom, lat, lon }
}

/** Where on the screen a place is shown: the map's centre lies in the middle of what panels leave free. */
export async function onScreen(page: Page, [lon1, lat1]: [number, number]): Promise<{ x: number; y: number }> {
  const { zoom, lat, lon } = place(page)
  const map = (await page.getByRole('region', { name: /^地图/ }).boundingBox())!
  const mercator = (of: number) => Math.asinh(Math.tan((of * Math.PI) / 180)) / (2 * Math.PI)
  const world = 512 * 2 ** zoom
  return {
    x: map.x + (map.width - side) / 2 + ((lon1 - lon) / 360) * world,
    y: map.y + (map.height + top) / 2 - (mercator(lat1) - mercator(lat)) * world,
  }
}

export async function picture(page: Page, name: string): Promise<void> {
  await rest(page)
  await page.screenshot({ path: path.join(shots, `${name}.png`) })
}

/** Signs in, which turns editing on. */
export async function enterKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: '登录', exact: true }).click()
  const menu = page.getByRole('dialog', { name: '登录' })
  await menu.getByLabel('访问密钥').fill(key!)
  await menu.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('button', { name: '编辑', exact: true })).toHaveAttribute('aria-pressed', 'true')
}
