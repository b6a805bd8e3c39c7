import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { enterKey, expect, key, open, picture, rest, test } from './page'

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
}

const tab = (page: Page) => page.getByRole('tab', { name: '监督' })
const panel = (page: Page) => page.getByRole('region', { name: '监督' })

test('visitors are not shown supervision', async ({ page }) => {
  await open(page, '/?park=nansha')
  await expect(page.getByRole('tab', { name: '选址' })).toBeVisible()
  await expect(tab(page)).toHaveCount(0)
})

test('officers see idle land and progress, and open plots from there', async ({ page }) => {
  test.skip(!key, 'needs DIKUAI_KEY, an administrator’s')
  await open(page, '/?park=nansha')
  await enterKey(page)
  await tab(page).click()
  await expect(panel(page).getByRole('status')).toContainText('截至')
  const plot = panel(page).getByRole('listitem').filter({ hasText: 'NS-09-03' })
  await expect(plot).toContainText('认定闲置')
  await expect(plot).toContainText('应于 2019-11-21 动工（按供应日推定）')
  await expect(panel(page).getByRole('row', { name: /^已供应/ })).toContainText('/ 1446 亩')
  await expect(panel(page).getByRole('heading', { name: '中远期' })).toContainText('2017-01-01 – 2020-12-31')
  await clean(page)
  await plot.getByRole('button').click()
  await expect(page.getByRole('region', { name: '地块信息' })).toContainText('NS-09-03')
  await panel(page).getByRole('button', { name: '已核实' }).click()
  await expect(page.getByRole('region', { name: '地块信息' })).not.toContainText('NS-09-03')
  await rest(page)
  await picture(page, 'supervision')

  const digest = await page.request.get((await panel(page).getByRole('link', { name: '监督日报' }).getAttribute('href'))!)
  expect(digest.status()).toBe(200)
  expect(await digest.text()).toContain('NS-09-03')
  const feed = await page.request.get((await panel(page).getByRole('link', { name: '日历订阅' }).getAttribute('href'))!)
  expect(feed.headers()['content-type']).toContain('text/calendar')
})

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the panel fits', async ({ page }) => {
    test.skip(!key, 'needs DIKUAI_KEY, an administrator’s')
    await open(page, '/?park=nansha')
    await enterKey(page)
    await page.getByRole('button', { name: '展开面板' }).click()
    await tab(page).click()
    await expect(panel(page).getByRole('status')).toContainText('截至')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await clean(page)
    await picture(page, 'mobile-supervision')
  })
})
