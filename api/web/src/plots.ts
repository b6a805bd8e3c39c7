// The plot list's rows: which of them are shown and in which order.
import type { Position } from 'geojson'
import type { Entry } from './legend'
import type { Bounds, Finding, Place, PlotFeature, PlotGeometry, PlotProperties, Theme } from './types'

export interface PlotRow extends PlotProperties {
  bounds: Bounds
}

/** "M1/M0" is mixed use; its main code decides class and colour. */
export function mainUse(code: string): string {
  return code.split('/')[0] ?? code
}

/** The class of a plot among those of the legend. */
export function classOf(plot: Pick<PlotProperties, 'land_use' | 'status'>, theme: Theme, codes: string[]): string {
  if (theme === 'status') return plot.status
  return codes.includes(plot.land_use) ? plot.land_use : mainUse(plot.land_use)
}

export function boundsOf(geometry: PlotGeometry): Bounds {
  const box: Bounds = [180, 90, -180, -90]
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  for (const [shell = []] of polygons) {
    for (const [lon = 0, lat = 0] of shell) {
      box[0] = Math.min(box[0], lon)
      box[1] = Math.min(box[1], lat)
      box[2] = Math.max(box[2], lon)
      box[3] = Math.max(box[3], lat)
    }
  }
  return box
}

/** A finding's place: its own, or the middle of its land. */
export function placeOf(finding: Finding): Place | null {
  if (finding.place) return finding.place
  const { geometry } = finding
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return null
  const ring: Position[] = (geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0]?.[0]) ?? []
  return ring.length === 0 ? null : middleOf(ring)
}

/** Middle of a ring's box: where its mark or number is set. */
export function middleOf(ring: Position[]): Place {
  const [west, south, east, north] = boundsOf({ type: 'Polygon', coordinates: [ring] })
  return [(west + east) / 2, (south + north) / 2]
}

export function union(boxes: Bounds[]): Bounds | null {
  if (boxes.length === 0) return null
  return [
    Math.min(...boxes.map((b) => b[0])),
    Math.min(...boxes.map((b) => b[1])),
    Math.max(...boxes.map((b) => b[2])),
    Math.max(...boxes.map((b) => b[3])),
  ]
}

export function overlaps(a: Bounds, b: Bounds): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/** A list keeps the outline's box only, to fly there. */
export function rowOf(feature: PlotFeature): PlotRow {
  return { ...feature.properties, bounds: boundsOf(feature.geometry) }
}

export type Column = 'plot_no' | 'land_use' | 'status' | 'area_mu' | 'far_max'

export interface Order {
  column: Column
  descending: boolean
}

const natural = new Intl.Collator('zh-CN', { numeric: true })

/** Sorts by a column and then by number; plots without a value come last. */
export function sorted(rows: PlotRow[], order: Order, statuses: string[]): PlotRow[] {
  const direction = order.descending ? -1 : 1
  const compare = (a: PlotRow, b: PlotRow): number => {
    switch (order.column) {
      case 'area_mu':
      case 'far_max': {
        const x = a[order.column]
        const y = b[order.column]
        if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0)
        return direction * (x - y)
      }
      case 'status':
        return direction * (statuses.indexOf(a.status) - statuses.indexOf(b.status))
      default:
        return direction * natural.compare(a[order.column], b[order.column])
    }
  }
  return rows.toSorted((a, b) => compare(a, b) || natural.compare(a.plot_no, b.plot_no))
}

export interface Wanted {
  text: string
  theme: Theme
  highlight: string | null
  classes: Entry[]
}

/** Rows whose number, name or holder holds the text and that are of the class. */
export function matching(rows: PlotRow[], wanted: Wanted): PlotRow[] {
  const text = wanted.text.trim().toLowerCase()
  const codes = wanted.classes.map((entry) => entry.code)
  return rows.filter(
    (row) =>
      (wanted.highlight === null || classOf(row, wanted.theme, codes) === wanted.highlight) &&
      (text === '' || [row.plot_no, row.name, row.holder].some((value) => value?.toLowerCase().includes(text))),
  )
}
