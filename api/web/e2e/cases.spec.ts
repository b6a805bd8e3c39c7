import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext, Page } from '@playwright/test'
import type { Case } from '../src/api'
import type { PlotFeature } from '../src/types'
import { boundsOf } from '../src/plots'
import { expect, onScreen, open, picture, rest, test } from './page'

const admin = process.env.DIKUAI_KEY
const people = {
  星海检测: process.env.DIKUAI_APPLICANT_KEY,
  李经办: process.env.DIKUAI_OFFICER_KEY,
  王审批: process.env.DIKUAI_APPROVER_KEY,
}
type Person = keyof typeof people

test.skip(() => !admin || Object.values(people).some((key) => !key), 'DIKUAI_KEY and the keys of an applicant, an officer and an approver')

const asAdmin = { Authorization: `Bearer ${admin}` }
const year = new Date().getFullYear()
const serial = (n: number) => `440115${year}${String(n).padStart(5, '0')}`
const paper = { name: '申请书.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%申请书\n%%EOF\n') }

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
}

const desk = (page: Page) => page.getByRole('region', { name: '审批', exact: true })
const acts = (page: Page) => desk(page).getByRole('group', { name: '可办事项' })
const alert = (page: Page) => desk(page).getByRole('alert')

/** Signs in, whoever was signed in before. */
async function as(page: Page, who: Person): Promise<void> {
  const banner = page.getByRole('banner')
  const menu = page.getByRole('dialog', { name: '登录' })
  const signIn = banner.getByRole('button', { name: '登录', exact: true }).first()
  for (const name of Object.keys(people)) {
    const signedIn = banner.getByRole('button', { name, exact: true })
    if ((await signedIn.count()) === 0) continue
    if (name === who) return
    await signedIn.click()
    await menu.getByRole('button', { name: '退出登录' }).click()
    await expect(signIn).toBeVisible()
  }
  await signIn.click()
  await menu.getByLabel('密钥').fill(people[who]!)
  await menu.getByRole('button', { name: '登录', exact: true }).click()
  await expect(banner.getByRole('button', { name: who, exact: true })).toBeVisible()
}

async function plotNumbered(request: APIRequestContext, plot_no: string): Promise<PlotFeature> {
  const { features } = await (await request.get(`/api/v1/plots?park=nansha&q=${plot_no}`)).json()
  return features[0]
}

/** Does a step of the open case, with what its form asks for; the state that follows is shown. */
async function act(page: Page, name: string, fields: Record<string, string>, state: string): Promise<void> {
  await acts(page).getByRole('button', { name, exact: true }).click()
  const form = desk(page).getByRole('form', { name, exact: true })
  for (const [label, value] of Object.entries(fields)) {
    if (label === '申请书') await form.getByLabel(label).setInputFiles(paper)
    else await form.getByLabel(label).fill(value)
  }
  await form.getByRole('button', { name, exact: true }).click()
  await expect(form).toHaveCount(0)
  await expect(stateOf(page)).toHaveText(state)
}

const stateOf = (page: Page) => desk(page).locator('header p.line span').last()
const numberOf = async (page: Page) => (await desk(page).locator('header p.line span').first().textContent())!

/** What the plot cards say of plots, as the open case leads to them. */
async function expectStatus(page: Page, numbers: string[], status: string): Promise<void> {
  for (const no of numbers) await expect(desk(page).getByRole('listitem').filter({ has: page.getByRole('button', { name: no, exact: true }) })).toContainText(status)
  await desk(page).getByRole('button', { name: numbers[0]!, exact: true }).click()
  const card = page.getByRole('region', { name: '地块信息' })
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(numbers[0]!)
  await expect(card).toContainText(`状态：${status}`)
  await card.getByRole('button', { name: '关闭' }).click()
}

/** Opens a case that carries the open one on, and submits it. */
async function carryOn(page: Page, kind: string, fill: (form: ReturnType<Page['getByRole']>) => Promise<void> = async () => {}): Promise<string> {
  const before = await numberOf(page)
  await acts(page).getByRole('button', { name: `接续办理：${kind}` }).click()
  const form = desk(page).getByRole('form', { name: '申请用地' })
  await fill(form)
  await form.getByRole('button', { name: '保存草稿并预审' }).click()
  await expect(stateOf(page)).toHaveText('草稿')
  const no = await numberOf(page)
  expect(no).not.toBe(before)
  await act(page, '提交申请', { 申请书: '' }, '已提交')
  return no
}

