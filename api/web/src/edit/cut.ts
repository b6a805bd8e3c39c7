// Which parts a line will cut a plot into, for the preview.
import { project } from '../plane'
import type { PlotGeometry, Place } from '../types'
import { nearestOn, ringsOf } from './rings'

interface Crossing {
  at: Place
  along: number // the line: number of its segment and the fraction of it
}

/** A place on a ring: the edge, that begins at this vertex, and the fraction of it. */
interface Spot {
  edge: number
  on: number
}

/** Fractions of a segment that are taken for one: a point that was snapped to a border lies beside it. */
const slack = 1e-5

/** Where segment ab meets cd, as a fraction of ab; null where it does not. */
function meet(a: Place, b: Place, c: Place, d: Place): number | null {
  const [rx, ry] = [b[0] - a[0], b[1] - a[1]]
  const [sx, sy] = [d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  if (cross === 0) return null
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return [t, u].every((v) => v >= -slack && v <= 1 + slack) ? t : null
}

function inside(ring: Place[], [x, y]: Place): boolean {
  let odd = false
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length]!
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd
  })
  return odd
}

const between = (a: Place, b: Place, t: number): Place => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]

function crossings(ring: Place[], line: Place[]): Crossing[] {
  const found: Crossing[] = []
  for (let i = 0; i + 1 < line.length; i++) {
    ring.forEach((c, edge) => {
      const [a, b] = [line[i]!, line[i + 1]!]
      const t = meet(a, b, c, ring[(edge + 1) % ring.length]!)
      if (t === null) return
      const along = Math.abs(t - Math.round(t)) < slack ? i + Math.round(t) : i + t
      // A point of the line on the border is met by both segments beside it.
      if (!found.some((f) => Math.abs(f.along - along) < slack)) found.push({ at: between(a, b, t), along })
    })
  }
  return found.sort((p, q) => p.along - q.along)
}

/** The pieces of the line that run through a ring from border to border. */
function chords(ring: Place[], line: Place[]): Place[][] {
  const met = crossings(ring, line)
  return met.slice(1).flatMap((b, i) => {
    const a = met[i]!
    const chord = [a.at, ...line.slice(Math.floor(a.along) + 1, Math.ceil(b.along)), b.at]
    return inside(ring, middle(chord)) ? [chord] : []
  })
}

const middle = (chord: Place[]) => between(chord[0]!, chord[1]!, 0.5)

function spotOf(ring: Place[], p: Place): Spot {
  let best: Spot = { edge: 0, on: 0 }
  let nearest = Infinity
  ring.forEach((a, edge) => {
    const b = ring[(edge + 1) % ring.length]!
    const foot = nearestOn(a, b, p)
    const d = Math.hypot(foot[0] - p[0], foot[1] - p[1])
    if (d >= nearest) return
    nearest = d
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    best = { edge, on: length === 0 ? 0 : Math.hypot(foot[0] - a[0], foot[1] - a[1]) / length }
  })
  return best
}

/** The vertices of a ring between two spots, in its direction. */
function walk(ring: Place[], from: Spot, to: Spot): Place[] {
  const steps = from.edge === to.edge && to.on > from.on ? 0 : ((to.edge - from.edge + ring.length - 1) % ring.length) + 1
  return Array.from({ length: steps }, (_, k) => ring[(from.edge + 1 + k) % ring.length]!)
}

/** A ring that is cut by a chord. */
function halves(ring: Place[], chord: Place[]): Place[][] {
  const [a, b] = [spotOf(ring, chord[0]!), spotOf(ring, chord.at(-1)!)]
  return [
    [...chord, ...walk(ring, b, a)],
    [...chord.toReversed(), ...walk(ring, a, b)],
  ].map(withoutRepeats)
}

function withoutRepeats(ring: Place[]): Place[] {
  return ring.filter((p, i) => {
    const before = ring.at(i - 1)!
    return Math.hypot(p[0] - before[0], p[1] - before[1]) > 1e-9
  })
}

/** A ring in the plane, anticlockwise from the vertex farthest to the north-west. */
function begun(ring: Place[]): Place[] {
  const plane = ring.map(project)
  const turn = plane.reduce((sum, [x, y], i) => {
    const [u, v] = plane[(i + 1) % plane.length]!
    return sum + (x - plane[0]![0]) * (v - plane[0]![1]) - (u - plane[0]![0]) * (y - plane[0]![1])
  }, 0)
  if (turn < 0) plane.reverse()
  const first = plane.reduce((best, [x, y], i) => (y - x > plane[best]![1] - plane[best]![0] + tiny ? i : best), 0)
  return [...plane.slice(first), ...plane.slice(0, first)]
}

const tiny = 0.0005 // metres: the grid of the service is 0.001 m

/** The service's order of parts: the farthest to the north-west first. */
function compare(a: Place[], b: Place[]): number {
  const reach = ([x, y]: Place) => y - x
  const differences = [reach(b[0]!) - reach(a[0]!), ...a.flatMap(([x, y], i) => (b[i] ? [x - b[i][0], y - b[i][1]] : []))]
  return differences.find((d) => Math.abs(d) > tiny) ?? 0
}

/**
 * The parts from the north-west on, as rings; null where a preview cannot tell:
 * a plot of several polygons or with holes.
 */
export function cut(geometry: PlotGeometry, line: Place[]): Place[][] | null {
  const rings = ringsOf(geometry)
  if (rings.length !== 1) return null
  let pieces = rings
  for (const chord of chords(rings[0]!, line)) {
    const piece = pieces.find((ring) => inside(ring, middle(chord)))
    if (piece) pieces = [...pieces.filter((ring) => ring !== piece), ...halves(piece, chord)]
  }
  return pieces
    .map((ring) => ({ ring, order: begun(ring) }))
    .sort((a, b) => compare(a.order, b.order))
    .map(({ ring }) => ring)
}
