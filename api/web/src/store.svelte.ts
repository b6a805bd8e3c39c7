// The page's one state: what the register holds, what is selected, how it is
// shown. Panels read it and call its methods; nothing else is shared.
import { readAddress, writeAddress } from './address'
import { changeDays, dayOf } from './days'
import { fieldName, statusName, unread, type Dictionary } from './dictionary'
import * as doors from './doors'
import { legend, type Entry } from './legend'
import { boundsOf, overlaps, rowOf, union, type PlotRow } from './plots'
import { text } from './text'
import type { Bounds, Caller, Control, ControlLayer, Finding, Lang, Park, PlotFeature, Theme } from './types'

/** Where the map should look; a new object each time, so that asking twice works. */
export interface Goal {
  bounds: Bounds
  maxZoom: number
}

export type Tab = 'parks' | 'legend' | 'plots' | 'fit' | 'compliance' | 'cases' | 'supervision'

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

  day = $state<string | null>(null) // shown as it held then; null: today
  days = $state.raw<string[]>([]) // on which something changed
  caller = $state.raw<Caller | null>(null) // who is signed in
  editing = $state(false)
  edits = $derived(this.caller !== null && this.caller.role !== 'applicant') // the role allows it
  mayEdit = $derived(this.editing && this.edits && this.day === null)
  caseNo = $state<string | null>(null) // open on the desk of approvals

  parkCode = $state<string | null>(null)
  theme = $state<Theme>('land_use')
  highlight = $state<string | null>(null)

  park: Park | null = $derived(this.parks.find((park) => park.code === this.parkCode) ?? null)
  shownParks: Park[] = $derived(this.park ? [this.park] : this.parks)
  classes: Entry[] = $derived(legend(this.shownParks, this.theme))

  dictionary = $state.raw<Dictionary>(unread)
  controls = $state.raw<ControlLayer[]>([])
  hiddenKinds = $state.raw<string[]>([]) // of control, left out on the map
  controlsHere = $state.raw<Control[]>([]) // at the place where the open plot was pointed at

  rows = $state.raw<PlotRow[]>([])
  rowsCut = $state(false)
  plot = $state.raw<PlotFeature | null>(null)
  alongside = $state.raw<PlotFeature[]>([]) // shown with the open plot: of one edit, or of one offer
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

  #heard = 0 // the last change that an event told of
  #hearing: number | undefined
  #listens = false
  #placed = location.hash.length > 1 // read before the map writes its own
  #boxes = new Map<string, Bounds>()
  #rowsAsked = 0
  #plotAsked = 0
  #loadAsked = 0

  constructor() {
    const address = readAddress(location.search)
    this.lang = address.lang ?? rememberedLang()
    this.theme = address.by
    this.parkCode = address.park
    this.caseNo = address.case
    if (this.caseNo !== null) this.tab = 'cases'
    this.#setDay(address.day)
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

  /** Gives a key for a session of twelve hours, and keeps nothing of the key. */
  async signIn(key: string): Promise<void> {
    this.caller = await doors.signIn(key)
  }

  async signOut(): Promise<void> {
    if (this.caller) await doors.signOut(this.caller)
    this.caller = null
    this.editing = false
  }

  /** Reads the parks, and with them how far the register has come. */
  async load(): Promise<void> {
    const asked = ++this.#loadAsked
    try {
      const dictionary = this.dictionary === unread ? doors.dictionary() : this.dictionary
      const [answer, controls, words] = await Promise.all([doors.parks(), doors.controls(), dictionary])
      if (asked !== this.#loadAsked) return // asked again meanwhile, perhaps for another day
      this.controls = controls
      this.dictionary = words
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
      if (this.plot) await this.#renew(this.plot)
    } catch (error) {
      if (asked === this.#loadAsked) this.failure = doors.told(error, this.lang)
    }
  }

  /** Shows the register as it held on a day; null or today is the present. */
  async chooseDay(day: string | null): Promise<void> {
    this.#setDay(day)
    this.#writeAddress()
    await this.load()
  }

  /** Learns on which days something changed. */
  async loadDays(): Promise<void> {
    try {
      const changes = await doors.changes(this.seq)
      this.days = changeDays([...this.days, ...this.rows.map((row) => row.valid_from)], changes, this.parkCode)
    } catch (error) {
      this.message = doors.told(error, this.lang)
    }
  }

  /** Opens what the address names; the map keeps its own place if it has one. */
  async start(): Promise<void> {
    const { plot } = readAddress(location.search)
    const asked = doors.whoCalls()
    await this.load()
    this.caller = await asked.catch(() => null)
    if (this.loaded && !this.#listens) {
      this.#listens = true
      doors.listen((seq) => this.#hear(seq))
    }
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
      if (asked === this.#rowsAsked) this.message = doors.told(error, this.lang)
    }
  }

  choosePark(code: string | null): void {
    const changed = code !== this.parkCode
    this.parkCode = code
    this.look(this.boundsOfShown())
    if (!changed) return
    this.highlight = null
    this.rows = []
    this.days = []
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

  toggleKind(kind: string): void {
    this.hiddenKinds = this.hiddenKinds.includes(kind)
      ? this.hiddenKinds.filter((hidden) => hidden !== kind)
      : [...this.hiddenKinds, kind]
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

  /** Opens a plot, with the controls at the place where it was pointed at. */
  async openPlot(id: number, fly: boolean, place?: [number, number]): Promise<void> {
    const asked = ++this.#plotAsked
    try {
      const [feature, here] = await Promise.all([doors.plot(id), place ? doors.controlsAt(...place) : []])
      if (asked === this.#plotAsked) this.#show(feature, here, fly)
    } catch (error) {
      this.message = this.#whyNoPlot(id, error)
    }
  }

  async openPlotAt(lon: number, lat: number): Promise<void> {
    const asked = ++this.#plotAsked
    try {
      const [feature, here] = await Promise.all([doors.plotAt(lon, lat), doors.controlsAt(lon, lat)])
      if (asked !== this.#plotAsked) return
      if (feature) this.#show(feature, here, false)
      else this.message = this.words.noPlotHere(here.map((control) => this.controlName(control)))
    } catch (error) {
      this.message = doors.told(error, this.lang)
    }
  }

  closePlot(): void {
    this.#plotAsked++
    this.plot = null
    this.alongside = []
    this.#writeAddress()
  }

  /** Opens a case on the desk; null leads back to the list. */
  openCase(no: string | null): void {
    this.caseNo = no
    if (no !== null) {
      this.tab = 'cases'
      this.sheetOpen = true
      if (this.narrow) this.closePlot() // its card lies over the desk
    }
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

  /** What the service says of a thing, in the page's language. */
  told(thing: { message: string; message_zh: string }): string {
    return this.lang === 'zh' ? thing.message_zh : thing.message
  }

  /** What a property of a plot is called; undefined for what is none. */
  fieldName(field: string | undefined): string | undefined {
    return fieldName(this.dictionary, field, this.lang)
  }

  statusName(status: string): string {
    return statusName(this.dictionary, status, this.lang)
  }

  /** What a finding says, in the page's language. */
  said(finding: Finding): { message: string; remedy: string } {
    const { message, message_zh, remedy = '', remedy_zh } = finding
    return this.lang === 'zh' ? { message: message_zh || message, remedy: remedy_zh || remedy } : { message, remedy }
  }

  /** What a control is called: its layer, and its own name where it has one. */
  controlName(control: Control): string {
    const layer = this.lang === 'zh' ? control.layer_zh : control.layer_en
    return control.name ? `${layer} · ${control.name}` : layer
  }

  /** Shows what came out of an edit, or an offer of land, the first of it in the card. */
  showTogether([first, ...others]: PlotFeature[]): void {
    if (!first) return this.closePlot()
    this.#plotAsked++
    this.#show(first, this.controlsHere, false)
    this.alongside = others
  }

  #setDay(day: string | null): void {
    this.day = day === dayOf(new Date()) ? null : day
    doors.asOf(this.day)
  }

  #whyNoPlot(id: number, error: unknown): string {
    if (!(error instanceof doors.Problem)) return doors.told(error, this.lang)
    if (error.status === 410) return this.words.plotEnded(error.successors.map((plot) => plot.plot_no))
    return error.status === 404 ? this.words.noSuchPlot(id, this.day) : doors.told(error, this.lang)
  }

  #show(feature: PlotFeature, here: Control[], fly: boolean): void {
    this.plot = feature
    this.alongside = []
    this.controlsHere = here
    if (fly) this.look(boundsOf(feature.geometry), 17.5)
    this.#writeAddress()
  }

  /** An open card follows the register; it closes when its plot is gone. */
  async #renew({ properties: { id, park, plot_no } }: PlotFeature): Promise<void> {
    const asked = this.#plotAsked
    const listed = !this.rowsCut && (this.parkCode === null || this.parkCode === park)
    if (this.day !== null && listed && !this.rows.some((row) => row.id === id)) {
      this.closePlot()
      this.message = this.words.noPlotThen(plot_no, this.day)
      return
    }
    try {
      const feature = await doors.plot(id)
      if (asked === this.#plotAsked) this.plot = feature
    } catch (error) {
      if (!(error instanceof doors.Problem)) throw error
      if (asked !== this.#plotAsked) return
      this.closePlot()
      this.message = this.#whyNoPlot(id, error)
    }
  }

  #learn(seq: number): void {
    if (seq <= this.seq) return
    const first = this.seq === 0
    this.seq = seq
    if (!first) void this.load()
  }

  /** What others change is shown within a second, many changes at once. */
  #hear(seq: number): void {
    this.#heard = Math.max(this.#heard, seq)
    this.#hearing ??= window.setTimeout(() => {
      this.#hearing = undefined
      this.#learn(this.#heard)
    }, 1000)
  }

  #writeAddress(): void {
    const query = writeAddress({
      park: this.parkCode,
      plot: this.plot ? Number(this.plot.properties.id) : null,
      case: this.caseNo,
      day: this.day,
      by: this.theme,
      lang: this.lang,
    })
    history.replaceState(history.state, '', location.pathname + query + location.hash)
  }
}

export const store = new Store()
