// The service's doors, each as one function. Every answer tells how far the
// register had come (Register-Seq); callers learn it through onSeq.
import type { Bounds, Finding, ImportResult, ParkCollection, PlotCollection, PlotFeature } from './types'

/** A refused request, as application/problem+json tells it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly findings: Finding[] = [],
  ) {
    super([title, detail].filter(Boolean).join(' – '))
  }
}

let tell: (seq: number) => void = () => {}

/** Calls back with the register's number whenever an answer carries it. */
export function onSeq(callback: (seq: number) => void): void {
  tell = callback
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init)
  const seq = Number(response.headers.get('Register-Seq') ?? NaN)
  if (Number.isFinite(seq)) tell(seq)
  const type = response.headers.get('Content-Type') ?? ''
  const body: unknown = type.includes('json') ? await response.json() : await response.text()
  if (response.ok) return body as T
  const told = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem> & { errors?: Finding[] | null }
  throw new Problem(response.status, told.title ?? `HTTP ${response.status}`, told.detail ?? '', told.errors ?? [])
}

export function parks(): Promise<ParkCollection> {
  return request('/api/v1/parks')
}

export interface PlotQuery {
  park?: string | null
  status?: string
  land_use?: string
}

const pageSize = 1000 // the most that the search door gives at once

/** The plots of a search, page by page up to a limit; more tells that it was cut. */
export async function plots(query: PlotQuery, most: number): Promise<{ features: PlotFeature[]; more: boolean }> {
  const search = new URLSearchParams({ limit: String(pageSize) })
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value)
  const features: PlotFeature[] = []
  let path: string | null = `/api/v1/plots?${search}`
  while (path !== null && features.length < most) {
    const page: PlotCollection = await request(path)
    features.push(...(page.features as PlotFeature[]))
    const next: string | undefined = page.links?.find((link) => link.rel === 'next')?.href
    path = next === undefined ? null : sameOrigin(next)
  }
  return { features, more: path !== null }
}

export function plot(id: number): Promise<PlotFeature> {
  return request(`/api/v1/plots/${id}`)
}

/** The plot at a place, or null where there is none. */
export async function plotAt(lon: number, lat: number): Promise<PlotFeature | null> {
  const here: PlotCollection = await request(`/api/v1/plots/at?lon=${lon}&lat=${lat}`)
  return (here.features.find((feature) => feature.properties.plot_no !== undefined) as PlotFeature | undefined) ?? null
}

export interface ImportOrder {
  file: File
  park: string
  crs: string // '' leaves it to the file
  replace: boolean
  dryRun: boolean
  key: string
}

export function importFile(order: ImportOrder): Promise<ImportResult> {
  const search = new URLSearchParams({ park: order.park })
  if (order.crs) search.set('crs', order.crs)
  search.set('dry_run', String(order.dryRun))
  search.set('replace', String(order.replace))
  const body = new FormData()
  body.set('file', order.file)
  return request(`/api/v1/imports?${search}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${order.key}` },
    body,
  })
}

export const tables = ['overview', 'balance', 'plots'] as const
export const formats = ['xlsx', 'csv', 'json'] as const

export function reportHref(table: string, format: string, park: string | null): string {
  return `/api/v1/reports/${table}.${format}${park ? `?park=${encodeURIComponent(park)}` : ''}`
}

/**
 * The same address on this page's own origin. The service may know itself by
 * another public name, and the page's policy allows its own origin only.
 */
export function sameOrigin(href: string): string {
  const url = new URL(href, location.href)
  return url.pathname + url.search
}

/** West, south, east, north around a place, for showing a point. */
export function around([lon, lat]: [number, number], degrees: number): Bounds {
  return [lon - degrees, lat - degrees, lon + degrees, lat + degrees]
}
