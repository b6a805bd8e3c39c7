// The page's one state: what the register holds, what is selected, how it is
// shown. Panels read it and call its methods; nothing else is shared.
import { readAddress, writeAddress } from './address'
import * as doors from './doors'
import { legend, type Entry } from './legend'
import { boundsOf, overlaps, rowOf, union, type PlotRow } from './plots'
import { text } from './text'
import type { Bounds, Finding, Lang, Park, PlotFeature, Theme } from './types'

/** Where the map should look; a new object each time, so that asking twice works. */
export interface Goal {
  bounds: Bounds
  maxZoom: number
}

export type Tab = 'parks' | 'legend' | 'plots'

/** As many rows as a browser's table bears. */
export const mostRows = 5000

const narrowScreen = matchMedia('(max-width: 760px)')

function rememberedLang(): Lang {
  try {
    return localStorage.getItem('dikuai.lang') === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // storage may be forbidden
  }
}

class Store {
  lang = $state<Lang>('zh')
  words = $derived(text[this.lang])

  parks = $state.raw<Park[]>([])
  loaded = $state(false)
  failure = $state<string | null>(null)
  seq = $state(0)

  parkCode = $state<string | null>(null)
  theme = $state<Theme>('land_use')
  highlight = $state<string | null>(null)

  park: Park | null = $derived(this.parks.find((park) => park.code === this.parkCode) ?? null)
  shownParks: Park[] = $derived(this.park ? [this.park] : this.parks)
  classes: Entry[] = $derived(legend(this.shownParks, this.theme))

  rows = $state.raw<PlotRow[]>([])
  rowsCut = $state(false)
  plot = $state.raw<PlotFeature | null>(null)
  plotCount = $derived(this.shownParks.reduce((sum, park) => sum + park.plots, 0))

  goal = $state.raw<Goal | null>(null)
  view = $state.raw<Bounds | null>(null)
  faults = $state.raw<Finding[]>([])
  importOpen = $state(false)

  narrow = $state(narrowScreen.matches)
  height = $state(window.innerHeight)
  tab = $state<Tab>('parks')
  sheetOpen = $state(false)
  message = $state('')
  sheetShown = $derived(this.plot !== null || this.sheetOpen)

  #placed = location.hash.length > 1 // read before the map writes its own
  #boxes = new Map<string, Bounds>()
  #rowsAsked = 0
  #plotAsked = 0

