package geo

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// byFractions is FormatFixed by exact fractions.
func byFractions(v float64, decimals int) string {
	value, _ := new(big.Rat).SetString(fmt.Sprint(v))
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	value.Mul(value, new(big.Rat).SetInt(scale))
	half := big.NewRat(1, 2)
	if value.Sign() < 0 {
		half.Neg(half)
	}
	value.Add(value, half)
	n := new(big.Int).Quo(value.Num(), value.Denom())
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	digits := n.String()
	digits = strings.Repeat("0", max(0, decimals+1-len(digits))) + digits
	point := len(digits) - decimals
	if decimals == 0 {
		return sign + digits
	}
	return sign + digits[:point] + "." + digits[point:]
}

func TestFormatFixedIsExact(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range 200_000 {
		var v float64
		switch random.IntN(4) {
		case 0:
			v = math.Float64frombits(random.Uint64())
		case 1: // a tie or beside one
			v = float64(random.IntN(2_000_000)-1_000_000)/1000 + []float64{0, 1e-12, -1e-12}[random.IntN(3)]
		case 2:
			v = random.NormFloat64() * math.Pow10(random.IntN(20)-10)
		default:
			v = float64(random.IntN(2001)-1000) / 100
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		decimals := random.IntN(9)
		if got, want := FormatFixed(v, decimals), byFractions(v, decimals); got != want {
			t.Fatalf("FormatFixed(%v, %d) = %s, want %s", v, decimals, got, want)
		}
	}
}

func BenchmarkFormatFixed(b *testing.B) {
	for b.Loop() {
		FormatFixed(12345.678, 2)
	}
}
