// A file on its way into the register: sent, followed while it is worked on,
// and, after a check that passed, applied or put aside.
import * as doors from './doors'
import { store } from './store.svelte'
import type { Finding, ImportResult, Progress } from './types'

const large = 1 << 20 // bytes from which a file is worked on in the background
const pause = 400 // ms between two looks at a job

class ImportRun {
  working = $state(false)
  cancellable = $state(false) // what runs in the background can be stopped
  cancelled = $state(false)
  progress = $state.raw<Progress | null>(null)
  result = $state.raw<ImportResult | null>(null)
  refusal = $state<string | null>(null)
  findings = $state.raw<Finding[]>([])

  #job: number | null = null // in the background, as soon as it is known

  /** Hands a file in, signing in with the key first where nobody is. */
  send(order: doors.ImportOrder, key: string): Promise<void> {
    const background = order.file.size > large
    return this.#run(background, async () => {
      if (!store.caller) await store.signIn(key)
      return doors.importFile(order, store.caller, background)
    })
  }

  /** Writes what a check has passed, from the file that the service kept. */
  async apply(): Promise<void> {
    const { result } = this
    if (result) await this.#run(true, () => doors.applyImport(result.id, store.caller))
  }

  /** Puts a check that passed aside; the service drops the file. */
  async discard(): Promise<void> {
    if (!this.result) return
    try {
      await doors.endImport(this.result.id, store.caller)
      this.#clear()
      store.message = store.words.importDiscarded
    } catch (error) {
      this.#refuse(error)
    }
  }

  /** Stops what runs in the background; nothing of it stays in the register. */
  async cancel(): Promise<void> {
    this.cancelled = true
    if (this.#job !== null) await this.#stop(this.#job)
  }

  async #run(background: boolean, start: () => Promise<ImportResult>): Promise<void> {
    this.#clear()
    this.working = true
    this.cancellable = background
    try {
      const result = await this.#follow(await start())
      if (result.state === 'done') await this.#accept(result)
      else if (this.cancelled) this.refusal = store.words.importCancelled
      else this.refusal = result.state === 'refused' ? store.words.faults(result.faults.length) : store.words.importFailed
      if (result.state === 'refused') this.findings = result.faults
    } catch (error) {
      this.#refuse(error)
    }
    this.#job = this.progress = null
    this.working = this.cancellable = false
  }

  /** Looks at a job until it has ended. */
  async #follow(begun: ImportResult): Promise<ImportResult> {
    let job = begun
    if (job.state === 'running') this.#job = job.id
    if (this.#job !== null && this.cancelled) await this.#stop(this.#job)
    while (job.state === 'running') {
      job = await doors.importJob(begun.id, store.caller)
      this.progress = job.progress ?? this.progress
      if (job.state === 'running') await new Promise((resolve) => setTimeout(resolve, pause))
    }
    return job
  }

  /** A job that ended first cannot be stopped; what it came to is told as ever. */
  async #stop(job: number): Promise<void> {
    try {
      await doors.endImport(job, store.caller)
    } catch (error) {
      if (!(error instanceof doors.Problem && error.status === 409)) this.#refuse(error)
    }
  }

  async #accept(result: ImportResult): Promise<void> {
    this.result = result
    this.findings = result.notes
    if (result.dry_run) return
    await store.load()
    store.choosePark(result.park)
  }

  #refuse(error: unknown): void {
    this.refusal = doors.told(error, store.lang)
    this.findings = error instanceof doors.Problem ? error.findings : []
  }

  #clear(): void {
    this.result = null
    this.refusal = null
    this.findings = []
    this.cancelled = false
  }
}

export const imports = new ImportRun()
