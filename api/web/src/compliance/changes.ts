// What differs between two checks of the same boundary, rule by rule.
import type { Compliance, ComplianceFinding } from '../api'

export type Severity = ComplianceFinding['severity']

/** How a boundary stands to a rule, by one layer where the rule asks for layers. */
export interface Standing {
  severity: Severity
  area_m2: number // at fault
  message: string
  message_zh: string
}

export interface Change {
  key: string
  name_zh: string
  name_en: string
  layer: ComplianceFinding['layer']
  before: Standing | null // null: the rule, or the layer, was not there
  after: Standing | null
}

const grades: Severity[] = ['skipped', 'pass', 'warn', 'fail']

/** The rules that say something else than before, in the order in which they are told. */
export function changes(before: Compliance, after: Compliance): Change[] {
  const [was, is] = [standings(before), standings(after)]
  const keys = [...is.keys(), ...[...was.keys()].filter((key) => !is.has(key))]
  return keys.flatMap((key) => {
    const [a, b] = [was.get(key), is.get(key)]
    const { name_zh, name_en, layer } = (b ?? a)!.of
    return JSON.stringify(a?.standing) === JSON.stringify(b?.standing)
      ? []
      : [{ key, name_zh, name_en, layer, before: a?.standing ?? null, after: b?.standing ?? null }]
  })
}

/** A rule may find several things, such as land under two limits: the worst counts, and areas add up. */
function standings({ findings, skipped }: Compliance): Map<string, { of: ComplianceFinding; standing: Standing }> {
  const all = new Map<string, { of: ComplianceFinding; standing: Standing }>()
  for (const finding of [...findings, ...skipped]) {
    const key = [finding.rule, finding.layer?.code ?? ''].join(' ')
    const { severity, message, message_zh } = finding
    const area_m2 = severity === 'pass' ? 0 : finding.area_m2
    const known = all.get(key)
    all.set(key, {
      of: finding,
      standing: known ? joined(known.standing, { severity, area_m2, message, message_zh }) : { severity, area_m2, message, message_zh },
    })
  }
  return all
}

function joined(a: Standing, b: Standing): Standing {
  return {
    severity: grades.indexOf(b.severity) > grades.indexOf(a.severity) ? b.severity : a.severity,
    area_m2: Math.round((a.area_m2 + b.area_m2) * 100) / 100,
    message: `${a.message}; ${b.message}`,
    message_zh: `${a.message_zh}；${b.message_zh}`,
  }
}
