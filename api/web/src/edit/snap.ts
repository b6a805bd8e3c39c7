// Takes a pointed place to a vertex or edge nearby, as it lies on the screen.
import type { Place } from '../types'
import { nearestOn } from './rings'

export interface Snap {
  place: Place
  to: 'vertex' | 'edge' | null
}

const reach = 10 // pixels

/** A vertex nearby comes before an edge. screen gives a place's pixels. */
export function snap(place: Place, rings: Place[][], screen: (place: Place) => Place): Snap {
  const here = screen(place)
  const far = (p: Place) => Math.hypot(p[0] - here[0], p[1] - here[1])
  let best: Snap = { place, to: null }
  let nearest = reach
  for (const vertex of rings.flat()) {
    const d = far(screen(vertex))
    if (d <= nearest) [best, nearest] = [{ place: vertex, to: 'vertex' }, d]
  }
  if (best.to) return best
  for (const ring of rings) {
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % ring.length]!
      const [p, q] = [screen(a), screen(b)]
      const foot = nearestOn(p, q, here)
      const d = far(foot)
      if (d > nearest) return
      const length = Math.hypot(q[0] - p[0], q[1] - p[1])
      const t = length === 0 ? 0 : Math.hypot(foot[0] - p[0], foot[1] - p[1]) / length
      best = { place: [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])], to: 'edge' }
      nearest = d
    })
  }
  return best
}
