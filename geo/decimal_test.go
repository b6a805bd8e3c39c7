package geo

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// doubles are degrees of the city, areas, rounded figures, and doubles of all sizes.
func doubles(yield func(float64) bool) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		whole := math.Floor(random.Float64() * 1000)
		for _, v := range []float64{
			113 + random.Float64(), 22 + random.Float64(), -180 * random.Float64(), 1e6 * random.Float64(),
			whole, whole / 2, whole / 1000, 113 + whole/1e3, 23 + whole/1e7, math.Ldexp(1+random.Float64(), random.IntN(60)-8),
			math.Nextafter(whole, 2000), math.Nextafter(math.Ldexp(1, random.IntN(50)), 0), math.Ldexp(1, random.IntN(50)),
			math.Float64frombits(random.Uint64() &^ (1 << 62)), // finite
		} {
			if !yield(v) {
				return
			}
		}
	}
}

func TestShortestDecimalsAreThoseOfTheLibrary(t *testing.T) {
	t.Parallel()
	var got, want []byte
	for v := range doubles {
		got, want = AppendShortest(got[:0], v), strconv.AppendFloat(want[:0], v, 'f', -1, 64)
		if string(got) != string(want) {
			t.Fatalf("%x is written as %s, want %s", v, got, want)
		}
	}
}

func TestRoundGivesWhatIsPrinted(t *testing.T) {
	t.Parallel()
	for v := range doubles {
		for _, decimals := range []int{0, 2, 4, 9} {
			printed := FormatFixed(v, decimals)
			if want, err := strconv.ParseFloat(printed, 64); err != nil || Round(v, decimals) != want {
				t.Fatalf("%v rounded to %d decimals is %v and printed %s", v, decimals, Round(v, decimals), printed)
			}
		}
	}
}

func FuzzAppendShortest(f *testing.F) {
	f.Add(uint64(0x405c5ccccccccccd))
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Skip("not finite")
		}
		if got, want := string(AppendShortest(nil, v)), strconv.FormatFloat(v, 'f', -1, 64); got != want {
			t.Errorf("%x is written as %s, want %s", v, got, want)
		}
	})
}

// BenchmarkAppendShortest tells how many times as fast degrees are written as the
// library writes them.
func BenchmarkAppendShortest(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var degrees [1024]float64
	for i := range degrees {
		degrees[i] = []float64{113, 22}[i%2] + random.Float64()
	}
	var text []byte
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		for _, v := range degrees {
			text = AppendShortest(text[:0], v)
		}
		middle := time.Now()
		for _, v := range degrees {
			text = strconv.AppendFloat(text[:0], v, 'f', -1, 64)
		}
		ours, theirs = ours+middle.Sub(start), theirs+time.Since(middle)
	}
	each := float64(b.N * len(degrees))
	b.ReportMetric(float64(ours.Nanoseconds())/each, "ns")
	b.ReportMetric(float64(theirs.Nanoseconds())/each, "ns-strconv")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "×")
}
