import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, open, parkCard, picture, rest, test } from './page'

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

test('nothing hinders a reader: overview, plot table, card, import', async ({ page }) => {
  await open(page, '/?park=nansha')
  expect(await serious(page)).toEqual([])
  await page.getByRole('tab', { name: '地块表' }).click()
  await page.getByRole('region', { name: '地块表' }).locator('tbody button').first().click()
  await rest(page)
  expect(await serious(page)).toEqual([])
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await picture(page, 'desktop-import')
  expect(await serious(page)).toEqual([])
})

test('the panel works from the keyboard alone', async ({ page }) => {
  await open(page)
  await page.getByRole('tab', { name: '园区' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: '地块表' })).toBeFocused()
  await expect(page.getByRole('region', { name: '地块表' })).toBeVisible()
  await page.getByRole('region', { name: '地块表' }).locator('tbody button').first().focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: '地块信息' }).getByRole('heading', { level: 2 })).toBeFocused()
})

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the sheet opens and closes, and nothing lies over another', async ({ page }) => {
    await open(page)
    await picture(page, 'mobile-overview')
    await page.getByRole('button', { name: '展开面板' }).click()
    await parkCard(page, '南沙园区').click()
    await picture(page, 'mobile-parks')
    expect(await serious(page)).toEqual([])

    const mark = (await page.getByRole('note').boundingBox())!
    const tools = (await page.getByRole('group', { name: '地图工具' }).boundingBox())!
    const sheet = (await page.getByRole('complementary').boundingBox())!
    expect(mark.x + mark.width).toBeLessThanOrEqual(tools.x)
    expect(tools.y + tools.height).toBeLessThanOrEqual(sheet.y)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

    await page.getByRole('tab', { name: '图例' }).click()
    await picture(page, 'mobile-legend')
    await page.getByRole('tab', { name: '地块表' }).click()
    await page.getByRole('region', { name: '地块表' }).locator('tbody button').first().click()
    await expect(page.getByRole('region', { name: '地块信息' })).toBeVisible()
    await picture(page, 'mobile-plot')
    expect(await serious(page)).toEqual([])
  })
})
