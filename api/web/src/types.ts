// The service's answers by the page's own words (src/api.ts is made of its OpenAPI
// document), and what is the page's alone.
import type { PreviewProperties, StatusShare, UseShare } from './api'

export type {
  Caller,
  Change,
  Control,
  ControlLayer,
  Difference,
  Dictionary,
  Finding,
  Geometry as PlotGeometry,
  Import as ImportResult,
  Park as ParkFeature,
  ParkProperties as Park,
  Parks as ParkCollection,
  Plot as PlotFeature,
  PlotProperties,
  Plots as PlotCollection,
  PlotVersion,
  Preview as PreviewCollection,
  PreviewFeature,
  PreviewProperties,
  Problem as ProblemDocument,
  Progress,
  Relative,
} from './api'

export type Lang = 'zh' | 'en'

/** How land is coloured and counted: 按用地 or 按状态. */
export type Theme = 'land_use' | 'status'

/** One row of land by status or by use; its numbers are rounded so that they add up. */
export type LandRow = Omit<StatusShare, 'status'> | Omit<UseShare, 'code' | 'scheme' | 'major'>

/** What an import would do about a plot: 新增, 变更, 未变, 库中有而文件中没有. */
export type Outcome = PreviewProperties['difference']

/** West, south, east, north in degrees. */
export type Bounds = [number, number, number, number]

/** Longitude and latitude in degrees; in the plane, east and north in metres. */
export type Place = [number, number]
