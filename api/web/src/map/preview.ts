// What an import would do, drawn over the land: a colour and a line for each
// outcome, and a mark for each fault. Missing plots are dashed, so that colour
// is not all that tells them apart.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import type { Outcome } from '../types'

export const outcomes: { outcome: Outcome; color: string }[] = [
  { outcome: 'new', color: '#15803d' },
  { outcome: 'changed', color: '#b45309' },
  { outcome: 'missing', color: '#7e22ce' },
  { outcome: 'same', color: '#51636d' },
]

export const severities = { error: '#b3101c', warning: '#d97706', info: '#0b5c7a' } as const

const empty = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } }
export const previewSources = { 'page-preview': empty, 'page-marks': empty }

export const previewFills = ['page-preview-fill']
export const previewMarks = ['page-marks']

const color = ['match', ['get', 'difference'], ...outcomes.flatMap(({ outcome, color }) => [outcome, color]), '#000000'] as unknown as ExpressionSpecification
const severity = ['match', ['get', 'severity'], ...Object.entries(severities).flat(), severities.info] as unknown as ExpressionSpecification
const missing: ExpressionSpecification = ['==', ['get', 'difference'], 'missing']
const chosen: ExpressionSpecification = ['boolean', ['get', 'chosen'], false]

/** Beneath the numbers of plots. */
export const previewLayers: LayerSpecification[] = [
  {
    id: 'page-preview-fill',
    type: 'fill',
    source: 'page-preview',
    paint: { 'fill-color': color, 'fill-opacity': ['match', ['get', 'difference'], 'same', 0.12, 'missing', 0.2, 0.42] },
  },
  {
    id: 'page-preview-line',
    type: 'line',
    source: 'page-preview',
    filter: ['!', missing],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': color, 'line-width': ['match', ['get', 'difference'], 'same', 1, 2.5] },
  },
  {
    id: 'page-preview-missing',
    type: 'line',
    source: 'page-preview',
    filter: missing,
    paint: { 'line-color': color, 'line-width': 2.5, 'line-dasharray': [2, 1.5] },
  },
  {
    id: 'page-preview-chosen',
    type: 'line',
    source: 'page-preview',
    filter: chosen,
    layout: { 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': 2, 'line-gap-width': 3 },
  },
]

/** Above everything else of the page. */
export const markLayers: LayerSpecification[] = [
  {
    id: 'page-preview-label',
    type: 'symbol',
    source: 'page-preview',
    filter: ['==', ['get', 'difference'], 'new'], // the others are written by the land's own labels
    minzoom: 14,
    layout: { 'text-field': ['get', 'plot_no'], 'text-size': 12 },
    paint: { 'text-color': '#0b3d1e', 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
  },
  {
    id: 'page-marks',
    type: 'circle',
    source: 'page-marks',
    layout: { 'circle-sort-key': ['case', chosen, 1, 0] },
    paint: {
      'circle-radius': ['case', chosen, 11, 7],
      'circle-color': severity,
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': ['case', chosen, 3.5, 2],
    },
  },
]
