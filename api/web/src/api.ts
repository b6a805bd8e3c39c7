// What the service's doors answer: made of openapi.json by go generate ./api, not to be edited.
import type { MultiPolygon, Polygon } from 'geojson'

export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  /** The detail in Chinese. */
  detail_zh?: string
  instance?: string
  errors?: Finding[]
  successors?: {
    id: number
    plot_no: string
    href: string
  }[]
}

export interface Finding {
  code?: string
  severity: 'error' | 'warning' | 'info'
  row?: number
  plot_no?: string
  field?: string
  /** What is wrong, in English. */
  message: string
  /** The same in Chinese. */
  message_zh: string
  /** What would be right, in English. */
  remedy?: string
  /** The same in Chinese. */
  remedy_zh?: string
  /** What the check measured. */
  measured?: number
  /** What it held that to. */
  limit?: number
  /** Of measured and limit; absent for a ratio, a count or the property's own unit. */
  unit?: 'm' | 'm2' | 'deg'
  geometry?: Geometry
  place?: [number, number]
  check_zh?: string
  check_en?: string
  plot_id?: number
  /** The whole boundary as it could be mended, a GeoJSON MultiPolygon. */
  mend?: Geometry
}

export interface Plot {
  type: 'Feature'
  id: number
  geometry: Geometry
  properties: PlotProperties
}

export interface PlotEdit {
  type: 'Feature'
  geometry?: Geometry | null
  properties?: Record<string, unknown> | null
  reason?: string
  case_no?: string
  valid_from?: string
}

export interface Plots {
  type: 'FeatureCollection'
  features: Plot[]
  register_seq: number
  numberMatched: number
  numberReturned: number
  links: Link[]
  facets?: Facets
}

export interface Park {
  type: 'Feature'
  id: string
  geometry: Geometry
  properties: ParkProperties
}

export interface Parks {
  type: 'FeatureCollection'
  features: Park[]
  register_seq: number
}

export interface Changes {
  changes: Change[]
}

export interface Import {
  id: number
  state: 'running' | 'done' | 'refused' | 'failed' | 'discarded'
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
  recorded_at: string
  /** While it runs. */
  progress?: Progress
}

export interface Edit {
  change: Change
  plots: Plot[]
}

export interface ControlLayer {
  code: string
  kind: 'permanent_basic_farmland' | 'ecological_red_line' | 'urban_development_boundary' | 'road_red_line' | 'green_line' | 'blue_line' | 'purple_line' | 'yellow_line' | 'industrial_block' | 'height_limit' | 'hazard' | 'heritage' | 'farmland' | 'other'
  kind_zh: string
  kind_en: string
  color: string
  /** How a project must lie to it: within, off, or told to a person. */
  rule: 'inside' | 'outside' | 'report'
  name_zh: string
  name_en: string
  source: string
  document_no: string
  valid_from: string
  valid_to: string | null
  /** On the day asked for, else today. */
  valid: boolean
  published: boolean
  published_version: number | null
  /** The one that the rest describes. */
  version: number
  demonstration: boolean
  features: number
  /** Plane area in EPSG:4547. */
  area_m2: number
  area_mu: number
  area_ellipsoid_m2: number
  recorded_at: string
}

export interface ControlKind {
  kind: 'permanent_basic_farmland' | 'ecological_red_line' | 'urban_development_boundary' | 'road_red_line' | 'green_line' | 'blue_line' | 'purple_line' | 'yellow_line' | 'industrial_block' | 'height_limit' | 'hazard' | 'heritage' | 'farmland' | 'other'
  name_zh: string
  name_en: string
  color: string
  /** How a project must lie to it: within, off, or told to a person. */
  rule: 'inside' | 'outside' | 'report'
  /** The land-use class of GB 50137-2011 to which alone the rule speaks; absent: every use. */
  only_use?: string
  /** What stood in its place in 2016–2020. */
  period_zh?: string
}

export interface Controls {
  controls: ControlLayer[]
  kinds: ControlKind[]
}

export interface Control {
  id: number
  layer: string
  version: number
  layer_zh: string
  layer_en: string
  kind: 'permanent_basic_farmland' | 'ecological_red_line' | 'urban_development_boundary' | 'road_red_line' | 'green_line' | 'blue_line' | 'purple_line' | 'yellow_line' | 'industrial_block' | 'height_limit' | 'hazard' | 'heritage' | 'farmland' | 'other'
  kind_zh: string
  kind_en: string
  color: string
  /** How a project must lie to it: within, off, or told to a person. */
  rule: 'inside' | 'outside' | 'report'
  code: string
  name: string
  /** What else the file says, under the names of plot properties, such as height_max_m. */
  attributes: Record<string, unknown> | null
  demonstration: boolean
  area_m2: number
  area_mu: number
  area_ellipsoid_m2: number
}

export interface ControlsAt {
  register_seq: number
  controls: Control[]
}

export interface ControlFeatures {
  type: 'FeatureCollection'
  numberMatched: number
  numberReturned: number
  features: {
    type: 'Feature'
    id: number
    geometry: Geometry
    properties: Control
  }[]
}

