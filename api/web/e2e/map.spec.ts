import { expect, open, parkCard, parks, picture, place, rest, test } from './page'

test('the page shows the parks, marked as a demonstration, in Chinese and in English', async ({ page }) => {
  await open(page)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByRole('note')).toContainText('示范布局 · 非实测')
  await expect(page.getByRole('note')).toContainText('Demonstration layout – not surveyed')
  for (const { zh, mu } of parks) {
    await expect(page.getByRole('article').filter({ hasText: zh })).toContainText(mu)
  }
  await picture(page, 'desktop-overview')

  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('tab', { name: 'Parks' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('tab', { name: 'Parks' })).toBeVisible() // remembered
})

test('a park card leads the map to the park and the legend to its land', async ({ page }) => {
  await open(page)
  const seen = new Set<string>()
  for (const { zh, mu } of parks) {
    await parkCard(page, zh).click()
    await rest(page)
    expect(place(page).zoom).toBeGreaterThan(13)
    seen.add(page.url().split('#')[1]!)
    const total = page.getByRole('region', { name: '图例' }).locator('tfoot tr')
    await expect(total).toContainText(mu)
    await expect(total).toContainText('100.00')
    await picture(page, `desktop-${page.url().match(/park=(\w+)/)![1]}`)
  }
  expect(seen.size).toBe(parks.length)
})

test('the legend switches to status and highlights one class', async ({ page }) => {
  await open(page, '/?park=nansha')
  await page.getByRole('button', { name: '按状态' }).click()
  const legend = page.getByRole('region', { name: '图例' })
  await expect(legend.locator('tfoot tr')).toContainText('1446.00')
  const first = legend.locator('tbody button').first()
  await first.click()
  await expect(first).toHaveAttribute('aria-pressed', 'true')
  await page.getByRole('tab', { name: '地块表' }).click()
  const name = (await first.innerText()).trim()
  for (const cell of await page.getByRole('region', { name: '地块表' }).locator('tbody td:nth-child(3)').all()) {
    await expect(cell).toHaveText(name)
  }
  await picture(page, 'desktop-status')
})

test('a plot opens from the table, by a click on the map and from the keyboard', async ({ page }) => {
  await open(page, '/?park=nansha')
  await page.getByRole('tab', { name: '地块表' }).click()
  const table = page.getByRole('region', { name: '地块表' })
  const buildable = table.locator('tbody tr').filter({ hasText: 'A35' }).first().getByRole('button')
  const number = await buildable.innerText()
  await buildable.click()
  const card = page.getByRole('region', { name: '地块信息' })
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(number)
  for (const words of ['平面面积 EPSG:4547', '椭球面积', '证载面积', '容积率', '版本']) await expect(card).toContainText(words)
  await rest(page)
  await picture(page, 'desktop-plot')

  const id = page.url().match(/plot=(\d+)/)![1]
  const json = await page.request.get((await card.getByRole('link', { name: 'JSON' }).getAttribute('href'))!)
  expect((await json.json()).properties.plot_no).toBe(number)

  await page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
  await expect(buildable).toBeFocused() // back where it was opened

  // The map rests with the plot in the middle of what the panels leave free.
  const map = page.getByRole('region', { name: /^地图/ })
  const box = (await map.boundingBox())!
  const right = (await page.getByRole('region', { name: '图例' }).boundingBox())!
  const mark = (await page.getByRole('note').boundingBox())!
  await page.mouse.click((box.x + right.x) / 2, (mark.y + mark.height + box.y + box.height) / 2)
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(number)
  await page.keyboard.press('Escape')

  await map.focus()
  await page.keyboard.press('Enter')
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(number)
  expect(page.url()).toContain(`plot=${id}`)
})

test('the table finds a plot by its number and sorts by area', async ({ page }) => {
  await open(page, '/?park=panyu')
  await page.getByRole('tab', { name: '地块表' }).click()
  const table = page.getByRole('region', { name: '地块表' })
  await table.getByRole('button', { name: '亩' }).click()
  await expect(table.getByRole('columnheader', { name: '亩' })).toHaveAttribute('aria-sort', 'descending')
  const areas = (await table.locator('tbody td:nth-child(4)').allInnerTexts()).map(Number)
  expect(areas).toEqual(areas.toSorted((a, b) => b - a))
  const number = await table.locator('tbody th').last().innerText()
  await page.getByLabel('查找地块').fill(number.toLowerCase())
  await expect(table.locator('tbody tr').first()).toContainText(number)
})

test('a link opens the plot that it names', async ({ page, request }) => {
  const found = await (await request.get('/api/v1/plots?park=luogang&limit=1')).json()
  const { id, plot_no } = found.features[0].properties
  await open(page, `/?park=luogang&plot=${id}&lang=en`)
  const card = page.getByRole('region', { name: 'Plot', exact: true })
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(plot_no)
  await rest(page)
  expect(place(page).zoom).toBeGreaterThan(15)
})
