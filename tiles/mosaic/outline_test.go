package mosaic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// gridOf makes a grid of given classes.
func gridOf(w *Workspace, side int, classes []uint16) *Grid {
	w.clear(side)
	for i, c := range classes {
		p := w.place(c)
		w.cells[i] = p
		w.shares[p].Cells++
		w.shares[p].Area++
	}
	w.forget()
	return w.pack(w.cells, side, w.shares, nil)
}

// areaOf is a shape's area in square units.
func areaOf(s Shape) float64 {
	var sum int64
	for _, r := range s.Rings {
		sum += doubled(r)
	}
	return float64(sum) / 2
}

type segment struct {
	a, b  [2]int32
	class uint16
	ring  int
}

func cross(a, b, c [2]int32) int64 {
	return int64(b[0]-a[0])*int64(c[1]-a[1]) - int64(b[1]-a[1])*int64(c[0]-a[0])
}

func sgn(v int64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// between says whether p lies on a segment but not at its ends.
func (s segment) between(p [2]int32) bool {
	return p != s.a && p != s.b && cross(s.a, s.b, p) == 0 &&
		min(s.a[0], s.b[0]) <= p[0] && p[0] <= max(s.a[0], s.b[0]) &&
		min(s.a[1], s.b[1]) <= p[1] && p[1] <= max(s.a[1], s.b[1])
}

// fault finds what is wrong with shapes by comparing everything with everything.
func fault(shapes []Shape) string {
	var segments []segment
	ring := 0
	last := -1
	for _, s := range shapes {
		if int(s.Class) <= last {
			return "classes are not in order"
		}
		last = int(s.Class)
		var outer [][2]int32
		for _, r := range s.Rings {
			ring++
			if len(r) < 3 {
				return fmt.Sprint("a ring of few points ", r)
			}
			seen := map[[2]int32]bool{}
			for i, p := range r {
				q, n := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
				if cross(q, p, n) == 0 {
					return fmt.Sprint("points in line ", q, p, n)
				}
				if seen[p] {
					return fmt.Sprint("a ring comes twice to ", p)
				}
				seen[p] = true
				segments = append(segments, segment{p, n, s.Class, ring})
			}
			switch area := doubled(r); {
			case area > 0:
				outer = r
			case area == 0 || outer == nil:
				return fmt.Sprint("a hole before its ring or no area ", r)
			default:
				for _, p := range r {
					if !inside(outer, p, true) {
						return fmt.Sprint("a hole outside its ring ", r, outer)
					}
				}
			}
		}
	}
	slices.SortFunc(segments, func(s, t segment) int { return int(min(s.a[0], s.b[0]) - min(t.a[0], t.b[0])) })
	for i, s := range segments {
		for _, t := range segments[i+1:] {
			if max(s.a[0], s.b[0]) < min(t.a[0], t.b[0]) {
				break
			}
			if max(s.a[1], s.b[1]) < min(t.a[1], t.b[1]) || max(t.a[1], t.b[1]) < min(s.a[1], s.b[1]) {
				continue
			}
			if sgn(cross(s.a, s.b, t.a))*sgn(cross(s.a, s.b, t.b)) < 0 && sgn(cross(t.a, t.b, s.a))*sgn(cross(t.a, t.b, s.b)) < 0 {
				return fmt.Sprint("edges cross ", s, t)
			}
			if s.ring == t.ring && (s.between(t.a) || s.between(t.b) || t.between(s.a) || t.between(s.b)) {
				return fmt.Sprint("a ring touches itself ", s, t)
			}
			if s.a == t.a && s.b == t.b {
				return fmt.Sprint("two rings share a side ", s, t)
			}
			if s.class == t.class && s.a == t.b && s.b == t.a {
				return fmt.Sprint("land of one class is not joined ", s, t)
			}
		}
	}
	return ""
}

// inside says whether a ring holds a point, or has it on its border.
func inside(r [][2]int32, p [2]int32, border bool) bool {
	in := false
	q := r[len(r)-1]
	for _, n := range r {
		if p == n || (segment{a: q, b: n}).between(p) {
			return border
		}
		if (q[1] > p[1]) != (n[1] > p[1]) && (cross(q, n, p) > 0) == (n[1] > q[1]) {
			in = !in
		}
		q = n
	}
	return in
}

// exactShapes are the shapes before simplification.
func exactShapes(w *Workspace, g *Grid, margin int) []Shape {
	o := &w.outline
	o.lay(g, margin > 0)
	o.findNodes(g.side)
	o.trace()
	o.chord = append(o.chord[:0], o.start...)
	o.chords = append(o.chords[:0], o.points...)
	return o.shapes(g, margin)
}

// refill says which class each cell's centre has, and complains of none or two.
func refill(shapes []Shape, side int) []uint16 {
	cells := make([]uint16, side*side)
	unit := int32(Extent / side)
	for _, s := range shapes {
		in := make([]bool, side*side)
		for _, r := range s.Rings {
			lo, hi := r[0], r[0]
			for _, p := range r {
				lo, hi = [2]int32{min(lo[0], p[0]), min(lo[1], p[1])}, [2]int32{max(hi[0], p[0]), max(hi[1], p[1])}
			}
			for y := max(lo[1], 0) / unit; y < min(hi[1]/unit+1, int32(side)); y++ {
				for x := max(lo[0], 0) / unit; x < min(hi[0]/unit+1, int32(side)); x++ {
					if inside(r, [2]int32{x*unit + unit/2, y*unit + unit/2}, false) {
						in[int(y)*side+int(x)] = !in[int(y)*side+int(x)]
					}
				}
			}
		}
		for i, in := range in {
			switch {
			case in && cells[i] != 0:
				cells[i] = math.MaxUint16
			case in:
				cells[i] = s.Class
			}
		}
	}
	return cells
}

// checkShapes holds a grid's shapes against all rules.
func checkShapes(t *testing.T, w *Workspace, side int, classes []uint16, slow bool) {
	t.Helper()
	g := gridOf(w, side, classes)
	if got := g.Cells(nil); !slices.Equal(got, classes) {
		t.Fatal("a grid does not hold what it was given")
	}
	unit := float64(Extent / side)
	cells := map[uint16]int{}
	for _, c := range classes {
		cells[c]++
	}
	for _, margin := range []int{0, 64} {
		exact := exactShapes(w, g, margin)
		if margin == 0 {
			for _, s := range exact {
				if a := areaOf(s); a != float64(cells[s.Class])*unit*unit {
					t.Fatalf("class %d has %v square units before simplification, want %d cells", s.Class, a, cells[s.Class])
				}
			}
		}
		if slow {
			if f := fault(exact); f != "" {
				t.Fatalf("before simplification, margin %d: %s\n%v", margin, f, classes)
			}
			if margin == 0 && !slices.Equal(refill(exact, side), classes) {
				t.Fatalf("shapes before simplification are not the cells\n%v", classes)
			}
		}
		shapes := w.Shapes(g, margin)
		var all float64
		for _, s := range shapes {
			a := areaOf(s)
			all += a
			want := float64(cells[s.Class]) * unit * unit
			if margin == 0 && math.Abs(a-want) > max(unit*unit, amiss*want)+1e-9 {
				t.Fatalf("class %d has %v square units, want %v\n%v", s.Class, a, want, classes)
			}
		}
		if full := float64(Extent+2*margin) * float64(Extent+2*margin); cells[0] == 0 && all != full {
			t.Fatalf("shapes without a gap have %v square units, margin %d, want %v", all, margin, full)
		}
		if slow {
			if f := fault(shapes); f != "" {
				t.Fatalf("margin %d: %s\n%v", margin, f, classes)
			}
			if i := slices.Index(refill(shapes, side), math.MaxUint16); i >= 0 {
				t.Fatalf("two shapes at cell %d\n%v", i, classes)
			}
		}
	}
}

// TestShapesOfAnyGridAreValid draws noise, blots and slanted stripes.
func TestShapesOfAnyGridAreValid(t *testing.T) {
	t.Parallel()
	var w Workspace
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 2))
		side := 1 << (1 + rng.IntN(5))
		classes := randomCells(rng, side)
		if !t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { checkShapes(t, &w, side, classes, true) }) {
			break
		}
	}
}

