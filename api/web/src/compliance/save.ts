// The answer as a file: what the service said, with what was asked.
import type { Compliance, ComplianceRequest } from '../api'
import type { Asked } from './check.svelte'
import { landOf } from './doors'

export interface Saved extends Compliance {
  asked: Omit<ComplianceRequest, 'geometry' | 'plots'> & ({ file: string } | ReturnType<typeof landOf>)
}

export function savedOf({ order, names }: Asked, answer: Compliance): Saved {
  const { boundary, rules, declared } = order
  const land = 'file' in boundary ? { file: names[0] ?? '' } : landOf(boundary)
  return { asked: { ...land, rules, declared }, ...answer }
}

export function nameOf({ park, day, register_seq }: Compliance): string {
  return `compliance-${park.code}-${day}-${register_seq}.json`
}

export function save(asked: Asked, answer: Compliance): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(savedOf(asked, answer), null, 1)], { type: 'application/json' }))
  link.download = nameOf(answer)
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href)) // once the browser has it
}
