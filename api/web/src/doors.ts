// The service's doors, each as one function. Every answer tells how far the
// register had come (Register-Seq); callers learn it through onSeq.
import type { Fit, Supervision } from './api'
import type { Dictionary } from './dictionary'
import type {
  Bounds,
  Change,
  Caller,
  Control,
  ControlLayer,
  Finding,
  ImportResult,
  Lang,
  ParkCollection,
  PlotCollection,
  PlotFeature,
  PlotVersion,
  PreviewCollection,
  ProblemDocument,
  Relative,
} from './types'

/** A refused request, as application/problem+json tells it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: Record<Lang, string>,
    readonly findings: Finding[] = [],
    readonly successors: { id: number; plot_no: string }[] = [], // of a plot that ended
  ) {
    super([title, detail.en].filter(Boolean).join(' – '))
  }
}

/** What went wrong, in a language. */
export function told(error: unknown, lang: Lang): string {
  if (error instanceof Problem) return error.detail[lang] || error.title
  return error instanceof Error ? error.message : String(error)
}

let tell: (seq: number) => void = () => {}

/** Calls back with the register's number whenever an answer carries it. */
export function onSeq(callback: (seq: number) => void): void {
  tell = callback
}

/** Calls back with the register's number when somebody changed it; the browser
 * comes back by itself when the connection breaks. */
export function listen(callback: (seq: number) => void): void {
  new EventSource('/api/v1/events').addEventListener('change', (event: MessageEvent<string>) => {
    const { seq } = JSON.parse(event.data) as { seq: number }
    callback(seq)
  })
}

let day: string | null = null

/** From now on what is read of the register is as it held on that day. */
export function asOf(at: string | null): void {
  day = at
}

/** The address of what is read of the register. */
export function dated(path: string): string {
  return day === null ? path : `${path}${path.includes('?') ? '&' : '?'}at=${day}`
}

export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init)
  const seq = Number(response.headers.get('Register-Seq') ?? NaN)
  if (Number.isFinite(seq)) tell(seq)
  const type = response.headers.get('Content-Type') ?? ''
  const body: unknown = type.includes('json') ? await response.json() : await response.text()
  if (response.ok) return body as T
  const { title = `HTTP ${response.status}`, detail = '', ...more } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as ProblemDocument
  throw new Problem(response.status, title, { zh: more.detail_zh || detail, en: detail }, more.errors ?? [], more.successors)
}

export function parks(): Promise<ParkCollection> {
  return request(dated('/api/v1/parks'))
}

export async function controls(): Promise<ControlLayer[]> {
  return (await request<{ controls: ControlLayer[] }>(dated('/api/v1/controls'))).controls
}

/** The controls at a place. */
export async function controlsAt(lon: number, lat: number): Promise<Control[]> {
  return (await request<{ controls: Control[] }>(dated(`/api/v1/controls/at?lon=${lon}&lat=${lat}`))).controls
}

/** The register's words; they change with the program only. */
export function dictionary(): Promise<Dictionary> {
  return request('/api/v1/dictionary')
}

export interface PlotQuery {
  park?: string | null
  status?: string
  land_use?: string
  q?: string // number, name or holder
}

const pageSize = 1000 // the most that the search door gives at once

/** The plots of a search, page by page up to a limit; more tells that it was cut. */
export async function plots(query: PlotQuery, most: number): Promise<{ features: PlotFeature[]; more: boolean }> {
  const search = new URLSearchParams({ limit: String(pageSize) })
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value)
  const features: PlotFeature[] = []
  let path: string | null = dated(`/api/v1/plots?${search}`)
  while (path !== null && features.length < most) {
    const page: PlotCollection = await request(path)
    features.push(...(page.features as PlotFeature[]))
    const next: string | undefined = page.links?.find((link) => link.rel === 'next')?.href
    path = next === undefined ? null : sameOrigin(next)
  }
  return { features, more: path !== null }
}

export type FitQuery = Partial<Record<'area_mu' | 'land_use' | 'far' | 'max_plots' | 'park' | 'near' | 'radius_m', string>>

/** Land for a need, the best first. */
export function fit(query: FitQuery): Promise<Fit> {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  return request(dated(`/api/v1/plots/fit?${search}`))
}

const ofPark = (park: string | null): string => (park ? `?park=${encodeURIComponent(park)}` : '')

/** How cases and land of a park stand. */
export function supervision(park: string | null): Promise<Supervision> {
  return request(dated(`/api/v1/supervision${ofPark(park)}`))
}

export const digestHref = (park: string | null): string => `/api/v1/supervision/digest.html${ofPark(park)}`
export const feedHref = (park: string | null): string => `/api/v1/supervision/calendar.ics${ofPark(park)}`

/** The plots that an address of the service lists. */
export async function plotsAt(href: string): Promise<PlotFeature[]> {
  const page: PlotCollection = await request(`${sameOrigin(href)}&limit=${pageSize}`)
  return page.features as PlotFeature[]
}