export interface ControlImport {
  state: 'done' | 'refused'
  layer: ControlLayer
  file: string
  dry_run: boolean
  format?: string
  crs?: string
  encoding?: string
  max_shift_m: number
  notes: Finding[]
  faults: Finding[]
  change: number | null
}

/** The limits of the checks in force. */
export interface Limits {
  /** 2105: distance of repeated points */
  repeated_m: number
  /** 2106: spike, an error */
  spike_deg: number
  /** 2106: sharp angle, a warning */
  sharp_deg: number
  /** 2106: sides of a sharp angle */
  spike_side_m: number
  /** 2110: short edge */
  short_edge_m: number
  /** 2111: least area, below it an error */
  least_area_m2: number
  /** 2111: small area, below it a warning */
  small_area_m2: number
  /** 2112: roundness, 4πA/P² */
  roundness: number
  /** 2112: mean width, 2A/P */
  mean_width_m: number
  /** 3101: overlap, an error */
  overlap_m2: number
  /** 3101: width of an overlap, an error */
  overlap_width_m: number
  /** 3102: gap */
  gap_m2: number
  /** 3102: gap that may be meant */
  meant_gap_m2: number
  /** 3103: land outside the park, an error */
  outside_m2: number
  /** 3101, 3103: land that is not told */
  noise_m2: number
  /** 3104: distance of a missing node */
  node_m: number
  /** 4105: difference of a stated area */
  stated_m2: number
  /** 4105: difference of a stated area, as a share */
  stated_share: number
}

export interface Preview {
  type: 'FeatureCollection'
  features: PreviewFeature[]
  /** How many plots are of each difference. */
  counts: Record<string, number>
}

export interface Dictionary {
  /** Land-use codes; a code has its meaning in its scheme alone. */
  land_uses: LandUse[]
  /** In the order of supply, with the moves that are allowed from each. */
  statuses: Status[]
  /** The properties of a plot, in the order in which they are shown. */
  fields: Field[]
  checks: {
    code: string
    name_zh: string
    name_en: string
  }[]
  control_kinds: ControlKind[]
}

export interface Facets {
  park: Facet[]
  status: Facet[]
  land_use_major: Facet[]
  land_use: Facet[]
  area_mu: Facet[]
}

export interface StatisticRow {
  plots: number
  /** Plots of which but a part lies in the polygon. */
  partial: number
  area_m2: number
  area_mu: number
  area_ha: number
  percent: number
  /** gfa_max_m2 where set, else far_max × area. */
  gfa_m2: number
  gfa_set_m2: number
  gfa_by_far_m2: number
  gfa_set_plots: number
  gfa_by_far_plots: number
  gfa_unknown_plots: number
  /** far_max weighted by area. */
  far_average: number | null
  far_average_of_m2: number
}

export interface Statistic {
  value: string
  scheme?: string
  name_zh: string
  name_en: string
  color?: string
  plots: number
  /** Plots of which but a part lies in the polygon. */
  partial: number
  area_m2: number
  area_mu: number
  area_ha: number
  percent: number
  /** gfa_max_m2 where set, else far_max × area. */
  gfa_m2: number
  gfa_set_m2: number
  gfa_by_far_m2: number
  gfa_set_plots: number
  gfa_by_far_plots: number
  gfa_unknown_plots: number
  /** far_max weighted by area. */
  far_average: number | null
  far_average_of_m2: number
}

export interface Statistics {
  register_seq: number
  measure: 'plane'
  total: StatisticRow
  by_land_use_major: Statistic[]
  by_land_use: Statistic[]
  by_status: Statistic[]
  by_park: Statistic[]
  partial_plots: {
    id: number
    plot_no: string
    area_m2: number
    /** Of the plot. */
    percent: number
  }[]
  note: string
  note_zh: string
}

/** A plot, or several that adjoin, with what they come to together. */
export interface Candidate {
  rank: number
  /** 0 to 100. */
  score: number
  /** What the score is made up of. */
  points: {
    land: number
    place: number
    plots: number
    border: number
  }
  ids: number[]
  plot_nos: string[]
  area_m2: number
  area_mu: number
  /** gfa_max_m2 where set, else far_max × area. */
  gfa_m2: number
  gfa_unknown_plots: number
  /** far_max weighted by area. */
  far_average: number | null
  /** From the place to the nearest plot, geodesic, on the CGCS2000 ellipsoid; null without a place. */
  distance_m: number | null
  /** Border that the plots share with one another, in the park's plane. */
  shared_border_m: number
  bbox: [number, number, number, number]
  reasons: {
    about: 'area' | 'gfa' | 'far' | 'place' | 'plots' | 'border'
    verdict: 'fits' | 'over' | 'under' | 'told'
    message: string
    message_zh: string
  }[]
  plots: {
    id: number
    park: string
    plot_no: string
    land_use: string
    status: string
    area_mu: number
    far_max: number | null
    href: string
  }[]
}

