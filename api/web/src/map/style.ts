// The service's style, dressed for the page: land coloured by use or by status,
// and the page's own layers (hover, selection, faults) on top. The page leans on
// the source named "land" and its layers "plots", "plot_labels", "parks" and
// "controls", never on the ids of the style's layers.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Entry } from '../legend'
import type { Theme } from '../types'
import { checkedLayers, checkedSources } from './checked'
import { draftLayers, draftSources } from './draw'
import { markLayers, previewLayers, previewSources } from './preview'
import { graticuleLayers, graticuleSources } from './graticule'

export const land = 'land'

const accent = '#0b5c7a'
const fault = '#c1121f'
const empty = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } }

export interface Dressed {
  style: StyleSpecification
  fills: string[] // ids of the layers that colour plots
  labels: string[] // ids of the layers that write on plots
  controls: string[] // ids of the layers that draw controls
}

function reads(layer: LayerSpecification, sourceLayer: string): boolean {
  return 'source-layer' in layer && layer['source-layer'] === sourceLayer
}

/** Adds the page's sources and layers to the service's style. */
export function dress(served: StyleSpecification): Dressed {
  // Park names are written by the page, as buttons that lead there.
  const layers = served.layers.filter((layer) => !(layer.type === 'symbol' && reads(layer, 'parks')))
  const below = layers[0]?.type === 'background' ? 1 : 0
  layers.splice(below, 0, ...graticuleLayers)
  const firstLabel = layers.findIndex((layer) => layer.type === 'symbol' && reads(layer, 'plot_labels'))
  layers.splice(firstLabel < 0 ? layers.length : firstLabel, 0, ...previewLayers, ...plotLayers)
  layers.push(...checkedLayers, ...draftLayers, ...faultLayers, ...markLayers)
  return {
    style: {
      ...served,
      sources: {
        ...served.sources,
        ...graticuleSources,
        ...checkedSources,
        ...draftSources,
        ...previewSources,
        'page-selection': empty,
        'page-faults': empty,
      },
      layers,
    },
    fills: layers.filter((l) => l.type === 'fill' && reads(l, 'plots')).map((l) => l.id),
    labels: layers.filter((l) => l.type === 'symbol' && reads(l, 'plot_labels')).map((l) => l.id),
    controls: layers.filter((l) => reads(l, 'controls')).map((l) => l.id),
  }
}

const hovered: ExpressionSpecification = ['boolean', ['feature-state', 'hover'], false]

/** Beneath the labels, so that a plot's own number stays readable. */
const plotLayers: LayerSpecification[] = [
  {
    id: 'page-hover',
    type: 'line',
    source: land,
    'source-layer': 'plots',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': accent, 'line-width': 2, 'line-opacity': ['case', hovered, 1, 0] },
  },
  {
    id: 'page-selection-casing',
    type: 'line',
    source: 'page-selection',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': 7, 'line-opacity': 0.95 },
  },
  {
    id: 'page-selection',
    type: 'line',
    source: 'page-selection',
    layout: { 'line-join': 'round' },
    paint: { 'line-color': accent, 'line-width': 3.5 },
  },
]

const faultLayers: LayerSpecification[] = [
  {
    id: 'page-faults-fill',
    type: 'fill',
    source: 'page-faults',
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': fault, 'fill-opacity': 0.3 },
  },
  {
    id: 'page-faults-line',
    type: 'line',
    source: 'page-faults',
    filter: ['!=', ['geometry-type'], 'Point'],
    paint: { 'line-color': fault, 'line-width': 2.5, 'line-dasharray': [2, 1] },
  },
  {
    id: 'page-faults-place',
    type: 'circle',
    source: 'page-faults',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 9,
      'circle-color': fault,
      'circle-opacity': 0.35,
      'circle-stroke-color': fault,
      'circle-stroke-width': 2.5,
    },
  },
]

const code: ExpressionSpecification = ['coalesce', ['get', 'land_use'], '']
const stroke: ExpressionSpecification = ['index-of', '/', code]
const mainCode: ExpressionSpecification = ['case', ['<', stroke, 0], code, ['slice', code, 0, stroke]]

/** The class of a plot in a tile: mixed use falls back on its main code. */
function classExpression(theme: Theme, classes: Entry[]): ExpressionSpecification {
  if (theme === 'status') return ['coalesce', ['get', 'status'], '']
  return ['case', ['in', code, ['literal', classes.map((entry) => entry.code)]], code, mainCode]
}

const unknownColor = '#e3e6e8'

/** The colour of a plot by the classes that the parks' figures name. */
export function fillColor(theme: Theme, classes: Entry[]): ExpressionSpecification | string {
  const pairs = new Map(classes.map((entry) => [entry.code, entry.color]))
  if (pairs.size === 0) return unknownColor
  return ['match', classExpression(theme, classes), ...[...pairs].flat(), unknownColor] as unknown as ExpressionSpecification
}

/** Full where nothing is highlighted; else all but the one class stand back. */
export function emphasis(
  theme: Theme,
  classes: Entry[],
  highlight: string | null,
  full: number,
  faint: number,
): ExpressionSpecification | number {
  if (highlight === null) return full
  return ['case', ['==', classExpression(theme, classes), highlight], full, faint]
}