/** The plots of a park that reach into a box. */
export async function plotsIn(box: Bounds, park: string): Promise<PlotFeature[]> {
  const search = new URLSearchParams({ park, bbox: box.join(','), limit: String(pageSize) })
  const page: PlotCollection = await request(dated(`/api/v1/plots?${search}`))
  return page.features as PlotFeature[]
}

/** The plots that have a number, of one park or of all. */
export async function plotsNumbered(plotNo: string, park: string | null): Promise<PlotFeature[]> {
  const { features } = await plots({ park, q: plotNo }, pageSize)
  return features.filter(({ properties }) => properties.plot_no.toLowerCase() === plotNo.toLowerCase())
}

/**
 * A plot, or the one plot that came out of it when it ended. That one is as it is
 * now, so on another day there is no answer.
 */
export async function plot(id: number): Promise<PlotFeature> {
  const feature = await request<PlotFeature>(plotHref(id))
  if (day !== null && feature.properties.id !== id) throw new Problem(404, 'Not Found', { zh: '', en: '' })
  return feature
}

export function plotHref(id: number): string {
  return dated(`/api/v1/plots/${id}`)
}

/** Every version of a plot, oldest first, whatever the day. */
export async function history(id: number): Promise<PlotVersion[]> {
  return (await request<{ versions: PlotVersion[] }>(`/api/v1/plots/${id}/history`)).versions
}

export async function lineage(id: number): Promise<Relative[]> {
  return (await request<{ plots: Relative[] }>(`/api/v1/plots/${id}/lineage`)).plots
}

const lastChanges = 1000 // the most that the feed gives at once

/** The last changes up to a number of the register. */
export async function changes(seq: number): Promise<Change[]> {
  const since = Math.max(0, seq - lastChanges)
  return (await request<{ changes: Change[] }>(`/api/v1/changes?since=${since}`)).changes
}

/** The plot at a place, or null where there is none. */
export async function plotAt(lon: number, lat: number): Promise<PlotFeature | null> {
  const here: PlotCollection = await request(dated(`/api/v1/plots/at?lon=${lon}&lat=${lat}`))
  return (here.features.find((feature) => feature.properties.plot_no !== undefined) as PlotFeature | undefined) ?? null
}

export interface ImportOrder {
  file: File
  park: string
  crs: string // '' leaves it to the file
  replace: boolean
  dryRun: boolean
}

/** Shows that a call in a session comes from this page. */
export const inSession = (caller: Caller | null): Record<string, string> => (caller?.token ? { 'X-CSRF-Token': caller.token } : {})

/** Who is signed in; null for a visitor. */
export async function whoCalls(): Promise<Caller | null> {
  const caller: Caller = await request('/api/v1/session')
  return caller.role === 'visitor' ? null : caller
}

/** Gives a key for a session, which the browser keeps in a cookie. */
export function signIn(key: string): Promise<Caller> {
  return request('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ key }) })
}

export async function signOut(caller: Caller): Promise<void> {
  await request('/api/v1/session', { method: 'DELETE', headers: inSession(caller) })
}

const inBackground = { Prefer: 'respond-async' }

/** Hands a file in; in the background the answer is a job that runs. */
export function importFile(order: ImportOrder, caller: Caller | null, background: boolean): Promise<ImportResult> {
  const search = new URLSearchParams({ park: order.park })
  if (order.crs) search.set('crs', order.crs)
  search.set('dry_run', String(order.dryRun))
  search.set('replace', String(order.replace))
  const body = new FormData()
  body.set('file', order.file)
  return request(`/api/v1/imports?${search}`, {
    method: 'POST',
    headers: { ...inSession(caller), ...(background ? inBackground : {}) },
    body,
  })
}

export function importJob(id: number, caller: Caller | null): Promise<ImportResult> {
  return request(`/api/v1/imports/${id}`, { headers: inSession(caller) })
}

/** What a check that passed would do, plot by plot. */
export function importPreview(id: number, caller: Caller | null): Promise<PreviewCollection> {
  return request(`/api/v1/imports/${id}/preview`, { headers: inSession(caller) })
}

/** Runs a check that passed as an import, in the background. */
export function applyImport(id: number, caller: Caller | null): Promise<ImportResult> {
  return request(`/api/v1/imports/${id}/apply`, { method: 'POST', headers: { ...inSession(caller), ...inBackground } })
}

/** Cancels a job that runs, or drops the file of a check. */
export function endImport(id: number, caller: Caller | null): Promise<void> {
  return request(`/api/v1/imports/${id}`, { method: 'DELETE', headers: inSession(caller) })
}

export const tables = ['overview', 'balance', 'plots'] as const
export const formats = ['xlsx', 'pdf', 'csv', 'json'] as const

export function reportHref(table: string, format: string, park: string | null): string {
  return dated(`/api/v1/reports/${table}.${format}${park ? `?park=${encodeURIComponent(park)}` : ''}`)
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
