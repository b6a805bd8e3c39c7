package outlet

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func TestRoundedNumbersAreThoseOfGeoRound(t *testing.T) {
	t.Parallel()
	values := []float64{0, 1, 0.00004999, 0.00005, 9.99995, 99999.99999, 0.5, -0.00004, -0.00005, -9.99996, 2.675, 1e-9, 200000, 1e22, 123456.7891}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		values = append(values, random.Float64()*math.Pow10(random.IntN(9)-2))
	}
	for _, v := range values {
		for _, d := range []int{0, 2, 4, 6} {
			got := string(appendRounded(nil, v, d))
			if want := string(appendShortest(nil, geo.Round(v, d))); got != want && want != "-0" {
				t.Fatalf("%v to %d decimals: %s, want %s", v, d, got, want)
			}
		}
	}
}
