// The service's doors for cases. What changes one names the version that the
// reader saw, and a key under which it is done once, however often it is sent.
import type { Case, CaseActed, CaseCheck, CaseChecks, CaseDeclared, CaseDocument, CaseDocuments, CaseEvent, CaseFlows, Cases, CaseTrail, Compliance } from '../api'
import { inSession, request, sameOrigin } from '../doors'
import { store } from '../store.svelte'

export type Kind = Case['kind']
export type Mode = NonNullable<Case['mode']>

export interface Query {
  kind: string
  state: string
  park: string
  q: string
  open: string // 'true': of which something may become
  overdue: string // 'true': whose legal period is over
  plot: string // of which it is a plot
}

/** What a case applies for. */
export interface Content {
  title: string
  green?: boolean
  mode?: Mode
  follows?: string
  declared: CaseDeclared
  plots: number[]
}

/** A new case; the applicant is named by an officer who opens it for one. */
export interface Opening extends Content {
  kind: Kind
  park: string
  applicant?: string
}

/** A file that is handed in. */
export interface Paper {
  file: File
  type: string
  number: string
  day: string
  title: string
}

const pageSize = 30

export const casePath = (no: string) => `/api/v1/cases/${encodeURIComponent(no)}`

export function flows(): Promise<CaseFlows> {
  return request('/api/v1/cases/flows')
}

/** The cases of a question, those that changed last first. */
export function cases(query: Partial<Query>): Promise<Cases> {
  const asked = Object.entries(query).filter(([, value]) => value !== '')
  return request(`/api/v1/cases?${new URLSearchParams([...asked, ['sort', '-changed'], ['limit', String(pageSize)]])}`)
}

/** The next page of an answer. */
export function following(next: string): Promise<Cases> {
  return request(sameOrigin(next))
}

export function readCase(no: string): Promise<Case> {
  return request(casePath(no))
}

export async function documents(no: string): Promise<CaseDocument[]> {
  return (await request<CaseDocuments>(`${casePath(no)}/documents`)).documents
}

/** The compliance checks that are kept, oldest first. */
export async function checks(no: string): Promise<CaseCheck[]> {
  return (await request<CaseChecks>(`${casePath(no)}/checks`)).checks
}

export async function trail(no: string): Promise<CaseEvent[]> {
  return (await request<CaseTrail>(`${casePath(no)}/trail`)).trail
}

/** How a case stands to the rules now; nothing is kept. */
export function precheck(no: string): Promise<Compliance> {
  return request(`${casePath(no)}/precheck`)
}

export function openCase(opening: Opening, once: string): Promise<CaseActed> {
  return send('POST', '/api/v1/cases', once, opening)
}

export function editCase({ no, version }: Case, content: Content, once: string): Promise<CaseActed> {
  return send('PUT', casePath(no), once, content, version)
}

export function act(no: string, version: number, name: string, body: object, once: string): Promise<CaseActed> {
  return send('POST', `${casePath(no)}/actions/${name}`, once, body, version)
}

/** Checks the land of a case and keeps what is found. */
export async function runCheck(no: string, once: string): Promise<void> {
  await request(`${casePath(no)}/checks`, { method: 'POST', headers: headers(once) })
}

export async function attach(no: string, paper: Paper, once: string): Promise<void> {
  const body = new FormData()
  for (const name of ['type', 'number', 'day', 'title'] as const) if (paper[name] !== '') body.set(name, paper[name])
  body.set('file', paper.file)
  await request(`${casePath(no)}/documents`, { method: 'POST', headers: headers(once), body })
}

export const formats = ['pdf', 'xlsx'] as const

export function formHref(no: string, format: (typeof formats)[number]): string {
  return `${casePath(no)}/form.${format}`
}

function headers(once: string): Record<string, string> {
  return { ...inSession(store.caller), 'Idempotency-Key': once }
}

function send(method: string, path: string, once: string, body: object, version?: number): Promise<CaseActed> {
  const match: Record<string, string> = version === undefined ? {} : { 'If-Match': `"${version}"` }
  return request(path, { method, headers: { ...headers(once), ...match, 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
}
