import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext, Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import type { Compliance } from '../src/api'
import { parsePlaces } from '../src/coordinates'
import { project } from '../src/plane'
import { boundsOf } from '../src/plots'
import type { Place, PlotFeature } from '../src/types'
import { expect, onScreen, open, picture, rest, test } from './page'

const key = process.env.DIKUAI_KEY

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

const panel = (page: Page) => page.getByRole('region', { name: '合规审查' })
const verdict = (page: Page) => panel(page).getByRole('heading', { level: 2 })
const findings = (page: Page) => panel(page).getByRole('table', { name: '逐条结论' })
const finding = (page: Page, rule: string) => findings(page).getByRole('row').filter({ has: page.getByRole('button', { name: rule, exact: true }) }).first() // of the first layer

async function plotNumbered(request: APIRequestContext, plot_no: string): Promise<PlotFeature> {
  const { features } = await (await request.get(`/api/v1/plots?q=${plot_no}`)).json()
  return features[0]
}

/** What the service says of a ring, asked without the page. */
async function asked(request: APIRequestContext, ring: Place[]): Promise<Compliance> {
  const geometry = { type: 'Polygon', coordinates: [[...ring, ring[0]]] }
  return (await request.post('/api/v1/compliance', { data: { geometry } })).json()
}

const figure = (value: number) => value.toFixed(2)

test('a boundary drawn over a road red line does not comply, and the land at fault is shown', async ({ page, request }) => {
  test.slow() // axe looks at the page twice
  const plot = await plotNumbered(request, 'NS-11-04')
  await open(page, `/?park=nansha&plot=${plot.properties.id}`)
  await page.getByRole('tab', { name: '合规审查' }).click()
  await panel(page).getByRole('button', { name: '在图上画' }).click()
  const bar = page.getByRole('group', { name: '在图上画' })
  await expect(bar).toBeVisible()
  await rest(page)
  const [west, south, east, north] = boundsOf(plot.geometry)
  const corners: Place[] = [[west, south], [east, south], [east, north], [west, north]]
  for (const corner of corners) {
    const at = await onScreen(page, corner)
    await page.mouse.click(at.x, at.y)
  }
  await expect(bar.getByRole('status')).toContainText('4 个角点')
  await picture(page, 'desktop-check-drawing')
  await clean(page)
  await page.keyboard.press('Enter')
  await expect(bar).toHaveCount(0)
  const typed = parsePlaces(await panel(page).getByLabel('边界角点坐标').inputValue())
  const { findings: told } = await asked(request, 'places' in typed ? typed.places : [])
  const road = told.find(({ rule }) => rule === 'road_red_line')!
  expect(road.area_m2).toBeGreaterThan(100)
  await picture(page, 'desktop-check-form')

  await panel(page).getByRole('spinbutton', { name: '容积率' }).fill('2')
  await panel(page).getByRole('button', { name: '审查', exact: true }).click()
  await expect(verdict(page)).toBeFocused()
  await expect(verdict(page)).toContainText('不符合')
  const row = finding(page, '道路红线')
  await expect(row).toContainText('不通过')
  await expect(row).toContainText(`${figure(road.area_m2)} m²`)
  await expect(row).toContainText(`${figure(road.area_mu)} 亩`)
  await picture(page, 'desktop-check-answer')

  // On the map a piece leads to its line, which tells what it is about.
  const ring = road.geometry!.coordinates[0]![0]!.slice(1) as Place[]
  const middle = [0, 1].map((axis) => ring.reduce((sum, at) => sum + at[axis]!, 0) / ring.length) as Place
  const piece = await onScreen(page, middle)
  await page.mouse.click(piece.x, piece.y)
  await expect(row.getByRole('button')).toHaveAttribute('aria-expanded', 'true')
  await row.getByRole('button').click()
  await row.getByRole('button').click() // and the line to the piece
  const details = page.getByRole('row').filter({ hasText: '图层要素' })
  await expect(details).toContainText('示范道路红线')
  await rest(page)
  await picture(page, 'desktop-check-finding')
  await clean(page)
})

