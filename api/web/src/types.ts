// What the service's doors answer, as far as the page reads it.
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson'

export type Lang = 'zh' | 'en'

/** How land is coloured and counted: 按用地 or 按状态. */
export type Theme = 'land_use' | 'status'

export interface Plan {
  land_mu: number
  investment_100m_yuan: number
  output_100m_yuan: number
  positioning_zh: string
  source: string
}

/** One row of land by status or by use; its numbers are rounded so that they add up. */
export interface LandRow {
  name_zh: string
  name_en: string
  color: string
  plots: number
  area_m2: number
  area_mu: number
  percent: number
}

export interface StatusRow extends LandRow {
  status: string
}

export interface UseRow extends LandRow {
  code: string
  scheme: string
  major: string
}

export interface Park {
  code: string
  name_zh: string
  name_en: string
  district: string
  plane_crs: string
  demonstration: boolean
  area_m2: number
  area_mu: number
  area_ellipsoid_m2: number
  plots: number
  plan: Plan | null
  land_by_status: StatusRow[]
  land_by_use: UseRow[]
}

/** A plot's properties: the same words in every door, tile and export. */
export interface PlotProperties {
  id: number
  park: string
  plot_no: string
  name: string | null
  land_use: string
  land_use_scheme: string
  land_use_2023: string | null
  status: string
  holder: string | null
  area_m2: number
  area_mu: number
  area_ellipsoid_m2: number
  stated_area_m2: number | null
  far_min: number | null
  far_max: number | null
  density_max_pct: number | null
  green_min_pct: number | null
  height_max_m: number | null
  gfa_max_m2: number | null
  setbacks: string | null
  supply_mode: string | null
  supplied_on: string | null
  version: number
  valid_from: string | null
}

export type PlotGeometry = Polygon | MultiPolygon
export type PlotFeature = Feature<PlotGeometry, PlotProperties>
export type ParkFeature = Feature<PlotGeometry, Park>

export interface Link {
  rel: string
  href: string
}

export interface PlotCollection extends FeatureCollection<PlotGeometry, PlotProperties> {
  links?: Link[]
}

export interface ParkCollection extends FeatureCollection<PlotGeometry, Park> {
  register_seq: number
}

/** A published control layer (管控图层). */
export interface ControlLayer {
  code: string
  kind: string
  kind_zh: string
  kind_en: string
  name_zh: string
  name_en: string
  color: string
  rule: 'inside' | 'outside' | 'report'
  valid: boolean // today
  demonstration: boolean
  area_mu: number
}

/** A control layer's polygon at a place. */
export interface Control {
  id: number
  layer: string
  layer_zh: string
  layer_en: string
  kind: string
  color: string
  name: string
}

/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number]

/** Longitude and latitude in degrees; in the plane, east and north in metres. */
export type Place = [number, number]

/** One property that a change changed; empty text means none. */
export interface Difference {
  field: string
  name_zh: string
  name_en: string
  before: string
  after: string
}

export interface Change {
  seq: number
  kind: string
  park?: string
  actor: string
  reason?: string
  case_no?: string
  recorded_at: string
  plots: { id: number; version: number; plot_no?: string; ended?: boolean; difference?: Difference[] }[]
}

export interface PlotVersion {
  version: number
  retired: boolean
  valid_from: string
  change: Change
  difference: Difference[]
}

/** A plot of a family tree (沿革). */
export interface Relative {
  id: number
  park: string
  plot_no: string
  ended: boolean
  valid_from: string // of an ended plot the day of its end
  area_m2: number
  parents: number[]
  children: number[]
}

/** A fault or remark of a check, with its place where there is one. */
export interface Finding {
  code?: string
  check_zh?: string
  check_en?: string
  severity: 'error' | 'warning' | 'info'
  row?: number
  plot_no?: string
  field?: string
  message: string
  message_zh?: string
  remedy?: string
  remedy_zh?: string
  geometry?: Geometry
  place?: [number, number]
}

/** What an import would do about a plot: 新增, 变更, 未变, 库中有而文件中没有. */
export type Outcome = 'new' | 'changed' | 'same' | 'missing'

export interface PreviewProperties extends PlotProperties {
  row: number // in the file; 0 of a plot that it leaves out
  difference: Outcome
  changes: Difference[] // of a changed plot
}

export type PreviewFeature = Feature<PlotGeometry, PreviewProperties>

export interface PreviewCollection extends FeatureCollection<PlotGeometry, PreviewProperties> {
  counts: Partial<Record<Outcome, number>>
}

/** How far a job has come: its stage, and the plots read so far. */
export interface Progress {
  stage: string
  plots: number
}

export interface ImportResult {
  id: number
  state: 'running' | 'done' | 'refused' | 'failed' | 'discarded'
  progress?: Progress
  park: string
  file: string
  dry_run: boolean
  format?: string
  crs?: string
  encoding?: string
  plots: number
  new: number
  changed: number
  same: number
  area_m2: number
  area_mu: number
  max_shift_m: number
  notes: Finding[]
  faults: Finding[]
  change: number | null
}
