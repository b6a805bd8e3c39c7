// What of the edit that is under way is drawn on the map.
import type { Feature } from 'geojson'
import { draft, draftPoint, draftPolygon } from '../map/draw'
import { middleOf } from '../plots'
import type { Place } from '../types'
import { hasVertex, ringsOf, same } from './rings'
import { session } from './session.svelte'

function split(): Feature[] {
  const parts = session.parts ?? []
  return [
    ...(parts.length > 1 ? parts.flatMap((ring, i) => [draftPolygon('piece', ring), draftPoint('label', middleOf(ring), String(i + 1))]) : []),
    ...(session.line.length > 1 ? [draft('line', { type: 'LineString', coordinates: session.line })] : []),
    ...session.line.map((place) => draftPoint('point', place)),
  ]
}

function adjust(): Feature[] {
  return [
    ...session.adjusted.map(({ after }) => draft('after', after.geometry)),
    ...grips().map(({ from, at }) =>
      draftPoint(session.grip && same(session.grip, from) ? 'held' : same(from, at) ? 'vertex' : 'moved', at),
    ),
  ]
}

export function sketch(): Feature[] {
  switch (session.tool) {
    case 'split':
      return split()
    case 'merge':
      return [session.subject, ...session.picked].flatMap((plot) => (plot ? [draft('piece', plot.geometry)] : []))
    case 'adjust':
      return adjust()
    case 'retire':
      return session.subject ? [draft('ending', session.subject.geometry)] : []
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
