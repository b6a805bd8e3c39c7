// What is applied for: the form of a new case, or of one that is changed.
import type { Case, CaseDeclared } from '../api'
import { byField, type Faults } from '../faults'
import { Picked, unclearNumbers } from '../picked.svelte'
import { store } from '../store.svelte'
import type { PlotFeature } from '../types'
import * as doors from './doors'

/** The figures that a project declares, in the order of the form. */
export const figures = ['investment_wan', 'output_wan', 'employees', 'gfa_m2', 'far', 'density_pct', 'green_pct', 'height_m'] as const

/** What is declared of idle land whose contract is of before there were cases. */
export const idleFigures = ['price_wan', 'excused_days'] as const

export type Figure = (typeof figures)[number] | (typeof idleFigures)[number]

/** Where a new case begins from. */
export interface Start {
  kind: doors.Kind
  plots: PlotFeature[]
  follows?: Case
}

export class Application extends Picked {
  kind = $state<doors.Kind>('siting')
  title = $state('')
  applicant = $state('') // '' is the caller
  mode = $state<doors.Mode>('auction')
  follows = $state('')
  green = $state(false)
  landUse = $state('')
  purpose = $state('')
  agreedStart = $state('')
  figures = $state<Partial<Record<Figure, number | null>>>({})

  readonly of: Case | null // that is changed
  #declared: CaseDeclared
  #once = crypto.randomUUID()
  #refusal = $state.raw<unknown>(null)
  #missing = $state.raw<Record<string, () => string>>({})

  faults: Faults = $derived({
    ...(this.#refusal === null ? {} : byField(this.#refusal, store.lang, store.words, (finding) => fieldOf(finding?.field))),
    ...Object.fromEntries(Object.entries(this.#missing).map(([field, say]) => [field, say()])),
  })

  constructor(from: Start | { of: Case; plots: PlotFeature[] }) {
    super()
    this.plots = from.plots
    this.of = 'of' in from ? from.of : null
    const like = 'of' in from ? from.of : from.follows
    this.kind = 'of' in from ? from.of.kind : from.kind
    this.#declared = like?.declared ?? {}
    if (!like) return
    this.title = like.title
    this.applicant = like.winner || like.applicant
    this.mode = like.mode ?? 'auction'
    this.follows = this.of?.follows ?? (this.kind === 'supply' && like.kind === 'siting' ? like.no : '')
    this.green = this.of?.green ?? false
    this.landUse = this.#declared.land_use ?? ''
    this.purpose = this.#declared.purpose ?? ''
    this.agreedStart = this.#declared.agreed_start ?? ''
    for (const name of [...figures, ...idleFigures]) this.figures[name] = this.#declared[name] ?? null
  }

  get park(): string {
    return this.of?.park ?? this.plots[0]?.properties.park ?? store.parkCode ?? ''
  }

  /** Adds plots by the numbers that somebody typed; tells whether each was found. */
  async addByNumber(text: string): Promise<boolean> {
    const unclear = await this.addNumbered(text, this.park || null)
    this.#missing = unclear.length === 0 ? {} : { plots: () => unclearNumbers(unclear) }
    return unclear.length === 0
  }

  /** Keeps what is applied for and gives the case; null where something is missing, which faults tell. */
  async save(): Promise<Case | null> {
    this.#refusal = null
    this.#missing = {
      ...(this.title.trim() === '' && { title: () => store.words.cases.lacks.missing() }),
      ...(this.plots.length === 0 && { plots: () => store.words.compliance.noPlots }),
    }
    if (Object.keys(this.#missing).length > 0) return null
    try {
      const done = this.of
        ? await doors.editCase(this.of, this.#content(), this.#once)
        : await doors.openCase({ kind: this.kind, park: this.park, ...this.#content(), ...this.#by() }, this.#once)
      return done.case
    } catch (error) {
      this.#refusal = error
      return null
    }
  }

  get refusal(): unknown {
    return this.#refusal
  }

  #by(): { applicant?: string } {
    const applicant = this.applicant.trim()
    return store.caller?.role === 'applicant' || applicant === '' ? {} : { applicant }
  }

  #content(): doors.Content {
    const told = [...figures, ...idleFigures].flatMap((name) => (typeof this.figures[name] === 'number' ? [[name, this.figures[name]]] : []))
    const { land_use_scheme } = this.#declared
    const land_use = this.landUse.trim()
    const purpose = this.purpose.trim()
    return {
      title: this.title.trim(),
      green: this.green,
      ...(this.kind === 'supply' && { mode: this.mode }),
      ...(this.follows.trim() && { follows: this.follows.trim() }),
      declared: {
        ...(land_use && { land_use, ...(land_use === this.#declared.land_use && land_use_scheme && { land_use_scheme }) }),
        ...Object.fromEntries(told),
        ...(purpose && { purpose }),
        ...(this.kind === 'idle' && this.agreedStart && { agreed_start: this.agreedStart }),
      },
      plots: this.plots.map(({ properties }) => properties.id),
    }
  }
}

const fields = new Set(['kind', 'title', 'plots', 'mode', 'follows', 'green', 'applicant'])

function fieldOf(field = ''): string {
  return fields.has(field) || field.startsWith('declared.') ? field : (field.match(/^plots\b/)?.[0] ?? '')
}
