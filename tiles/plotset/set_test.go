package plotset

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// somewhere makes a plot of any form: parts, holes, many points, and now and
// then a place where fixed point does not hold what doubles do.
func somewhere(random *rand.Rand, id land.PlotID) land.Plot {
	p := land.Plot{ID: id, Park: "panyu", Version: 1 + random.IntN(5), RecordedAt: time.UnixMicro(random.Int64N(2e15)), Area: geo.SquareMetres(1e5 * random.Float64()), AreaEllipsoid: geo.SquareMetres(random.Float64())}
	p.PlotNo, p.Name, p.Holder = fmt.Sprintf("号-%d", id), []string{"", "第一检测中心"}[random.IntN(2)], fmt.Sprint("holder", random.IntN(9))
	p.Use, p.Status = land.UseCode{Scheme: land.GB50137, Code: []string{"A35", "M1", "B1"}[random.IntN(3)]}, land.Available
	if random.IntN(2) == 0 {
		far := float64(random.IntN(5))
		p.FARMax, p.SecondaryUse = &far, []string{"B2", "A33"}
		stated, gfa := geo.SquareMetres(random.Float64()), random.Float64()
		p.StatedArea, p.GFAMax = &stated, &gfa
		p.SuppliedOn, _ = land.ParseDate("2018-06-30")
	}
	p.ValidFrom, _ = land.ParseDate("2016-01-01")
	centre := orb.Point{113.2 + random.Float64()*0.1, 22.9 + random.Float64()*0.1}
	if random.IntN(20) == 0 {
		centre = orb.Point{random.Float64()*0.001 - 0.0005, random.Float64() * 0.001}
	}
	for range 1 + random.IntN(2) {
		var polygon orb.Polygon
		for range 1 + random.IntN(3) {
			var ring orb.Ring
			for range 3 + random.IntN(12) {
				ring = append(ring, orb.Point{centre[0] + random.NormFloat64()*1e-3, centre[1] + random.NormFloat64()*1e-3})
			}
			polygon = append(polygon, append(ring, ring[0]))
		}
		p.Boundary = append(p.Boundary, polygon)
	}
	return p
}

// TestSetsGiveBackWhatWasPutIn follows random edits beside a plain map, and looks
// at earlier sets again after later ones were derived.
func TestSetsGiveBackWhatWasPutIn(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	model := map[land.PlotID]land.Plot{}
	var plots []land.Plot
	for id := range land.PlotID(1500) {
		p := somewhere(random, id+1)
		model[p.ID] = p
		plots = append(plots, p)
	}
	set := Of(append(plots, plots[:7]...))
	compare(t, set, model)
	for range 60 {
		earlier, was := set, copyOf(model)
		var put []land.Plot
		var gone []land.PlotID
		for range random.IntN(40) {
			p := somewhere(random, land.PlotID(1+random.IntN(1600)))
			if !slices.ContainsFunc(put, func(q land.Plot) bool { return q.ID == p.ID }) {
				put = append(put, p)
			}
		}
		for range random.IntN(40) {
			gone = append(gone, land.PlotID(1+random.IntN(1600)))
		}
		var boxes []Box
		if random.IntN(3) == 0 {
			set.Label(context.Background(), 2)
		}
		set, boxes = set.With(put, gone)
		moved := 0
		for _, id := range gone {
			if old, ok := model[id]; ok {
				_, box := ShapeOf(old.Boundary)
				holds(t, boxes, box)
				delete(model, id)
				moved++
			}
		}
		for _, p := range put {
			if old, ok := model[p.ID]; ok {
				_, box := ShapeOf(old.Boundary)
				holds(t, boxes, box)
			}
			_, box := ShapeOf(p.Boundary)
			holds(t, boxes, box)
			model[p.ID] = p
		}
		compare(t, set, model)
		compare(t, earlier, was)
	}
	var all []land.PlotID
	for id := range model {
		all = append(all, id)
	}
	set, _ = set.With(nil, all)
	compare(t, set, nil)
	set, _ = set.With(plots[:3], nil)
	compare(t, set, map[land.PlotID]land.Plot{1: plots[0], 2: plots[1], 3: plots[2]})
}

func holds(t *testing.T, boxes []Box, box Box) {
	t.Helper()
	if !slices.Contains(boxes, box) {
		t.Fatalf("box %v is not told", box)
	}
}

func copyOf(m map[land.PlotID]land.Plot) map[land.PlotID]land.Plot {
	c := map[land.PlotID]land.Plot{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

func compare(t *testing.T, s *Set, model map[land.PlotID]land.Plot) {
	t.Helper()
	if s.Len() != len(model) {
		t.Fatalf("%d plots, want %d", s.Len(), len(model))
	}
	for id, want := range model {
		r, ok := s.Get(id)
		if !ok {
			t.Fatalf("plot %d is missing", id)
		}
		if got := r.Plot(); !reflect.DeepEqual(got, want) {
			t.Fatalf("plot %d came back as\n%+v, not\n%+v", id, got, want)
		}
		_, box := ShapeOf(want.Boundary)
		if r.ID() != id || r.Box() != box || r.Number() != want.PlotNo {
			t.Fatalf("plot %d is %d in %v", id, r.ID(), r.Box())
		}
	}
	random := rand.New(rand.NewPCG(uint64(len(model)), 2))
	at := World(orb.Point{113.2 + random.Float64()*0.1, 22.9 + random.Float64()*0.1})
	window := Box{at, Point{at.X + 1<<20, at.Y + 1<<20}}
	var found, want, every []land.PlotID
	var last entry
	s.Search(window, func(r Ref) bool {
		found = append(found, r.ID())
		next := entry{along: r.Box().along(), id: r.ID()}
		if c := cmp.Or(cmp.Compare(last.along, next.along), cmp.Compare(last.id, next.id)); c >= 0 {
			t.Fatalf("plot %d comes after %d", next.id, last.id)
		}
		last = next
		return true
	})
	for id, p := range model {
		if _, box := ShapeOf(p.Boundary); box.Meets(window) {
			want = append(want, id)
		}
	}
	slices.Sort(found)
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Fatalf("found %v, want %v", found, want)
	}
	s.Ascend(0, func(r Ref) bool { every = append(every, r.ID()); return true })
	if len(every) != len(model) || !slices.IsSorted(every) {
		t.Fatalf("ascending gave %v", every)
	}
	n := 0
	area := int64(0)
	s.All(func(r Ref) bool { n++; area += int64(r.CentiMu()); return true })
	if area != s.CentiMu() {
		t.Fatalf("%d hundredths of a mu, not %d", s.CentiMu(), area)
	}
	if n != len(model) {
		t.Fatalf("%d of %d plots on the curve", n, len(model))
	}
}

func TestTheWorldIsTheMercatorSquare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   orb.Point
		want Point
	}{
		{orb.Point{0, 0}, Point{1 << 31, 1 << 31}},
		{orb.Point{-180, 85.0511287798066}, Point{0, 0}},
		{orb.Point{90, 0}, Point{3 << 30, 1 << 31}},
		{orb.Point{180, -90}, Point{1<<32 - 1, 1<<32 - 1}},
	} {
		if got := World(c.at); got != c.want {
			t.Errorf("%v is at %v, want %v", c.at, got, c.want)
		}
	}
}
