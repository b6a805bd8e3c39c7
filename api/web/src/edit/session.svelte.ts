// The edit that is under way: its tool, what is drawn so far, and what the
// service said of it. It begins from the plot as the card shows it and ends with
// a change of the register, or without one.
import * as doors from '../doors'
import { boundsOf } from '../plots'
import { store } from '../store.svelte'
import type { Bounds, Place, PlotFeature } from '../types'
import { cut } from './cut'
import { stale, type Act, type Edited } from './doors'
import { adjacent, hasVertex, moved, ringsOf, same, type Move } from './rings'

export const tools = ['split', 'merge', 'adjust', 'renumber', 'attributes', 'retire'] as const
export type Tool = (typeof tools)[number]

const margin = 0.0002 // degrees around a plot in which its neighbours are looked for

class Session {
  tool = $state<Tool | null>(null)
  subject = $state.raw<PlotFeature | null>(null) // as it was when the edit began
  neighbours = $state.raw<PlotFeature[]>([])

  /** Neighbours with a border in common. */
  beside = $derived(
    this.neighbours.filter((other) => this.subject !== null && adjacent(other.geometry, this.subject.geometry)),
  )

  line = $state.raw<Place[]>([]) // of a split
  drawn = $state(false) // the line is ended
  picked = $state.raw<PlotFeature[]>([]) // to be merged with the subject
  moves = $state.raw<Move[]>([]) // of an adjustment
  grip = $state.raw<Place | null>(null) // the vertex in hand, where it is stored

  reason = $state('')
  caseNo = $state('')
  day = $state('')

  working = $state(false)
  refusal = $state.raw<doors.Problem | null>(null)
  stale = $derived(stale(this.refusal))

  parts = $derived(this.subject && this.line.length > 1 ? cut(this.subject.geometry, this.line) : null)
  /** What snapping may take a place to. */
  rings = $derived([this.subject, ...this.neighbours].flatMap((plot) => (plot ? ringsOf(plot.geometry) : [])))

  begin(tool: Tool, plot: PlotFeature): void {
    this.#clear()
    this.tool = tool
    this.subject = plot
    if (tool === 'split' || tool === 'merge' || tool === 'adjust') void this.#meet(plot)
  }

  cancel(): void {
    this.#clear()
    this.tool = null
    this.subject = null
  }

  /** Takes a plot to what is to be merged, or leaves it out; tells whether that was asked. */
  pick(id: number): boolean {
    if (this.tool !== 'merge' || !this.subject) return false
    if (id === this.subject.properties.id) return true
    if (this.picked.some((plot) => plot.properties.id === id))
      this.picked = this.picked.filter((plot) => plot.properties.id !== id)
    else void this.#add(id)
    return true
  }

  addPoint(place: Place): void {
    this.refusal = null // it was of another line
    if (this.drawn) this.line = []
    this.drawn = false
    this.line = [...this.line, place]
  }

  removePoint(): void {
    this.line = this.line.slice(0, -1)
    this.drawn = false
  }

  endLine(): void {
    this.drawn = this.line.length > 1
  }

  clearLine(): void {
    this.line = []
    this.drawn = false
  }

  /** Moves a stored vertex; back to where it was takes the move away. */
  move(from: Place, to: Place): void {
    this.refusal = null // it was of another move
    const others = this.moves.filter((move) => !same(move.from, from))
    this.moves = same(from, to) ? others : [...others, { from, to }]
  }

  /** Plots that an adjustment changes, as they are and as they will be. */
  get adjusted(): { plot: PlotFeature; after: PlotFeature }[] {
    return [this.subject, ...this.neighbours].flatMap((plot) =>
      plot && this.moves.some(({ from }) => hasVertex(plot.geometry, from))
        ? [{ plot, after: { ...plot, geometry: moved(plot.geometry, this.moves) } }]
        : [],
    )
  }

  /** Commits the edit and shows what came out of it. */
  async commit(run: (act: Act) => Promise<Edited>): Promise<void> {
    const tool = this.tool
    if (tool === null || this.working) return
    this.working = true
    this.refusal = null
    try {
      const { seq, plots } = await run({ reason: this.reason.trim(), case_no: this.caseNo.trim(), valid_from: this.day })
      this.cancel()
      store.faults = []
      store.showTogether(plots)
      store.message = store.words.edited(store.words.kinds[tool === 'attributes' ? 'update' : tool] ?? tool, seq)
    } catch (error) {
      this.refusal = error instanceof doors.Problem ? error : new doors.Problem(0, String(error), { zh: '', en: '' })
    }
    this.working = false
  }

  async #add(id: number): Promise<void> {
    try {
      const known = this.neighbours.find((plot) => plot.properties.id === id)
      const plot = known ?? (await doors.plot(id))
      if (this.tool === 'merge') this.picked = [...this.picked, plot]
    } catch (error) {
      store.message = doors.told(error, store.lang)
    }
  }

  async #meet(plot: PlotFeature): Promise<void> {
    const [west, south, east, north] = boundsOf(plot.geometry)
    const around: Bounds = [west - margin, south - margin, east + margin, north + margin]
    try {
      const near = await doors.plotsIn(around, plot.properties.park)
      if (this.subject !== plot) return
      this.neighbours = near.filter((other) => other.properties.id !== plot.properties.id)
    } catch {
      // Without neighbours the edit still works; only the help of snapping is less.
    }
  }

  #clear(): void {
    this.neighbours = []
    this.clearLine()
    this.picked = []
    this.moves = []
    this.grip = null
    this.reason = this.caseNo = this.day = ''
    this.refusal = null
  }
}

export const session = new Session()
