// EPSG:4547 (CGCS2000, Gauss-Krüger, central meridian 114°), in which surveyors
// write coordinates: Krüger's series to the sixth order in the third flattening
// (Karney, "Transverse Mercator with an accuracy of a few nanometers", 2011,
// eq. 35 and 36), the same that the service computes by.
import type { Place } from './types'

const semiMajor = 6378137
const flattening = 1 / 298.257222101 // CGCS2000
const meridian = 114
const falseEasting = 500000

const n = flattening / (2 - flattening)
const eccentricity = Math.sqrt(flattening * (2 - flattening))
const rectifying = (semiMajor / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256)

const alpha = [
  n / 2 - (2 * n ** 2) / 3 + (5 * n ** 3) / 16 + (41 * n ** 4) / 180 - (127 * n ** 5) / 288 + (7891 * n ** 6) / 37800,
  (13 * n ** 2) / 48 - (3 * n ** 3) / 5 + (557 * n ** 4) / 1440 + (281 * n ** 5) / 630 - (1983433 * n ** 6) / 1935360,
  (61 * n ** 3) / 240 - (103 * n ** 4) / 140 + (15061 * n ** 5) / 26880 + (167603 * n ** 6) / 181440,
  (49561 * n ** 4) / 161280 - (179 * n ** 5) / 168 + (6601661 * n ** 6) / 7257600,
  (34729 * n ** 5) / 80640 - (3418889 * n ** 6) / 1995840,
  (212378941 * n ** 6) / 319334400,
]

const beta = [
  n / 2 - (2 * n ** 2) / 3 + (37 * n ** 3) / 96 - n ** 4 / 360 - (81 * n ** 5) / 512 + (96199 * n ** 6) / 604800,
  n ** 2 / 48 + n ** 3 / 15 - (437 * n ** 4) / 1440 + (46 * n ** 5) / 105 - (1118711 * n ** 6) / 3870720,
  (17 * n ** 3) / 480 - (37 * n ** 4) / 840 - (209 * n ** 5) / 4480 + (5569 * n ** 6) / 90720,
  (4397 * n ** 4) / 161280 - (11 * n ** 5) / 504 - (830251 * n ** 6) / 7257600,
  (4583 * n ** 5) / 161280 - (108847 * n ** 6) / 3991680,
  (20648693 * n ** 6) / 638668800,
]

const radians = (degrees: number) => (degrees * Math.PI) / 180
const degrees = (angle: number) => (angle * 180) / Math.PI

/** East and north in metres of a place in degrees. */
export function project([lon, lat]: Place): Place {
  const lambda = radians(lon - meridian)
  const sin = Math.sin(radians(lat))
  const t = Math.sinh(Math.atanh(sin) - eccentricity * Math.atanh(eccentricity * sin)) // conformal latitude's tangent
  const xi = Math.atan2(t, Math.cos(lambda))
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)))
  let [x, y] = [eta, xi]
  alpha.forEach((a, i) => {
    const k = 2 * (i + 1)
    x += a * Math.cos(k * xi) * Math.sinh(k * eta)
    y += a * Math.sin(k * xi) * Math.cosh(k * eta)
  })
  return [falseEasting + rectifying * x, rectifying * y]
}

/** The place in degrees of east and north in metres. */
export function unproject([east, north]: Place): Place {
  const [y, x] = [north / rectifying, (east - falseEasting) / rectifying]
  let [xi, eta] = [y, x]
  beta.forEach((b, i) => {
    const k = 2 * (i + 1)
    xi -= b * Math.sin(k * y) * Math.cosh(k * x)
    eta -= b * Math.cos(k * y) * Math.sinh(k * x)
  })
  const lambda = Math.atan2(Math.sinh(eta), Math.cos(xi))
  const conformal = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi))
  // Newton's method on the tangent of the latitude (Karney, eq. 19 to 21).
  let tau = conformal
  for (let i = 0; i < 5; i++) {
    const sigma = Math.sinh(eccentricity * Math.atanh((eccentricity * tau) / Math.hypot(1, tau)))
    const at = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau)
    const square = 1 - eccentricity ** 2
    tau += ((conformal - at) / Math.hypot(1, at)) * ((1 + square * tau ** 2) / (square * Math.hypot(1, tau)))
  }
  return [meridian + degrees(lambda), degrees(Math.atan(tau))]
}

/** The area in square metres within a ring of places, by the shoelace formula in the plane. */
export function ringArea(ring: Place[]): number {
  const plane = ring.map(project)
  const [x0, y0] = plane[0] ?? [0, 0]
  let twice = 0
  plane.forEach(([x, y], i) => {
    const [u, v] = plane[(i + 1) % plane.length]!
    twice += (x - x0) * (v - y0) - (u - x0) * (y - y0)
  })
  return Math.abs(twice) / 2
}
