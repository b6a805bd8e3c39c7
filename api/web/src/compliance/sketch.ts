// What of a check is drawn on the map: while the form is filled in what it holds,
// then the boundary as it was checked and the pieces at fault.
import type { Feature } from 'geojson'
import { draft, draftPoint, draftPolygon } from '../map/draw'
import { middleOf } from '../plots'
import type { Place } from '../types'
import { check } from './check.svelte'
import { form } from './form.svelte'

export function formSketch(): Feature[] {
  const { plots, ring, tool, held } = form
  if (check.picking) return plots.map(({ geometry }) => draft('piece', geometry))
  if (!check.filling || form.subject !== 'geometry') return []
  const corner = tool === 'reshape' ? 'vertex' : 'point'
  return [
    ...(ring.length > 2 ? [draftPolygon('piece', ring)] : []),
    ...(ring.length === 2 ? [draft('line', { type: 'LineString', coordinates: ring })] : []),
    ...(tool === null ? [] : ring.map((place, at) => draftPoint(at === held ? 'held' : corner, place))),
  ]
}

export function checkedBoundary(): Feature | null {
  return check.shown && { type: 'Feature', properties: {}, geometry: check.shown.boundary.geometry }
}

/** The pieces at fault, the largest first, so that a small one is drawn over it. */
export function faultPieces(): Feature[] {
  const faulty = (check.shown?.findings ?? [])
    .map((finding, at) => ({ ...finding, at }))
    .filter(({ geometry, severity }) => geometry !== null && severity !== 'pass')
    .toSorted((a, b) => b.area_m2 - a.area_m2)
  const lit = faulty.find(({ at }) => at === (check.pointed ?? check.chosen))
  return faulty.flatMap((finding) => {
    const { geometry, severity, at } = finding
    const emphasis = lit === undefined ? 'even' : finding === lit ? 'lit' : 'dim'
    const pieces = geometry!.coordinates
    return [
      { type: 'Feature' as const, geometry: geometry!, properties: { at, severity, emphasis } },
      ...(finding === lit && pieces.length > 1 ? pieces.map(([ring = []], i) => pieceNumber(middleOf(ring), i + 1)) : []),
    ]
  })
}

const pieceNumber = (coordinates: Place, number: number): Feature => ({
  type: 'Feature',
  properties: { number },
  geometry: { type: 'Point', coordinates },
})