test('plots are chosen by number and on the map; those that keep to every rule comply', async ({ page, request }) => {
  const plot = await plotNumbered(request, 'NS-05-01')
  await open(page, '/?park=nansha')
  await page.getByRole('tab', { name: '合规审查' }).click()
  await panel(page).getByRole('button', { name: '选地块' }).click()
  const field = panel(page).getByLabel('地块编号')
  await field.fill('ns-05-01')
  await field.press('Enter')
  await expect(panel(page).getByText('共 1 宗，18.59 亩')).toBeVisible()

  // On the map another is taken in and left out again.
  await rest(page)
  const other = await plotNumbered(request, 'NS-05-03')
  const [west, south, east, north] = boundsOf(other.geometry)
  const at = await onScreen(page, [(west + east) / 2, (south + north) / 2])
  await page.mouse.click(at.x, at.y)
  await expect(panel(page).getByRole('listitem').filter({ hasText: 'NS-05-03' })).toBeVisible()
  await picture(page, 'desktop-check-plots')
  await panel(page).getByRole('button', { name: '不审查 NS-05-03' }).click()
  await expect(panel(page).getByRole('listitem').filter({ hasText: 'NS-05-03' })).toHaveCount(0)

  await panel(page).getByRole('button', { name: '椭球' }).click()
  await panel(page).getByRole('button', { name: '审查', exact: true }).click()
  await expect(verdict(page)).toContainText('符合')
  await expect(verdict(page)).not.toContainText('不符合')
  await expect(panel(page)).toContainText('椭球面积 CGCS2000')
  await panel(page).getByText(/未审查的规则/).click()
  await expect(panel(page).getByText('未申报容积率')).toBeVisible()

  const [download] = await Promise.all([page.waitForEvent('download'), panel(page).getByRole('button', { name: '保存 JSON' }).click()])
  expect(download.suggestedFilename()).toMatch(/^compliance-nansha-\d{4}-\d\d-\d\d-\d+\.json$/)
  const saved = JSON.parse(await readFile(await download.path(), 'utf8'))
  expect(saved).toMatchObject({ asked: { plots: [plot.properties.id] }, verdict: 'pass', measure: 'ellipsoid', park: { code: 'nansha' } })
})

// A rectangle on plot NS-05-01 as surveyors hand it in; 35 by 20 m.
const survey = `[属性描述]
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
[地块坐标]
5,0.0700,P-1,甲,面,,,A35,@
J1,1,NORTH20,EAST
J2,1,NORTH20,EAST35
J3,1,NORTH,EAST35
J4,1,NORTH,EAST
J1,1,NORTH20,EAST
`

