package report

import (
	"math/big"
	"math/rand"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func TestAreasAreRoundedHalfUpExactly(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(1))
	for range 20_000 {
		a := geo.ExactArea(r.Int63n(4e12)) >> r.Intn(42) * geo.ExactArea(1+r.Intn(2)*199_999)
		for _, u := range []areaUnit{squareMetres, hectares, mus} {
			exact := new(big.Rat).SetFrac64(int64(a), 1)
			exact.Mul(exact, new(big.Rat).SetFrac64(int64(u.of), int64(u.by))).Add(exact, big.NewRat(1, 2))
			if got, want := u.round(a).Units, new(big.Int).Div(exact.Num(), exact.Denom()).Int64(); got != want {
				t.Fatalf("%d is rounded to %d, want %d", a, got, want)
			}
		}
	}
}

func TestQuotaRowsAddUpAndDocumentsStand(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(2))
	for range 20_000 {
		parts := make([]land.Amount, 3)
		var total land.Amount
		for i := range parts {
			parts[i] = []land.Amount{1_500, 10_000, 15}[r.Intn(3)] * land.Amount(r.Intn(100_000)-20_000)
			total += parts[i]
		}
		for _, u := range []amountUnit{quotaHectares, quotaMus} {
			sum := Decimal{Places: u.decimals}
			for i, cell := range u.cells(total, parts...) {
				sum = sum.Plus(cell.Value)
				off := parts[i] - land.Amount(cell.Value.Units)*u.last
				if parts[i]%u.last == 0 && off != 0 || max(off, -off) > u.last {
					t.Fatalf("%v is printed %s among %v", parts[i], cell, parts)
				}
			}
			if sum != u.round(total) {
				t.Fatalf("%v add up to %s, not %s", parts, sum, u.round(total))
			}
		}
	}
}
