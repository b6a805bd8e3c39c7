package bench

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestPercentilesAreWithinAPercent(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	var h histogram
	var times []time.Duration
	for range 10_000 {
		d := time.Duration(random.ExpFloat64() * float64(time.Millisecond))
		times = append(times, d)
		h.add(d)
	}
	slices.Sort(times)
	for _, part := range []float64{0, 0.5, 0.99, 1} {
		want := times[int(part*float64(len(times)-1))]
		if got := h.percentile(part); got < want*99/100-1 || got > want*101/100+1 {
			t.Errorf("%v of all: %v, want %v", part, got, want)
		}
	}
	for _, ns := range []uint64{0, 63, 64, 127, 128, 1 << 40, 1<<63 - 1} {
		if got := uint64(middleOf(slotOf(ns))); got < ns-ns/64 || got > ns+ns/64+1 {
			t.Errorf("%d is counted as %d", ns, got)
		}
	}
}
