// What officers keep an eye on: legal deadlines, land that nobody builds on, and
// progress held to the plan, as the service tells it.
import type { Figure, Supervision } from './api'
import * as doors from './doors'
import { boundsOf, union } from './plots'
import { store } from './store.svelte'
import type { PlotFeature } from './types'

class Watch {
  told = $state.raw<Supervision | null>(null)
  failure = $state<string | null>(null)

  #asked = 0

  /** Whether who is signed in may see it. */
  get open(): boolean {
    return store.caller !== null && ['officer', 'approver', 'admin'].includes(store.caller.role)
  }

  /** Reads it for a park, as of the page's day. */
  async load(park: string | null): Promise<void> {
    const asked = ++this.#asked
    try {
      const told = await doors.supervision(park)
      if (asked !== this.#asked) return // asked again meanwhile
      this.told = told
      this.failure = null
    } catch (error) {
      if (asked !== this.#asked) return
      this.told = null
      this.failure = doors.told(error, store.lang)
    }
  }

  /** Shows plots on the map, the first of them in the card. */
  show(ids: number[]): Promise<void> {
    return this.#show(() => Promise.all(ids.map(doors.plot)))
  }

  /** Shows the plots that make a figure. */
  showFigure(figure: Figure): Promise<void> {
    return this.#show(() => doors.plotsAt(figure.href))
  }

  async #show(read: () => Promise<PlotFeature[]>): Promise<void> {
    try {
      const plots = await read()
      store.showTogether(plots)
      store.look(union(plots.map(({ geometry }) => boundsOf(geometry))), 17)
    } catch (error) {
      store.message = doors.told(error, store.lang)
    }
  }
}

export const watch = new Watch()
