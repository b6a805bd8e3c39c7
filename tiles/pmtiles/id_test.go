package pmtiles

import "testing"

// TestIDsAreTheSpecifications takes the table of 4.1.
func TestIDsAreTheSpecifications(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		z    int
		x, y uint32
		id   ID
	}{{0, 0, 0, 0}, {1, 0, 0, 1}, {1, 0, 1, 2}, {1, 1, 1, 3}, {1, 1, 0, 4}, {2, 0, 0, 5}, {12, 3423, 1763, 19078479}} {
		if got := At(c.z, c.x, c.y); got != c.id {
			t.Errorf("%d/%d/%d is %d", c.z, c.x, c.y, got)
		}
	}
}

func TestIDsGoThereAndBack(t *testing.T) {
	t.Parallel()
	random := source(t)
	for range 100_000 {
		z := random.IntN(MaxZoom + 1)
		id := firstID(z) + ID(random.Uint64N(1<<(2*z)))
		gz, x, y := id.ZXY()
		if gz != z || At(gz, x, y) != id {
			t.Fatalf("%d is %d/%d/%d", id, gz, x, y)
		}
		// the curve never jumps: the next tile of the zoom is a neighbour
		if next := id + 1; next.Zoom() == z {
			_, u, v := next.ZXY()
			if d := max(x, u) - min(x, u) + max(y, v) - min(y, v); d != 1 {
				t.Fatalf("%s and %s are %d apart", id, next, d)
			}
		}
	}
	if z := (endID - 1).Zoom(); z != MaxZoom {
		t.Errorf("the last tile has zoom %d", z)
	}
}
