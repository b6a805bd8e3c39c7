// What of the edit that is under way is drawn on the map.
import type { Feature, Geometry } from 'geojson'
import type { Place } from '../types'
import { boundsOf } from '../plots'
import { hasVertex, ringsOf, same } from './rings'
import { session } from './session.svelte'

function feature(part: string, geometry: Geometry, label = ''): Feature {
  return { type: 'Feature', properties: { part, label }, geometry }
}

const point = (part: string, coordinates: Place, label?: string) => feature(part, { type: 'Point', coordinates }, label)
const polygon = (part: string, ring: Place[]) => feature(part, { type: 'Polygon', coordinates: [[...ring, ring[0]!]] })

/** Middle of a part's box: good enough to tell numbers apart. */
function middle(ring: Place[]): Place {
  const [west, south, east, north] = boundsOf({ type: 'Polygon', coordinates: [ring] })
  return [(west + east) / 2, (south + north) / 2]
}

function split(): Feature[] {
  const parts = session.parts ?? []
  return [
    ...(parts.length > 1 ? parts.flatMap((ring, i) => [polygon('piece', ring), point('label', middle(ring), String(i + 1))]) : []),
    ...(session.line.length > 1 ? [feature('line', { type: 'LineString', coordinates: session.line })] : []),
    ...session.line.map((place) => point('point', place)),
  ]
}

function adjust(): Feature[] {
  return [
    ...session.adjusted.map(({ after }) => feature('after', after.geometry)),
    ...grips().map(({ from, at }) =>
      point(session.grip && same(session.grip, from) ? 'held' : same(from, at) ? 'vertex' : 'moved', at),
    ),
  ]
}

export function sketch(): Feature[] {
  switch (session.tool) {
    case 'split':
      return split()
    case 'merge':
      return [session.subject, ...session.picked].flatMap((plot) => (plot ? [feature('piece', plot.geometry)] : []))
    case 'adjust':
      return adjust()
    case 'retire':
      return session.subject ? [feature('ending', session.subject.geometry)] : []
  }
  return []
}

/** The vertices of the subject: where each is stored and where it is now. */
export function grips(): { from: Place; at: Place }[] {
  const { subject, moves } = session
  if (session.tool !== 'adjust' || !subject) return []
  return ringsOf(subject.geometry)
    .flat()
    .map((from) => ({ from, at: moves.find((move) => same(move.from, from))?.to ?? from }))
}

/** Which of the neighbours have a vertex, for telling who is moved along. */
export function sharers(place: Place): string[] {
  return session.neighbours.filter(({ geometry }) => hasVertex(geometry, place)).map(({ properties }) => properties.plot_no)
}
