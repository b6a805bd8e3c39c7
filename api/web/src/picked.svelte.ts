// Plots that are picked for something, on the map or by their numbers.
import * as doors from './doors'
import { store } from './store.svelte'
import type { PlotFeature } from './types'

/** What came of a number that somebody typed. */
export interface Numbered {
  no: string
  plots: PlotFeature[]
}

export class Picked {
  plots = $state.raw<PlotFeature[]>([])

  /** Takes a plot in, or leaves it out. */
  async toggle(id: number): Promise<void> {
    if (this.plots.some((plot) => plot.properties.id === id)) return this.leave(id)
    try {
      this.add([await doors.plot(id)])
    } catch (error) {
      store.message = doors.told(error, store.lang)
    }
  }

  async toggleAt(lon: number, lat: number): Promise<void> {
    try {
      const plot = await doors.plotAt(lon, lat)
      if (plot) await this.toggle(plot.properties.id)
      else store.message = store.words.noPlotHere([])
    } catch (error) {
      store.message = doors.told(error, store.lang)
    }
  }

  leave(id: number): void {
    this.plots = this.plots.filter((plot) => plot.properties.id !== id)
  }

  add(plots: PlotFeature[]): void {
    const known = new Set(this.plots.map(({ properties }) => properties.id))
    this.plots = [...this.plots, ...plots.filter(({ properties }) => !known.has(properties.id))]
  }

  /** Adds the plots of numbers if each names one; gives those that do not. */
  async addNumbered(text: string, park: string | null): Promise<Numbered[]> {
    const numbers = text.split(/[\s,，、;；]+/).filter(Boolean)
    const found = await Promise.all(numbers.map(async (no) => ({ no, plots: await doors.plotsNumbered(no, park) })))
    const unclear = found.filter(({ plots }) => plots.length !== 1)
    if (unclear.length === 0) this.add(found.flatMap(({ plots }) => plots))
    return unclear
  }
}

/** What is wrong with numbers, a line each. */
export function unclearNumbers(unclear: Numbered[]): string {
  return unclear.map(({ no, plots }) => store.words.compliance.notOne(no, plots.length)).join('\n')
}
