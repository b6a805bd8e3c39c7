// Why a check was refused, by the field of the form that has to change.
import { Problem, told } from '../doors'
import type { Text } from '../text'
import type { Finding, Lang } from '../types'

/** The field that holds what is checked. */
export type Subject = 'geometry' | 'plots' | 'file'

/** What is wrong, by field: a subject, crs, rules, declared.far …; '' for what is of none. */
export type Faults = Partial<Record<string, string>>

const most = 3 // faults that are told of one field

export function faultsOf(error: unknown, subject: Subject, lang: Lang, w: Text): Faults {
  if (!(error instanceof Problem)) return { '': told(error, lang) }
  const rest = [404, 413, 422].includes(error.status) ? subject : ''
  if (error.findings.length === 0) return { [rest]: told(error, lang) }
  const lines: Record<string, string[]> = {}
  for (const finding of error.findings) (lines[fieldOf(finding) ?? rest] ??= []).push(line(finding, lang, w))
  return Object.fromEntries(Object.entries(lines).map(([field, told]) => [field, few(told, w)]))
}

function fieldOf({ field }: Finding): string | null {
  return field && (field === 'crs' || field === 'rules' || field.startsWith('declared.')) ? field : null
}

function line({ row, message, message_zh, remedy, remedy_zh }: Finding, lang: Lang, w: Text): string {
  const said = lang === 'zh' ? [message_zh || message, remedy_zh || remedy] : [message, remedy]
  return [row ? w.preview.inRow(row) : '', ...said].filter(Boolean).join(w.compliance.then)
}

function few(lines: string[], w: Text): string {
  const more = lines.length - most
  return [...lines.slice(0, most), ...(more > 0 ? [w.compliance.moreFaults(more)] : [])].join('\n')
}
