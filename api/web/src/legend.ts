// The classes of the legend and the allocation against the plan, for one park
// or for several together.
import { hundredths, shares } from './measure'
import type { LandRow, Park, Theme } from './types'

/** One class; areas and share in hundredths. */
export interface Entry {
  key: string
  code: string
  scheme: string
  name_zh: string
  name_en: string
  color: string
  plots: number
  m2: number
  mu: number
  percent: number
}

function rowsOf(park: Park, theme: Theme): Entry[] {
  const entry = (row: LandRow, code: string, scheme: string): Entry => ({
    key: `${scheme}:${code}`,
    code,
    scheme,
    name_zh: row.name_zh,
    name_en: row.name_en,
    color: row.color,
    plots: row.plots,
    m2: hundredths(row.area_m2),
    mu: hundredths(row.area_mu),
    percent: hundredths(row.percent),
  })
  return theme === 'status'
    ? park.land_by_status.map((row) => entry(row, row.status, ''))
    : park.land_by_use.map((row) => entry(row, row.code, row.scheme))
}

/**
 * The legend of the parks together. One park keeps the figures it was served;
 * several are summed, and their shares taken anew from the sums. The order is
 * the service's: a class that only a later park has follows its neighbour there.
 */
export function legend(parks: Park[], theme: Theme): Entry[] {
  if (parks.length === 1) return rowsOf(parks[0]!, theme)
  const all: Entry[] = []
  for (const park of parks) {
    let after = -1
    for (const row of rowsOf(park, theme)) {
      const at = all.findIndex((entry) => entry.key === row.key)
      const known = all[at]
      if (known) {
        known.plots += row.plots
        known.m2 += row.m2
        known.mu += row.mu
        after = at
      } else {
        all.splice(++after, 0, { ...row })
      }
    }
  }
  const percents = shares(all.map((entry) => entry.m2))
  return all.map((entry, i) => ({ ...entry, percent: percents[i] ?? 0 }))
}

export interface Total {
  plots: number
  m2: number
  mu: number
  percent: number
}

export function total(entries: Entry[]): Total {
  const sum: Total = { plots: 0, m2: 0, mu: 0, percent: 0 }
  for (const entry of entries) {
    sum.plots += entry.plots
    sum.m2 += entry.m2
    sum.mu += entry.mu
    sum.percent += entry.percent
  }
  return sum
}

/** The four stages in which land is counted against the plan. */
export const stages = [
  { name: 'planned', statuses: ['planned', 'reserved'], color: '#BFB5A0' },
  { name: 'available', statuses: ['available'], color: '#4DAF4A' },
  { name: 'committed', statuses: ['committed'], color: '#FFB000' },
  {
    name: 'supplied',
    statuses: ['supplied', 'under_construction', 'completed', 'verified', 'idle'],
    color: '#4C8BF5',
  },
] as const

export type StageName = (typeof stages)[number]['name']

export interface Allocation {
  planned: number // the plan's land, or the register's where there is no plan
  registered: number
  parts: { name: StageName; color: string; mu: number }[]
}

/** Land by stage in hundredths of 亩, beside what the plan gives. */
export function allocation(parks: Park[]): Allocation {
  const rows = parks.flatMap((park) => park.land_by_status)
  const sumMu = (statuses: readonly string[]) =>
    rows.filter((row) => statuses.includes(row.status)).reduce((sum, row) => sum + hundredths(row.area_mu), 0)
  return {
    planned: parks.reduce((sum, park) => sum + hundredths(park.plan?.land_mu ?? park.area_mu), 0),
    registered: parks.reduce((sum, park) => sum + hundredths(park.area_mu), 0),
    parts: stages.map(({ name, statuses, color }) => ({ name, color, mu: sumMu(statuses) })),
  }
}
