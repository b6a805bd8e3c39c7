// The page's address: what is selected, so that a link opens the same view. The
// map keeps its position behind the #.
import { isDay } from './days'
import type { Lang, Theme } from './types'

export interface Address {
  park: string | null
  plot: number | null
  case: string | null
  day: string | null
  by: Theme
  lang: Lang | null
}

export function readAddress(search: string): Address {
  const query = new URLSearchParams(search)
  const plot = Number(query.get('plot') ?? NaN)
  const lang = query.get('lang')
  const day = query.get('at') ?? ''
  return {
    park: query.get('park'),
    plot: Number.isSafeInteger(plot) && plot > 0 ? plot : null,
    case: query.get('case') || null,
    day: isDay(day) ? day : null,
    by: query.get('by') === 'status' ? 'status' : 'land_use',
    lang: lang === 'zh' || lang === 'en' ? lang : null,
  }
}

/** The query string, shortest form: what is usual is left out. */
export function writeAddress(address: Address): string {
  const query = new URLSearchParams()
  if (address.park) query.set('park', address.park)
  if (address.plot) query.set('plot', String(address.plot))
  if (address.case) query.set('case', address.case)
  if (address.day) query.set('at', address.day)
  if (address.by === 'status') query.set('by', 'status')
  if (address.lang === 'en') query.set('lang', 'en')
  const text = query.toString()
  return text && `?${text}`
}
