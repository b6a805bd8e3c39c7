// Why the service refused, by the field of a form that has to change.
import { Problem, told } from './doors'
import type { Text } from './text'
import type { Finding, Lang } from './types'

/** What is wrong, by field; '' for what is of none. */
export type Faults = Partial<Record<string, string>>

const most = 3 // faults that are told of one field

/** Sorts what was refused to fields; fieldOf is asked with null where the refusal has no findings. */
export function byField(error: unknown, lang: Lang, w: Text, fieldOf: (finding: Finding | null) => string): Faults {
  if (!(error instanceof Problem)) return { '': told(error, lang) }
  if (error.findings.length === 0) return { [fieldOf(null)]: told(error, lang) }
  const lines: Record<string, string[]> = {}
  for (const finding of error.findings) (lines[fieldOf(finding)] ??= []).push(line(finding, lang, w))
  return Object.fromEntries(Object.entries(lines).map(([field, told]) => [field, few(told, w)]))
}

function line({ row, message, message_zh, remedy, remedy_zh }: Finding, lang: Lang, w: Text): string {
  const said = lang === 'zh' ? [message_zh || message, remedy_zh || remedy] : [message, remedy]
  return [row ? w.preview.inRow(row) : '', ...said].filter(Boolean).join(w.compliance.then)
}

function few(lines: string[], w: Text): string {
  const more = lines.length - most
  return [...lines.slice(0, most), ...(more > 0 ? [w.compliance.moreFaults(more)] : [])].join('\n')
}
