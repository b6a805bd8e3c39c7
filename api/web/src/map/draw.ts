// Takes the pointer on the map while a tool is in use: presses that draw a line,
// and grips that are dragged. What comes of it is the tool's own affair.
import type { Feature, Geometry } from 'geojson'
import type { GeoJSONSource, LayerSpecification, Map as MapLibre, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import { snap } from '../edit/snap'
import type { Place } from '../types'

export interface Hand {
  rings: Place[][] // what places are taken to
  /** The last point of the line that is being drawn. */
  trail?: Place | undefined
  press?(place: Place): void
  finish?(): void
  undo?(): void
  cancel(): void
  grips?: { from: Place; at: Place }[]
  grab?(from: Place): void
  drag?(from: Place, to: Place): void
}

const reach = 14 // pixels around a grip
const double = 4 // pixels between the presses of a double click
const ink = '#c2410c'

const empty = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } }
export const draftSources = { 'page-draft': empty, 'page-cursor': empty }

/** What is under way, as one of the parts that the layers below draw. */
export function draft(part: string, geometry: Geometry, label = ''): Feature {
  return { type: 'Feature', properties: { part, label }, geometry }
}

export const draftPoint = (part: string, coordinates: Place, label?: string) => draft(part, { type: 'Point', coordinates }, label)
export const draftPolygon = (part: string, ring: Place[]) => draft(part, { type: 'Polygon', coordinates: [[...ring, ring[0]!]] })

const part = (...names: string[]) => ['in', ['get', 'part'], ['literal', names]] as ['in', ...unknown[]] as never

export const draftLayers: LayerSpecification[] = [
  {
    id: 'page-draft-fill',
    type: 'fill',
    source: 'page-draft',
    filter: part('piece', 'after', 'ending'),
    paint: { 'fill-color': ink, 'fill-opacity': ['match', ['get', 'part'], 'ending', 0.35, 0.14] },
  },
  {
    id: 'page-draft-outline',
    type: 'line',
    source: 'page-draft',
    filter: part('piece', 'after', 'ending', 'line'),
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': ink, 'line-width': ['match', ['get', 'part'], 'line', 3, 2] },
  },
  {
    id: 'page-cursor-line',
    type: 'line',
    source: 'page-cursor',
    paint: { 'line-color': ink, 'line-width': 2, 'line-dasharray': [2, 2] },
  },
  {
    id: 'page-draft-point',
    type: 'circle',
    source: 'page-draft',
    filter: part('point', 'vertex', 'moved', 'held'),
    paint: {
      'circle-radius': ['match', ['get', 'part'], 'held', 8, 'point', 5, 6],
      'circle-color': ['match', ['get', 'part'], 'vertex', '#ffffff', ink],
      'circle-stroke-color': ['match', ['get', 'part'], 'held', '#ffd34d', 'vertex', ink, '#ffffff'],
      'circle-stroke-width': 2,
    },
  },
  {
    id: 'page-cursor-place',
    type: 'circle',
    source: 'page-cursor',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 7,
      'circle-color': 'rgba(0,0,0,0)',
      'circle-stroke-color': ink,
      'circle-stroke-width': 2,
    },
  },
  {
    id: 'page-draft-label',
    type: 'symbol',
    source: 'page-draft',
    filter: part('label'),
    layout: { 'text-field': ['get', 'label'], 'text-size': 18, 'text-allow-overlap': true },
    paint: { 'text-color': ink, 'text-halo-color': '#ffffff', 'text-halo-width': 2.5 },
  },
]

type Pointer = MapMouseEvent | MapTouchEvent

export class Draw {
  #map: MapLibre
  #hand: Hand | null = null
  #held: Place | null = null

  constructor(map: MapLibre) {
    this.#map = map
    map.on('click', (event) => this.#press(event))
    map.on('dblclick', (event) => {
      if (!this.#hand) return
      event.preventDefault() // MapLibre would zoom
      this.#hand.finish?.()
    })
    map.on('mousedown', (event) => this.#grab(event))
    map.on('touchstart', (event) => this.#grab(event))
    map.on('mousemove', (event) => this.#move(event))
    map.on('touchmove', (event) => this.#move(event))
    map.on('mouseup', () => (this.#held = null))
    map.on('touchend', () => (this.#held = null))
    map.on('mouseout', () => this.#cursor([]))
    // Before MapLibre's own keys, and before the card closes on Escape.
    map.getCanvas().addEventListener('keydown', (event) => this.#key(event), { capture: true })
  }

  /** Whether presses belong to a tool. */
  get busy(): boolean {
    return this.#hand !== null
  }

  use(hand: Hand | null): void {
    this.#hand = hand
    if (!hand) this.#held = null
    if (!hand?.trail) this.#cursor([])
    this.#map.getCanvas().style.cursor = hand ? 'crosshair' : ''
  }

  #place({ lngLat }: Pointer): Place {
    return [lngLat.lng, lngLat.lat]
  }

  #screen = (place: Place): Place => {
    const { x, y } = this.#map.project(place)
    return [x, y]
  }

  #press(event: MapMouseEvent): void {
    const hand = this.#hand
    if (!hand?.press) return
    const { place } = snap(this.#place(event), hand.rings, this.#screen)
    if (hand.trail && this.#near(this.#screen(hand.trail), this.#screen(place), double)) return
    hand.press(place)
  }

  #grab(event: Pointer): void {
    const here: Place = [event.point.x, event.point.y]
    const grip = this.#hand?.grips?.find(({ at }) => this.#near(this.#screen(at), here, reach))
    if (!grip) return
    event.preventDefault() // MapLibre would move the map
    this.#held = grip.from
    this.#hand!.grab?.(grip.from)
  }

  #move(event: Pointer): void {
    const hand = this.#hand
    if (!hand) return
    if (this.#held) {
      const own = this.#held
      const others = hand.rings.map((ring) => ring.filter(([lon, lat]) => lon !== own[0] || lat !== own[1]))
      hand.drag?.(own, snap(this.#place(event), others, this.#screen).place)
    } else if (hand.press) {
      const { place, to } = snap(this.#place(event), hand.rings, this.#screen)
      this.#cursor([
        ...(hand.trail ? [line([hand.trail, place])] : []),
        ...(to ? [{ type: 'Feature' as const, properties: {}, geometry: { type: 'Point' as const, coordinates: place } }] : []),
      ])
    }
  }

  #key(event: KeyboardEvent): void {
    const hand = this.#hand
    if (!hand) return
    const { lng, lat } = this.#map.getCenter()
    const acts: Record<string, (() => void) | undefined> = {
      Enter: hand.finish ?? (() => {}),
      Backspace: hand.undo,
      Escape: () => hand.cancel(),
      ' ': hand.press && (() => hand.press!(snap([lng, lat], hand.rings, this.#screen).place)),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    event.stopImmediatePropagation()
    act()
  }

  #near(a: Place, b: Place, pixels: number): boolean {
    return Math.hypot(a[0] - b[0], a[1] - b[1]) <= pixels
  }

  #cursor(features: Feature[]): void {
    this.#map.getSource<GeoJSONSource>('page-cursor')?.setData({ type: 'FeatureCollection', features })
  }
}

function line(coordinates: Place[]): Feature {
  return { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } }
}
