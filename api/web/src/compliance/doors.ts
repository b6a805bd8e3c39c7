// The service's doors for checks of a boundary.
import type { Compliance, ComplianceRequest, ComplianceRule, ComplianceRules, Declared } from '../api'
import { dated, request } from '../doors'
import type { Place } from '../types'

export type Measure = Compliance['measure']

/** What is checked: corners in degrees, plots together, or what a file holds. */
export type Boundary = { ring: Place[] } | { plots: number[] } | { file: File; crs: string } // crs '' leaves it to the file

export interface Order {
  boundary: Boundary
  rules: string[] // none: all
  declared: Declared
  measure: Measure
}

export async function rules(): Promise<ComplianceRule[]> {
  return (await request<ComplianceRules>('/api/v1/compliance')).rules
}

/** Checks a boundary against a register that holds a change at least. */
export function check(order: Order, after: number): Promise<Compliance> {
  const { boundary, rules, declared, measure } = order
  const search = new URLSearchParams({ after: String(after), measure })
  if ('file' in boundary) {
    if (boundary.crs) search.set('crs', boundary.crs)
    if (rules.length > 0) search.set('rules', rules.join(','))
    if (Object.keys(declared).length > 0) search.set('declared', JSON.stringify(declared))
    const body = new FormData()
    body.set('file', boundary.file)
    return send(search, { body })
  }
  const asked: ComplianceRequest = { ...landOf(boundary), rules, declared }
  return send(search, { body: JSON.stringify(asked), headers: { 'Content-Type': 'application/json' } })
}

/** A drawn or chosen boundary as the service takes it. */
export function landOf(boundary: Exclude<Boundary, { file: File }>): Pick<ComplianceRequest, 'geometry' | 'plots'> {
  if ('plots' in boundary) return { plots: boundary.plots }
  return { geometry: { type: 'Polygon', coordinates: [[...boundary.ring, boundary.ring[0]!]] } }
}

function send(search: URLSearchParams, init: RequestInit): Promise<Compliance> {
  return request(dated(`/api/v1/compliance?${search}`), { method: 'POST', ...init })
}
