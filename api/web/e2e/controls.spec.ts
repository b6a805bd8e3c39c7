import { expect, open, parkCard, picture, place, rest, test } from './page'

test('control layers are listed by kind and can be left out on the map', async ({ page }) => {
  await open(page, '/?park=nansha')
  const list = page.getByRole('list', { name: '管控图层' })
  const roads = list.getByRole('checkbox', { name: /道路红线/ })
  await expect(roads).toBeChecked()
  await expect(list.getByRole('checkbox', { name: /城镇开发边界/ })).toBeChecked()
  await expect(page.getByText('示范图层，非法定管控线。')).toBeVisible()
  await picture(page, 'desktop-controls')

  const canvas = page.locator('canvas')
  const before = await canvas.screenshot()
  await roads.uncheck()
  await expect(page.getByText('显示 5/6')).toBeVisible()
  await rest(page)
  await expect.poll(async () => before.equals(await canvas.screenshot())).toBe(false)
  await picture(page, 'desktop-controls-hidden')
})

test('a click tells the control layers of the place', async ({ page, request }) => {
  const { features } = await (await request.get('/api/v1/controls/demo-height-limit/features')).json()
  expect(features).toHaveLength(1)
  await open(page, '/')
  await parkCard(page, '番禺园区').click()
  await rest(page)
  // The map rests on the park, whose middle lies under the height limit.
  const map = page.getByRole('region', { name: /^地图/ })
  const box = (await map.boundingBox())!
  const right = (await page.getByRole('region', { name: '图例' }).boundingBox())!
  const mark = (await page.getByRole('note').boundingBox())!
  expect(place(page).zoom).toBeGreaterThan(13)
  const middle = { x: (box.x + right.x) / 2, y: (mark.y + mark.height + box.y + box.height) / 2 }
  await page.mouse.click(middle.x - 40, middle.y)
  const card = page.getByRole('region', { name: '地块信息' })
  await expect(card.getByRole('heading', { name: '所点位置的管控图层' })).toBeVisible()
  await expect(card).toContainText('示范城镇开发边界 · 示范城镇开发边界（番禺园区）')
  await picture(page, 'desktop-controls-plot')
})
