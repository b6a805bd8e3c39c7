// The properties that an officer may state of a plot, and what of them changed.
import type { PlotProperties } from '../types'

export const texts = ['name', 'holder', 'setbacks', 'supply_mode'] as const
export const numbers = [
  'stated_area_m2',
  'far_min',
  'far_max',
  'density_max_pct',
  'green_min_pct',
  'height_max_m',
  'gfa_max_m2',
] as const
export const days = ['supplied_on'] as const

const fields = ['land_use', 'status', ...texts, ...numbers, ...days] as const
export type Field = (typeof fields)[number]

/** The form's values: every one as text, empty where nothing is stated. */
export type Form = Record<Field, string>

export function formOf(plot: PlotProperties): Form {
  return Object.fromEntries(fields.map((field) => [field, String(plot[field] ?? '')])) as Form
}

/** What is not as it was, as the service takes it: null clears. */
export function changed(plot: PlotProperties, form: Form): Partial<PlotProperties> {
  const was = formOf(plot)
  const isNumber = (field: Field) => (numbers as readonly string[]).includes(field)
  return Object.fromEntries(
    fields
      .map((field) => [field, String(form[field] ?? '').trim()] as const)
      .filter(([field, value]) => value !== was[field])
      .map(([field, value]) => [field, value === '' ? null : isNumber(field) ? Number(value) : value]),
  )
}