func randomCells(rng *rand.Rand, side int) []uint16 {
	cells := make([]uint16, side*side)
	n, first := 1+rng.IntN(5), rng.IntN(2)
	for i := range cells {
		cells[i] = uint16(first + rng.IntN(n))
	}
	if rng.IntN(4) == 0 {
		return cells
	}
	for i := range cells {
		cells[i] = uint16(first)
	}
	for range rng.IntN(12) { // stripes and half planes
		angle := rng.Float64() * 2 * math.Pi
		sin, cos := math.Sincos(angle)
		from := (rng.Float64()*3 - 1.5) * float64(side)
		to := from + rng.Float64()*rng.Float64()*float64(side)
		c := uint16(first + rng.IntN(n))
		for i := range cells {
			if d := float64(i%side)*cos + float64(i/side)*sin; from <= d && d < to {
				cells[i] = c
			}
		}
	}
	for range rng.IntN(2) * side {
		cells[rng.IntN(len(cells))] = uint16(first + rng.IntN(n))
	}
	return cells
}

func FuzzShapes(f *testing.F) {
	f.Add([]byte("0110100110010110"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, classes uint8) {
		side := 2
		for side*side*4 <= len(data) && side < 16 {
			side *= 2
		}
		cells := make([]uint16, side*side)
		for i := range cells {
			if i < len(data) {
				cells[i] = uint16(data[i]) % (uint16(classes%6) + 2)
			}
		}
		checkShapes(t, new(Workspace), side, cells, true)
	})
}
