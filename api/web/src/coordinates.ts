// Coordinates as people type them: two numbers a line, as degrees or as metres
// of EPSG:4547, the north before the east or behind it.
import { project, unproject } from './plane'
import type { Place } from './types'

const zone = 38 // the 3-degree zone of 114°, which some write before the east

/** A place of two numbers, or null where they are none. */
export function placeOf(a: number, b: number): Place | null {
  if (Math.abs(a) <= 180 && Math.abs(b) <= 90) return [a, b]
  const bare = (v: number) => (Math.floor(v / 1e6) === zone ? v - zone * 1e6 : v)
  const [x, y] = [bare(a), bare(b)]
  const [east, north] = x < y ? [x, y] : [y, x] // in this zone every north is greater than every east
  return east > 200_000 && east < 800_000 && north > 1_500_000 && north < 6_000_000 ? unproject([east, north]) : null
}

export type Typed = { places: Place[] } | { line: number } // the line that does not read, from 1

/** Reads one place a line; empty lines are passed over. */
export function parsePlaces(text: string): Typed {
  const places: Place[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const numbers = line.trim().split(/[\s,，;；]+/).filter(Boolean).map(Number)
    const place = numbers.length === 2 && numbers.every(Number.isFinite) ? placeOf(numbers[0]!, numbers[1]!) : null
    if (!place) return { line: i + 1 }
    places.push(place)
  }
  return { places }
}

/** East, north in EPSG:4547 to the millimetre. */
export function formatPlace(place: Place): string {
  return project(place)
    .map((v) => v.toFixed(3))
    .join(', ')
}

export function formatPlaces(places: Place[]): string {
  return places.map(formatPlace).join('\n')
}
