package mvt

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"
)

// FuzzCheck asks that no bytes make Check or Decode panic or take memory out of
// proportion, and that what passes decodes.
func FuzzCheck(f *testing.F) {
	for _, tile := range fair {
		f.Add(tile)
	}
	for _, c := range lame {
		f.Add(c.tile)
	}
	f.Fuzz(func(t *testing.T, tile []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := Rules{Margin: 64, Simple: true}.Check(tile)
		decoded, derr := Decode(tile)
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20+uint64(400*len(tile)) {
			t.Errorf("%d bytes for a tile of %d", grown, len(tile))
		}
		if err == nil && derr != nil {
			t.Errorf("passes and is not decoded: %v", derr)
		}
		var fault *Fault
		if derr != nil && (!errors.As(derr, &fault) || err == nil) {
			t.Errorf("is not decoded without a fault: %v", derr)
		}
		for _, l := range decoded.Layers {
			for _, g := range l.Features {
				g.Polygons()
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	tile := orbTile(b, rand.New(rand.NewPCG(1, 0)), 5000, 12)
	for name, rules := range map[string]Rules{"plain": {Margin: 64}, "simple": {Margin: 64, Simple: true}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(tile)))
			b.ReportAllocs()
			for b.Loop() {
				rules.Inspect(tile)
			}
		})
	}
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(tile)))
		for b.Loop() {
			if _, err := Decode(tile); err != nil {
				b.Fatal(err)
			}
		}
	})
}
