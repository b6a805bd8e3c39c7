import { expect, test } from 'vitest'
import { fieldName, nextStatuses, statusName, unread, use, usesOf, type Dictionary } from '../src/dictionary'

const move = (to: string) => ({ to, act_zh: '', act_en: '' })

const words: Dictionary = {
  ...unread,
  land_uses: [
    { scheme: 'GB50137-2011', code: 'M1', name_zh: '一类工业用地', level: 2, name_en: 'Class 1 industry', color: '#BB9661' },
    { scheme: 'MNR-2023', code: '0802', name_zh: '科研用地', name_en: 'Research', level: 2 },
    { scheme: 'GZ-2019', code: 'M0', name_zh: '新型产业用地', name_en: 'New industry', level: 2 },
  ],
  statuses: [
    { status: 'planned', name_zh: '规划', name_en: 'planned', color: '#D9D9D9', moves: [move('reserved'), move('available')] },
    { status: 'verified', name_zh: '已核实', name_en: 'verified', color: '#1B3A57', moves: [] },
  ],
  fields: [{ name: 'far_max', name_zh: '容积率上限', name_en: 'FAR max', type: 'number', settable: true, short: 'far_max' }],
}

test('statuses have names and allowed steps', () => {
  expect(nextStatuses(words, 'planned')).toEqual(['reserved', 'available'])
  expect(nextStatuses(words, 'verified')).toEqual([])
  expect([statusName(words, 'verified', 'zh'), statusName(words, 'verified', 'en'), statusName(unread, 'verified', 'zh')]).toEqual(['已核实', 'verified', 'verified'])
})

test('properties have names, and what is none has not', () => {
  expect([fieldName(words, 'far_max', 'zh'), fieldName(words, 'geometry', 'zh'), fieldName(words, undefined, 'en')]).toEqual(['容积率上限', undefined, undefined])
})

test('a code means what its scheme says, mixed use what its main code does', () => {
  expect(use(words, 'M1/M0', 'GB50137-2011')?.name_zh).toBe('一类工业用地')
  expect(use(words, '0802', 'GB50137-2011')).toBeUndefined()
  expect(usesOf(words, 'GZ-2019').map(({ code }) => code)).toEqual(['M1', 'M0'])
  expect(usesOf(words, 'MNR-2023').map(({ code }) => code)).toEqual(['0802'])
})
