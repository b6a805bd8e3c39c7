// Planning conditions (控制指标) in the way documents write them.
import { decimal } from './measure'
import type { PlotProperties } from './types'

/** ≤2.50, ≥1.00 or 1.00~2.50; a dash where nothing is set. */
export function bound(min: number | null, max: number | null, digits: number, unit = ''): string {
  const end = unit && ` ${unit}`
  if (min !== null && max !== null) return `${decimal(min, digits)}~${decimal(max, digits)}${end}`
  if (max !== null) return `≤${decimal(max, digits)}${end}`
  if (min !== null) return `≥${decimal(min, digits)}${end}`
  return '—'
}

export interface Condition {
  field: 'far' | 'density' | 'green' | 'height' | 'gfa'
  value: string
}

export function conditions(plot: PlotProperties): Condition[] {
  return [
    { field: 'far', value: bound(plot.far_min, plot.far_max, 2) },
    { field: 'density', value: bound(null, plot.density_max_pct, 1, '%') },
    { field: 'green', value: bound(plot.green_min_pct, null, 1, '%') },
    { field: 'height', value: bound(null, plot.height_max_m, 1, 'm') },
    { field: 'gfa', value: bound(null, plot.gfa_max_m2, 0, 'm²') },
  ]
}
