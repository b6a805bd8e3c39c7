package geo

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// AppendShortest appends the shortest decimals that give a finite v back exactly,
// of those the nearest, as strconv.AppendFloat(dst, v, 'f', -1, 64) does, but
// several times as fast for degrees and most areas.
func AppendShortest(dst []byte, v float64) []byte {
	whole := math.Abs(v)
	n, decimals, ok := shortestScaled(whole)
	if !ok {
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	if v < 0 {
		dst = append(dst, '-')
	}
	before := uint64(whole) // the decimals never reach the next whole number, which is a double itself
	return appendScaled(dst, before, n-before*powersOfTen[decimals], decimals)
}

// appendScaled appends before + behind / 10^decimals, with all its decimals.
func appendScaled(dst []byte, before, behind uint64, decimals int) []byte {
	dst = strconv.AppendUint(dst, before, 10)
	if decimals == 0 {
		return dst
	}
	dst = append(dst, '.')
	end := len(dst) + decimals
	behind *= powersOfTen[mostDecimals-decimals]
	dst = binary.LittleEndian.AppendUint64(dst, eightDigits(behind/1e8))
	return binary.LittleEndian.AppendUint64(dst, eightDigits(behind%1e8))[:end]
}

// roundedScaled rounds what shortestScaled gives half up to fewer decimals.
func roundedScaled(v float64, decimals int) (n uint64, fewer int, ok bool) {
	n, has, ok := shortestScaled(v)
	if has <= decimals {
		return n, has, ok
	}
	power := powersOfTen[has-decimals]
	rest := n % power
	n /= power
	if rest >= power-rest {
		n++
	}
	return n, decimals, ok
}

// mostDecimals are enough from 1 on.
const mostDecimals = 16

// powersOfTen are those that 64 bits hold.
var powersOfTen = func() (p [20]uint64) {
	p[0] = 1
	for i := range p[1:] {
		p[i+1] = 10 * p[i]
	}
	return p
}()

// The doubles that shortestScaled knows are those from 1 to 2^scaledBits.
const scaledBits = 40

// enoughDecimals is how many decimals tell doubles between 2^k and 2^(k+1) apart:
// as many as make a step of the last one no longer than the doubles' own.
var enoughDecimals = func() (n [scaledBits]int) {
	for k := range n {
		n[k] = int(math.Ceil(float64(mantissaBits-k) * math.Log10(2)))
	}
	return n
}()

const mantissaBits = 52

// shortestScaled gives the shortest decimal that identifies v, nearest to it, as
// n / 10^decimals. It tells when it does not know: outside its range, and where the
// neighbours of a double are not equally far or two decimals equally near.
//
// All that is between the middles to the neighbours is read as v. With v = m / 2^f
// both ends are whole numbers of 1 / (2^(f+1) 10^decimals), and what lies between
// them is found without rounding (G. Steele, J. White, "How to print floating-point
// numbers accurately", 1990), in 128 bits.
func shortestScaled(v float64) (n uint64, decimals int, ok bool) {
	if !(v >= 1 && v < 1<<scaledBits) {
		return 0, 0, false
	}
	b := math.Float64bits(v)
	k := int(b>>mantissaBits) - 1023
	m := b&(1<<mantissaBits-1) | 1<<mantissaBits
	if m == 1<<mantissaBits {
		return 0, 0, false
	}
	decimals = enoughDecimals[k]
	f := uint(mantissaBits - k)
	power := powersOfTen[decimals]
	high, low := bits.Mul64(m, power) // v 10^decimals, of which f bits are behind the point
	half := power / 2                 // to the middles, likewise
	open := m & 1                     // whether the middles themselves are read as the neighbours
	fromLow, borrow := bits.Sub64(low, half-open, 0)
	fromHigh, _ := bits.Sub64(high, 0, borrow)
	toLow, carry := bits.Add64(low, half-open, 0)
	toHigh, _ := bits.Add64(high, 0, carry)
	fromLow, carry = bits.Add64(fromLow, 1<<f-1, 0) // up to the next whole
	fromHigh += carry
	from, to := fromHigh<<(64-f)|fromLow>>f, toHigh<<(64-f)|toLow>>f
	for decimals > 0 && (from+9)/10*10 <= to { // fewer will do, and but one of them
		from, to = (from+9)/10, to/10
		decimals--
	}
	if decimals < enoughDecimals[k] {
		return from, decimals, true
	}
	whole, rest := high<<(64-f)|low>>f, low&(1<<f-1)
	switch middle := uint64(1) << (f - 1); {
	case rest == middle:
		return 0, 0, false
	case rest > middle:
		whole++
	}
	return whole, decimals, true
}

// eightDigits are those of v < 10^8, as text, the first one lowest: halves are
// divided side by side in one word, by multiplying.
func eightDigits(v uint64) uint64 {
	fours := v/10_000 | v%10_000<<32
	hundreds := fours * 10486 >> 20 & 0x7F_0000007F
	twos := hundreds | (fours-100*hundreds)<<16
	tens := twos * 103 >> 10 & 0xF_000F_000F_000F
	return tens | (twos-10*tens)<<8 | 0x30303030_30303030
}
