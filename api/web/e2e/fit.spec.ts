import AxeBuilder from '@axe-core/playwright'
import { expect, open, picture, rest, test } from './page'

test('land for a need is offered with its reasons and shown on the map', async ({ page }) => {
  await open(page, '/?park=nansha')
  await page.getByRole('tab', { name: '选址' }).click()
  const panel = page.getByRole('region', { name: '选址' })
  await panel.getByLabel('用地代码').fill('A，M')
  await panel.getByLabel('容积率不低于').fill('2')
  await panel.getByRole('button', { name: '寻找用地' }).click()
  await expect(panel.getByRole('status')).toContainText('个候选')
  const offer = panel.getByRole('listitem').filter({ hasText: 'NS-05-01 + NS-05-02' }).first()
  await expect(offer).toContainText('总面积 31.60 亩，合所需 30–50')
  await expect(offer).toContainText('须合用 2 个相邻地块')
  const show = offer.getByRole('button', { name: /^NS-05-01 \+ NS-05-02/ })
  await show.click()
  await expect(show).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('region', { name: '地块信息' })).toContainText('NS-05-01')
  await rest(page)
  await picture(page, 'fit')
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  await offer.getByRole('button', { name: '申请用地' }).click() // which needs a sign-in
  await expect(page.getByRole('region', { name: '审批' })).toContainText('须登录后查看')
})

test('what cannot be looked for is said', async ({ page }) => {
  await open(page, '/?park=panyu')
  await page.getByRole('tab', { name: '选址' }).click()
  const panel = page.getByRole('region', { name: '选址' })
  await panel.getByLabel('最少，亩').fill('200')
  await panel.getByLabel('最多，亩').fill('300')
  await panel.getByRole('button', { name: '寻找用地' }).click()
  await expect(panel.getByRole('status')).toContainText('没有合适的用地')
})

test('the developers’ page shows every route without anything of another server', async ({ page }) => {
  test.slow() // axe looks at every element of a long page
  await page.goto('/docs')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('开发者文档')
  await page.getByRole('navigation').getByRole('link', { name: '按需求选址' }).click()
  await expect(page.locator('#getFit')).toBeInViewport()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
})