test('a file is checked; what is wrong is told at its field', async ({ page, request }) => {
  const [west, south, east, north] = boundsOf((await plotNumbered(request, 'NS-05-01')).geometry)
  const [x, y] = project([(west + east) / 2, (south + north) / 2]).map((v) => Math.round(v)) as Place
  const text = survey.replace(/NORTH(\d*)/g, (_, by) => (y + Number(by)).toFixed(3)).replace(/EAST(\d*)/g, (_, by) => `38${(x + Number(by)).toFixed(3)}`)
  await open(page, '/?park=nansha')
  await page.getByRole('tab', { name: '合规审查' }).click()
  await panel(page).getByRole('button', { name: '用文件' }).click()
  const run = panel(page).getByRole('button', { name: '审查', exact: true })
  const file = panel(page).getByLabel('文件', { exact: true })

  await run.click()
  await expect(file).toBeFocused()
  await expect(file).toHaveAccessibleDescription('尚未选择文件。')
  await file.setInputFiles({ name: '边界.txt', mimeType: 'text/plain', buffer: Buffer.from('不是界址点') })
  await run.click()
  await expect(file).toHaveAccessibleDescription(/文件第 1 行；该行有 1 个字段/)
  await file.setInputFiles({ name: '边界.txt', mimeType: 'text/plain', buffer: Buffer.from(text) })
  const far = panel(page).getByRole('spinbutton', { name: '容积率' })
  await far.fill('99')
  await run.click()
  await expect(far).toBeFocused()
  await expect(far).toHaveAccessibleDescription(/99 超出范围；请填 0 到 15 之间的值/)
  await panel(page).getByLabel('用地代码').fill('Z9')
  await far.fill('2.5')
  await run.click()
  await expect(panel(page).getByLabel('用地代码')).toHaveAccessibleDescription(/Z9/)
  await picture(page, 'desktop-check-faults')
  await clean(page)
  await panel(page).getByLabel('用地代码').fill('A35')
  await run.click()
  await expect(verdict(page)).toContainText('不符合') // FAR is at most 2.2
  await expect(panel(page)).toContainText('文件 边界.txt')
  await expect(panel(page)).toContainText('700.00 m²')
  await expect(finding(page, '容积率')).toContainText('申报容积率 2.5 不合规划条件')
  await expect(finding(page, '用地性质')).toContainText('通过')

  await panel(page).getByRole('button', { name: '修改条件' }).click()
  await expect(far).toHaveValue('2.5')
  await panel(page).getByRole('button', { name: '画边界' }).click()
  await panel(page).getByLabel('边界角点坐标').fill('1, 1\n2')
  await expect(panel(page).getByLabel('边界角点坐标')).toHaveAccessibleDescription('第 2 行不是坐标。')
  await panel(page).getByLabel('边界角点坐标').fill('100, 20\n100.001, 20\n100, 20.001')
  await run.click()
  await expect(panel(page).getByLabel('边界角点坐标')).toHaveAccessibleDescription(/边界不在任何园区之内/)
  await panel(page).getByRole('button', { name: '选地块' }).click()
  await panel(page).getByLabel('地块编号').fill('NS-99')
  await run.click()
  await expect(panel(page).getByLabel('地块编号')).toHaveAccessibleDescription('没有找到地块 NS-99。')
})

test('the keyboard alone draws, checks and reads', async ({ page, request }) => {
  const plot = await plotNumbered(request, 'NS-11-04')
  await open(page, `/?park=nansha&plot=${plot.properties.id}`)
  await page.getByRole('tab', { name: '园区' }).focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: '合规审查' })).toBeFocused()
  for (let i = 0; i < 4; i++) await page.keyboard.press('Tab') // three ways, then the button
  await expect(panel(page).getByRole('button', { name: '在图上画' })).toBeFocused()
  await page.keyboard.press('Enter')
  const map = page.getByRole('region', { name: /^地图/ })
  await expect(map).toBeFocused()
  await rest(page)
  for (const arrow of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
    await page.keyboard.press(' ')
    await page.keyboard.press(arrow)
    await rest(page)
  }
  await page.keyboard.press('Backspace')
  const bar = page.getByRole('group', { name: '在图上画' })
  await expect(bar.getByRole('status')).toContainText('3 个角点')
  await page.keyboard.press('Enter')
  await expect(panel(page).getByRole('button', { name: '移动角点' })).toBeFocused() // back where it began
  const field = panel(page).getByLabel('边界角点坐标')
  expect((await field.inputValue()).split('\n')).toHaveLength(3)
  await field.press('Tab')
  const run = panel(page).getByRole('button', { name: '审查', exact: true })
  for (let i = 0; i < 30 && !(await run.evaluate((it) => it === document.activeElement)); i++) await page.keyboard.press('Tab')
  await expect(run).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(verdict(page)).toBeFocused()
  const road = findings(page).getByRole('button', { name: '园区边界' })
  for (let i = 0; i < 8 && !(await road.evaluate((it) => it === document.activeElement)); i++) await page.keyboard.press('Tab')
  await expect(road).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(road).toHaveAttribute('aria-expanded', 'true')
})

