// What land is looked for, and what the service offers.
import type { Candidate, Fit as Offers } from './api'
import * as doors from './doors'
import { store } from './store.svelte'

class Fit {
  least = $state<number | null>(30) // 亩, of the plots together; null: no end
  most = $state<number | null>(50)
  uses = $state('') // codes, with commas
  far = $state<number | null>(null)
  plots = $state(2)
  near = $state(true) // to the middle of the map

  offers = $state.raw<Offers | null>(null)
  chosen = $state<number | null>(null) // its rank
  failure = $state<string | null>(null)
  asking = $state(false)

  async ask(): Promise<void> {
    this.asking = true
    try {
      this.offers = await doors.fit({
        area_mu: `${this.least ?? ''}..${this.most ?? ''}`,
        land_use: this.uses.replaceAll('，', ','),
        far: this.far === null ? '' : `${this.far}..`,
        max_plots: String(this.plots),
        park: store.parkCode ?? '',
        ...(this.near ? this.#middle() : {}),
      })
      this.chosen = null
      this.failure = null
    } catch (error) {
      this.offers = null
      this.failure = doors.told(error, store.lang)
    }
    this.asking = false
  }

  /** Shows an offer on the map, and its first plot in the card. */
  async show(offer: Candidate): Promise<void> {
    try {
      const plots = await Promise.all(offer.ids.map(doors.plot))
      this.chosen = offer.rank
      store.showTogether(plots)
      store.look(offer.bbox, 17)
    } catch (error) {
      store.message = doors.told(error, store.lang)
    }
  }

  /** The middle of what the map shows, and as far as the service looks. */
  #middle(): doors.FitQuery {
    if (!store.view) return {}
    const [west, south, east, north] = store.view
    return { near: `${(west + east) / 2},${(south + north) / 2}`, radius_m: '20000' }
  }
}

export const fit = new Fit()
