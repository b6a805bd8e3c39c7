import { describe, expect, test } from 'vitest'
import { allocation, legend, total } from '../src/legend'
import type { StatusShare, UseShare } from '../src/api'
import type { Park } from '../src/types'

function use(code: string, mu: number, percent: number): UseShare {
  const scheme = code === 'M0' ? 'GZ-2019' : 'GB50137-2011'
  return { code, scheme, name_zh: code, name_en: code, color: '#fff', major: code[0]!, plots: 1, area_m2: (mu * 2000) / 3, area_mu: mu, percent }
}

function status(name: string, mu: number): StatusShare {
  return { status: name, name_zh: name, name_en: name, color: '#fff', plots: 2, area_m2: (mu * 2000) / 3, area_mu: mu, percent: 0 }
}

function park(code: string, landMu: number | null, uses: UseShare[], statuses: StatusShare[]): Park {
  const mu = uses.reduce((sum, row) => sum + row.area_mu, 0)
  return {
    code,
    name_zh: code,
    name_en: code,
    district: '',
    plane_crs: 'EPSG:4547',
    demonstration: true,
    area_m2: (mu * 2000) / 3,
    area_mu: mu,
    area_ellipsoid_m2: (mu * 2000) / 3,
    plots: uses.length,
    plan: landMu === null ? null : { land_mu: landMu, investment_100m_yuan: 1, output_100m_yuan: 1, positioning_zh: '', source: '' },
    land_by_status: statuses,
    land_by_use: uses,
  }
}

const a = park(
  'a',
  300,
  [use('A35', 200, 66.67), use('M0', 100, 33.33)],
  [status('planned', 100.1), status('reserved', 0.2), status('supplied', 150), status('idle', 49.7)],
)
const b = park('b', null, [use('R2', 50, 12.5), use('A35', 150, 37.5), use('G1', 200, 50)], [status('available', 400)])

describe('the legend', () => {
  test('of one park keeps the figures served', () => {
    const entries = legend([a], 'land_use')
    expect(entries.map(({ code, mu, percent }) => [code, mu, percent])).toEqual([
      ['A35', 20000, 6667],
      ['M0', 10000, 3333],
    ])
    expect(total(entries)).toMatchObject({ plots: 2, mu: 30000, percent: 10000 })
  })

  test('of several parks sums each class and takes shares anew, in the order served', () => {
    const entries = legend([a, b], 'land_use')
    expect(entries.map(({ code, mu, percent }) => [code, mu, percent])).toEqual([
      ['R2', 5000, 714],
      ['A35', 35000, 5000],
      ['G1', 20000, 2857],
      ['M0', 10000, 1429],
    ])
    expect(total(entries)).toMatchObject({ plots: 5, mu: 70000, percent: 10000 })
  })

  test('leaves the parks as they are', () => {
    legend([a, b], 'land_use')
    expect(a.land_by_use[0]!.area_mu).toBe(200)
  })

  test('of no park is empty', () => {
    expect(legend([], 'status')).toEqual([])
  })
})

describe('the allocation', () => {
  test('counts stages in hundredths against the plan', () => {
    expect(allocation([a])).toMatchObject({ planned: 30000, registered: 30000 })
    expect(allocation([a]).parts.map(({ name, mu }) => [name, mu])).toEqual([
      ['planned', 10030],
      ['available', 0],
      ['committed', 0],
      ['supplied', 19970],
    ])
  })

  test('takes the register where there is no plan', () => {
    expect(allocation([b]).planned).toBe(40000)
  })
})
