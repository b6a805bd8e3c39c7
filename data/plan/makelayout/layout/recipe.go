package layout

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// recipe divides a face into plots.
type recipe interface {
	divide(d *divider, f *face) error
}

// divider carries out recipes on a mesh.
type divider struct {
	mesh   *mesh
	curves []*curve
	random *rand.Rand
	line   func([]stop) []geo.Point // puts a line of the drawing in its place
	done   []*face                  // the plots, in the order of their numbers
}

// plot is a recipe that leaves the face whole.
type plot struct {
	use    string      // 用地代码, such as "A35" or mixed "B29/B1"
	status land.Status // empty: by the block's phase
}

func (p plot) divide(d *divider, f *face) error {
	f.plot = p
	d.done = append(d.done, f)
	return nil
}

func of(use string) plot                    { return plot{use: use} }
func (p plot) held(status land.Status) plot { p.status = status; return p }

// share is a part of a row.
type share struct {
	weight float64 // of the area, against the other parts
	recipe recipe
}

func part(weight float64, r recipe) share { return share{weight, r} }

// row cuts a face across an axis into parts one behind the other, from west to
// east, or from south to north where the axis is steeper.
type row struct {
	across bool // along the short side
	parts  []share
}

// along divides the long side, across the short one.
func along(parts ...share) row  { return row{parts: parts} }
func across(parts ...share) row { return row{across: true, parts: parts} }

// skew is how far a cut may stand off the right angle, in degrees.
const skew = 3

func (r row) divide(d *divider, f *face) error {
	ring := d.mesh.points(f.rings[0])
	heading := axis(ring)
	if r.across {
		heading = leftOf(heading)
	}
	heading = eastOrNorth(heading)
	var weight float64
	for _, p := range r.parts {
		weight += p.weight
	}
	var pieces []*face
	for _, p := range r.parts[:len(r.parts)-1] {
		ring = d.mesh.points(f.rings[0])
		slanted := turned(heading, skew*(2*d.random.Float64()-1))
		limit := reach(ring, slanted, area(ring)*p.weight/weight)
		weight -= p.weight
		low, high := extent(ring, leftOf(slanted))
		start := times(slanted, limit)
		before, behind, err := d.mesh.cut(f, []geo.Point{
			plus(start, times(leftOf(slanted), low-1)), plus(start, times(leftOf(slanted), high+1))})
		if err != nil {
			return err
		}
		pieces = append(pieces, before)
		f = behind
	}
	pieces = append(pieces, f)
	for i, p := range pieces {
		if err := r.parts[i].recipe.divide(d, p); err != nil {
			return err
		}
	}
	return nil
}

// belt takes a strip of even depth along a road, or along the outline.
type belt struct {
	along string
	depth float64 // m
	strip recipe
	rest  recipe
}

func (b belt) divide(d *divider, f *face) error {
	i := slices.IndexFunc(d.curves, func(c *curve) bool { return c.name == b.along })
	if i < 0 {
		return fmt.Errorf("there is no road %s", b.along)
	}
	c := d.curves[i]
	shift := c.width/2 + b.depth
	if !c.isLeft(centroid(d.mesh.points(f.rings[0]))) {
		shift = -shift
	}
	l, r, err := d.mesh.cut(f, offset(c.line, shift))
	if err != nil {
		return fmt.Errorf("belt along %s: %w", b.along, err)
	}
	if shift > 0 {
		l, r = r, l
	}
	if err := b.strip.divide(d, l); err != nil {
		return err
	}
	return b.rest.divide(d, r)
}

// isLeft tells on which side of a curve a point lies.
func (c *curve) isLeft(p geo.Point) bool {
	nearest := math.Inf(1)
	var isLeft bool
	for i := range len(c.line) - 1 {
		a, b := c.line[i], c.line[i+1]
		f := max(0, min(1, dot(minus(p, a), minus(b, a))/dot(minus(b, a), minus(b, a))))
		if d := distance(p, between(a, b, f)); d < nearest {
			nearest, isLeft = d, cross(minus(b, a), minus(p, a)) > 0
		}
	}
	return isLeft
}

// notch takes a corner out of a face, so that the rest is L-shaped. Its sides
// are fractions of the face's long and short side, measured from the west or
// south end, or from the other end when negative.
type notch struct {
	long, short float64
	corner      recipe
	rest        recipe
}

func (n notch) divide(d *divider, f *face) error {
	ring := d.mesh.points(f.rings[0])
	u := axis(ring)
	v := eastOrNorth(leftOf(u))
	u0, u1 := extent(ring, u)
	v0, v1 := extent(ring, v)
	uAt, uOut := inward(u0, u1, n.long)
	vAt, vOut := inward(v0, v1, n.short)
	point := func(a, b float64) geo.Point { return plus(times(u, a), times(v, b)) }
	line := []geo.Point{point(uAt, vOut), point(uAt, vAt), point(uOut, vAt)}
	l, r, err := d.mesh.cut(f, line)
	if err != nil {
		return err
	}
	if cross(minus(line[1], line[0]), minus(line[2], line[1])) < 0 {
		l, r = r, l
	}
	if err := n.corner.divide(d, l); err != nil {
		return err
	}
	return n.rest.divide(d, r)
}

// inward is where a side is cut and a place outside the end from which that is measured.
func inward(low, high, fraction float64) (cut, outside float64) {
	if fraction < 0 {
		return high + fraction*(high-low), high + 1
	}
	return low + fraction*(high-low), low - 1
}

// drawn cuts a face along a line of the drawing, which begins and ends outside
// it; left and right are looking along the line.
type drawn struct {
	line        []stop
	left, right recipe
}

func (c drawn) divide(d *divider, f *face) error {
	l, r, err := d.mesh.cut(f, d.line(c.line))
	if err != nil {
		return err
	}
	if err := c.left.divide(d, l); err != nil {
		return err
	}
	return c.right.divide(d, r)
}

// island sets a plot in the middle of another, which then has a hole. It is an
// ellipse with the given number of sides; four make a rectangle.
type island struct {
	sides       int
	long, short float64 // m
	inner       plot
	outer       plot
}

func (s island) divide(d *divider, f *face) error {
	ring := d.mesh.points(f.rings[0])
	middle, u := centroid(ring), axis(ring)
	var shore []geo.Point
	for i := range s.sides {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.5) / float64(s.sides))
		reach := 0.5
		if s.sides == 4 {
			reach = math.Sqrt2 / 2
		}
		p := plus(middle, plus(times(u, cos*s.long*reach), times(leftOf(u), sin*s.short*reach)))
		shore = append(shore, p)
	}
	inner := d.mesh.add(d.mesh.ring(shore))
	inner.piece = f.piece
	hole := slices.Clone(inner.rings[0])
	slices.Reverse(hole)
	f.rings = append(f.rings, hole)
	if err := s.outer.divide(d, f); err != nil {
		return err
	}
	return s.inner.divide(d, inner)
}
