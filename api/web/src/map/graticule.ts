// Parallels and meridians beneath the land. The page shows no base map from
// elsewhere, and without them a view of three small parks gives no sense of scale.
import type { Feature, LineString } from 'geojson'
import type { GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl'

const west = 112.8
const east = 114.2
const south = 22.3
const north = 24.0

function degrees(minutes: number, letter: string): string {
  return `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, '0')}′${letter}`
}

/** Lines every so many minutes of arc over Guangzhou. */
function lines(step: number): Feature<LineString>[] {
  const drawn: Feature<LineString>[] = []
  const line = (label: string, from: [number, number], to: [number, number]) =>
    drawn.push({ type: 'Feature', properties: { label }, geometry: { type: 'LineString', coordinates: [from, to] } })
  for (let m = Math.ceil(west * 60); m <= east * 60; m++)
    if (m % step === 0) line(degrees(m, 'E'), [m / 60, south], [m / 60, north])
  for (let m = Math.ceil(south * 60); m <= north * 60; m++)
    if (m % step === 0) line(degrees(m, 'N'), [west, m / 60], [east, m / 60])
  return drawn
}

function source(step: number): GeoJSONSourceSpecification {
  return { type: 'geojson', data: { type: 'FeatureCollection', features: lines(step) } }
}

export const graticuleSources = { 'page-graticule': source(10), 'page-graticule-fine': source(1) }

const color = '#c9d3d8'

function layersOf(id: keyof typeof graticuleSources, zooms: { minzoom?: number; maxzoom?: number }): LayerSpecification[] {
  return [
    { id, type: 'line', source: id, ...zooms, paint: { 'line-color': color, 'line-width': 0.8 } },
    {
      id: `${id}-label`,
      type: 'symbol',
      source: id,
      ...zooms,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': ['get', 'label'],
        'text-size': 10.5,
        'text-offset': [0, -0.7],
      },
      paint: { 'text-color': '#7b8b93', 'text-halo-color': '#ffffff', 'text-halo-width': 1 },
    },
  ]
}

export const graticuleLayers: LayerSpecification[] = [
  ...layersOf('page-graticule', { maxzoom: 12.5 }),
  ...layersOf('page-graticule-fine', { minzoom: 12.5 }),
]
