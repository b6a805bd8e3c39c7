// The flow of a kind of case as a drawing: states on the way from the draft to the
// end in a column, those beside it where a case waits, and at the right those in
// which it ends otherwise.
import type { CaseFlows } from '../api'

export type Step = Omit<CaseFlows['kinds'][number]['flow'][number], 'guards' | 'effects' | 'needs' | 'roles'> & { roles?: string[] }
export type State = CaseFlows['states'][number]

export interface Node {
  state: string
  x: number // left
  y: number // top
  width: number
  lane: 'main' | 'beside' | 'end'
}

export interface Edge {
  from: string
  to: string
  steps: Step[] // one after the other of them leads there
  path: string
  label: { x: number; y: number } | null // middle of its first line's left, of the steps of the main way
}

export interface Chart {
  width: number
  height: number
  nodes: Node[]
  edges: Edge[]
}

export const nodeHeight = 32
const row = 64
const top = 4
const width = 360
const lanes = { main: { x: 24, width: 88 }, beside: { x: 184, width: 76 }, end: { x: 284, width: 74 } }
const begin = 'draft'
const end = 'closed'

/** The steps that a case of a mode of supply may take. */
export function stepsOf<T extends Pick<Step, 'mode'>>(flow: T[], mode: string | undefined): T[] {
  return flow.filter((step) => !step.mode || step.mode === mode)
}

/** The shortest way from the draft to the end, by its states. */
export function mainWay(flow: Pick<Step, 'from' | 'to'>[]): string[] {
  const before = new Map<string, string>([[begin, '']])
  for (const state of before.keys()) for (const { from, to } of flow) if (from === state && !before.has(to)) before.set(to, state)
  const way: string[] = []
  for (let state = before.has(end) ? end : begin; state !== ''; state = before.get(state)!) way.unshift(state)
  return way
}

export function chartOf(flow: Step[], states: State[]): Chart {
  const way = mainWay(flow)
  const reached = states.filter(({ state }) => flow.some(({ from, to }) => from === state || to === state))
  const rows = new Map(way.map((state, at) => [state, at]))
  const beside = reached.filter(({ state, terminal }) => !terminal && !rows.has(state))
  const ends = reached.filter(({ state, terminal }) => terminal && !rows.has(state))
  const meanRow = (state: string) => {
    const near = flow.flatMap(({ from, to }) => (from === state ? [to] : to === state ? [from] : [])).flatMap((other) => rows.get(other) ?? [])
    return near.length === 0 ? 0 : near.reduce((sum, at) => sum + at, 0) / near.length
  }
  const placed = new Map(rows)
  let free = 0.5
  for (const { state } of beside.toSorted((a, b) => meanRow(a.state) - meanRow(b.state))) {
    const at = Math.max(free, Math.floor(meanRow(state)) - 0.5)
    placed.set(state, at)
    free = at + 1
  }
  free = 0
  for (const [state, mean] of ends.map(({ state }) => [state, meanRow(state)] as const).toSorted((a, b) => a[1] - b[1])) {
    const at = Math.max(free, mean)
    placed.set(state, at)
    free = at + 1
  }
  const laneOf = (state: string): Node['lane'] => (rows.has(state) ? 'main' : beside.some((one) => one.state === state) ? 'beside' : 'end')
  const nodes = [...placed].map(([state, at]): Node => {
    const lane = laneOf(state)
    return { state, lane, ...lanes[lane], y: Math.round(top + at * row) }
  })
  const height = Math.max(...nodes.map(({ y }) => y)) + nodeHeight + top
  return { width, height, nodes, edges: edgesOf(flow, nodes) }
}

function edgesOf(flow: Step[], nodes: Node[]): Edge[] {
  const pairs = new Map<string, Step[]>()
  for (const step of flow) {
    const key = `${step.from} ${step.to}`
    pairs.set(key, [...(pairs.get(key) ?? []), step])
  }
  const of = new Map(nodes.map((node) => [node.state, node]))
  const bus = new Map(nodes.filter(({ lane }) => lane === 'end').map(({ state }, at) => [state, lanes.beside.x + lanes.beside.width + 5 + 5 * at]))
  let gutter = lanes.main.x - 6
  return [...pairs.values()].map((steps): Edge => {
    const { from, to } = steps[0]!
    const [a, b] = [of.get(from)!, of.get(to)!]
    const [ya, yb] = [a.y + nodeHeight / 2, b.y + nodeHeight / 2]
    const edge = { from, to, steps, label: null }
    if (a.lane === 'main' && b.lane === 'main' && b.y - a.y === row) {
      const x = a.x + a.width / 2
      return { ...edge, path: `M${x},${a.y + nodeHeight}V${b.y}`, label: { x: x + 8, y: (a.y + nodeHeight + b.y) / 2 } }
    }
    if (a.lane === 'main' && b.lane === 'main') {
      const x = gutter
      gutter -= 6
      return { ...edge, path: `M${a.x},${ya - 6}H${x}V${a === b ? ya + 8 : yb + 6}H${b.x}` }
    }
    if (b.lane === 'end') return { ...edge, path: `M${a.x + a.width},${a.lane === 'main' ? ya + 9 : ya}H${bus.get(to)}V${yb}H${b.x}` }
    const [x1, x2] = a.x < b.x ? [a.x + a.width, b.x] : [a.x, b.x + b.width]
    const [y1, y2] = a.x < b.x ? [ya - 9, yb - 5] : [ya + 5, yb - 2]
    const middle = (x1 + x2) / 2
    return { ...edge, path: `M${x1},${y1}C${middle},${y1} ${middle},${y2} ${x2},${y2}` }
  })
}

/** Breaks words into lines of about a length; letters of Chinese count twice. */
export function linesOf(words: string, most: number): string[] {
  const sizeOf = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 2 : 1), 0)
  const lines = Math.ceil(sizeOf(words) / most)
  if (lines < 2) return [words]
  const goal = words.includes(' ') ? most : 2 * Math.ceil(sizeOf(words) / lines / 2)
  const parts = words.includes(' ') ? words.split(/(?<= )/) : [...words]
  const told = ['']
  for (const part of parts) {
    if (told.at(-1) !== '' && sizeOf(told.at(-1)! + part.trimEnd()) > goal) told.push('')
    told[told.length - 1] += part
  }
  return told.map((line) => line.trimEnd())
}
