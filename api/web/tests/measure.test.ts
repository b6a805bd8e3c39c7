import { describe, expect, test } from 'vitest'
import { decimal, difference, fromHundredths, hundredths, roundHalfUp, shares } from '../src/measure'

describe('numbers are printed half up in decimal', () => {
  test.each([
    [1.005, 2, 1.01], // 1.005 * 100 is 100.49999999999999 in binary
    [2.675, 2, 2.68],
    [0.125, 2, 0.13],
    [-1.005, 2, -1.01],
    [-0.001, 2, 0],
    [1e-9, 2, 0],
    [1446, 2, 1446],
  ])('%d to %d decimals is %d', (value, digits, want) => {
    expect(roundHalfUp(value, digits)).toBe(want)
  })

  test.each([
    [300, 2, '300.00'],
    [1446, 2, '1446.00'], // as the plan writes it
    [964000, 2, '964,000.00'],
    [12345678.9, 2, '12,345,678.90'],
    [2.5, 1, '2.5'],
    [38236, 0, '38,236'],
    [-15294.235, 2, '-15,294.24'],
  ])('%d with %d decimals is written %s', (value, digits, want) => {
    expect(decimal(value, digits)).toBe(want)
  })

  test('a difference carries its sign', () => {
    expect([0, 1, -125].map(difference)).toEqual(['0.00', '+0.01', '−1.25'])
  })
})

describe('sums are taken in whole hundredths', () => {
  test('0.1 and 0.2 make 0.30', () => {
    expect(fromHundredths([0.1, 0.2].map(hundredths).reduce((a, b) => a + b))).toBe('0.30')
  })

  test('shares sum to 100.00, the rest on the largest part', () => {
    expect(shares([1, 1, 1])).toEqual([3334, 3333, 3333])
    expect(shares([30000, 144600, 138300])).toEqual([959, 4621, 4420])
    expect(shares([0, 0])).toEqual([0, 0])
  })

  test('any parts at all sum to 100.00', () => {
    let seed = 20160101
    const random = () => (seed = (seed * 48271) % 2147483647)
    for (let round = 0; round < 200; round++) {
      const parts = Array.from({ length: 1 + (random() % 12) }, () => 1 + (random() % 5_000_000))
      expect(shares(parts).reduce((a, b) => a + b)).toBe(10000)
    }
  })
})
