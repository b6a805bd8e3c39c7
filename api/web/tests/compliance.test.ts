import { expect, test } from 'vitest'
import type { Compliance, ComplianceFinding } from '../src/api'
import { changes } from '../src/compliance/changes'
import { faultsOf } from '../src/compliance/faults'
import { figure, roundLength } from '../src/compliance/figure'
import { nameOf, savedOf } from '../src/compliance/save'
import { Problem } from '../src/doors'
import { hatch } from '../src/map/checked'
import { unproject } from '../src/plane'
import { text } from '../src/text'
import type { Finding } from '../src/types'

function finding(rule: string, severity: ComplianceFinding['severity'], area_m2: number, layer?: string): ComplianceFinding {
  return { rule, name_zh: rule, name_en: rule, severity, area_m2, message: `${severity} ${area_m2}`, message_zh: '', geometry: null, ...(layer && { layer: { code: layer } }) } as ComplianceFinding
}

function answer(findings: ComplianceFinding[], skipped: ComplianceFinding[] = []): Compliance {
  return { park: { code: 'test' }, day: '2026-01-31', register_seq: 7, findings, skipped } as unknown as Compliance
}

test('rules that say the same are not told; a rule is told by its worst finding and all its land', () => {
  const before = answer([finding('park', 'pass', 0), finding('status', 'fail', 10.1), finding('status', 'warn', 5), finding('far', 'fail', 3)])
  const after = answer([finding('park', 'pass', 0), finding('status', 'warn', 20.25)], [finding('far', 'skipped', 0)])
  const told = changes(before, after).map(({ key, before, after }) => [key.trim(), before?.severity, before?.area_m2, after?.severity, after?.area_m2])
  expect(told).toEqual([
    ['status', 'fail', 15.1, 'warn', 20.25],
    ['far', 'fail', 3, 'skipped', 0],
  ])
  expect(changes(after, after)).toEqual([])
})

test('layers of a rule are told apart; what is new or gone has no other side', () => {
  const told = changes(answer([finding('road', 'pass', 4, 'a'), finding('road', 'fail', 4, 'b')]), answer([finding('road', 'fail', 4, 'a'), finding('road', 'fail', 1, 'c')]))
  expect(told.map(({ layer, before, after }) => [layer?.code, before?.area_m2, after?.area_m2])).toEqual([
    ['a', 0, 4], // land that passes is at no fault
    ['c', undefined, 1],
    ['b', 4, undefined],
  ])
})

const fault = (field: string, message_zh: string, row?: number) =>
  ({ severity: 'error', field, message: 'bad', message_zh, remedy: 'mend', remedy_zh: '改', row }) as Finding
const refused = (status: number, findings: Finding[]) => new Problem(status, 'Refused', { zh: '不行', en: 'no' }, findings)

test('faults are told at the field that has to change', () => {
  const told = faultsOf(refused(422, [fault('declared.far', '过大'), fault('geometry', '自相交')]), 'plots', 'zh', text.zh)
  expect(told).toEqual({ 'declared.far': '过大；改', plots: '自相交；改' })
  expect(faultsOf(refused(404, []), 'plots', 'en', text.en)).toEqual({ plots: 'no' })
  expect(faultsOf(refused(503, []), 'file', 'zh', text.zh)).toEqual({ '': '不行' })
  expect(faultsOf(new TypeError('offline'), 'file', 'zh', text.zh)).toEqual({ '': 'offline' })
})

test('of many faults of a file the first are told, with their rows', () => {
  const rows = [1, 2, 3, 4, 5].map((row) => fault('', `错 ${row}`, row))
  expect(faultsOf(refused(422, rows), 'file', 'zh', text.zh).file!.split('\n')).toEqual(['文件第 1 行；错 1；改', '文件第 2 行；错 2；改', '文件第 3 行；错 3；改', '另有 2 处'])
})

test('a sketch has north up and the boundary within its frame, in proportion', () => {
  const corners = [[0, 0], [200, 0], [200, 100], [0, 100], [0, 0]].map(([x, y]) => unproject([451700 + x!, 2522400 + y!]))
  const geometry = { type: 'MultiPolygon' as const, coordinates: [[corners]] }
  const { boundary, pieces, bar } = figure({ ...answer([{ ...finding('far', 'fail', 1), geometry }, { ...finding('height', 'pass', 1), geometry }]), boundary: { geometry } } as unknown as Compliance, 224, 224)
  expect(boundary).toBe('M12.0,162.0L212.0,162.0L212.0,62.0L12.0,62.0Z')
  expect(pieces).toEqual([{ severity: 'fail', path: boundary }])
  expect(bar.metres).toBe(50)
  expect(bar.pixels).toBeCloseTo(50, 6)
  expect([0.3, 1, 4.9, 5, 19, 99, 200].map(roundLength)).toEqual([0.2, 1, 2, 5, 10, 50, 200])
})

test('hatches continue from square to square and slant either way', () => {
  const { width, height, data } = hatch('#b3101c', 'down')
  const up = hatch('#b3101c', 'up').data
  const alpha = (of: Uint8ClampedArray, x: number, y: number) => of[((((y + height) % height) * width) + ((x + width) % width)) * 4 + 3]
  for (let i = 0; i < width; i++) {
    expect([alpha(data, i, i), alpha(data, i + 1, i), alpha(data, i + 8, i)]).toEqual([255, 255, 30])
    expect([alpha(up, i, -i), alpha(up, i + 1, -i), alpha(up, i + 8, -i)]).toEqual([255, 255, 30])
  }
  expect([...data.slice(0, 3)]).toEqual([0xb3, 0x10, 0x1c])
})

test('what is saved tells what was asked beside the answer', () => {
  const given = answer([])
  const asked = (boundary: object) => ({ order: { boundary, rules: ['far'], declared: { far: 2 }, measure: 'plane' as const }, subject: 'geometry' as const, names: ['红线.txt'], day: null, seq: 7 }) as unknown as Parameters<typeof savedOf>[0]
  expect(savedOf(asked({ plots: [4, 2] }), given)).toEqual({ asked: { plots: [4, 2], rules: ['far'], declared: { far: 2 } }, ...given })
  expect(savedOf(asked({ file: {}, crs: '' }), given).asked).toMatchObject({ file: '红线.txt' })
  expect(savedOf(asked({ ring: [[1, 2], [3, 4], [5, 6]] }), given).asked).toMatchObject({ geometry: { coordinates: [[[1, 2], [3, 4], [5, 6], [1, 2]]] } })
  expect(nameOf(given)).toBe('compliance-test-2026-01-31-7.json')
})
