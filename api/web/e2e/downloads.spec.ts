import { strFromU8, unzipSync } from 'fflate'
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expect, open, test } from './page'

async function balance(page: Page, format: string): Promise<Buffer> {
  await page.getByRole('button', { name: '下载', exact: true }).click()
  const menu = page.getByRole('dialog', { name: '下载' })
  await expect(menu.getByLabel('范围')).toHaveValue('nansha')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('link', { name: `下载用地平衡表，${format} 格式` }).click(),
  ])
  await page.keyboard.press('Escape')
  return readFile(await download.path())
}

function rowsOf(csv: string): string[][] {
  return csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '').trim()))
}

test('the land balance of Nansha as CSV sums to 1446.00 亩 and 100.00 %', async ({ page }) => {
  await open(page, '/?park=nansha')
  const totals = rowsOf((await balance(page, 'csv')).toString('utf8')).filter((row) => row.includes('1446.00'))
  expect(totals.length).toBeGreaterThan(0)
  expect(totals.some((row) => row.some((cell) => /^100\.00\s*%?$/.test(cell)))).toBe(true)
})

test('the land balance of Nansha as XLSX is a workbook that holds the total', async ({ page }) => {
  await open(page, '/?park=nansha')
  const parts = unzipSync(new Uint8Array(await balance(page, 'xlsx')))
  const sheets = Object.keys(parts).filter((name) => /^xl\/worksheets\/.*\.xml$/.test(name))
  expect(sheets.length).toBeGreaterThan(0)
  const values = sheets.flatMap((name) => [...strFromU8(parts[name]!).matchAll(/<(?:v|t)[^>]*>([^<]*)</g)].map((m) => Number(m[1])))
  expect(values).toContain(1446)
})
