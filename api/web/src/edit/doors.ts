// The service's doors for edits. Each act names the version that the officer
// read, so that nobody overwrites what another has just changed.
import { inSession, request, Problem } from '../doors'
import { store } from '../store.svelte'
import type { Change, Place, PlotFeature, PlotProperties } from '../types'
import type { Move } from './rings'

/** What every edit says of itself. */
export interface Act {
  reason: string
  case_no: string
  valid_from: string // '' is today
}

export interface Edited {
  seq: number
  plots: PlotFeature[]
}

const line = (coordinates: Place[]) => ({ type: 'LineString', coordinates })
const match = (plot: PlotFeature) => ({ 'If-Match': `"${plot.properties.version}"` })

function send<T>(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  return request(path, {
    method,
    headers: { ...inSession(store.caller), 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  })
}

async function post(path: string, body: unknown, headers?: Record<string, string>): Promise<Edited> {
  const { change, plots } = await send<{ change: Change; plots: PlotFeature[] }>('POST', path, body, headers)
  return { seq: change.seq, plots }
}

const plotPath = (plot: PlotFeature) => `/api/v1/plots/${plot.properties.id}`

export function split(plot: PlotFeature, along: Place[], plot_nos: string[], act: Act): Promise<Edited> {
  return post(`${plotPath(plot)}/split`, { line: line(along), plot_nos, ...act }, match(plot))
}

export function merge(plots: PlotFeature[], plot_no: string, act: Act): Promise<Edited> {
  const of = <K extends keyof PlotProperties>(name: K) => plots.map(({ properties }) => properties[name])
  return post('/api/v1/plots/merge', { ids: of('id'), versions: of('version'), plot_no, ...act })
}

export function adjust(plot: PlotFeature, moves: Move[], act: Act): Promise<Edited> {
  const { id, park, version } = plot.properties
  return post('/api/v1/plots/adjust', { park, moves, versions: { [id]: version }, ...act })
}

export function renumber(plot: PlotFeature, plot_no: string, act: Act): Promise<Edited> {
  return post(`${plotPath(plot)}/renumber`, { plot_no, ...act }, match(plot))
}

/** Ends a plot; the answer has no body, only the register's number. */
export async function retire(plot: PlotFeature, act: Act): Promise<Edited> {
  const query = new URLSearchParams(Object.entries(act).filter(([, value]) => value !== ''))
  await send('DELETE', `${plotPath(plot)}?${query}`, undefined, match(plot))
  return { seq: store.seq, plots: [] }
}

/** Sets the properties that changed; the others and the boundary stay. */
export async function update(plot: PlotFeature, properties: Partial<PlotProperties>, act: Act): Promise<Edited> {
  const feature = await send<PlotFeature>('PUT', plotPath(plot), { type: 'Feature', properties, ...act }, match(plot))
  return { seq: store.seq, plots: [feature] }
}

/** Whether an edit was refused because another came before it. */
export function stale(error: Problem | null): boolean {
  return error?.status === 412
}
