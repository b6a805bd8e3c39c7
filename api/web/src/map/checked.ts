// A boundary that was checked, and the pieces of it that are at fault: hatched one
// way where a rule is broken, the other way where a person has to judge, so that
// colour is not all that tells them apart.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'

export const faultColors = { fail: '#b3101c', warn: '#8a4b00' } as const

const empty = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } }
export const checkedSources = { 'page-checked': empty, 'page-pieces': empty }

/** The layer in which pieces are pointed at. */
export const pieceFill = 'page-pieces-fill'

/** Which way lines run: down to the right, or up. */
export type Slant = 'down' | 'up'

const size = 16 // pixels, two to one of the page
const thick = 3

/** A square of slanting lines that continue in the squares beside it. */
export function hatch(color: string, slant: Slant): { width: number; height: number; data: Uint8ClampedArray } {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as [number, number, number]
  const data = new Uint8ClampedArray(size * size * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const across = (slant === 'down' ? x - y + size : x + y) % size
      data.set([r, g, b, across < thick ? 255 : 30], (y * size + x) * 4)
    }
  }
  return { width: size, height: size, data }
}

/** The images that the layers below fill with, by name. */
export const hatches = { fail: hatch(faultColors.fail, 'down'), warn: hatch(faultColors.warn, 'up') }
export const hatchName = (severity: keyof typeof hatches) => `page-hatch-${severity}`

const bySeverity = (fail: string, warn: string) => ['match', ['get', 'severity'], 'fail', fail, warn] as unknown as ExpressionSpecification
const byEmphasis = (lit: number, dim: number, even: number) =>
  ['match', ['get', 'emphasis'], 'lit', lit, 'dim', dim, even] as unknown as ExpressionSpecification
const land: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon']
const lit: ExpressionSpecification = ['all', land, ['==', ['get', 'emphasis'], 'lit']]

export const checkedLayers: LayerSpecification[] = [
  {
    id: pieceFill,
    type: 'fill',
    source: 'page-pieces',
    filter: land,
    paint: { 'fill-pattern': bySeverity(hatchName('fail'), hatchName('warn')), 'fill-opacity': byEmphasis(1, 0.25, 0.8) },
  },
  {
    id: 'page-pieces-casing',
    type: 'line',
    source: 'page-pieces',
    filter: lit,
    layout: { 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': 7 },
  },
  {
    id: 'page-pieces-line',
    type: 'line',
    source: 'page-pieces',
    filter: land,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': bySeverity(faultColors.fail, faultColors.warn),
      'line-width': byEmphasis(3.5, 1, 2),
      'line-opacity': byEmphasis(1, 0.5, 1),
    },
  },
  {
    id: 'page-checked',
    type: 'line',
    source: 'page-checked',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': '#12303f', 'line-width': 2.5, 'line-dasharray': [4, 1.5] },
  },
  {
    id: 'page-pieces-number',
    type: 'symbol',
    source: 'page-pieces',
    filter: ['==', ['geometry-type'], 'Point'],
    layout: { 'text-field': ['to-string', ['get', 'number']], 'text-size': 15, 'text-allow-overlap': true },
    paint: { 'text-color': '#12303f', 'text-halo-color': '#ffffff', 'text-halo-width': 2.5 },
  },
]
