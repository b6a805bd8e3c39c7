// The control layers (管控图层) by kind, as their panel lists them.
import { hundredths } from './measure'
import type { ControlLayer } from './types'

/** One kind with the land of its layers in hundredths of 亩. */
export interface ControlEntry {
  kind: string
  name_zh: string
  name_en: string
  color: string
  mu: number
  demonstration: boolean // one of its layers at least is drawn for show
}

/** The kinds of which a layer holds today, in the order of the layers. */
export function controlKinds(layers: ControlLayer[]): ControlEntry[] {
  const byKind = new Map<string, ControlEntry>()
  for (const layer of layers) {
    if (!layer.valid) continue
    const { kind, kind_zh, kind_en, color } = layer
    const entry = byKind.get(kind) ?? { kind, name_zh: kind_zh, name_en: kind_en, color, mu: 0, demonstration: false }
    entry.mu += hundredths(layer.area_mu)
    entry.demonstration ||= layer.demonstration
    byKind.set(kind, entry)
  }
  return [...byKind.values()]
}
