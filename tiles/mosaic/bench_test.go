package mosaic

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"testing"
)

// corner is the world place of a tile's north-west corner.
func corner(t Tile) [2]float64 {
	s := 32 - t.Z
	return [2]float64{float64(uint64(t.X) << s), float64(uint64(t.Y) << s)}
}

var town = Tile{10, 834, 444} // 4×4 tiles of zoom 12

// encode writes shapes as vector tile geometry.
func encode(shapes []Shape) []byte {
	var out []byte
	put := func(v uint32) { out = binary.AppendUvarint(out, uint64(v)) }
	zigzag := func(v int32) uint32 { return uint32(v<<1 ^ v>>31) }
	for _, s := range shapes {
		var at [2]int32
		for _, r := range s.Rings {
			put(1<<3 | 1)
			for i, p := range r {
				if i == 1 {
					put(uint32(len(r)-1)<<3 | 2)
				}
				put(zigzag(p[0] - at[0]))
				put(zigzag(p[1] - at[1]))
				at = p
			}
			put(1<<3 | 7)
		}
	}
	return out
}

func zipped(b []byte) int {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Len()
}

func vertices(shapes []Shape) (rings, points int) {
	for _, s := range shapes {
		rings += len(s.Rings)
		for _, r := range s.Rings {
			points += len(r)
		}
	}
	return
}

// BenchmarkTiles makes tiles of a town of 27,000 plots of 57 m in a tile of zoom 12,
// each of ten uses by itself.
func BenchmarkTiles(b *testing.B) {
	plots := newCity(1, corner(town), 39140, 57*57*.84, 0, anyUse)
	var w Workspace
	grids := pyramid(&w, plots, baseZoom, baseSide, 512)
	base := Tile{12, town.X*4 + 1, town.Y*4 + 1}
	var some []Plot
	for p := range in(plots, base) {
		some = append(some, p)
	}
	each := func(yield func(Plot) bool) {
		for _, p := range some {
			if !yield(p) {
				return
			}
		}
	}
	b.Run("Rasterise", func(b *testing.B) {
		var g *Grid
		for b.Loop() {
			g = w.Rasterise(base, baseSide, each)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(some)), "ns/plot")
		b.ReportMetric(float64(len(some)), "plots")
		b.ReportMetric(float64(g.Size()), "B/grid")
	})
	for z := base.Z - 1; z >= base.Z-3; z-- {
		t := Tile{z, base.X >> (base.Z - z), base.Y >> (base.Z - z)}
		var four [4]*Grid
		for i := range four {
			four[i] = grids[Tile{t.Z + 1, 2*t.X + uint32(i&1), 2*t.Y + uint32(i>>1)}]
		}
		b.Run(fmt.Sprintf("Reduce/z%d", z), func(b *testing.B) {
			var g *Grid
			for b.Loop() {
				g = w.Reduce(four, 512)
			}
			b.ReportMetric(float64(g.Size()), "B/grid")
		})
	}
	for z := base.Z; z >= base.Z-4; z-- {
		g := grids[Tile{z, base.X >> (base.Z - z), base.Y >> (base.Z - z)}]
		b.Run(fmt.Sprintf("Shapes/z%d", z), func(b *testing.B) {
			var shapes []Shape
			for b.Loop() {
				shapes = w.Shapes(g, 0)
			}
			data := encode(shapes)
			rings, points := vertices(shapes)
			b.ReportMetric(float64(len(data)), "B")
			b.ReportMetric(float64(zipped(data)), "B/gzip")
			b.ReportMetric(float64(points), "points")
			b.ReportMetric(float64(rings), "rings")
		})
	}
}
