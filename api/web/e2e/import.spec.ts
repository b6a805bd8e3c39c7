import { expect, open, picture, rest, test } from './page'

const key = process.env.DIKUAI_KEY
const park = `trial-${Date.now().toString(36)}` // a park that is not there yet

/** A square of about 110 m, its south-west corner at a place. */
function square(plot_no: string, lon: number, lat: number) {
  const [east, north] = [lon + 0.001, lat + 0.001]
  return {
    type: 'Feature',
    properties: { plot_no, land_use: 'A35', land_use_scheme: 'GB50137-2011' },
    geometry: { type: 'Polygon', coordinates: [[[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]] },
  }
}

test('a large file is worked on in the background, can be cancelled, and its check put aside', async ({ page }) => {
  test.skip(!key, 'needs DIKUAI_KEY, a key that may import')
  await open(page)
  await page.getByRole('button', { name: '导入', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '导入地块文件' })
  const features = Array.from({ length: 4000 }, (_, i) => square(`L-${i}`, 113.2 + (i % 80) * 0.002, 22.6 + Math.floor(i / 80) * 0.002))
  const buffer = Buffer.from(JSON.stringify({ type: 'FeatureCollection', features }))
  expect(buffer.length).toBeGreaterThan(1 << 20)
  await dialog.getByLabel('文件', { exact: true }).setInputFiles({ name: 'large.geojson', mimeType: 'application/geo+json', buffer })
  await dialog.getByLabel('园区', { exact: true }).selectOption('新建园区…')
  await dialog.getByLabel('新园区代码').fill(`large-${park}`)
  await dialog.getByLabel('坐标系').selectOption('EPSG:4490')
  await dialog.getByLabel('访问密钥').fill(key!)
  await dialog.getByRole('button', { name: '导入', exact: true }).click()
  await dialog.getByRole('button', { name: '取消处理' }).click()
  await expect(dialog.getByText('已取消，登记没有变更')).toBeVisible()
  const codes = (await (await page.request.get('/api/v1/parks')).json()).features.map((f: { id: string }) => f.id)
  expect(codes).not.toContain(`large-${park}`)

  await dialog.getByRole('button', { name: '预检' }).click()
  await expect(dialog.getByText(/正在.*已读 \d+ 宗/)).toBeVisible()
  await picture(page, 'desktop-import-job')
  await expect(dialog.getByText('预检通过')).toBeVisible({ timeout: 60_000 })
  await picture(page, 'desktop-import-checked')
  await dialog.getByRole('button', { name: '放弃' }).click()
  await expect(dialog.getByRole('button', { name: '应用' })).toHaveCount(0)
})

test('a check shows the faults of a file in a table and on the map, and writes nothing', async ({ page }) => {
  test.skip(!key, 'needs DIKUAI_KEY, a key that may import')
  await open(page)
  const before = await (await page.request.get('/api/v1/parks')).json()

  await page.getByRole('button', { name: '导入', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '导入地块文件' })
  const overlapping = { type: 'FeatureCollection', features: [square('T-1', 113.6, 22.9), square('T-2', 113.6005, 22.9005)] }
  await dialog.getByLabel('文件', { exact: true }).setInputFiles({
    name: 'overlap.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify(overlapping)),
  })
  await dialog.getByLabel('园区', { exact: true }).selectOption('新建园区…')
  await dialog.getByLabel('新园区代码').fill(park)
  await dialog.getByLabel('坐标系').selectOption('EPSG:4490')
  await dialog.getByLabel('访问密钥').fill(key!)
  await dialog.getByRole('button', { name: '预检' }).click()

  await expect(dialog.getByText('未通过')).toBeVisible()
  await expect(dialog.getByRole('row').filter({ hasText: 'T-' }).first()).toBeVisible()
  await dialog.getByRole('button', { name: /^在图上看/ }).first().click()
  await expect(dialog).toBeHidden()
  await rest(page)
  await page.getByRole('button', { name: '返回导入结果' }).click()
  await expect(dialog).toBeVisible()

  const after = await (await page.request.get('/api/v1/parks')).json()
  expect(after.register_seq).toBe(before.register_seq)
})