async function checked(page: Page): Promise<void> {
  await desk(page).getByRole('button', { name: '审查并留存' }).click()
  await expect(desk(page).getByText('与现在的登记、申报和管控图层相符。')).toBeVisible()
}

test('two plots, from the application to the verified building, by three people', async ({ page, request }) => {
  test.setTimeout(420_000)
  // Beforehand: quota, and a plot for supply that a road red line crosses.
  const granted = await request.post(`/api/v1/quotas/nansha/${year}/entries`, { headers: asAdmin, data: { kind: 'new', entry: 'grant', mu: 300, document_no: `示范下达〔${year}〕1号` } })
  expect(granted.status(), await granted.text()).toBe(201)
  const crossed = await plotNumbered(request, 'NS-11-02')
  const freed = await request.put(`/api/v1/plots/${crossed.properties.id}`, {
    headers: { ...asAdmin, 'If-Match': `"${crossed.properties.version}"` },
    data: { type: 'Feature', properties: { status: 'available' }, reason: '净地入库' },
  })
  expect(freed.status(), await freed.text()).toBe(200)

  // A visitor is told how to sign in.
  await open(page, `/?park=nansha&by=status`)
  await page.getByRole('tab', { name: '审批' }).click()
  await expect(desk(page)).toContainText('审批案件须登录后查看')
  await picture(page, 'desktop-cases-visitor')
  await clean(page)

  // The applicant picks two plots, one in its card and one on the map.
  await as(page, '星海检测')
  await expect(desk(page)).toContainText('您还没有案件')
  await page.goto(`/?park=nansha&by=status&plot=${crossed.properties.id}`)
  await rest(page)
  await page.getByRole('region', { name: '地块信息' }).getByRole('button', { name: '在图上定位' }).click()
  await rest(page)
  await page.getByRole('region', { name: '地块信息' }).getByRole('button', { name: '申请用地' }).click()
  const form = desk(page).getByRole('form', { name: '申请用地' })
  await expect(form.getByRole('listitem').filter({ hasText: 'NS-11-02' })).toBeVisible()
  const other = await plotNumbered(request, 'NS-11-03')
  const [west, south, east, north] = boundsOf(other.geometry)
  const at = await onScreen(page, [(west + east) / 2, (south + north) / 2])
  await page.mouse.click(at.x, at.y)
  await expect(form.getByRole('listitem').filter({ hasText: 'NS-11-03' })).toBeVisible()
  const save = form.getByRole('button', { name: '保存草稿并预审' })
  await save.click()
  await expect(form.getByLabel('项目名称')).toBeFocused()
  await expect(form.getByLabel('项目名称')).toHaveAccessibleDescription('请填写。')
  await form.getByLabel('项目名称').fill('星海检测研发中心')
  await form.getByLabel('用途说明').fill('食品与环境检测实验室，需临近既有试验场。')
  await form.getByLabel('用地性质').fill('Q9')
  await form.getByLabel('投资额 万元').fill('9000')
  await form.getByLabel('年产值 万元').fill('15000')
  await save.click() // what the service finds wrong is told at its field
  await expect(form.getByLabel('用地性质')).toBeFocused()
  await picture(page, 'desktop-cases-application')
  await clean(page)
  await form.getByLabel('用地性质').fill('M1')
  await form.getByLabel('容积率').fill('1.8')
  await save.click()

  // The draft is held to the rules at once.
  await expect(stateOf(page)).toHaveText('草稿')
  await expect(desk(page)).toContainText('预审结果 ✕不符合')
  await expect(desk(page).getByRole('listitem').filter({ hasText: '道路红线' }).first()).toBeVisible()
  const siting = await numberOf(page)
  expect(siting).toMatch(/^nansha-\d{4}-\d{4}$/)
  await rest(page)
  await picture(page, 'desktop-cases-draft')
  await clean(page)

  // Without the application on file nothing is submitted; with it, once, however often it is pressed.
  await acts(page).getByRole('button', { name: '提交申请' }).click()
  const submit = desk(page).getByRole('form', { name: '提交申请' })
  await submit.getByRole('button', { name: '提交申请' }).click()
  await expect(submit.getByLabel('申请书')).toBeFocused()
  await expect(submit.getByLabel('申请书')).toHaveAccessibleDescription('请选择文件。')
  await submit.getByLabel('申请书').setInputFiles(paper)
  let lost = false // the first answer is lost on its way
  await page.route('**/actions/submit', async (route) => {
    if (lost) return route.continue()
    lost = true
    await route.fetch()
    await route.abort()
  })
  await submit.getByRole('button', { name: '提交申请' }).dblclick()
  await expect(submit.getByRole('alert')).toContainText('未能办理')
  await submit.getByRole('button', { name: '提交申请' }).click()
  await expect(stateOf(page)).toHaveText('已提交')
  await expect(desk(page).getByRole('list').last().getByRole('listitem')).toHaveCount(3) // opened, handed in, submitted
  await expect(desk(page).getByRole('link', { name: '下载 申请书.pdf' })).toBeVisible()
  const [download] = await Promise.all([page.waitForEvent('download'), desk(page).getByRole('link', { name: '下载 申请书.pdf' }).click()])
  expect(download.suggestedFilename()).toBe('申请书.pdf')

  // The officer finds it in the list, accepts it and has it checked: it crosses a road.
  await as(page, '李经办')
  await desk(page).getByRole('button', { name: '返回列表' }).click()
  await desk(page).getByLabel('类别').selectOption('siting')
  await desk(page).getByLabel('查找案件').fill('星海')
  await desk(page).getByRole('button', { name: '查找' }).click()
  await desk(page).getByLabel('案件列表').getByRole('button', { name: siting }).click()
  await act(page, '受理', {}, '已受理')
  await expect(desk(page)).toContainText('剩 20 个工作日')
  await desk(page).getByRole('button', { name: '审查并留存' }).click()
  await expect(desk(page)).toContainText('第 1 次审查 ✕不符合')
  const road = desk(page).getByRole('listitem').filter({ hasText: '道路红线' }).first()
  await expect(road).toContainText('460.8')
  await desk(page).getByText('逐条结论与图上位置').click()
  await desk(page).getByRole('table', { name: '逐条结论' }).getByRole('button', { name: '道路红线' }).first().click()
  await rest(page)
  await picture(page, 'desktop-cases-conflict')
  await clean(page)
  await desk(page).getByText('逐条结论与图上位置').click()

  // What does not comply is not proposed; the reason is told.
  await acts(page).getByRole('button', { name: '拟办报审并预留指标' }).click()
  const propose = desk(page).getByRole('form', { name: '拟办报审并预留指标' })
  await propose.getByRole('button', { name: '拟办报审并预留指标' }).click()
  await expect(propose.getByLabel('意见')).toBeFocused()
  await propose.getByLabel('意见').fill('拟同意')
  await propose.getByRole('button', { name: '拟办报审并预留指标' }).click()
  await expect(propose.getByRole('alert')).toContainText('审查')
  await picture(page, 'desktop-cases-refused')
  await propose.getByRole('button', { name: '取消' }).click()
  await expect(acts(page).getByRole('button', { name: '拟办报审并预留指标' })).toBeFocused()

  // The officer puts another plot in the place of the crossed one; the next check tells what became better.
  await acts(page).getByRole('button', { name: '修改申请' }).click()
  const change = desk(page).getByRole('form', { name: '修改申请' })
  await change.getByRole('button', { name: '去掉 NS-11-02' }).click()
  await change.getByLabel('地块编号').fill('ns-24-02')
  await change.getByRole('button', { name: '保存修改' }).click()
  await expect(desk(page).getByRole('button', { name: 'NS-24-02' })).toBeVisible()
  const plots = ['NS-11-03', 'NS-24-02']
  await expect(desk(page)).toContainText('须重新审查')
  await checked(page)
  await expect(desk(page).getByRole('table', { name: '与上次审查相比' }).getByRole('row').filter({ hasText: '道路红线' })).toContainText('好转')
  await picture(page, 'desktop-cases-better')
  await act(page, '拟办报审并预留指标', { 意见: '符合规划，拟同意选址。' }, '待审定')
  await expect(desk(page)).toContainText(`预留 ${year} 年新增建设用地计划指标`)
  await expect(acts(page).getByRole('button', { name: /核发|不予批准/ })).toHaveCount(0) // whoever proposed does not decide

  // Somebody else acts first: the approver is told, and sees the case as it is.
  await as(page, '王审批')
  await acts(page).getByRole('button', { name: '核发用地预审与选址意见' }).click()
  const approve = desk(page).getByRole('form', { name: '核发用地预审与选址意见' })
  await approve.getByLabel('文号').fill('选址 12')
  await approve.getByRole('button', { name: '核发用地预审与选址意见' }).click()
  await expect(approve.getByLabel('文号')).toBeFocused()
  await expect(approve.getByLabel('文号')).toHaveAccessibleDescription(/格式不符，应如 用字第/)
  const version = ((await (await request.get(`/api/v1/cases/${siting}`, { headers: asAdmin })).json()) as Case).version
  const sentBack = await request.post(`/api/v1/cases/${siting}/actions/send_back`, { headers: { ...asAdmin, 'If-Match': `"${version}"` }, data: { reason: '请补充意见' } })
  expect(sentBack.status(), await sentBack.text()).toBe(200)
  await approve.getByLabel('文号').fill(`用字第${serial(1)}号`)
  await approve.getByRole('button', { name: '核发用地预审与选址意见' }).click()
  await expect(alert(page)).toContainText('案件已被他人办理')
  await expect(stateOf(page)).toHaveText('已受理')
  await as(page, '李经办')
  await act(page, '拟办报审并预留指标', { 意见: '已补充：符合规划，拟同意选址。' }, '待审定')
  await as(page, '王审批')
  await act(page, '核发用地预审与选址意见', { 文号: `用字第${serial(1)}号`, 意见: '同意' }, '已批准')
  await expect(acts(page).getByRole('button')).toHaveText(['撤销意见书']) // whoever approves opens no case
  await expectStatus(page, plots, '已预占')
  await rest(page)
  await picture(page, 'desktop-cases-approved')
  await clean(page)

  // Supply by agreement, then the permits, each a case that carries the one before on.
  await as(page, '李经办')
  await carryOn(page, '供地', async (supply) => {
    await supply.getByLabel('供应方式').selectOption('agreement')
    await expect(supply.getByLabel('承接案件')).toHaveValue(siting)
  })
  await act(page, '受理', {}, '已受理')
  await checked(page)
  await act(page, '拟订供地方案并预留指标', { 意见: '拟协议出让' }, '待审定')
  await as(page, '王审批')
  await act(page, '批准供地方案', { 文号: `穗府地批〔${year}〕${Date.now() % 100000}号` }, '已批准')
  await as(page, '李经办')
  await act(page, '签订协议出让合同', { 文号: `440115-${year}-000012`, 约定动工日期: `${year + 1}-06-01`, 约定竣工日期: `${year + 3}-06-01`, '价款（万元）': '5200.5' }, '办结')
  await expectStatus(page, plots, '已供')
  await expect(desk(page)).toContainText('5200.50 万元')

  await carryOn(page, '用地规划许可')
  await act(page, '受理', {}, '已受理')
  await checked(page)
  await act(page, '拟办报审', { 意见: '符合规划条件' }, '待审定')
  await as(page, '王审批')
  await act(page, '核发用地规划许可证', { 文号: `地字第${serial(1)}号` }, '办结')

  await as(page, '李经办')
  await carryOn(page, '工程规划许可')
  await act(page, '受理', {}, '已受理')
  await checked(page)
  await act(page, '拟办报审', { 意见: '总平面图符合规划条件' }, '待审定')
  await as(page, '王审批')
  await act(page, '核发工程规划许可证', { 文号: `建字第${serial(1)}号` }, '已许可')
  await as(page, '李经办')
  await act(page, '开工', { 文号: `440115${year}01120101` }, '在建')
  await expectStatus(page, plots, '在建')
  await act(page, '竣工', { 文号: `穗建验备〔${year}〕12号` }, '办结')
  await expectStatus(page, plots, '竣工')

  const acceptance = await carryOn(page, '规划条件核实')
  await act(page, '受理', {}, '已受理')
  await checked(page)
  await act(page, '拟办报审', { 意见: '实测与规划条件一致' }, '待审定')
  await as(page, '王审批')
  await act(page, '核发规划条件核实意见', { 文号: `穗规划资源验证〔${year}〕12号` }, '办结')
  await expectStatus(page, plots, '已核实')
  await picture(page, 'desktop-cases-end')

  // The trail of the first case reads as a story; the contract of supply ended it.
  await page.goto(`/?case=${siting}&by=status`)
  await rest(page)
  await expect(stateOf(page)).toHaveText('办结')
  const story = await desk(page).getByRole('list').last().getByRole('listitem').allTextContents()
  const told = ['星海检测（申请人）', '提交申请', '李经办（经办人）受理', '结论：不符合', '结论：', '拟办报审并预留指标', '退回经办', '请补充意见', '王审批（审批人）核发用地预审与选址意见', '供地合同签订后办结']
  let after = 0
  for (const words of told) {
    const found = story.findIndex((line, at) => at >= after && line.includes(words))
    expect(found, `${words} in\n${story.join('\n')}`).toBeGreaterThanOrEqual(after)
    after = found
  }
  await expect(desk(page).getByRole('img', { name: '用地预审与选址流程图，当前状态：办结' })).toBeVisible()
  await desk(page).getByText('流程的文字说明').click()
  await expect(desk(page).getByRole('row').filter({ hasText: '核发用地预审与选址意见' })).toContainText('审批人')
  await picture(page, 'desktop-cases-story')
  await clean(page)
  expect(acceptance).not.toBe(siting)
})

