import { expect, test } from 'vitest'
import type { CaseAct } from '../src/api'
import { bodyOf, lacks } from '../src/cases/asks'
import { chartOf, linesOf, mainWay, nodeHeight, stepsOf, type State, type Step } from '../src/cases/flow'
import { Problem } from '../src/doors'
import { byField } from '../src/faults'
import { text } from '../src/text'

const ask = (name: string, type: CaseAct['asks'][number]['type'], required = false, pattern?: string) =>
  ({ name, type, required, zh: name, en: name, ...(pattern && { pattern }) }) as CaseAct['asks'][number]

const asks = [
  ask('document_no', 'text', true, '^(?:用字第[0-9]{14,17}号|.*〔[0-9]{4}〕[0-9]+号)$'),
  ask('contract.agreed_start', 'date', true),
  ask('contract.price_wan', 'money'),
  ask('quota', 'quota'),
  ask('reason', 'text'),
]

test('a body holds what was told, in objects as the names say', () => {
  const values = { document_no: ' 用字第440115202600012号 ', 'contract.agreed_start': '2027-01-01', 'contract.price_wan': 120.5, reason: ' ' }
  const claims = [{ year: null, kind: 'new', mu: 12.5 }, { year: 2026, kind: 'stock', mu: null }]
  expect(bodyOf(asks, values, claims)).toEqual({
    document_no: '用字第440115202600012号',
    contract: { agreed_start: '2027-01-01', price_wan: 120.5 },
    quota: [{ kind: 'new', mu: 12.5 }],
  })
  expect(bodyOf(asks, {}, [])).toEqual({})
})

test('what is required must be there, and numbers of documents have their form', () => {
  expect(lacks(asks, { reason: 'x' })).toEqual({ document_no: 'missing', 'contract.agreed_start': 'missing' })
  expect(lacks(asks, { document_no: '用字第12号', 'contract.agreed_start': '2027-01-01' })).toEqual({ document_no: 'pattern' })
  expect(lacks(asks, { document_no: '穗国土规划选〔2016〕12号', 'contract.agreed_start': '2027-01-01' })).toEqual({})
})

const step = (from: string, act: string, to: string, mode?: Step['mode']): Step => ({ from, act, to, zh: act, en: act, ...(mode && { mode }) })
const states: State[] = ['draft', 'submitted', 'returned', 'accepted', 'suspended', 'proposed', 'approved', 'announced', 'awarded', 'closed', 'withdrawn', 'ended'].map(
  (state) => ({ state, zh: state, en: state, terminal: ['closed', 'withdrawn', 'ended'].includes(state) }),
)
const supply: Step[] = [
  step('draft', 'submit', 'submitted'),
  step('submitted', 'return', 'returned'),
  step('returned', 'submit', 'submitted'),
  step('submitted', 'accept', 'accepted'),
  step('accepted', 'suspend', 'suspended'),
  step('suspended', 'resume', 'accepted'),
  step('accepted', 'propose', 'proposed'),
  step('proposed', 'approve', 'approved'),
  step('proposed', 'send_back', 'accepted'),
  step('approved', 'announce', 'announced', 'auction'),
  step('announced', 'fail', 'approved', 'auction'),
  step('announced', 'award', 'awarded', 'auction'),
  step('awarded', 'contract', 'closed', 'auction'),
  step('approved', 'contract', 'closed', 'agreement'),
  step('accepted', 'withdraw', 'withdrawn'),
  step('approved', 'cancel', 'ended'),
]

test('the way to the end is that of the mode of supply', () => {
  expect(mainWay(stepsOf(supply, 'agreement'))).toEqual(['draft', 'submitted', 'accepted', 'proposed', 'approved', 'closed'])
  expect(mainWay(stepsOf(supply, 'auction'))).toEqual(['draft', 'submitted', 'accepted', 'proposed', 'approved', 'announced', 'awarded', 'closed'])
})

test('every state is drawn once and none over another; steps between two states are one line', () => {
  const flow = stepsOf(supply, 'auction')
  const { nodes, edges, width, height } = chartOf(flow, states)
  expect(nodes.map(({ state }) => state).toSorted()).toEqual([...new Set(flow.flatMap(({ from, to }) => [from, to]))].toSorted())
  for (const a of nodes) {
    expect(a.x >= 0 && a.x + a.width <= width && a.y >= 0 && a.y + nodeHeight <= height).toBe(true)
    for (const b of nodes) {
      const apart = a === b || a.x + a.width <= b.x || b.x + b.width <= a.x || Math.abs(a.y - b.y) >= nodeHeight
      expect(apart, `${a.state} and ${b.state}`).toBe(true)
    }
  }
  expect(edges.length).toBe(new Set(flow.map(({ from, to }) => `${from} ${to}`)).size)
  expect(edges.filter(({ label }) => label).map(({ steps }) => steps.map(({ act }) => act))).toEqual([
    ['submit'], ['accept'], ['propose'], ['approve'], ['announce'], ['award'], ['contract'],
  ])
})

test('a step that leads back to its own state is drawn', () => {
  const { edges } = chartOf([step('draft', 'submit', 'proposed'), step('proposed', 'charge', 'proposed'), step('proposed', 'end', 'closed')], states)
  expect(edges.find(({ from, to }) => from === to)?.path).toMatch(/^M24,\d+H18V\d+H24$/)
})

test('words are broken into lines of a length', () => {
  expect(linesOf('办结', 14)).toEqual(['办结'])
  expect(linesOf('核发用地预审与选址意见', 18)).toEqual(['核发用地预审', '与选址意见'])
  expect(linesOf('propose a decision and reserve quota', 18)).toEqual(['propose a decision', 'and reserve quota'])
})

test('faults are told at their fields, the rest above them', () => {
  const finding = (field: string, message_zh: string) => ({ field, message: message_zh, message_zh }) as Problem['findings'][number]
  const refused = new Problem(422, 'Unprocessable', { zh: '', en: '' }, [finding('reason', '缺少理由'), finding('check', '尚未审查')])
  expect(byField(refused, 'zh', text.zh, (f) => (f?.field === 'reason' ? 'reason' : ''))).toEqual({ reason: '缺少理由', '': '尚未审查' })
  expect(byField(new Error('gone'), 'zh', text.zh, () => 'reason')).toEqual({ '': 'gone' })
})
