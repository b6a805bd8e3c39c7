import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatPlace, parsePlaces, placeOf } from '../src/coordinates'
import { changed, formOf } from '../src/edit/attributes'
import { cut } from '../src/edit/cut'
import { adjacent, area, moved } from '../src/edit/rings'
import { snap } from '../src/edit/snap'
import { project, unproject } from '../src/plane'
import type { Place, PlotGeometry, PlotProperties } from '../src/types'

/** A box in metres of EPSG:4547 around a place of Nansha. */
function box(west: number, south: number, east: number, north: number): PlotGeometry {
  const corners: Place[] = [[west, south], [east, south], [east, north], [west, north], [west, south]]
  return { type: 'Polygon', coordinates: [corners.map(at)] }
}

const at = ([x, y]: Place): Place => unproject([451700 + x, 2522400 + y])

describe('EPSG:4547', () => {
  // The service's own table, made with PROJ.
  const rows = readFileSync('../../geo/testdata/points.csv', 'utf8').trim().split('\n').slice(1).map((row) => row.split(',').map(Number))
  const own = rows.filter(([, , crs]) => crs === 4547)

  test.each(own.map(([lon, lat, , east, north]) => ({ lon, lat, east, north })))('$lon, $lat', ({ lon, lat, east, north }) => {
    const [x, y] = project([lon!, lat!])
    expect(Math.hypot(x - east!, y - north!)).toBeLessThan(0.0002)
    const [back, up] = unproject([x, y])
    expect(Math.abs(back - lon!) + Math.abs(up - lat!)).toBeLessThan(1e-12)
  })
})

describe('typed coordinates', () => {
  test('are degrees or metres, the north first or last, with the zone or without', () => {
    const place = placeOf(451743.3288, 2522465.7562)!
    expect(place[0]).toBeCloseTo(113.53, 9)
    expect(placeOf(2522465.7562, 451743.3288)).toEqual(place)
    expect(placeOf(38451743.3288, 2522465.7562)![1]).toBeCloseTo(22.8, 9)
    expect(placeOf(113.53, 22.8)).toEqual([113.53, 22.8])
    expect(placeOf(5, 2522465)).toBeNull()
  })
  test('are told by the line that does not read', () => {
    expect(parsePlaces('113.5, 22.8\n\n113.6；22.9\n')).toEqual({ places: [[113.5, 22.8], [113.6, 22.9]] })
    expect(parsePlaces('113.5 22.8\n113.6')).toEqual({ line: 2 })
  })
  test('are written to the millimetre', () => expect(formatPlace([113.53, 22.8])).toBe('451743.329, 2522465.756'))
})

describe('the preview of a split', () => {
  const plot = box(0, 0, 100, 100)
  const parts = (line: Place[], of = plot) => cut(of, line.map(at))?.map((ring) => Math.round(area({ type: 'Polygon', coordinates: [ring] })))

  test('numbers the parts from the north-west', () => {
    expect(parts([[-10, 30], [110, 30]])).toEqual([7000, 3000])
    expect(parts([[110, 30], [-10, 30]])).toEqual([7000, 3000])
  })
  test('follows a line that bends, and one that crosses several times', () => {
    expect(parts([[-10, 80], [50, 80], [50, 110]])).toEqual([1000, 9000])
    expect(parts([[20, -10], [20, 110], [60, 110], [60, -10]])).toEqual([2000, 4000, 4000])
  })
  test('reaches the border where its end was snapped to it', () => {
    const end = snap(at([0.2, 48]), plot.coordinates as Place[][], ([lon, lat]) => [lon * 1e6, lat * 1e6])
    expect(end.to).toBe('edge')
    const pieces = cut(plot, [at([30, 110]), at([32, 50]), end.place])!
    expect(pieces).toHaveLength(2)
  })
  test('tells a line from vertex to vertex', () => expect(parts([[0, 0], [100, 100]])).toEqual([5000, 5000]))
  test('leaves the plot whole where the line does not divide it', () => {
    expect(parts([[-10, 30], [50, 30]])).toEqual([10000])
    expect(parts([[-10, -30], [110, -30]])).toEqual([10000])
  })
  test('does not guess where there are holes', () => {
    const holed = { type: 'Polygon' as const, coordinates: [...plot.coordinates, ...box(40, 40, 60, 60).coordinates] } as PlotGeometry
    expect(cut(holed, [at([-10, 30]), at([110, 30])])).toBeNull()
  })
})

test('neighbours have a border in common, not a corner', () => {
  expect(adjacent(box(0, 0, 100, 100), box(100, 0, 200, 100))).toBe(true)
  expect(adjacent(box(0, 0, 100, 100), box(100, 20, 200, 60))).toBe(true)
  expect(adjacent(box(0, 0, 100, 100), box(100, 100, 200, 200))).toBe(false)
})

test('a moved point moves wherever the boundary has it, the closing point too', () => {
  const plot = box(0, 0, 100, 100)
  const after = moved(plot, [{ from: at([0, 0]), to: at([0, 50]) }])
  expect(area(after)).toBeCloseTo(7500, 4)
  expect(area(plot)).toBeCloseTo(10000, 4)
})

test('a pointed place is taken to a vertex, then to an edge, else left', () => {
  const screen = (place: Place): Place => place
  const rings: Place[][] = [[[0, 0], [100, 0], [100, 100], [0, 100]]]
  expect(snap([5, 5], rings, screen)).toEqual({ place: [0, 0], to: 'vertex' })
  expect(snap([50, 8], rings, screen)).toEqual({ place: [50, 0], to: 'edge' })
  expect(snap([50, 50], rings, screen)).toEqual({ place: [50, 50], to: null })
})

test('only what changed is sent; what is emptied is cleared', () => {
  const plot = { name: '甲', land_use: 'M1', status: 'planned', far_max: 2, holder: null } as PlotProperties
  const form = { ...formOf(plot), name: '', far_max: '2.5', status: 'reserved' }
  expect(changed(plot, form)).toEqual({ name: null, far_max: 2.5, status: 'reserved' })
  expect(changed(plot, formOf(plot))).toEqual({})
})