test('the answer follows the register, and tells what changed of each rule', async ({ page, request }) => {
  test.skip(!key, 'needs DIKUAI_KEY, an administrator’s')
  test.slow() // many acts, each followed
  const park = `check-${Date.now().toString(36)}`
  const n = Math.floor(Date.now() / 1000)
  const [east, north] = [430000 + 300 * (n % 60), 2560000 + 300 * (Math.floor(n / 60) % 60)] // ground of its own
  const box = (plot_no: string, west: number, name = '') => ({
    type: 'Feature',
    properties: { plot_no, name, land_use: 'A35', land_use_scheme: 'GB50137-2011', status: 'available', valid_from: '2016-01-01', far_max: 2 },
    geometry: { type: 'Polygon', coordinates: [[[east + west, north], [east + west + 100, north], [east + west + 100, north + 100], [east + west, north + 100], [east + west, north]]] },
  })
  const headers = { Authorization: `Bearer ${key}` }
  const crs = { type: 'name', properties: { name: 'EPSG:4547' } }
  const hand = (path: string, name: string, features: unknown[], more = {}) =>
    request.post(path, {
      headers,
      multipart: { file: { name, mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', crs, features, ...more })) } },
    })
  expect((await hand(`/api/v1/imports?park=${park}&crs=EPSG:4547`, 'two.geojson', [box('C-1', 0), box('C-2', 100)])).ok()).toBe(true)
  const { features } = await (await request.get(`/api/v1/plots?park=${park}`)).json()
  const id = features.find((f: PlotFeature) => f.properties.plot_no === 'C-2').properties.id

  await open(page, `/?park=${park}`)
  await page.getByRole('tab', { name: '合规审查' }).click()
  await panel(page).getByRole('button', { name: '选地块' }).click()
  await panel(page).getByLabel('地块编号').fill('C-1，C-2')
  await panel(page).getByRole('spinbutton', { name: '容积率' }).fill('1.8')
  await panel(page).getByRole('button', { name: '审查', exact: true }).click()
  await expect(finding(page, '供地状态与权属')).toContainText('通过')

  // Another edits a plot.
  const edit = (version: number, properties: object) =>
    request.put(`/api/v1/plots/${id}`, { headers: { ...headers, 'If-Match': `"${version}"` }, data: { type: 'Feature', properties } })
  expect((await edit(1, { far_max: 1.5 })).status()).toBe(200)
  const renewal = panel(page).getByRole('table', { name: '1 条规则有变化' })
  await expect(panel(page).getByText('已有变更，重新审查')).toBeVisible()
  await expect(renewal.getByRole('row', { name: /^容积率/ })).toContainText(/通过\s*0\.00 m²[^]*不通过\s*10,000\.00 m²/)
  await expect(finding(page, '容积率')).toContainText('10,000.00 m²')

  // A layer is published over both: that is told against the same answer.
  const code = `r-${park}`
  const road = { type: 'Feature', properties: { plot_no: 'R-1', name: '标准路' }, geometry: { type: 'Polygon', coordinates: [[[east - 10, north], [east + 300, north], [east + 300, north + 10], [east - 10, north + 10], [east - 10, north]]] } }
  const query = new URLSearchParams({ code, kind: 'road_red_line', name: '试验道路红线', name_en: 'Trial road lines', source: '试验', valid_from: '2016-01-01', crs: 'EPSG:4547' })
  const layer = await hand(`/api/v1/controls?${query}`, 'road.geojson', [road])
  expect(layer.status(), await layer.text()).toBe(201)
  expect((await request.post(`/api/v1/controls/${code}/publish`, { headers })).ok()).toBe(true)
  const changed = panel(page).getByRole('table', { name: '2 条规则有变化' })
  await expect(changed.getByRole('row', { name: /^道路红线 试验道路红线/ })).toContainText(/不通过\s*2000\.00 m²/)
  await picture(page, 'desktop-check-renewed')
  await clean(page)
  await panel(page).getByRole('button', { name: '知道了' }).click()
  await expect(changed).toHaveCount(0)

  // What touches nothing of it changes nothing.
  expect((await edit(2, { name: '检测楼' })).status()).toBe(200)
  await expect(panel(page).getByText('结论与面积均未变')).toBeVisible()

  // On a day before the edits the same boundary kept to the rule.
  await page.getByRole('button', { name: '按日期' }).click()
  const days = page.getByRole('dialog', { name: '按日期查看' })
  await days.getByLabel('日期').fill('2018-06-30')
  await days.getByRole('button', { name: '按日期查看' }).click()
  await expect(panel(page).getByText(/^日期已改，重新审查（.* → 2018-06-30）/)).toBeVisible()
  await expect(finding(page, '容积率')).toContainText('通过')
  await expect(panel(page)).toContainText('2018-06-30 · 登记序号')
  await page.getByRole('button', { name: '回到今天' }).first().click()
  await expect(panel(page).getByText('结论与面积均未变')).toBeVisible()

  // A plot that has ended is checked no more; that is said beside the last answer.
  expect((await request.delete(`/api/v1/plots/${id}`, { headers: { ...headers, 'If-Match': '"3"' } })).ok()).toBe(true)
  await expect(panel(page).getByText(new RegExp(`^未能按现在的登记重新审查：.*${id}`))).toBeVisible()
  await expect(finding(page, '容积率')).toBeVisible()
})

test('the answer is printed on paper of its own', async ({ page, request }) => {
  const plot = await plotNumbered(request, 'NS-11-04')
  await open(page, `/?park=nansha&plot=${plot.properties.id}`)
  await page.getByRole('region', { name: '地块信息' }).getByRole('button', { name: '合规审查' }).click()
  await expect(panel(page).getByText('共 1 宗，41.33 亩')).toBeVisible()
  await panel(page).getByLabel('用地代码').fill('M1')
  await panel(page).getByRole('button', { name: '审查', exact: true }).click()
  await expect(verdict(page)).toContainText('不符合')
  await page.emulateMedia({ media: 'print' })
  const sheet = page.getByRole('article').filter({ has: page.getByRole('heading', { level: 1, name: '合规性审查结果' }) })
  await expect(sheet).toBeVisible()
  await expect(page.getByRole('banner')).toBeHidden()
  await expect(sheet.getByRole('img', { name: '示意图' })).toBeVisible()
  await expect(sheet.getByRole('table', { name: '逐条结论' }).getByRole('row', { name: /^道路红线 .*不通过/ })).toContainText('606.23')
  await page.setViewportSize({ width: 1060, height: 740 })
  await picture(page, 'print-check')
})

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('a boundary is drawn with the sheet out of the way, and its answer fits', async ({ page, request }) => {
    const plot = await plotNumbered(request, 'NS-11-04')
    const [west, south, east, north] = boundsOf(plot.geometry)
    await open(page, `/?park=nansha&plot=${plot.properties.id}#16/${(south + north) / 2}/${(west + east) / 2}`)
    await page.getByRole('region', { name: '地块信息' }).getByRole('button', { name: '合规审查' }).click()
    await expect(panel(page).getByText('共 1 宗，41.33 亩')).toBeVisible() // the card made way
    await panel(page).getByRole('button', { name: '画边界' }).click()
    await picture(page, 'mobile-check-form')
    await clean(page)
    await panel(page).getByRole('button', { name: '在图上画' }).click()
    const bar = page.getByRole('group', { name: '在图上画' })
    await rest(page)
    await expect(page.getByRole('button', { name: '展开面板' })).toBeVisible()
    for (const [x, y] of [[120, 420], [260, 420], [260, 600], [120, 600]]) await page.mouse.click(x!, y!)
    await expect(bar.getByRole('status')).toContainText('4 个角点')
    await picture(page, 'mobile-check-drawing')
    await bar.getByRole('button', { name: '完成' }).click()
    await panel(page).getByRole('button', { name: '审查', exact: true }).click()
    await expect(verdict(page)).toContainText('不符合')
    await picture(page, 'mobile-check-answer')
    await finding(page, '园区边界').getByRole('button').click()
    await picture(page, 'mobile-check-finding')
    await clean(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    const pane = page.getByRole('tabpanel')
    expect(await pane.evaluate((it) => it.scrollWidth - it.clientWidth)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'English' }).click()
    await picture(page, 'mobile-check-en')
    expect(await page.getByRole('tabpanel').evaluate((it) => it.scrollWidth - it.clientWidth)).toBeLessThanOrEqual(0)
  })
})
