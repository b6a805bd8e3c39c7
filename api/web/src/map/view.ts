// The MapLibre map behind a few verbs. It knows nothing of panels; the map panel
// hands it the store's state and gets told what was pointed at.
import {
  LngLatBounds,
  Map as MapLibre,
  Marker,
  ScaleControl,
  setWorkerUrl,
  type FilterSpecification,
  type GeoJSONSource,
  type StyleSpecification,
  type VectorTileSource,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Feature, FeatureCollection } from 'geojson'
import { sameOrigin } from '../doors'
import type { Entry } from '../legend'
import type { Bounds, Finding, PlotFeature, Theme } from '../types'
import { hatches, hatchName, pieceFill } from './checked'
import { Draw, type Hand } from './draw'
import { previewFills, previewMarks } from './preview'
import { dress, emphasis, fillColor, land, type Dressed } from './style'

setWorkerUrl(workerUrl) // MapLibre 6 is ES modules only; a bundler must say where its worker went

const fonts = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Droid Sans Fallback",sans-serif'
const guangzhou: [number, number] = [113.49, 22.97]
const nearZoom = 12.5 // from here on a park's plots speak for themselves

function motionless(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

export interface Pointed {
  plot(id: number, lon: number, lat: number): void
  place(lon: number, lat: number): void
  /** What an import would do: a plot or a fault, by its place in the list; null beside them. */
  previewed(what: 'plot' | 'finding' | null, at: number): void
  /** Pieces at fault in a check, by the findings that they are of, the uppermost first. */
  pieces(findings: number[]): void
  /** The finding whose piece the pointer is over; null beside them. */
  overPiece(finding: number | null): void
  moved(bounds: Bounds): void
}

/** How much of the map lies under panels, in pixels. */
export interface Cover {
  top: number
  right: number
  bottom: number
}

export class MapView {
  #map: MapLibre
  #dressed: Dressed
  #draw: Draw
  #markers: Marker[] = []
  #hovered: number | string | null = null
  #tiles: string[] | null = null // as the service named them
  #previews = false

  static async open(container: HTMLElement, pointed: Pointed): Promise<MapView> {
    const response = await fetch('/styles/land.json')
    if (!response.ok) throw new Error(`/styles/land.json: HTTP ${response.status}`)
    const view = new MapView(container, pointed, dress((await response.json()) as StyleSpecification))
    await view.#map.once('load')
    for (const severity of ['fail', 'warn'] as const) view.#map.addImage(hatchName(severity), hatches[severity], { pixelRatio: 2 })
    return view
  }

  private constructor(container: HTMLElement, pointed: Pointed, dressed: Dressed) {
    this.#dressed = dressed
    this.#map = new MapLibre({
      container,
      style: dressed.style,
      center: guangzhou,
      zoom: 9.6,
      minZoom: 7,
      maxZoom: 21,
      hash: true,
      maxPitch: 0, // plans are read from straight above, north up
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false, // the page words its own, in its language
      localIdeographFontFamily: fonts,
      // The service may name itself by its public address; the page's policy
      // allows its own origin only, and workers need whole addresses.
      transformRequest: (url) => ({ url: new URL(sameOrigin(url), location.href).href }),
    })
    this.#map.touchZoomRotate.disableRotation()
    this.#map.keyboard.disableRotation()
    this.#map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left')
    this.#draw = new Draw(this.#map)
    this.#watchIdle()
    this.#watchPointer(pointed)
    this.#watchView(container, pointed)
  }

  close(): void {
    this.#map.remove()
  }

  name(words: string): void {
    this.#map.getCanvas().setAttribute('aria-label', words)
  }

  /** Colours the land; faintly where something else is shown over it. */
  colour(theme: Theme, classes: Entry[], highlight: string | null, faintly: boolean): void {
    for (const id of this.#dressed.fills) {
      this.#map.setPaintProperty(id, 'fill-color', fillColor(theme, classes))
      this.#map.setPaintProperty(id, 'fill-opacity', emphasis(theme, classes, highlight, faintly ? 0.2 : 0.82, 0.1))
    }
    for (const id of this.#dressed.labels) {
      this.#map.setPaintProperty(id, 'text-opacity', emphasis(theme, classes, highlight, 1, 0.25))
    }
  }

  /** Leaves the kinds of control out. */
  hideControls(kinds: string[]): void {
    const filter: FilterSpecification = ['!', ['in', ['get', 'kind'], ['literal', kinds]]]
    for (const id of this.#dressed.controls) this.#map.setFilter(id, filter)
  }

  select(plots: PlotFeature[]): void {
    this.#put('page-selection', plots)
  }

  /** Draws what an import would do; null ends the preview. */
  preview(plots: Feature[] | null, marks: Feature[]): void {
    this.#previews = plots !== null
    this.#put('page-preview', plots ?? [])
    this.#put('page-marks', marks)
  }

  /** Draws a boundary that was checked, and the pieces at fault. */
  checked(boundary: Feature | null, pieces: Feature[]): void {
    this.#put('page-checked', boundary ? [boundary] : [])
    this.#put('page-pieces', pieces)
  }

  /** Draws what is under way of an edit, or of a boundary that is to be checked. */
  sketch(features: Feature[]): void {
    this.#put('page-draft', features)
  }

  /** Gives the pointer to a tool, or takes it back. */
  use(hand: Hand | null): void {
    this.#draw.use(hand)
  }

  faults(findings: Finding[]): void {
    const features: Feature[] = []
    for (const { geometry, place } of findings) {
      if (geometry) features.push({ type: 'Feature', properties: {}, geometry })
      if (place) features.push({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: place } })
    }
    this.#put('page-faults', features)
  }

  fly(bounds: Bounds, maxZoom: number, cover: Cover, margin: number): void {
    const [west, south, east, north] = bounds
    this.#busy()
    this.#map.setPadding(cover)
    this.#map.fitBounds(new LngLatBounds([west, south], [east, north]), {
      padding: margin,
      maxZoom,
      ...(motionless() ? { animate: false } : { duration: 1400 }),
    })
  }

  /** Keeps the centre in the middle of what panels leave free. */
  cover(cover: Cover): void {
    const { top, right, bottom } = this.#map.getPadding()
    if (top === cover.top && right === cover.right && bottom === cover.bottom) return
    this.#map.easeTo({ padding: cover, ...(motionless() ? { animate: false } : { duration: 200 }) })
  }

  focus(): void {
    this.#map.getCanvas().focus()
  }

  zoom(by: 1 | -1): void {
    if (by > 0) this.#map.zoomIn()
    else this.#map.zoomOut()
  }

  /** Asks for tiles that hold at least this change, as the register held on a day. */
  refresh(seq: number, day: string | null): void {
    const source = this.#map.getSource<VectorTileSource>(land)
    if (!source) return
    this.#busy()
    this.#tiles ??= source.tiles
    const query = `after=${seq}${day === null ? '' : `&at=${day}`}`
    source.setTiles(this.#tiles.map((tile) => `${tile}${tile.includes('?') ? '&' : '?'}${query}`))
  }

  /** Park names as buttons, shown while a park is too small to be read itself. */
  signs(parks: { element: HTMLElement; bounds: Bounds }[]): void {
    for (const marker of this.#markers) marker.remove()
    this.#markers = parks.map(({ element, bounds: [west, , east, north] }) => {
      const marker = new Marker({ element, anchor: 'bottom', offset: [0, -6] })
      marker.setLngLat([(west + east) / 2, north]).addTo(this.#map)
      element.removeAttribute('aria-label') // MapLibre's "Map marker" would hide the button's own words
      return marker
    })
  }

  #put(source: string, features: Feature[]): void {
    const data: FeatureCollection = { type: 'FeatureCollection', features }
    this.#map.getSource<GeoJSONSource>(source)?.setData(data)
  }

  #busy(): void {
    document.documentElement.dataset.mapIdle = 'false'
  }

  #watchIdle(): void {
    this.#busy()
    this.#map.on('movestart', () => this.#busy())
    this.#map.on('idle', () => (document.documentElement.dataset.mapIdle = 'true'))
  }

  #watchPointer(pointed: Pointed): void {
    const map = this.#map
    const plotUnder = (point: { x: number; y: number }) =>
      map.queryRenderedFeatures([point.x, point.y], { layers: this.#dressed.fills })[0]
    map.on('click', (event) => {
      if (this.#draw.busy) return
      if (this.#previews) return this.#pick(event.point, pointed)
      const pieces = this.#pieces(event.point)
      if (pieces.length > 0) return pointed.pieces(pieces)
      const id = plotUnder(event.point)?.id
      const { lng, lat } = event.lngLat
      if (id !== undefined) pointed.plot(Number(id), lng, lat)
      else if (map.getZoom() >= nearZoom) pointed.place(lng, lat)
    })
    map.on('mousemove', (event) => {
      this.#hover(plotUnder(event.point)?.id ?? null)
      if (!this.#draw.busy) pointed.overPiece(this.#pieces(event.point)[0] ?? null)
    })
    map.on('mouseout', () => {
      this.#hover(null)
      pointed.overPiece(null)
    })
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || this.#draw.busy) return
      const middle = map.project(map.getCenter())
      if (this.#previews) return this.#pick(middle, pointed)
      const pieces = this.#pieces(middle)
      if (pieces.length > 0) return pointed.pieces(pieces)
      const { lng, lat } = map.getCenter()
      pointed.place(lng, lat)
    })
  }

  /** A mark within a finger's reach of a point, or else the plot under it. */
  #pick({ x, y }: { x: number; y: number }, pointed: Pointed): void {
    const under = (layers: string[], reach: number) =>
      this.#map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers })[0]?.properties.at as number | undefined
    const finding = under(previewMarks, 6)
    const plot = under(previewFills, 0)
    if (finding !== undefined) pointed.previewed('finding', finding)
    else pointed.previewed(plot === undefined ? null : 'plot', plot ?? -1)
  }

  #pieces({ x, y }: { x: number; y: number }): number[] {
    const under = this.#map.queryRenderedFeatures([x, y], { layers: [pieceFill] })
    return [...new Set(under.map(({ properties }) => properties.at as number))]
  }

  #hover(id: number | string | null): void {
    if (id === this.#hovered) return
    const set = (of: number | string, hover: boolean) =>
      this.#map.setFeatureState({ source: land, sourceLayer: 'plots', id: of }, { hover })
    if (this.#hovered !== null) set(this.#hovered, false)
    if (id !== null) set(id, true)
    this.#hovered = id
    if (!this.#draw.busy) this.#map.getCanvas().style.cursor = id === null ? '' : 'pointer'
  }

  #watchView(container: HTMLElement, pointed: Pointed): void {
    const tellMoved = () => {
      const bounds = this.#map.getBounds()
      pointed.moved([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()])
      container.classList.toggle('near', this.#map.getZoom() >= nearZoom)
    }
    this.#map.on('load', tellMoved)
    this.#map.on('moveend', tellMoved)
    this.#map.on('zoom', () => container.classList.toggle('near', this.#map.getZoom() >= nearZoom))
  }
}
