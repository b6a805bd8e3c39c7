// What the form of a check holds: the boundary in one of three ways, what is
// declared of the project, and by which rules it is asked.
import type { ComplianceRule, Declared } from '../api'
import { ringsOf, same } from '../edit/rings'
import { Picked, unclearNumbers } from '../picked.svelte'
import { store } from '../store.svelte'
import type { Text } from '../text'
import type { Place } from '../types'
import * as doors from './doors'
import { faultsOf, type Faults, type Subject } from './faults'

export const subjects: Subject[] = ['geometry', 'plots', 'file']

/** The figures that a project declares, in the order of the form. */
export const figures = ['far', 'density_pct', 'green_pct', 'height_m', 'gfa_m2'] as const
export type Figure = (typeof figures)[number]

const largestFile = 16 << 20 // bytes that the service reads

type Say = (w: Text) => string

class Form extends Picked {
  subject = $state<Subject>('geometry')
  ring = $state.raw<Place[]>([]) // drawn or typed, without its closing point
  tool = $state<'draw' | 'reshape' | null>(null) // what the pointer does on the map
  held = $state<number | null>(null) // the corner in hand
  file = $state.raw<File | null>(null)
  crs = $state('') // of the file; '' leaves it to that
  landUse = $state('')
  holder = $state('')
  figures = $state<Partial<Record<Figure, number | null>>>({})
  rules = $state.raw<ComplianceRule[]>([]) // that there are
  leftOut = $state.raw<string[]>([])
  measure = $state<doors.Measure>('plane')

  refusal = $state.raw<unknown>(null) // the service's
  #missing = $state.raw<Record<string, Say>>({}) // what the page itself finds wrong

  faults: Faults = $derived({
    ...(this.refusal === null ? {} : faultsOf(this.refusal, this.subject, store.lang, store.words)),
    ...Object.fromEntries(Object.entries(this.#missing).map(([field, say]) => [field, say(store.words)])),
  })
  /** What corners may be taken to: those of plots that are open on the map. */
  rings = $derived([store.plot, ...store.alongside].flatMap((plot) => (plot ? ringsOf(plot.geometry) : [])))

  async readRules(): Promise<void> {
    if (this.rules.length > 0) return
    try {
      this.rules = await doors.rules()
    } catch (error) {
      this.refusal = error
    }
  }

  choose(subject: Subject): void {
    this.endTool()
    this.subject = subject
    this.refusal = null // it was of another
    this.#missing = {}
  }

  toggleRule(rule: string): void {
    this.leftOut = this.leftOut.includes(rule) ? this.leftOut.filter((other) => other !== rule) : [...this.leftOut, rule]
  }

  /** Begins to draw, or to move the corners of what is drawn. */
  draw(): void {
    this.tool = this.ring.length > 2 ? 'reshape' : 'draw'
    if (store.narrow) store.sheetOpen = false // the map is under it
  }

  addCorner(place: Place): void {
    const [first] = this.ring
    if (this.ring.length > 2 && same(place, first!)) this.endTool()
    else this.ring = [...this.ring, place]
  }

  removeCorner(): void {
    this.ring = this.ring.slice(0, -1)
  }

  moveCorner(at: number, to: Place): void {
    this.ring = this.ring.with(at, to)
  }

  clearRing(): void {
    this.ring = []
    if (this.tool === 'reshape') this.tool = 'draw'
  }

  endTool(): void {
    if (this.tool === null) return
    this.tool = this.held = null
    if (store.narrow) store.sheetOpen = true
  }

  /** Adds plots by the numbers that somebody typed; tells whether each was found. */
  async addByNumber(text: string): Promise<boolean> {
    this.refusal = null
    this.#missing = {}
    try {
      const unclear = await this.addNumbered(text, store.parkCode)
      if (unclear.length > 0) this.#missing = { plots: () => unclearNumbers(unclear) }
      return unclear.length === 0
    } catch (error) {
      this.refusal = error
      return false
    }
  }

  /** What the form asks for; null where that is nothing yet, which faults tell. */
  order(): doors.Order | null {
    this.refusal = null
    const boundary = this.#boundary()
    this.#missing = {}
    if (typeof boundary === 'function') this.#missing = { [this.subject]: boundary }
    if (this.rules.length > 0 && this.leftOut.length === this.rules.length)
      this.#missing = { ...this.#missing, rules: (w) => w.compliance.noRules }
    if (typeof boundary === 'function' || this.#missing.rules) return null
    return { boundary, rules: this.#rules(), declared: this.#declared(), measure: this.measure }
  }

  /** What is checked, as a reader knows it: numbers of plots, a file's name. */
  get names(): string[] {
    if (this.subject === 'file') return this.file ? [this.file.name] : []
    return this.subject === 'plots' ? this.plots.map(({ properties }) => properties.plot_no) : []
  }

  #boundary(): doors.Boundary | Say {
    switch (this.subject) {
      case 'geometry':
        return this.ring.length > 2 ? { ring: this.ring } : (w) => w.compliance.fewCorners
      case 'plots':
        return this.plots.length > 0 ? { plots: this.plots.map(({ properties }) => properties.id) } : (w) => w.compliance.noPlots
      case 'file':
        if (!this.file) return (w) => w.compliance.noFile
        return this.file.size > largestFile ? (w) => w.compliance.largeFile : { file: this.file, crs: this.crs }
    }
  }

  #rules(): string[] {
    if (this.leftOut.length === 0) return [] // whichever there are
    return this.rules.map(({ rule }) => rule).filter((rule) => !this.leftOut.includes(rule))
  }

  #declared(): Declared {
    const [land_use, holder] = [this.landUse.trim(), this.holder.trim()]
    const told = figures.flatMap((name) => (typeof this.figures[name] === 'number' ? [[name, this.figures[name]]] : []))
    return { ...(land_use && { land_use }), ...Object.fromEntries(told), ...(holder && { holder }) } as Declared
  }
}

export const form = new Form()
