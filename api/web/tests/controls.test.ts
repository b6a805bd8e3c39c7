import { expect, test } from 'vitest'
import { controlKinds } from '../src/controls'
import type { ControlLayer } from '../src/types'

function layer(code: string, kind: ControlLayer['kind'], mu: number, more: Partial<ControlLayer> = {}): ControlLayer {
  return { code, kind, kind_zh: kind, kind_en: kind, name_zh: code, name_en: code, color: '#123456', rule: 'outside', valid: true, demonstration: false, area_mu: mu, ...more } as ControlLayer
}

test('layers of one kind are one entry, and those that do not hold today are none', () => {
  const entries = controlKinds([
    layer('a', 'blue_line', 1.1),
    layer('b', 'road_red_line', 2, { demonstration: true }),
    layer('c', 'blue_line', 2.2),
    layer('d', 'green_line', 5, { valid: false }),
  ])
  expect(entries.map(({ kind, mu, demonstration }) => [kind, mu, demonstration])).toEqual([
    ['blue_line', 330, false],
    ['road_red_line', 200, true],
  ])
  expect(controlKinds([])).toEqual([])
})
