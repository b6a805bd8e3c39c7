// What a step of a case asks for: the body that answers it, and what of it is missing.
import type { CaseAct } from '../api'

export type Ask = CaseAct['asks'][number]

/** Quota that is claimed, as the form holds it. */
export interface Claim {
  year: number | null
  kind: string
  mu: number | null
}

/** What keeps a form from being sent, by field. */
export type Lack = 'missing' | 'pattern' | 'file'

/** The members of a step's body; what is empty is left out, dots lead into objects. */
export function bodyOf(asks: Ask[], values: Partial<Record<string, string | number | null>>, claims: Claim[]): object {
  const body: Record<string, unknown> = {}
  for (const { name, type } of asks) {
    const value = type === 'quota' ? quotaOf(claims) : valueOf(values[name])
    if (value === undefined) continue
    const path = name.split('.')
    const last = path.pop()!
    let object = body
    for (const part of path) object = (object[part] ??= {}) as Record<string, unknown>
    object[last] = value
  }
  return body
}

/** What a step must have and has not, or has in another form than it has to be. */
export function lacks(asks: Ask[], values: Partial<Record<string, string | number | null>>): Record<string, Lack> {
  const found: Record<string, Lack> = {}
  for (const { name, type, required, pattern } of asks) {
    const value = valueOf(values[name])
    if (value === undefined) {
      if (required && type !== 'quota') found[name] = 'missing'
    } else if (pattern && !new RegExp(pattern, 'u').test(String(value))) found[name] = 'pattern'
  }
  return found
}

function valueOf(value: string | number | null | undefined): string | number | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === '' || trimmed === null ? undefined : trimmed
}

function quotaOf(claims: Claim[]): object[] | undefined {
  const told = claims.filter(({ mu }) => mu !== null)
  return told.length === 0 ? undefined : told.map(({ year, kind, mu }) => ({ ...(year !== null && { year }), kind, mu }))
}
