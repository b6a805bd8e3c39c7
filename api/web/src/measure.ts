// Numbers as the register prints them: half up in decimal, two decimals for
// areas and shares, sums in whole hundredths so that columns add up.

/** Rounds half up (away from zero) in decimal: 1.005 becomes 1.01. */
export function roundHalfUp(value: number, digits: number): number {
  // Shifting the point in the shortest decimal text avoids the binary error
  // that value * 100 would bring in.
  const text = String(Math.abs(value))
  if (text.includes('e')) return Math.abs(value) < 1 ? 0 : value
  const rounded = Number(`${Math.round(Number(`${text}e${digits}`))}e-${digits}`)
  return value < 0 && rounded !== 0 ? -rounded : rounded
}

/** A printed figure as an integer of hundredths. */
export function hundredths(value: number): number {
  return Math.round(roundHalfUp(value, 2) * 100)
}

/**
 * Writes a number with fixed decimals; groups of three from five digits on, so
 * that 1446.00 stays as the plan writes it and 964,000.00 can be read.
 */
export function decimal(value: number, digits = 2): string {
  const text = roundHalfUp(value, digits).toFixed(digits)
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace('-', '').length < 5 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** Writes an integer of hundredths with two decimals. */
export function fromHundredths(value: number): string {
  return decimal(value / 100)
}

/** A signed difference, with the minus sign that typography asks for. */
export function difference(value: number): string {
  if (value === 0) return decimal(0)
  return (value < 0 ? '−' : '+') + fromHundredths(Math.abs(value))
}

/**
 * Shares of a whole in hundredths of a percent. They sum to exactly 100.00: the
 * rest of the rounding goes to the largest part, as the tables do it.
 */
export function shares(parts: number[]): number[] {
  const whole = parts.reduce((a, b) => a + b, 0)
  if (whole === 0) return parts.map(() => 0)
  const rounded = parts.map((part) => Math.floor((part * 20000 + whole) / (2 * whole)))
  const rest = 10000 - rounded.reduce((a, b) => a + b, 0)
  const largest = parts.indexOf(Math.max(...parts))
  rounded[largest] = (rounded[largest] ?? 0) + rest
  return rounded
}
