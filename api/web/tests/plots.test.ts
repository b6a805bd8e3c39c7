import { describe, expect, test } from 'vitest'
import { readAddress, writeAddress } from '../src/address'
import { bound } from '../src/conditions'
import { boundsOf, classOf, matching, overlaps, placeOf, sorted, type PlotRow } from '../src/plots'

function row(plot_no: string, land_use: string, status: string, area_mu: number, far_max: number | null = null): PlotRow {
  return { plot_no, land_use, status, area_mu, far_max, name: '', holder: plot_no === 'NS-2' ? '广州质检院' : null, bounds: [0, 0, 1, 1] } as unknown as PlotRow
}

const rows = [row('NS-10', 'A35', 'supplied', 3, 2), row('NS-2', 'M1/M0', 'planned', 5), row('NS-1', 'G1', 'planned', 4, 1.5)]
const order = (column: 'plot_no' | 'area_mu' | 'far_max' | 'status', descending = false) =>
  sorted(rows, { column, descending }, ['planned', 'supplied']).map((r) => r.plot_no)

describe('the plot table', () => {
  test('sorts numbers as people count', () => expect(order('plot_no')).toEqual(['NS-1', 'NS-2', 'NS-10']))
  test('sorts by area', () => expect(order('area_mu', true)).toEqual(['NS-2', 'NS-1', 'NS-10']))
  test('keeps plots without a value last, either way', () => {
    expect(order('far_max')).toEqual(['NS-1', 'NS-10', 'NS-2'])
    expect(order('far_max', true)).toEqual(['NS-10', 'NS-1', 'NS-2'])
  })
  test('sorts statuses in the order of supply', () => expect(order('status', true)).toEqual(['NS-10', 'NS-1', 'NS-2']))

  test.each([
    ['ns-1', null, ['NS-10', 'NS-1']],
    ['质检', null, ['NS-2']],
    ['', 'planned', ['NS-2', 'NS-1']],
    ['10', 'planned', []],
  ])('searching %s in %s', (text, highlight, want) => {
    expect(matching(rows, { text, theme: 'status', highlight, classes: [] }).map((r) => r.plot_no)).toEqual(want)
  })
})

test('mixed use falls back on its main code unless the legend has its own class', () => {
  const plot = { land_use: 'M1/M0', status: 'planned' }
  expect(classOf(plot, 'land_use', ['M1', 'M0'])).toBe('M1')
  expect(classOf(plot, 'land_use', ['M1/M0'])).toBe('M1/M0')
  expect(classOf(plot, 'status', [])).toBe('planned')
})

test('bounds are those of the shells', () => {
  const square = [[113, 22], [114, 22], [114, 23], [113, 22]]
  expect(boundsOf({ type: 'Polygon', coordinates: [square] })).toEqual([113, 22, 114, 23])
  expect(overlaps([0, 0, 1, 1], [1, 1, 2, 2])).toBe(true)
  expect(overlaps([0, 0, 1, 1], [1.1, 0, 2, 2])).toBe(false)
})

test('planning conditions are written as documents write them', () => {
  expect(bound(null, 2.5, 2)).toBe('≤2.50')
  expect(bound(30, null, 1, '%')).toBe('≥30.0 %')
  expect(bound(1.5, 3, 2)).toBe('1.50~3.00')
  expect(bound(null, null, 2)).toBe('—')
})

describe('where a finding is', () => {
  const finding = { severity: 'warning', message: '', message_zh: '' } as const
  const square = [[[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]]
  test.each([
    ['its own place', { ...finding, place: [1, 2] as [number, number] }, [1, 2]],
    ['the middle of its land', { ...finding, geometry: { type: 'MultiPolygon' as const, coordinates: [square] } }, [2, 1]],
    ['nowhere', finding, null],
    ['nowhere without a ring', { ...finding, geometry: { type: 'MultiPolygon' as const, coordinates: [] } }, null],
  ])('%s', (_, told, want) => expect(placeOf(told)).toEqual(want))
})

describe('the address', () => {
  test('holds what is selected and leaves out what is usual', () => {
    expect(writeAddress({ park: 'nansha', plot: 7, case: 'nansha-2026-0001', day: '2018-06-30', by: 'status', lang: 'en' })).toBe(
      '?park=nansha&plot=7&case=nansha-2026-0001&at=2018-06-30&by=status&lang=en',
    )
    expect(writeAddress({ park: null, plot: null, case: null, day: null, by: 'land_use', lang: 'zh' })).toBe('')
  })
  test('reads back, and passes over what it does not know', () => {
    expect(readAddress('?park=nansha&plot=7&lang=en')).toEqual({ park: 'nansha', plot: 7, case: null, day: null, by: 'land_use', lang: 'en' })
    expect(readAddress('?plot=x&at=2018-02-30&by=colour&lang=fr')).toEqual({ park: null, plot: null, case: null, day: null, by: 'land_use', lang: null })
  })
})