test('the list is told page by page, and to an applicant only what is his own', async ({ page, request }) => {
  const plot = (await (await request.get('/api/v1/plots?park=panyu&limit=1')).json()).features[0] as PlotFeature
  const opening = (title: string) => ({ kind: 'siting', park: 'panyu', title, plots: [plot.properties.id] })
  for (let n = 1; n <= 31; n++) {
    const opened = await request.post('/api/v1/cases', { headers: { Authorization: `Bearer ${people['星海检测']}` }, data: opening(`分页项目 ${n}`) })
    expect(opened.status(), await opened.text()).toBe(201)
  }
  const others = await request.post('/api/v1/cases', { headers: { Authorization: `Bearer ${people['李经办']}` }, data: { ...opening('分页项目 他人'), applicant: '云帆科技' } })
  expect(others.status(), await others.text()).toBe(201)

  await open(page)
  await page.getByRole('tab', { name: '审批' }).click()
  await as(page, '星海检测')
  await desk(page).getByLabel('查找案件').fill('分页项目')
  await desk(page).getByRole('button', { name: '查找', exact: true }).click()
  await expect(desk(page).getByRole('status')).toHaveText('31 件中的 30 件')
  await desk(page).getByRole('button', { name: '显示更多' }).click()
  await expect(desk(page).getByRole('status')).toHaveText('共 31 件')
  await expect(desk(page).getByLabel('案件列表').getByRole('listitem')).toHaveCount(31)
  await desk(page).getByLabel('状态').selectOption('closed')
  await expect(desk(page).getByRole('status')).toHaveText('没有符合条件的案件。')
  await desk(page).getByRole('button', { name: '清除筛选' }).click()

  await as(page, '李经办') // whose desk begins with what he asked for, not with another's cases
  await desk(page).getByLabel('查找案件').fill('分页项目 他人')
  await desk(page).getByLabel('园区').selectOption('panyu')
  await desk(page).getByRole('button', { name: '查找', exact: true }).click()
  await expect(desk(page).getByRole('status')).toHaveText('共 1 件')
  const { cases } = (await (await request.get('/api/v1/cases?q=他人', { headers: asAdmin })).json()) as { cases: Case[] }
  await as(page, '星海检测')
  await page.goto(`/?case=${cases[0]!.no}`)
  await expect(desk(page).getByRole('status').first()).toContainText('无法读取案件')
  await expect(desk(page)).not.toContainText('云帆科技')
})

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the desk works from the keyboard in a sheet, and nothing leaves the screen', async ({ page }) => {
    await open(page)
    await page.getByRole('button', { name: '展开面板' }).click()
    await page.getByRole('tab', { name: '园区' }).focus()
    for (let i = 0; i < 8; i++) {
      if (await page.getByRole('tab', { name: '审批' }).evaluate((tab) => tab === document.activeElement)) break
      await page.keyboard.press('ArrowRight')
    }
    await expect(desk(page)).toBeVisible()
    await as(page, '李经办')
    const first = desk(page).getByLabel('案件列表').getByRole('button').first()
    await first.focus()
    await picture(page, 'mobile-cases-list')
    await clean(page)
    await page.keyboard.press('Enter')
    await expect(desk(page).getByRole('heading', { level: 2 })).toBeFocused()
    await rest(page)
    await picture(page, 'mobile-cases-case')
    await clean(page)
    await desk(page).getByRole('img').scrollIntoViewIfNeeded()
    await picture(page, 'mobile-cases-flow')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    expect(await page.locator('#panel-pane').evaluate((pane) => pane.scrollWidth <= pane.clientWidth)).toBe(true)
    await desk(page).getByRole('button', { name: '返回列表' }).press('Enter')
    await expect(desk(page).getByLabel('案件列表')).toBeVisible()
  })
})
