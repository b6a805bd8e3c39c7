// A family tree (沿革) laid out in rows: ancestors above, descendants below.
import type { Relative } from './types'

export interface Placed {
  relative: Relative
  row: number // 0 is the oldest generation
  column: number // its place in the row, centred: -0.5 and 0.5 for two
}

export interface Tree {
  placed: Placed[]
  rows: number
  columns: number // of the widest row
  lines: { from: Placed; to: Placed }[] // parent to child
}

/**
 * Steps from one of the family to each of those that are reached through next:
 * the longest way, so that a parent is always in a row above its children.
 */
function steps(from: number, next: (id: number) => number[]): Map<number, number> {
  const far = new Map([[from, 0]])
  const queue = [from]
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    for (const onward of next(id)) {
      const step = far.get(id)! + 1
      if ((far.get(onward) ?? 0) >= step) continue
      far.set(onward, step)
      queue.push(onward)
    }
  }
  return far
}

export function tree(id: number, family: Relative[]): Tree {
  const byId = new Map(family.map((relative) => [relative.id, relative]))
  const up = steps(id, (of) => byId.get(of)?.parents ?? [])
  const down = steps(id, (of) => byId.get(of)?.children ?? [])
  const top = Math.max(...up.values())
  const rows: Relative[][] = []
  for (const relative of family) {
    const row = top + (down.get(relative.id) ?? 0) - (up.get(relative.id) ?? 0)
    ;(rows[row] ??= []).push(relative)
  }
  const placed = rows.flatMap((row, at) =>
    row.map((relative, i) => ({ relative, row: at, column: i - (row.length - 1) / 2 })),
  )
  const placeOf = new Map(placed.map((place) => [place.relative.id, place]))
  return {
    placed,
    rows: rows.length,
    columns: Math.max(...rows.map((row) => row.length)),
    lines: placed.flatMap((from) =>
      from.relative.children.flatMap((child) => {
        const to = placeOf.get(child)
        return to ? [{ from, to }] : []
      }),
    ),
  }
}

export interface Branch {
  relative: Relative
  told: boolean // already told elsewhere in the list, with all that follows
  branches: Branch[]
}

/**
 * The same as a nested list, upwards or downwards. Plots that were divided and
 * joined again are reached on several ways; each is told in full but once.
 */
export function branches(id: number, family: Relative[], towards: 'parents' | 'children'): Branch[] {
  const byId = new Map(family.map((relative) => [relative.id, relative]))
  const told = new Set<number>()
  const follow = (of: number): Branch[] =>
    (byId.get(of)?.[towards] ?? []).flatMap((next) => {
      const relative = byId.get(next)
      if (!relative) return []
      const again = told.has(next)
      told.add(next)
      return [{ relative, told: again, branches: again ? [] : follow(next) }]
    })
  return follow(id)
}
