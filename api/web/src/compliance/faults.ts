// Why a check was refused, by the field of the form that has to change.
import { Problem } from '../doors'
import { byField, type Faults } from '../faults'
import type { Text } from '../text'
import type { Finding, Lang } from '../types'

export type { Faults } from '../faults'

/** The field that holds what is checked. */
export type Subject = 'geometry' | 'plots' | 'file'

/** What is wrong, by field: a subject, crs, rules, declared.far …; '' for what is of none. */
export function faultsOf(error: unknown, subject: Subject, lang: Lang, w: Text): Faults {
  const rest = error instanceof Problem && [404, 413, 422].includes(error.status) ? subject : ''
  return byField(error, lang, w, (finding) => (finding && fieldOf(finding)) ?? rest)
}

function fieldOf({ field }: Finding): string | null {
  return field && (field === 'crs' || field === 'rules' || field.startsWith('declared.')) ? field : null
}
