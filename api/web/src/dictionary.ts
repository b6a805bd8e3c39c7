// The register's own words, as the service's dictionary tells them.
import type { Dictionary, LandUse as Use, Status } from './api'
import type { Lang } from './types'

export type { Dictionary, Status, Use }

type Named = Pick<Use, 'name_zh' | 'name_en'>

/** Before the service has answered. */
export const unread: Dictionary = { land_uses: [], statuses: [], fields: [], checks: [], control_kinds: [] }

function named(thing: Named | undefined, lang: Lang): string | undefined {
  return lang === 'zh' ? thing?.name_zh : thing?.name_en
}

export function status(words: Dictionary, code: string): Status | undefined {
  return words.statuses.find((one) => one.status === code)
}

export function statusName(words: Dictionary, code: string, lang: Lang): string {
  return named(status(words, code), lang) ?? code
}

/** The steps from a status that the register allows. */
export function nextStatuses(words: Dictionary, code: string): string[] {
  return status(words, code)?.moves.map(({ to }) => to) ?? []
}

/** What a property of a plot is called; undefined for what is none. */
export function fieldName(words: Dictionary, name: string | undefined, lang: Lang): string | undefined {
  return named(words.fields.find((field) => field.name === name), lang)
}

/** The entry of a code in its scheme, of mixed use that of the main code. */
export function use(words: Dictionary, code: string, scheme: string): Use | undefined {
  const main = code.split('/')[0]
  return words.land_uses.find((one) => one.scheme === scheme && one.code === main)
}

/** The codes that may stand beside those of a scheme: the local ones go with the national standard of 2011. */
export function usesOf(words: Dictionary, scheme: string): Use[] {
  const beside = scheme === 'MNR-2023' ? [scheme] : ['GB50137-2011', 'GZ-2019']
  return words.land_uses.filter((one) => beside.includes(one.scheme))
}
