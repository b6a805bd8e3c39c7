// A sketch of a checked boundary for paper: paths in pixels, north up.
import type { MultiPolygon, Position } from 'geojson'
import type { Compliance } from '../api'
import { project } from '../plane'
import type { Place } from '../types'

export interface Figure {
  width: number
  height: number
  boundary: string // path data
  pieces: { severity: string; path: string }[]
  bar: { metres: number; pixels: number }
}

const margin = 12 // pixels

/** Fits an answer's land into a box; pieces are in the order of the findings. */
export function figure({ boundary, findings }: Compliance, width: number, height: number): Figure {
  const all = pointsOf(boundary.geometry)
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
  const [west, east, south, north] = [least(xs), -least(xs.map((x) => -x)), least(ys), -least(ys.map((y) => -y))]
  const scale = Math.min((width - 2 * margin) / (east - west), (height - 2 * margin) / (north - south))
  const [left, above] = [(width - (east - west) * scale) / 2, (height - (north - south) * scale) / 2]
  const put = ([x, y]: Place) => `${(left + (x - west) * scale).toFixed(1)},${(above + (north - y) * scale).toFixed(1)}`
  const path = ({ coordinates }: MultiPolygon) =>
    coordinates.flat().map((ring) => `M${ring.slice(0, -1).map((at) => put(project(at as Place))).join('L')}Z`).join('')
  const metres = roundLength((width / 4) / scale)
  return {
    width,
    height,
    boundary: path(boundary.geometry),
    pieces: findings.flatMap(({ severity, geometry }) =>
      geometry && severity !== 'pass' ? [{ severity, path: path(geometry) }] : [],
    ),
    bar: { metres, pixels: metres * scale },
  }
}

function pointsOf({ coordinates }: MultiPolygon): Place[] {
  return coordinates.flat(2).map((at: Position) => project(at as Place))
}

const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Infinity)

/** The largest of 1, 2, 5, 10, 20 … that is no longer. */
export function roundLength(longest: number): number {
  const ten = 10 ** Math.floor(Math.log10(longest))
  return ([5, 2].find((n) => n * ten <= longest) ?? 1) * ten
}
