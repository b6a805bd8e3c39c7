// Package city makes a synthetic city for demonstrations, tests and
// measurements: districts of different grain on warped lattice lines, rivers,
// roads of three ranks, blocks, and plots that share their borders point for
// point on the 0.001 m grid of EPSG:4547. Roads and water are plots too, so that
// the plots cover the city without a gap. Nothing in it is real.
//
// The city is drawn in whole millimetres, district by district from the middle
// outwards, each from its own throws: the same number of plots and the same seed
// give the same city on every machine, and a smaller city is the beginning of a
// larger one, but for its last district.
package city

import (
	"context"
	"fmt"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// CRS is the plane of the city's coordinates.
const CRS = geo.GK114

// The middle of the city in CRS, in mm: 113.55°E, 23.2°N in Guangzhou.
const (
	middleEast  = 454_000_000
	middleNorth = 2_567_000_000
)

// Options says which city to make.
type Options struct {
	Plots int
	Seed  uint64
	// Outline, where it is not nil, is told at the end what the plots cover
	// together, with every point of their borders, in CRS.
	Outline func(geo.MultiPolygon)
}

// Largest is how many plots a city may have: more would leave the zone of CRS.
const Largest = 10_000_000

// Generate makes exactly the given number of plots and hands each to yield,
// district by district; memory does not grow with their number. Where the last
// district has more plots than are wanted, those at the city's edge are left
// out. An error of yield or of ctx ends it and is given back.
func Generate(ctx context.Context, o Options, yield func(land.Draft) error) error {
	if o.Plots < 1 || o.Plots > Largest {
		return fmt.Errorf("a city has 1 to %d plots and not %d", Largest, o.Plots)
	}
	l := lattice{o.Seed}
	growth := newGrowth(l)
	b := &builder{lattice: l}
	row := 0
	for number := 1; ; number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		c := growth.next()
		b.lay(c)
		plots := b.plots(true)
		left := o.Plots - row
		if len(plots) > left {
			plots = b.plots(false) // a plot a face
		}
		if len(plots) > left {
			plots = b.trim(plots, left, growth.grown)
		}
		for _, p := range plots {
			row++
			d := b.draft(number, p)
			d.Row = row
			if err := yield(d); err != nil {
				return err
			}
		}
		if row == o.Plots {
			if o.Outline != nil {
				o.Outline(b.outline(plots, growth.grown))
			}
			return nil
		}
	}
}
