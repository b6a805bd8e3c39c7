// What a change changed, in words that a reader knows.
import { statusName, type Dictionary } from './dictionary'
import { decimal } from './measure'
import type { Text } from './text'
import type { Difference, Lang } from './types'

/** A value of the register as text, with the words for what it codes. */
function value(field: string, raw: string, words: Text, lang: Lang, dictionary: Dictionary): string {
  if (raw === '') return words.nothing
  switch (field) {
    case 'status':
      return statusName(dictionary, raw, lang)
    case 'area_m2':
    case 'stated_area_m2':
      return `${decimal(Number(raw))} m²`
    case 'geometry':
      return words.points(raw.split(' ')[0] ?? raw)
  }
  return raw
}

export interface Readable {
  field: string
  name: string
  before: string
  after: string
}

export function readable(differences: Difference[], words: Text, lang: Lang, dictionary: Dictionary): Readable[] {
  return differences.map(({ field, name_zh, name_en, before, after }) => ({
    field,
    name: lang === 'zh' ? name_zh : name_en,
    before: value(field, before, words, lang, dictionary),
    after: value(field, after, words, lang, dictionary),
  }))
}
