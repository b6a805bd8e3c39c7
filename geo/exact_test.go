package geo

import "testing"

func TestAreasAreExactOnTheGrid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m2   SquareMetres
		want ExactArea
	}{{0, 0}, {0.0000005, 1}, {61640.2866, 123_280_573_200}, {964000, 1_928_000_000_000}, {100.00499999999998, 200_010_000}, {100.0050005, 200_010_001}} {
		if got := c.m2.Exact(); got != c.want {
			t.Errorf("%v m² are %d, want %d", float64(c.m2), got, c.want)
		}
	}
}
