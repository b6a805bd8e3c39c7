// Days of the register as its documents write them: 2018-06-30.
import type { Change } from './types'

/** The day of a moment where the reader is. */
export function dayOf(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
}

/**
 * The days from which something held, oldest first: those that present plots
 * tell, and those that changes put in place of others.
 */
export function changeDays(held: (string | null)[], changes: Change[], park: string | null): string[] {
  const days = new Set<string>()
  for (const day of held) if (day) days.add(day)
  for (const change of changes) {
    if (park !== null && change.park !== park) continue
    for (const { difference = [] } of change.plots)
      for (const { field, before, after } of difference)
        if (field === 'valid_from') for (const day of [before, after]) if (day) days.add(day)
  }
  return [...days].sort()
}

/** The last day of change before a day, and the next after it. */
export function neighbours(days: string[], day: string): { before: string | null; after: string | null } {
  return { before: days.findLast((d) => d < day) ?? null, after: days.find((d) => d > day) ?? null }
}
