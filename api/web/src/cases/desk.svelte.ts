// The desk of approvals: the list of cases, the case that is open, the step or the
// application that is being filled in. It follows who is signed in, the case that
// the page's address names, and the register.
import type { Case, CaseAct, CaseCheck, CaseDocument, CaseEvent, CaseFlows, Compliance } from '../api'
import { plot as readPlot, Problem, told } from '../doors'
import { stale } from '../edit/doors'
import { boundsOf, union } from '../plots'
import { store } from '../store.svelte'
import type { Caller, PlotFeature } from '../types'
import { Application } from './application.svelte'
import * as doors from './doors'
import { ActDraft } from './draft.svelte'

/** A case with all that is kept with it. */
export interface Opened {
  case: Case
  documents: CaseDocument[]
  checks: CaseCheck[]
  trail: CaseEvent[]
}

type Filter = Omit<doors.Query, 'plot'>

const unfiltered: Filter = { kind: '', state: '', park: '', q: '', open: '', overdue: '' }
const mostOutlines = 40 // of a case's plots that are drawn

class Desk {
  flows = $state.raw<CaseFlows | null>(null)
  filter = $state<Filter>({ ...unfiltered })
  cases = $state.raw<Case[]>([])
  matched = $state<number | null>(null) // null: not read yet
  next = $state<string | undefined>(undefined)
  failure = $state.raw<unknown>(null) // why the list cannot be read
  working = $state(false)

  opened = $state.raw<Opened | null>(null)
  missed = $state.raw<unknown>(null) // why the case cannot be read
  land = $state.raw<PlotFeature[]>([]) // of the open case, as the map outlines it
  precheck = $state.raw<Compliance | null>(null)
  draft = $state.raw<ActDraft | null>(null)
  application = $state.raw<Application | null>(null)
  note = $state('') // what the reader has to know of the open case

  here = $derived(store.tab === 'cases')
  page: 'list' | 'case' | 'application' = $derived(this.application ? 'application' : store.caseNo !== null ? 'case' : 'list')
  opens = $derived(store.caller?.role !== 'approver') // whoever approves opens no case
  /** Whether plots that are pointed at on the map go into the application. */
  picking = $derived(this.here && this.application !== null)
  outlined: PlotFeature[] = $derived(this.here && this.page === 'case' ? this.land : []) // on the map

  #caller: Caller | null = null // whose the desk is
  #seq = 0 // of the register, as far as the desk has read it
  #caseSeq = 0 // the same, of the open case
  #listAsked = 0
  #caseAsked = 0

