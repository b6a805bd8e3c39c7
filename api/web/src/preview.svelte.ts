// A check of a file as the map shows it: the plots by what the import would do
// about them, and the faults by their places.
import type { Feature } from 'geojson'
import * as doors from './doors'
import { imports } from './imports.svelte'
import { boundsOf, placeOf, union } from './plots'
import { store } from './store.svelte'
import type { Bounds, Outcome, PreviewFeature } from './types'

/** As many plots as are drawn; a larger delivery is told by its counts. */
export const mostPreviewed = 20_000

class Preview {
  open = $state(false)
  loading = $state(false)
  plots = $state.raw<PreviewFeature[]>([])
  counts = $state.raw<Partial<Record<Outcome, number>>>({})
  hidden = $state.raw<Outcome[]>([]) // outcomes left out on the map
  plot = $state<number | null>(null) // chosen, by its place in the list
  finding = $state<number | null>(null)
  many = $state(false) // plots, more than are drawn
  failure = $state('')

  /** Shows what the check found, with the plots where it passed. */
  async show(): Promise<void> {
    this.#clear()
    this.open = true
    store.importOpen = false
    store.faults = []
    store.closePlot()
    const result = imports.result
    if (!result?.dry_run) return store.look(this.#bounds())
    const { plots, park } = result
    if (plots + (store.parks.find(({ code }) => code === park)?.plots ?? 0) > mostPreviewed) {
      this.many = true
      this.counts = { new: result.new, changed: result.changed, same: result.same }
      return store.look(this.#bounds() ?? store.parkBounds(park))
    }
    this.loading = true
    try {
      const { features, counts } = await doors.importPreview(result.id, store.caller)
      if (imports.result !== result || !this.open) return // put aside meanwhile
      this.plots = features
      this.counts = counts
      store.look(this.#bounds())
    } catch (error) {
      this.failure = doors.told(error, store.lang)
    }
    this.loading = false
  }

  /** Back to what the dialog tells. */
  close(): void {
    this.end()
    store.importOpen = true
  }

  end(): void {
    if (this.open) this.#clear()
  }

  apply(): void {
    this.close() // the dialog tells how far it has come
    void imports.apply()
  }

  async discard(): Promise<void> {
    this.#clear()
    await imports.discard()
  }

  toggle(outcome: Outcome): void {
    this.hidden = this.hidden.includes(outcome) ? this.hidden.filter((o) => o !== outcome) : [...this.hidden, outcome]
  }

  choosePlot(at: number | null, fly: boolean): void {
    this.plot = at
    const plot = at === null ? undefined : this.plots[at]
    if (plot && fly) store.look(boundsOf(plot.geometry), 17.5)
  }

  chooseFinding(at: number, fly: boolean): void {
    this.finding = at
    const finding = imports.findings[at]
    if (!finding) return
    if (fly) store.showFault(finding)
    else store.faults = [finding]
  }

  /** What the map draws of plots; each knows its place in the list. */
  get drawn(): Feature[] {
    const { plot, hidden } = this
    return this.plots.flatMap(({ geometry, properties: { plot_no, difference } }, at) =>
      hidden.includes(difference)
        ? []
        : [{ type: 'Feature' as const, geometry, properties: { at, plot_no, difference, chosen: at === plot } }],
    )
  }

  /** What the map draws of faults. */
  get marks(): Feature[] {
    if (!this.open) return []
    return imports.findings.flatMap((finding, at) => {
      const place = placeOf(finding)
      const properties = { at, severity: finding.severity, chosen: at === this.finding }
      return place ? [{ type: 'Feature' as const, properties, geometry: { type: 'Point' as const, coordinates: place } }] : []
    })
  }

  /** Where the check has something to show: what differs, else the whole file. */
  #bounds(): Bounds | null {
    const told = this.plots.filter(({ properties }) => properties.difference !== 'same')
    const plots = (told.length > 0 ? told : this.plots).map(({ geometry }) => boundsOf(geometry))
    const places = imports.findings.flatMap((finding) => {
      const place = placeOf(finding)
      return place ? [doors.around(place, 0.0005)] : []
    })
    return union([...plots, ...places])
  }

  #clear(): void {
    this.open = this.loading = this.many = false
    this.plots = []
    this.counts = {}
    this.hidden = []
    this.plot = this.finding = null
    this.failure = ''
    store.faults = []
  }
}

export const preview = new Preview()