export interface Fit {
  register_seq: number
  /** Border that two plots share at least to count as adjacent. */
  least_border_m: number
  /** Plots that are what each must be. */
  plots_considered: number
  /** Groups that were looked at, of one plot or more. */
  groups_considered: number
  /** Plots or groups were left out that might have been among the best; the note says which. */
  truncated: boolean
  note: string
  note_zh: string
  candidates: Candidate[]
}

/** EPSG:4490, longitude before latitude. */
export type Geometry = Polygon | MultiPolygon

export interface PlotProperties {
  id: number
  park: string
  plot_no: string
  name: string
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

export interface Link {
  rel: string
  type?: string
  href: string
}

/** A page of plots without geometry. */
export interface PlotRows {
  numberMatched: number
  numberReturned: number
  register_seq: number
  links: Link[]
  facets?: Facets
  rows: PlotProperties[]
}

export interface Facet {
  value: string
  scheme?: string
  name_zh?: string
  name_en?: string
  count: number
  area_mu: number
}

/** The plots of a park with one status. */
export interface StatusShare {
  status: string
  name_zh: string
  name_en: string
  color: string
  plots: number
  area_m2: number
  area_mu: number
  percent: number
}

/** The plots of a park with one land-use code. */
export interface UseShare {
  code: string
  scheme: string
  /** The class at the top (大类). */
  major: string
  name_zh: string
  name_en: string
  color: string
  plots: number
  area_m2: number
  area_mu: number
  percent: number
}

/** What the construction plan gives for a park. */
export interface Plan {
  land_mu: number
  investment_100m_yuan: number
  output_100m_yuan: number
  positioning_zh: string
  source: string
}

export interface ParkProperties {
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
  land_by_status: StatusShare[]
  land_by_use: UseShare[]
}

/** One property that a change changed; empty text means none. */
export interface Difference {
  field: string
  name_zh: string
  name_en: string
  before: string
  after: string
}

export interface ChangedPlot {
  id: number
  version: number
  plot_no?: string
  ended?: boolean
  difference?: Difference[]
}

/** One committed act on the register (变更). */
export interface Change {
  seq: number
  kind: string
  park?: string
  actor: string
  reason?: string
  case_no?: string
  recorded_at: string
  plots: ChangedPlot[]
  lineage?: {
    parent: number
    child: number
  }[]
  /** The control layer of a change of one. */
  control?: {
    layer: string
    version: number
    digest: string
  }
  /** Chains the change to the one before. */
  hash: string
  /** The entry of the quota ledger that a change posted; what it says needs a key. */
  quota?: {
    entry: number
    digest: string
  }
  /** The acts on approval cases that a change is; what they say needs a key. Who may not see cases is told neither of which case it is nor, of kind case, by whom and why. */
  case?: {
    /** The acts, in order. */
    events: {
      event: number
      digest: string
    }[]
    /** The entries of the quota ledger that they posted. */
    quota?: {
      entry: number
      digest: string
    }[]
  }
}

export interface PlotVersion {
  version: number
  retired: boolean
  valid_from: string
  change: Change
  difference: Difference[]
  plot: Plot
}

export interface History {
  id: number
  versions: PlotVersion[]
}

/** A plot of a family tree (沿革). */
export interface Relative {
  id: number
  park: string
  plot_no: string
  ended: boolean
  /** Of an ended plot the day of its end. */
  valid_from: string
  area_m2: number
  parents: number[]
  children: number[]
}

export interface Lineage {
  id: number
  plots: Relative[]
}

export interface Progress {
  stage: string
  /** Read so far. */
  plots: number
}

export type PreviewProperties = PlotProperties & {
  /** In the file; 0 of a plot that it leaves out. */
  row: number
  difference: 'new' | 'changed' | 'same' | 'missing'
  /** What the import changes of a plot that is changed. */
  changes: Difference[]
}

export interface PreviewFeature {
  type: 'Feature'
  id: number
  geometry: Geometry
  properties: PreviewProperties
}

export interface LandUse {
  scheme: string
  code: string
  /** The class that it lies in; absent at the top. */
  parent?: string
  level: number
  name_zh: string
  name_en: string
  color?: string
}

export interface Status {
  status: string
  name_zh: string
  name_en: string
  color: string
  moves: {
    to: string
    act_zh: string
    act_en: string
    /** What must stand behind the move. */
    document?: string
  }[]
}

export interface Field {
  name: string
  name_zh: string
  name_en: string
  type: 'text' | 'integer' | 'number' | 'date'
  settable: boolean
  /** The name where ten bytes are allowed. */
  short: string
  /** Names customary in Chinese layers. */
  also?: string[]
}

export interface Checks {
  register_seq: number
  plots: number
  errors: number
  warnings: number
  limits: Limits
  findings: Finding[]
}

/** A search that the holder of a key keeps under a name. */
export interface SavedSearch {
  id: number
  name: string
  /** Parameters of the search, percent-encoded. */
  query: string
  created_at: string
  /** What it finds. */
  href: string
}

export interface SavedSearches {
  searches: SavedSearch[]
}

/** An address that is told of changes. */
export interface Webhook {
  id: number
  url: string
  park: string | null
  /** CQL2. */
  filter: string | null
  search: number | null
  /** The last change that was told or passed over. */
  seq: number
  state: 'active' | 'retrying' | 'disabled'
  /** Since the last success. */
  failures: number
  last_error: string | null
  /** Not before. */
  next_at: string
  disabled_at: string | null
  delivered_at: string | null
  created_at: string
  /** Only in the answer that made it: whsec_ and base64. */
  secret?: string
}

export interface Webhooks {
  webhooks: Webhook[]
}

/** What a webhook is sent, in a POST with the headers webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks). */
export interface WebhookMessage {
  type: 'change'
  webhook: number
  change: Change
  /** The change is of so many plots that it does not say which match; it is sent whatever the filter. */
  many: boolean
  /** Those that match, or did before. */
  plots: {
    id: number
    park: string
    plot_no: string
    /** Before the change. */
    matched: boolean
    /** Since the change. */
    matches: boolean
    href: string
  }[]
}

export interface Caller {
  name: string
  role: 'visitor' | 'applicant' | 'officer' | 'approver' | 'admin'
  /** The only park, if any. */
  park?: string
  /** What calls that change something in the session send as X-CSRF-Token. */
  token?: string
}

/** A rule that boundaries are held to. */
export interface ComplianceRule {
  rule: string
  name_zh: string
  name_en: string
  /** What it rests on. */
  clause: string
  clause_zh: string
  /** Left out are pieces no wider than width_m, and the rest where it comes to no more than area_m2. */
  tolerance: {
    area_m2: number
    width_m: number
  }
}

export interface ComplianceRules {
  rules: ComplianceRule[]
}

/** What a rule says of a boundary. */
export interface ComplianceFinding {
  rule: string
  name_zh: string
  name_en: string
  /** What it rests on. */
  clause: string
  clause_zh: string
  /** Left out are pieces no wider than width_m, and the rest where it comes to no more than area_m2. */
  tolerance: {
    area_m2: number
    width_m: number
  }
  severity: 'pass' | 'warn' | 'fail' | 'skipped'
  /** Of the pieces at fault, in the answer's measure. */
  area_m2: number
  area_ha: number
  area_mu: number
  /** Of the boundary. */
  percent: number
  /** Within the tolerance. */
  ignored_m2: number
  /** The pieces at fault, EPSG:4490, longitude before latitude; null where there are none. */
  geometry: MultiPolygon | null
  message: string
  message_zh: string
  plots?: {
    id: number
    park: string
    plot_no: string
    area_m2: number
    area_mu: number
    href: string
  }[]
  /** The control layer that the rule asks for. */
  layer?: {
    code: string
    version: number
    name_zh: string
    name_en: string
    source: string
    document_no: string
    valid_from: string
    demonstration: boolean
  }
  features?: {
    id: number
    code: string
    name: string
    area_m2: number
    area_mu: number
  }[]
  /** What was declared. */
  declared?: number
  /** The one bound to it, where there is but one. */
  limit?: number
  /** Numbers of open cases that the rule found, for those who may see them. */
  cases?: string[]
}

export interface Compliance {
  /** The worst severity; warn where nothing could be judged. */
  verdict: 'pass' | 'warn' | 'fail'
  verdict_zh: string
  register_seq: number
  /** On which plots and control layers hold. */
  day: string
  measure: 'plane' | 'ellipsoid'
  park: {
    code: string
    name_zh: string
    name_en: string
    /** The plane in which the boundary is cut. */
    plane_crs: string
  }
  other_parks: string[]
  boundary: {
    area_m2: number
    area_ha: number
    area_mu: number
    /** Of the boundary as EWKB in EPSG:4490. */
    sha256: string
    /** As it was checked, EPSG:4490, longitude before latitude. */
    geometry: MultiPolygon
  }
  findings: ComplianceFinding[]
  skipped: ComplianceFinding[]
  note: string
  note_zh: string
}

/** What a project declares of itself. */
export interface Declared {
  /** A code such as M1, or mixed such as M1/M0. */
  land_use?: string
  /** The code's scheme, where letters do not tell it. */
  land_use_scheme?: string
  far?: number
  density_pct?: number
  green_pct?: number
  height_m?: number
  gfa_m2?: number
  /** Whose own plots are open to the project. */
  holder?: string
}

/** A boundary or plots, one of the two; the rules, all when absent; what is declared. */
export interface ComplianceRequest {
  geometry?: Geometry
  plots?: number[]
  rules?: string[]
  declared?: Declared
}

/** Amounts in 亩, exact to 0.000001. */
export interface QuotaSums {
  /** Granted and supplemented, less withdrawn. */
  granted_mu: number
  /** From other parks, less to them; below 0 when more went. */
  transferred_mu: number
  /** From the year before, less to the next. */
  carried_mu: number
  /** The three together: what is available, reserved and used. */
  allocated_mu: number
  reserved_mu: number
  used_mu: number
  /** Never below 0. */
  available_mu: number
}

/** The quota of a kind that a park has in a year (用地指标账户). */
export type QuotaAccount = QuotaSums & {
  park: string
  year: number
  kind: 'new' | 'stock' | 'stock_linked' | 'rebuild_linked' | 'farmland_balance' | 'scale'
  kind_zh: string
  kind_en: string
  /** Used of allocated (使用率). */
  use_rate_pct: number
  /** Low where less than warning_pct of the allocation is available; none where nothing is. */
  level: 'ok' | 'low' | 'none'
  /** What of it is which land, for kinds that are divided. */
  parts?: {
    farmland: QuotaSums
    cultivated: QuotaSums
    unused: QuotaSums
  }
  /** At the year's end, if all that is reserved is used. */
  forecast: {
    day: string
    used_mu: number
    left_mu: number
    use_rate_pct: number
  }
  /** Day of the last entry. */
  last_day: string
  /** What cases have of it; told of one park and year alone. */
  cases?: {
    case_no: string
    reserved_mu: number
    used_mu: number
  }[]
}

/** Accounts of the quota ledger as of a day. */
export interface Quotas {
  at: string
  known_at?: string
  warning_pct: number
  accounts: QuotaAccount[]
}

/** An entry of the quota ledger (台账记录), which never changes. */
export interface QuotaEntry {
  /** For a reversal's of. */
  id: number
  /** The change that it is. */
  seq: number
  park: string
  year: number
  kind: 'new' | 'stock' | 'stock_linked' | 'rebuild_linked' | 'farmland_balance' | 'scale'
  entry: 'grant' | 'supplement' | 'transfer' | 'reserve' | 'use' | 'release' | 'withdraw' | 'carry_over' | 'reverse'
  entry_zh: string
  mu: number
  farmland_mu: number
  cultivated_mu: number
  unused_mu: number
  to_park?: string
  to_year?: number
  case_no?: string
  document_no?: string
  reason?: string
  day: string
  /** The entry that it reverses. */
  of?: number
  /** The entry that reversed it; not in the answer to a POST. */
  reversed_by?: number
  actor: string
  recorded_at: string
  /** As in the change log. */
  digest: string
}

/** Entries in the order in which they were committed. */
export interface QuotaEntries {
  entries: QuotaEntry[]
  /** The next page, where there may be one. */
  next?: string
}

/** What a project declares: of a change of conditions the new ones, of an acceptance what was measured. */
export interface CaseDeclared {
  /** Land use that is applied for: A35, or mixed M1/M0. */
  land_use?: string
  land_use_scheme?: string
  far?: number
  density_pct?: number
  green_pct?: number
  height_m?: number
  gfa_m2?: number
  /** Investment, 万元. */
  investment_wan?: number
  /** Output of a year, 万元. */
  output_wan?: number
  employees?: number
  /** What for, at most 2,000 characters. */
  purpose?: string
  /** Of idle land whose contract is of before there were cases: when construction was to begin. */
  agreed_start?: string
  /** Of the same, the price, 万元. */
  price_wan?: number
  /** Days by which stops that the holder does not answer for put that off. */
  excused_days?: number
}

/** A type of document as it is in a period. */
export interface CaseDocumentForm {
  type: string
  zh: string
  en: string
  /** An act of the case issues it; else it is handed in. */
  issued: boolean
  from?: string
  until?: string
  /** Regular expression of its number. */
  pattern?: string
  example?: string
  /** False where the form of the number is a guess. */
  sure: boolean
}

export interface CaseWord {
  word: string
  zh: string
  en: string
}

/** A step that you may do now, with all that it asks for. */
export interface CaseAct {
  act: string
  zh: string
  en: string
  from: string
  to: string
  /** Conditions that are looked up in the register. */
  guards: CaseWord[]
  /** What becomes of plots and quota. */
  effects: CaseWord[]
  /** What is done to the legal period. */
  clock?: 'start' | 'stop' | 'run' | 'end'
  /** Of supply, for which alone the step is. */
  mode?: 'auction' | 'agreement' | 'allocation'
  to_zh: string
  document?: CaseDocumentForm
  asks: {
    /** Member of the body, such as contract.agreed_start. */
    name: string
    zh: string
    en: string
    type: 'text' | 'date' | 'money' | 'quota'
    required: boolean
    pattern?: string
    example?: string
  }[]
  /** Why you may not do it, though your role may. */
  barred?: string
  barred_zh?: string
  href: string
}

/** The legal period of a case as it stands today. */
export interface CaseTerm {
  state: 'running' | 'near' | 'overdue' | 'stopped' | 'met' | 'missed'
  state_zh: string
  /** Working days of the period. */
  days: number
  used: number
  left: number
  /** The last day; null while the clock stands still. */
  due_on: string | null
  ended_on?: string
  /** A law sets the days; else they are the office's own. */
  legal: boolean
  source: string
  source_zh: string
  /** Years of which no holidays are arranged: Monday to Friday were counted. */
  unarranged?: number[]
}

/** A case (审批案件) as you see it. */
export interface Case {
  no: string
  kind: 'siting' | 'supply' | 'planning_permit' | 'works_permit' | 'acceptance' | 'conditions' | 'idle'
  kind_zh: string
  kind_en: string
  park: string
  state: 'draft' | 'submitted' | 'returned' | 'accepted' | 'suspended' | 'proposed' | 'approved' | 'announced' | 'awarded' | 'permitted' | 'building' | 'found' | 'closed' | 'refused' | 'withdrawn' | 'ended'
  state_zh: string
  state_en: string
  /** Something may become of it. */
  open: boolean
  title: string
  applicant: string
  /** Your key opened it. */
  own: boolean
  /** It goes by the fast track (绿色通道). */
  green: boolean
  mode?: 'auction' | 'agreement' | 'allocation'
  mode_zh?: string
  /** The case that it carries on. */
  follows?: string
  declared: CaseDeclared
  /** Ids of its plots. */
  plots: number[]
  /** Its plots are bound to it. */
  bound: boolean
  /** Told by ETag. */
  version: number
  opened_on: string
  accepted_on?: string
  changed_at: string
  term?: CaseTerm
  reserved?: {
    year: number
    kind: 'new' | 'stock' | 'stock_linked' | 'rebuild_linked' | 'farmland_balance' | 'scale'
    mu: number
    farmland_mu?: number
    cultivated_mu?: number
    unused_mu?: number
  }[]
  winner?: string
  contract?: {
    agreed_start: string
    agreed_completion: string
    price_wan: number
  }
  /** Idle-land fee, 万元. */
  fee_wan?: number
  /** The last compliance check that is kept. */
  check?: {
    seq: number
    verdict: 'pass' | 'warn' | 'fail'
    verdict_zh: string
  }
  /** Its plots as they are now, where one case is read. */
  land?: {
    id: number
    plot_no?: string
    land_use?: string
    status?: string
    status_zh?: string
    area_m2?: number
    area_ha?: number
    area_mu?: number
    href: string
  }[]
  /** What you may do besides the steps. */
  may: {
    edit: boolean
    attach: boolean
    check: boolean
  }
  /** What you may do now. */
  acts: CaseAct[]
}

export interface Cases {
  cases: Case[]
  /** How many match, on all pages. */
  matched: number
  /** The next page. */
  next?: string
}

/** An act on a case. Events are never changed. */
export interface CaseEvent {
  id: number
  step: number
  act: string
  act_zh: string
  act_en: string
  from: string
  to: string
  actor: string
  role: string
  /** The delegation under which an officer stood in for an approver. */
  deputy?: number
  at: string
  document?: string
  document_no?: string
  document_day?: string
  reason?: string
  opinion?: string
  /** What it told besides. */
  facts: Record<string, unknown>
  /** SHA-256 of all that it says, as in the change log. */
  digest: string
  seq: number
  /** The event as a sentence, in Chinese. */
  zh: string
  /** The same in English. */
  en: string
}

/** What an act on a case did. */
export interface CaseActed {
  change: Change
  event: CaseEvent
  case: Case
}

export interface CaseTrail {
  no: string
  trail: CaseEvent[]
}

export interface CaseDocument {
  id: number
  type: string
  type_zh: string
  type_en: string
  /** By an act, so that its number is used and it has no file. */
  issued: boolean
  number?: string
  day?: string
  title?: string
  filename?: string
  /** As the bytes of the file say. */
  media_type?: string
  size?: number
  sha256?: string
  seq: number
  actor: string
  at: string
  /** Of its file. */
  href?: string
}

export interface CaseDocuments {
  documents: CaseDocument[]
}

export interface CaseCheck {
  seq: number
  verdict: 'pass' | 'warn' | 'fail'
  verdict_zh: string
  /** What it rests on: the plots, what is declared, the published control layers. */
  basis: string
  /** That is so still. */
  holds: boolean
  actor: string
  at: string
  /** Rule by rule, how it differs from the check before. */
  difference: {
    rule: string
    name_zh: string
    name_en: string
    change: 'better' | 'worse' | 'other'
    before: {
      severity: 'pass' | 'warn' | 'fail' | 'skipped'
      message: string
      message_zh: string
    } | null
    after: {
      severity: 'pass' | 'warn' | 'fail' | 'skipped'
      message: string
      message_zh: string
    } | null
  }[]
  result: Compliance
}

export interface CaseChecks {
  checks: CaseCheck[]
}

export interface CaseFlows {
  kinds: {
    kind: 'siting' | 'supply' | 'planning_permit' | 'works_permit' | 'acceptance' | 'conditions' | 'idle'
    zh: string
    en: string
    /** Statuses in which its plots may be. */
    suits: string[]
    /** Officers alone open one. */
    officers: boolean
    /** It reserves quota. */
    reserves: boolean
    days: number
    green_days: number
    legal: boolean
    source: string
    source_zh: string
    flow: {
      act: string
      zh: string
      en: string
      from: string
      to: string
      /** Conditions that are looked up in the register. */
      guards: CaseWord[]
      /** What becomes of plots and quota. */
      effects: CaseWord[]
      /** What is done to the legal period. */
      clock?: 'start' | 'stop' | 'run' | 'end'
      /** Of supply, for which alone the step is. */
      mode?: 'auction' | 'agreement' | 'allocation'
      roles: string[]
      document?: string
      needs: CaseWord[]
    }[]
  }[]
  states: {
    state: string
    zh: string
    en: string
    terminal: boolean
  }[]
  documents: CaseDocumentForm[]
  modes: {
    mode: 'auction' | 'agreement' | 'allocation'
    zh: string
    en: string
  }[]
}

/** An officer stands in for an approver (委托审批). */
export interface Delegation {
  id: number
  from_key: number
  from_name: string
  to_key: number
  to_name: string
  role: string
  from_day: string
  until_day: string
  document_no: string
  actor: string
  recorded_at: string
  /** Who ended it before its time. */
  ended_by?: string
  ended_at?: string
}

export interface Delegations {
  delegations: Delegation[]
}

export interface CalendarDay {
  /** The day. */
  day: string
  /** Whether people work on it: true of a weekend's day that makes up for a holiday (调休上班). */
  works: boolean
  /** The holiday that it is for. */
  name: string
}

export interface CalendarYear {
  /** The calendar year. */
  year: number
  /** Whether anything is arranged for the year; else Monday to Friday count as working days. */
  arranged: boolean
  /** How often the year was arranged. */
  revision: number
  /** Number of the notice that arranges the year. */
  document_no: string
  /** Working days of the whole year. */
  working_days: number
  /** Days on which people do not work as on their weekday, in order. */
  days: CalendarDay[]
  /** Who put it in. */
  actor?: string
  /** When. */
  recorded_at?: string
  /** What to know of the answer. */
  note?: string
  /** The note in Chinese. */
  note_zh?: string
}

export interface PlotName {
  /** The plot's number in the register. */
  plot_id: number
  /** 地块编号. */
  plot_no: string
}

export interface SupervisedCase {
  /** The case's number. */
  case_no: string
  /** Kind of case. */
  kind: string
  /** The kind in Chinese. */
  kind_zh: string
  /** The kind in English. */
  kind_en: string
  /** Park code. */
  park: string
  /** The project's name. */
  title: string
  /** Who applies. */
  applicant: string
  /** State of the case. */
  state: string
  /** The state in Chinese. */
  state_zh: string
  /** The state in English. */
  state_en: string
  /** Whether it goes by the fast track (绿色通道). */
  green: boolean
  /** Working days of the legal period. */
  term_days: number
  /** The day of acceptance, which is not counted. */
  accepted: string
  /** The last day of the period; none while its clock is stopped before it. */
  due?: string
  /** Working days that have begun. */
  used_days: number
  /** Working days left, 0 on the last; below nothing when it is over. */
  left_days: number
  /** How the case stands to its period. */
  deadline: 'running' | 'near' | 'overdue' | 'stopped'
  /** How it stands, in Chinese. */
  deadline_zh: string
  /** How it stands, in English. */
  deadline_en: string
  /** Its plots. */
  plots: PlotName[]
  /** Address of the case. */
  href: string
}

export interface IdlePlot {
  /** The plot's number in the register. */
  plot_id: number
  /** 地块编号. */
  plot_no: string
  /** Park code. */
  park: string
  /** 权利人. */
  holder: string
  /** Plane area in 亩. */
  area_mu: number
  /** 供地状态. */
  status: string
  /** State of the idle-land clock. */
  state: 'not_due' | 'near' | 'overdue' | 'suspected' | 'recoverable' | 'found' | 'settled'
  /** The state in Chinese. */
  state_zh: string
  /** The state in English. */
  state_en: string
  /** By which work was to begin. */
  start: string
  /** Where that day is from: the contract, the idle case, or a year past the day of supply. */
  basis: 'contract' | 'declared' | 'supplied_on'
  /** On which a calendar year past the start is full; none while the clock stands still before it. */
  year_on?: string
  /** The same of two years. */
  two_years_on?: string
  /** Days until the start. */
  days_left: number
  /** Days that the clock ran past the start. */
  days_over: number
  /** Days that it stood still. */
  days_stood: number
  /** Whether two years are full, so that the land may be taken back. */
  recoverable: boolean
  /** Price in 万元, where it is known. */
  price_wan?: number
  /** Idle-land fee in 万元, 20 % of the price, from a year to two. */
  fee_wan?: number
  /** The case that supplied the plot. */
  case_no?: string
  /** The case of disposal of idle land. */
  idle_case_no?: string
  /** Address of the plot. */
  href: string
}

export interface Figure {
  /** The figure. */
  value: number
  /** Its unit. */
  unit: string
  /** What the plan has for it. */
  of?: number
  /** The figure as a percentage of that. */
  share_pct?: number
  /** How many rows make it. */
  count: number
  /** The rows that make the figure: ids of plots, numbers of cases, or years of quota; at most 1,000. */
  rows: string[]
  /** Address of a search that lists the rows. */
  href: string
}

export interface ParkLand {
  /** Park code. */
  park: string
  /** Its name in Chinese. */
  name_zh: string
  /** Its name in English. */
  name_en: string
  supplied: Figure
  under_construction: Figure
  built: Figure
  verified: Figure
  idle: Figure
}

export interface QuotaProgress {
  /** Kind of quota. */
  kind: string
  /** The kind in Chinese. */
  kind_zh: string
  /** What the park has of all years, in 亩: granted, transferred and carried over. */
  granted_mu: number
  /** What is reserved for cases. */
  reserved_mu: number
  /** What is used. */
  used_mu: number
  /** What is left. */
  available_mu: number
  /** Used as a percentage of all. */
  use_rate_pct: number
  /** The years whose accounts make the figures. */
  rows: string[]
  /** Address of the accounts. */
  href: string
}

export type ParkProgress = ParkLand & {
  investment: Figure
  output: Figure
  /** Quota by kind. */
  quota: QuotaProgress[]
}

export interface Milestone {
  /** Code of the period. */
  code: string
  /** Its name in Chinese. */
  name_zh: string
  /** Its name in English. */
  name_en: string
  /** First day. */
  from: string
  /** Last day. */
  until: string
  /** Where the day of the answer lies to the period. */
  state: 'past' | 'current' | 'to_come'
  /** As of which day the land is told: the period's last, or that of the answer in the midst of it. */
  on?: string
  /** What the period is from. */
  source: string
  /** Land of the parks that the plan has, held to the plan's land; none before the period begins. */
  parks: ParkLand[]
}

export interface PlanTarget {
  /** What is measured, in Chinese. */
  metric_zh: string
  /** What is measured, in English. */
  metric_en: string
  /** Its unit. */
  unit: string
  /** What is to be reached. */
  at_least: number
  /** Of what. */
  scope: string
  /** By when. */
  by: string
  /** What the target is from. */
  source: string
}

export interface Note {
  /** What to know of the answer. */
  message: string
  /** The note in Chinese. */
  message_zh: string
}

export interface Supervision {
  /** As of which day. */
  at: string
  /** Working days before the last from which a deadline is near. */
  near_days: number
  /** Days before work is to begin from which that is near. */
  idle_near_days: number
  /** How many cases stand how to their period. */
  cases: {
    overdue: number
    near: number
    running: number
    stopped: number
  }
  /** Cases past their period. */
  overdue: SupervisedCase[]
  /** Cases whose period ends soon. */
  near: SupervisedCase[]
  /** Cases whose clock is stopped. */
  stopped: SupervisedCase[]
  /** Supplied land whose start is near or past, the most pressing first. */
  idle: IdlePlot[]
  /** How many supplied plots stand how to the start of work. */
  plots: {
    not_due: number
    near: number
    overdue: number
    suspected: number
    recoverable: number
    found: number
    settled: number
  }
  /** The plan's periods. */
  milestones: Milestone[]
  /** Parks held to the plan. */
  progress: ParkProgress[]
  /** What the plan wants of the cluster as a whole, which the register does not measure. */
  targets: PlanTarget[]
  /** What to know of the answer. */
  notes: Note[]
}

export interface CaseMove {
  /** When. */
  at: string
  /** The case's number. */
  case_no: string
  /** Kind of case. */
  kind: string
  /** The kind in Chinese. */
  kind_zh: string
  /** The project's name. */
  title: string
  /** Park code. */
  park: string
  /** What was done. */
  act: string
  /** What was done, in Chinese. */
  act_zh: string
  /** What was done, in English. */
  act_en: string
  /** State of the case after it. */
  state: string
  /** The state in Chinese. */
  state_zh: string
  /** Who did it. */
  actor: string
  /** Address of the case. */
  href: string
}

export interface PlotMove {
  /** When. */
  at: string
  /** The plot's number in the register. */
  plot_id: number
  /** 地块编号. */
  plot_no: string
  /** Park code. */
  park: string
  /** Status before. */
  from: string
  /** Status before, in Chinese. */
  from_zh: string
  /** Status after. */
  to: string
  /** Status after, in Chinese. */
  to_zh: string
  /** Address of the plot. */
  href: string
}

export interface Digest {
  /** The day of the digest. */
  day: string
  /** The day before, of which it tells what moved. */
  moved_on: string
  /** Cases whose period ends on the day. */
  due: SupervisedCase[]
  /** Cases past their period. */
  overdue: SupervisedCase[]
  /** Cases whose period ends soon after the day. */
  near: SupervisedCase[]
  /** What was done in cases the day before, in order; at most 500. */
  moved_cases: CaseMove[]
  /** Plots whose status changed the day before, in order; at most 500. */
  moved_plots: PlotMove[]
  /** How many more acts there were. */
  moved_cases_left_out: number
  /** How many more moves there were. */
  moved_plots_left_out: number
  /** Supplied land whose start is past. */
  idle: IdlePlot[]
  /** What to know of the answer. */
  notes: Note[]
}
