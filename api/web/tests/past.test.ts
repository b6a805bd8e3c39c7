import { expect, test } from 'vitest'
import { changeDays, dayBefore, isDay, neighbours } from '../src/days'
import { unread } from '../src/dictionary'
import { readable } from '../src/differences'
import { branches, tree } from '../src/family'
import { text } from '../src/text'
import type { Change, Relative } from '../src/types'

const change = (park: string, before: string, after: string) =>
  ({ park, plots: [{ id: 1, version: 2, difference: [{ field: 'valid_from', before, after }] }] }) as unknown as Change

test('days of change are those of present plots and those that changes replaced', () => {
  const changes = [change('nansha', '2016-01-01', '2018-06-30'), change('panyu', '2015-01-01', '2019-01-01')]
  const days = changeDays(['2020-05-05', null], changes, 'nansha')
  expect(days).toEqual(['2016-01-01', '2018-06-30', '2020-05-05'])
  expect(neighbours(days, '2018-06-30')).toEqual({ before: '2016-01-01', after: '2020-05-05' })
  expect(neighbours(days, '2021-01-01')).toEqual({ before: '2020-05-05', after: null })
})

test('days are told from other texts', () => {
  expect(['2018-06-30', '2018-06-31', '2018-6-30', 'now', ''].map(isDay)).toEqual([true, false, false, false, false])
  expect(dayBefore('2020-03-01')).toBe('2020-02-29')
})

function relative(id: number, parents: number[], children: number[], ended = true): Relative {
  return { id, park: 'test', plot_no: `P-${id}`, ended, valid_from: '2020-01-01', area_m2: 1, parents, children }
}

// 1 is divided into 2 and 3, these are joined into 4.
const family = [relative(1, [], [2, 3]), relative(2, [1], [4]), relative(3, [1], [4]), relative(4, [2, 3], [], false)]

test('a family tree has ancestors above and descendants below', () => {
  const { placed, rows, columns, lines } = tree(2, [family[0]!, family[1]!, family[3]!])
  expect(placed.map(({ relative, row }) => [relative.id, row])).toEqual([[1, 0], [2, 1], [4, 2]])
  expect([rows, columns, lines.length]).toEqual([3, 1, 2])
  const whole = tree(4, family)
  expect(whole.placed.map(({ row, column }) => [row, column])).toEqual([[0, 0], [1, -0.5], [1, 0.5], [2, 0]])
  expect(whole.lines).toHaveLength(4)
})

test('its list tells each plot in full but once', () => {
  const [two, three] = branches(4, family, 'parents')
  expect(two!.branches.map(({ relative, told }) => [relative.id, told])).toEqual([[1, false]])
  expect(three!.branches.map(({ relative, told }) => [relative.id, told])).toEqual([[1, true]])
  expect(branches(4, family, 'children')).toEqual([])
})

test('differences are told in words', () => {
  const statuses = [
    { status: 'planned', name_zh: '规划', name_en: 'planned', color: '', moves: [] },
    { status: 'reserved', name_zh: '储备', name_en: 'in land reserve', color: '', moves: [] },
  ]
  const field = (name: string, before: string, after: string) => ({ field: name, name_zh: '字段', name_en: 'field', before, after })
  const told = readable([field('status', 'planned', 'reserved'), field('area_m2', '1234.5', '20000'), field('name', '', '甲'), field('geometry', '4 points', '5 points')], text.zh, 'zh', { ...unread, statuses })
  expect(told.map(({ before, after }) => [before, after])).toEqual([
    ['规划', '储备'],
    ['1234.50 m²', '20,000.00 m²'],
    ['无', '甲'],
    ['4 个界址点', '5 个界址点'],
  ])
})