  constructor() {
    const address = readAddress(location.search)
    this.lang = address.lang ?? rememberedLang()
    this.theme = address.by
    this.parkCode = address.park
    narrowScreen.addEventListener('change', (event) => (this.narrow = event.matches))
    window.addEventListener('resize', () => (this.height = window.innerHeight))
    doors.onSeq((seq) => this.#learn(seq))
    // Others edit too: whoever comes back to the page sees the register as it is.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.loaded) void this.load()
    })
  }

  /** Whether something in sight is a layout drawn for show. */
  get demonstration(): boolean {
    return this.parks.some((park) => {
      const box = this.#boxes.get(park.code)
      return park.demonstration && (park.code === this.parkCode || !this.view || (box && overlaps(box, this.view)))
    })
  }

  /** Reads the parks, and with them how far the register has come. */
  async load(): Promise<void> {
    try {
      const answer = await doors.parks()
      this.#boxes = new Map(answer.features.map((f) => [f.properties.code, boundsOf(f.geometry)]))
      this.parks = answer.features.map((feature) => feature.properties)
      this.seq = Math.max(this.seq, answer.register_seq)
      this.failure = null
      if (this.parkCode && !this.park) {
        this.message = this.words.noSuchPark(this.parkCode)
        this.parkCode = null
      }
      this.loaded = true
      await this.loadRows()
      if (this.plot) await this.#renew(Number(this.plot.properties.id))
    } catch (error) {
      this.failure = told(error)
    }
  }

  /** Opens what the address names; the map keeps its own place if it has one. */
  async start(): Promise<void> {
    const { plot } = readAddress(location.search)
    await this.load()
    if (!this.#placed) this.look(this.boundsOfShown())
    if (plot) await this.openPlot(plot, !this.#placed)
  }

  /** Lists the plots of the shown parks, or those of one class. */
  async loadRows(query: doors.PlotQuery = {}): Promise<void> {
    const asked = ++this.#rowsAsked
    const narrowed = Object.values(query).some(Boolean)
    try {
      const { features, more } = await doors.plots({ park: this.parkCode, ...query }, mostRows)
      if (asked !== this.#rowsAsked) return // a later question was asked meanwhile
      this.rows = features.map(rowOf)
      this.rowsCut = narrowed ? this.rowsCut : more
    } catch (error) {
      if (asked === this.#rowsAsked) this.message = told(error)
    }
  }

  choosePark(code: string | null): void {
    const changed = code !== this.parkCode
    this.parkCode = code
    this.look(this.boundsOfShown())
    if (!changed) return
    this.highlight = null
    this.rows = []
    this.#writeAddress()
    void this.loadRows()
  }

  chooseTheme(theme: Theme): void {
    this.theme = theme
    this.highlight = null
    this.#writeAddress()
  }

  toggleHighlight(code: string): void {
    this.highlight = this.highlight === code ? null : code
  }

  chooseLang(lang: Lang): void {
    this.lang = lang
    try {
      localStorage.setItem('dikuai.lang', lang)
    } catch {
      // forbidden storage only means that the choice is not remembered
    }
    this.#writeAddress()
  }

  async openPlot(id: number, fly: boolean): Promise<void> {
    const asked = ++this.#plotAsked
    try {
      const feature = await doors.plot(id)
      if (asked === this.#plotAsked) this.#show(feature, fly)
    } catch (error) {
      const missing = error instanceof doors.Problem && error.status === 404
      this.message = missing ? this.words.noSuchPlot(id) : told(error)
    }
  }

  async openPlotAt(lon: number, lat: number): Promise<void> {
    const asked = ++this.#plotAsked
    try {
      const feature = await doors.plotAt(lon, lat)
      if (asked !== this.#plotAsked) return
      if (feature) this.#show(feature, false)
      else this.message = this.words.noPlotHere
    } catch (error) {
      this.message = told(error)
    }
  }

  closePlot(): void {
    this.#plotAsked++
    this.plot = null
    this.#writeAddress()
  }

  look(bounds: Bounds | null, maxZoom = 18): void {
    if (bounds) this.goal = { bounds, maxZoom }
  }

  showFault(finding: Finding): void {
    this.faults = [finding]
    if (finding.place) this.look(doors.around(finding.place, 0.0005))
    else if (finding.geometry?.type === 'Polygon' || finding.geometry?.type === 'MultiPolygon')
      this.look(boundsOf(finding.geometry))
  }

  parkBounds(code: string): Bounds | null {
    return this.#boxes.get(code) ?? null
  }

  boundsOfShown(): Bounds | null {
    return union(this.shownParks.map((park) => this.#boxes.get(park.code)).filter((box) => box !== undefined))
  }

  /** A word of the service in the page's language. */
  named(thing: { name_zh: string; name_en: string }): string {
    return this.lang === 'zh' ? thing.name_zh : thing.name_en
  }

  #show(feature: PlotFeature, fly: boolean): void {
    this.plot = feature
    if (fly) this.look(boundsOf(feature.geometry), 17.5)
    this.#writeAddress()
  }

  /** An open card follows the register; it closes when its plot is gone. */
  async #renew(id: number): Promise<void> {
    const asked = this.#plotAsked
    try {
      const feature = await doors.plot(id)
      if (asked === this.#plotAsked) this.plot = feature
    } catch (error) {
      if (!(error instanceof doors.Problem && error.status === 404)) throw error
      if (asked === this.#plotAsked) this.closePlot()
    }
  }

  #learn(seq: number): void {
    if (seq <= this.seq) return
    const first = this.seq === 0
    this.seq = seq
    if (!first) void this.load()
  }

  #writeAddress(): void {
    const query = writeAddress({
      park: this.parkCode,
      plot: this.plot ? Number(this.plot.properties.id) : null,
      by: this.theme,
      lang: this.lang,
    })
    history.replaceState(history.state, '', location.pathname + query + location.hash)
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export const store = new Store()
