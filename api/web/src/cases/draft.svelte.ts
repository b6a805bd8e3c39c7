// A step of a case that is being filled in. It holds the version of the case that
// the reader saw when it was begun, and is done once however often it is sent.
import type { Case, CaseAct } from '../api'
import { byField, type Faults } from '../faults'
import { store } from '../store.svelte'
import { bodyOf, lacks, type Ask, type Claim, type Lack } from './asks'
import * as doors from './doors'

export class ActDraft {
  readonly of: Case
  readonly act: CaseAct
  readonly filed: boolean // what the step rests on is there already
  values = $state<Partial<Record<string, string | number | null>>>({})
  claims = $state<Claim[]>([])
  file = $state.raw<File | null>(null) // of the document that has to be on file
  refusal = $state.raw<unknown>(null)
  #lacks = $state.raw<Record<string, Lack>>({})
  #once = crypto.randomUUID()
  #onceFile = crypto.randomUUID()
  #filed = false

  constructor(of: Case, act: CaseAct, filed: boolean) {
    this.of = of
    this.act = act
    this.filed = filed
  }

  /** The document that has to be handed in with the step. */
  get paper(): CaseAct['document'] {
    return this.filed || this.act.document?.issued ? undefined : this.act.document
  }

  faults: Faults = $derived({
    ...(this.refusal === null ? {} : byField(this.refusal, store.lang, store.words, (finding) => this.#fieldOf(finding?.field))),
    ...Object.fromEntries(Object.entries(this.#lacks).map(([field, lack]) => [field, this.#said(field, lack)])),
  })

  /** Does the step; false where something is missing, which faults tell. */
  async send(): Promise<boolean> {
    this.refusal = null
    this.#lacks = lacks(this.act.asks, this.values)
    if (this.paper && !this.file) this.#lacks = { ...this.#lacks, file: 'file' }
    if (Object.keys(this.#lacks).length > 0) return false
    const { no, version } = this.of
    if (this.paper && this.file && !this.#filed) {
      await doors.attach(no, { file: this.file, type: this.paper.type, number: '', day: '', title: '' }, this.#onceFile)
      this.#filed = true
    }
    await doors.act(no, version, this.act.act, bodyOf(this.act.asks, this.values, this.claims), this.#once)
    return true
  }

  #fieldOf(field = ''): string {
    const fields: string[] = [...this.act.asks.map(({ name }: Ask) => name), ...(this.paper ? ['file'] : [])]
    return fields.find((name) => field === name || field.startsWith(`${name}[`) || field.startsWith(`${name}.`)) ?? ''
  }

  #said(field: string, lack: Lack): string {
    const example = this.act.asks.find(({ name }) => name === field)?.example ?? ''
    return store.words.cases.lacks[lack](example)
  }
}
