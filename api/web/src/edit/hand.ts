// What the pointer does on the map for the tool in use.
import type { Hand } from '../map/draw'
import { session } from './session.svelte'
import { grips } from './sketch'

export function hand(): Hand | null {
  switch (session.tool) {
    case 'split':
      return {
        rings: session.rings,
        trail: session.drawn ? undefined : session.line.at(-1),
        press: (place) => session.addPoint(place),
        finish: () => session.endLine(),
        undo: () => session.removePoint(),
        cancel: () => (session.line.length > 0 ? session.clearLine() : session.cancel()),
      }
    case 'adjust':
      return {
        rings: session.rings,
        grips: grips(),
        grab: (from) => (session.grip = from),
        drag: (from, to) => session.move(from, to),
        cancel: () => (session.moves.length > 0 ? (session.moves = []) : session.cancel()),
      }
  }
  return null
}
