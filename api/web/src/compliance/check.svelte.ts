// The check that was asked for and the service's answer. An answer that is shown
// follows the register: when that changes, the same is asked again, and told
// against the answer that the reader knows.
import type { Compliance, ComplianceFinding } from '../api'
import { boundsOf } from '../plots'
import { store } from '../store.svelte'
import type { PlotFeature } from '../types'
import { changes } from './changes'
import * as doors from './doors'
import type { Subject } from './faults'
import { form } from './form.svelte'

/** A check as it was asked for, with what the page showed of the register then. */
export interface Asked {
  order: doors.Order
  subject: Subject
  names: string[] // of what is checked: numbers of plots, a file
  day: string | null
  seq: number
}

class Check {
  page = $state<'form' | 'answer'>('form')
  working = $state(false)
  asked = $state.raw<Asked | null>(null)
  answer = $state.raw<Compliance | null>(null)
  known = $state.raw<Compliance | null>(null) // the answer that the reader knows
  missed = $state.raw<unknown>(null) // why the answer could not follow the register
  chosen = $state<number | null>(null) // a finding, by its place in the answer
  pointed = $state<number | null>(null)

  guest = $state.raw<Compliance | null>(null) // an answer that is kept elsewhere, while it is shown

  /** The answer that the page shows. */
  shown = $derived(this.guest ?? (store.tab === 'compliance' && this.page === 'answer' ? this.answer : null))
  stale = $derived(this.asked !== null && (this.asked.seq < store.seq || this.asked.day !== store.day))
  renewed = $derived(this.answer !== this.known)
  changes = $derived(this.known && this.answer ? changes(this.known, this.answer) : [])
  filling = $derived(store.tab === 'compliance' && this.page === 'form')
  drawing = $derived(this.filling && form.subject === 'geometry' && form.tool !== null)
  picking = $derived(this.filling && form.subject === 'plots')

  #asks = 0

  /** Leads into the form with plots to check. */
  begin(plots: PlotFeature[]): void {
    form.choose('plots')
    form.plots = plots
    this.change()
    store.tab = 'compliance'
    store.sheetOpen = true
    if (store.narrow) store.closePlot() // its card lies over the form
  }

  /** Checks what the form holds. */
  async run(): Promise<void> {
    form.endTool()
    const order = form.order()
    if (!order) return
    const asks = ++this.#asks
    this.working = true
    try {
      if ('file' in order.boundary) order.boundary.file = await kept(order.boundary.file)
      const asked = { order, subject: form.subject, names: form.names, day: store.day, seq: store.seq }
      const answer = await doors.check(order, asked.seq)
      if (asks !== this.#asks) return // asked anew meanwhile
      this.#take(asked, answer)
      this.known = answer
      this.chosen = this.pointed = null
      this.page = 'answer'
      store.look(boundsOf(answer.boundary.geometry), 17.5)
    } catch (error) {
      if (asks !== this.#asks) return
      form.refusal = error
    }
    this.working = false
  }

  /** Shows an answer that is kept elsewhere, or no more. */
  show(guest: Compliance | null): void {
    this.guest = guest
    this.chosen = this.pointed = null
  }

  /** Asks the same again of the register as the page shows it now. */
  async follow(): Promise<void> {
    if (!this.asked) return
    const asks = ++this.#asks
    const asked = { ...this.asked, day: store.day, seq: store.seq }
    this.working = true
    try {
      const answer = await doors.check(asked.order, asked.seq)
      if (asks !== this.#asks) return
      const chosen = this.chosen === null ? undefined : this.answer?.findings[this.chosen]
      this.#take(asked, answer)
      this.chosen = chosen ? placeOf(chosen, answer) : null
      this.pointed = null
    } catch (error) {
      if (asks !== this.#asks) return
      this.asked = asked // asked once; the next change asks again
      this.missed = error
    }
    this.working = false
  }

  /** The reader has seen what changed. */
  acknowledge(): void {
    this.known = this.answer
  }

  /** Back to the form. */
  change(): void {
    this.page = 'form'
    this.pointed = null
  }

  showAnswer(): void {
    form.endTool()
    this.page = 'answer'
  }

  /** Chooses a finding, or lets go of it. */
  choose(at: number | null, fly: boolean): void {
    this.chosen = at
    const geometry = at === null ? null : this.shown?.findings[at]?.geometry
    if (geometry && fly) store.look(boundsOf(geometry), 18)
  }

  /** Chooses one of the findings that lie at a place, each in its turn. */
  chooseNext(findings: number[]): void {
    const at = this.chosen === null ? -1 : findings.indexOf(this.chosen)
    this.choose(findings[(at + 1) % findings.length]!, false)
  }

  #take(asked: Asked, answer: Compliance): void {
    this.asked = { ...asked, seq: Math.max(asked.seq, answer.register_seq) }
    this.answer = answer
    this.missed = null
  }
}

/** A file as it is now: it may be asked again when it is no more on the disk. */
async function kept(file: File): Promise<File> {
  return new File([await file.arrayBuffer()], file.name)
}

/** Where a finding is found again in another answer. */
function placeOf({ rule, layer }: ComplianceFinding, { findings }: Compliance): number | null {
  const at = findings.findIndex((one) => one.rule === rule && one.layer?.code === layer?.code)
  return at < 0 ? null : at
}

export const check = new Check()