  /** Begins anew for another caller. */
  async enter(caller: Caller | null): Promise<void> {
    if (caller === this.#caller) return
    this.#caller = caller
    this.cases = []
    this.matched = null
    this.failure = null
    this.#forget()
    if (!caller) {
      this.application = null
      return
    }
    await Promise.all([this.#readFlows(), this.list(), store.caseNo ? this.read(store.caseNo) : null])
  }

  /** Reads the first page of what the filter asks for. */
  async list(): Promise<void> {
    if (!this.#caller) return
    const asked = ++this.#listAsked
    this.#seq = store.seq
    try {
      const page = await doors.cases({ ...this.filter, q: this.filter.q.trim() })
      if (asked !== this.#listAsked) return
      this.cases = page.cases
      this.matched = page.matched
      this.next = page.next
      this.failure = null
    } catch (error) {
      if (asked === this.#listAsked) this.failure = error
    }
  }

  async more(): Promise<void> {
    if (!this.next) return
    const asked = ++this.#listAsked
    try {
      const page = await doors.following(this.next)
      if (asked !== this.#listAsked) return
      this.cases = [...this.cases, ...page.cases]
      this.next = page.next
    } catch (error) {
      if (asked === this.#listAsked) this.failure = error
    }
  }

  get filtered(): boolean {
    return Object.values(this.filter).some(Boolean)
  }

  clearFilter(): void {
    this.filter = { ...unfiltered }
    void this.list()
  }

  /** Reads a case with all that is kept with it. */
  async read(no: string): Promise<void> {
    if (!this.#caller) return
    const asked = ++this.#caseAsked
    this.#caseSeq = store.seq
    if (this.opened?.case.no !== no) this.#forget()
    try {
      const [one, documents, checks, trail] = await Promise.all([doors.readCase(no), doors.documents(no), doors.checks(no), doors.trail(no)])
      if (asked !== this.#caseAsked) return
      this.opened = { case: one, documents, checks, trail }
      this.missed = null
      void this.#outline(one, asked)
      if (one.state === 'draft' || one.state === 'returned') await this.lookAhead()
      else this.precheck = null
    } catch (error) {
      if (asked !== this.#caseAsked) return
      if (error instanceof Problem && error.status === 404) this.#forget() // it is no longer the caller's to see
      this.missed = error
    }
  }

  /** The register has changed: so may what the desk shows. A form that is open holds what it was begun from. */
  async renew(): Promise<void> {
    if (!this.#caller || store.seq <= this.#seq) return
    await Promise.all([this.list(), this.opened && !this.draft && !this.application ? this.read(this.opened.case.no) : null])
  }

  back(): void {
    this.draft = null
    this.note = ''
    store.openCase(null)
  }

  /** Looks at the land of the open case on the map. */
  showLand(): void {
    store.look(union(this.land.map(({ geometry }) => boundsOf(geometry))), 17)
  }

  begin(act: CaseAct): void {
    if (!this.opened) return
    const { case: one, documents } = this.opened
    this.note = ''
    this.draft = new ActDraft(one, act, act.document !== undefined && documents.some(({ type }) => type === act.document!.type))
  }

  /** Lays the step aside; the case is read again if the register has changed meanwhile. */
  leaveDraft(): void {
    this.draft = null
    this.#catchUp()
  }

  /** Does the step that is filled in. Whoever was overtaken sees the case as it is now. */
  async act(): Promise<void> {
    const { draft } = this
    if (!draft || this.working) return
    await this.#change(draft.of.no, async () => {
      try {
        if (!(await draft.send())) return false
        this.draft = null
        return true
      } catch (error) {
        draft.refusal = error
        if (!(error instanceof Problem && stale(error))) return false
        this.draft = null
        this.note = store.words.cases.overtaken
        return true
      }
    })
  }

  async check(): Promise<void> {
    const no = this.opened?.case.no
    if (no) await this.#change(no, () => doors.runCheck(no, crypto.randomUUID()))
  }

  /** Says how the open case stands to the rules; nothing is kept. */
  async lookAhead(): Promise<void> {
    const no = this.opened?.case.no
    if (!no) return
    try {
      const found = await doors.precheck(no)
      if (this.opened?.case.no === no) this.precheck = found
    } catch (error) {
      if (this.opened?.case.no === no) this.note = told(error, store.lang)
    }
  }

  async attach(paper: doors.Paper, once: string): Promise<void> {
    const no = this.opened?.case.no
    if (!no) return
    this.working = true
    try {
      await doors.attach(no, paper, once)
      await this.read(no)
    } finally {
      this.working = false
    }
  }

  /** Leads into the form of an application for plots. */
  apply(plots: PlotFeature[], kind: doors.Kind = 'siting', follows?: Case): void {
    this.draft = null
    this.application = new Application({ kind, plots, ...(follows && { follows }) })
    store.tab = 'cases'
    store.sheetOpen = true
    if (store.narrow) store.closePlot() // its card lies over the form
  }

  /** Leads into the form of what the open case applies for. */
  change(): void {
    if (!this.opened) return
    this.draft = null
    this.application = new Application({ of: this.opened.case, plots: this.land })
  }

  leaveApplication(): void {
    this.application = null
    this.#catchUp()
  }

  async save(): Promise<void> {
    const { application } = this
    if (!application || this.working) return
    this.working = true
    const saved = await application.save()
    this.working = false
    if (saved) {
      this.application = null
      store.openCase(saved.no)
      await Promise.all([this.read(saved.no), this.list()])
    } else if (application.of && stale(application.refusal instanceof Problem ? application.refusal : null)) {
      this.application = null
      this.note = store.words.cases.overtaken
      await this.read(application.of.no)
    }
  }

  /** Runs what changes a case, and reads it then; false leaves it as it is. */
  async #change(no: string, run: () => Promise<boolean | void>): Promise<void> {
    this.working = true
    try {
      if ((await run()) !== false) await Promise.all([this.read(no), this.list()])
    } catch (error) {
      this.note = told(error, store.lang)
    }
    this.working = false
  }

  #catchUp(): void {
    if (this.opened && store.seq > this.#caseSeq) void this.read(this.opened.case.no)
  }

  async #outline({ plots }: Case, asked: number): Promise<void> {
    const found = await Promise.allSettled(plots.slice(0, mostOutlines).map(readPlot))
    if (asked !== this.#caseAsked) return
    this.land = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }

  async #readFlows(): Promise<void> {
    try {
      this.flows ??= await doors.flows()
    } catch (error) {
      this.failure = error
    }
  }

  #forget(): void {
    this.opened = null
    this.missed = null
    this.land = []
    this.precheck = null
    this.draft = null
    this.note = ''
  }
}

export const desk = new Desk()
