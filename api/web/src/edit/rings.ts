// Boundaries as rings of places, and what an edit will make of them. These serve
// the preview; the service alone decides.
import { project, ringArea } from '../plane'
import type { PlotGeometry, Place } from '../types'

/** The rings of a boundary without their closing points. */
export function ringsOf(geometry: PlotGeometry): Place[][] {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.flat().map((ring) => ring.slice(0, -1) as Place[])
}

export const same = (a: Place, b: Place) => a[0] === b[0] && a[1] === b[1]

const near = 0.01 // metres within which points are taken for one

/** Neighbours meet in more than a corner: at two points at least. */
export function adjacent(a: PlotGeometry, b: PlotGeometry): boolean {
  const [one, other] = [a, b].map((g) => ringsOf(g).map((ring) => ring.map(project))) as [Place[][], Place[][]]
  const touching = (rings: Place[][], of: Place[][]) =>
    rings.flat().filter((p) => of.some((ring) => distanceTo(ring, p) < near))
  const [first, ...others] = [...touching(one, other), ...touching(other, one)]
  return first !== undefined && others.some((p) => Math.hypot(...minus(p, first)) > near)
}

function distanceTo(ring: Place[], p: Place): number {
  return Math.min(...ring.map((a, i) => Math.hypot(...minus(p, nearestOn(a, ring[(i + 1) % ring.length]!, p)))))
}

const minus = (a: Place, b: Place): Place => [a[0] - b[0], a[1] - b[1]]

/** The point of a segment that is nearest to p. */
export function nearestOn(a: Place, b: Place, p: Place): Place {
  const [dx, dy] = minus(b, a)
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
  return [a[0] + t * dx, a[1] + t * dy]
}

export interface Move {
  from: Place
  to: Place
}

/** A boundary with points moved. */
export function moved<G extends PlotGeometry>(geometry: G, moves: Move[]): G {
  const ring = (points: number[][]) =>
    points.map((point) => moves.find(({ from }) => same(from, point as Place))?.to ?? point)
  const coordinates =
    geometry.type === 'Polygon' ? geometry.coordinates.map(ring) : geometry.coordinates.map((p) => p.map(ring))
  return { ...geometry, coordinates }
}

export function hasVertex(geometry: PlotGeometry, place: Place): boolean {
  return ringsOf(geometry).some((ring) => ring.some((p) => same(p, place)))
}

/** The plane area in square metres: outer rings less holes. */
export function area(geometry: PlotGeometry): number {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return polygons.reduce((sum, [shell = [], ...holes]) => {
    const of = (ring: number[][]) => ringArea(ring as Place[])
    return sum + of(shell) - holes.reduce((all, hole) => all + of(hole), 0)
  }, 0)
}
