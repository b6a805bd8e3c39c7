// What the pointer does on the map while a boundary is drawn or its corners moved.
import { same } from '../edit/rings'
import type { Hand } from '../map/draw'
import { check } from './check.svelte'
import { form } from './form.svelte'

export function boundaryHand(): Hand | null {
  if (!check.drawing) return null
  const { ring, rings } = form
  if (form.tool === 'reshape') {
    return {
      rings,
      grips: ring.map((at) => ({ from: at, at })),
      grab: (from) => (form.held = form.ring.findIndex((place) => same(place, from))),
      drag: (_, to) => form.held !== null && form.moveCorner(form.held, to),
      cancel: () => form.endTool(),
    }
  }
  return {
    rings: [...ring.slice(0, 1).map((first) => [first]), ...rings], // pressed again, the first corner ends it
    trail: ring.at(-1),
    press: (place) => form.addCorner(place),
    finish: () => ring.length > 2 && form.endTool(),
    undo: () => form.removeCorner(),
    cancel: () => (ring.length > 0 ? form.clearRing() : form.endTool()),
  }
}
