package topology

import (
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// TileError says why parts do not tile a polygon, how much land is at fault, and
// where.
type TileError struct {
	Reason geo.Words
	Place  geo.Point
	Area   geo.SquareMetres // of the gap or overlap; 0 where there is none
}

func (e *TileError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *TileError) Words() geo.Words {
	if e.Area > 0 {
		return near(geo.Say("%s：%.4f 平方米", "%s: %.4f m²", e.Reason, float64(e.Area)), e.Place)
	}
	return near(e.Reason, e.Place)
}

// Partition fits parts that should tile p to it and to each other. A part's
// vertex within 0.05 m of a vertex of p, or of another part's, becomes that
// vertex; within 0.05 m of an edge of p it is put on the edge as Split puts
// crossings; then vertices within 0.05 m of another part's edge become vertices
// of the edge too. The parts come back in their order, fitted, when every edge
// of theirs is matched by another part's or by p's border, so that there is no
// gap and no overlap, and their areas sum to p's within 0.01 m². Coordinates are
// plane metres on the 0.001 m grid. The error is *TileError.
func Partition(p geo.MultiPolygon, parts []geo.MultiPolygon) ([]geo.MultiPolygon, error) {
	if err := Valid(p); err != nil {
		invalid := err.(*InvalidError)
		return nil, &TileError{Reason: notValid(invalid), Place: invalid.Place}
	}
	for i, part := range parts {
		if err := Valid(part); err != nil {
			invalid := err.(*InvalidError)
			return nil, &TileError{Reason: geo.Say("第 %d 部分无效：%s", "part %d is not valid: %s", i+1, invalid.Reason), Place: invalid.Place}
		}
	}
	whole := regionOf(p)
	before := whole.area2()
	fitted, whole, err := fit(whole, regionsOf(parts))
	if err != nil {
		return nil, err
	}
	all := append(fitted, whole.turned()) // the land around is a neighbour of the parts
	stitch(all, stitching{tolerance: snapWithin, kept: len(fitted), borders: true})
	fitted = all[:len(fitted)]
	if err := tiles(whole, fitted); err != nil {
		return nil, err
	}
	var sum int64
	out := make([]geo.MultiPolygon, len(fitted))
	for i, r := range fitted {
		if err := validate(r); err != nil {
			return nil, &TileError{Reason: geo.Say("第 %d 部分将无效：%s", "part %d would not be valid: %s", i+1, err.Reason), Place: err.Place}
		}
		sum += r.area2()
		out[i] = r.multiPolygon()
	}
	if d := abs(sum - before); d > mostDifference {
		return nil, &TileError{geo.Say("各部分面积之和不等于多边形的面积", "the parts' areas do not sum to the polygon's"), whole[0][0][0].point(), geo.SquareMetres(squareMetres(d))}
	}
	return out, nil
}

// fit moves the parts' vertices onto the whole's vertices and edges and onto
// each other, and gives the whole the vertices that come to lie on its edges.
func fit(whole region, parts []region) ([]region, region, error) {
	c := newCutter(whole)
	known := make(places)
	for p := range c.vertices() {
		known.add(p, p, -1)
	}
	settling := 0
	for _, r := range parts {
		for g := range r.rings {
			for _, p := range g {
				if _, isVertex, i := c.nearest(p); !isVertex && i >= 0 {
					settling++
				}
			}
		}
	}
	for i, r := range parts {
		for j, part := range r {
			for n, g := range part {
				for k, p := range g {
					q, ok := known.near(p, i)
					if !ok {
						if q, ok = c.settle(p, allow(settling/2)); !ok {
							return nil, nil, &TileError{Reason: noGridPoint, Place: p.point()}
						}
						known.add(p, q, i)
						known.add(q, q, i)
					}
					g[k] = q
				}
				part[n] = compacted(g)
			}
			r[j] = part
		}
	}
	return parts, c.region, nil
}

// turned is the region with every ring the other way round.
func (r region) turned() region {
	out := make(region, len(r))
	for i, part := range r {
		for _, g := range part {
			g = slices.Clone(g)
			slices.Reverse(g)
			out[i] = append(out[i], g)
		}
	}
	return out
}

// compacted is the ring without points repeated next to each other.
func compacted(g ring) ring {
	return ringOf(region{{g}}.multiPolygon()[0][0])
}

// places finds known points near a point, by cells of snapWithin.
type places map[pt][]place

// place is a point as it was given, as it was fitted, and the part it came from.
type place struct {
	p, fitted pt
	owner     int
}

func cell(p pt) pt {
	return pt{int64(math.Floor(float64(p.x) / snapWithin)), int64(math.Floor(float64(p.y) / snapWithin))}
}

func (k places) add(p, fitted pt, owner int) {
	k[cell(p)] = append(k[cell(p)], place{p, fitted, owner})
}

// near is how the same point was fitted, or else the nearest within snapWithin
// that is not the owner's own: a part keeps its short edges.
func (k places) near(p pt, owner int) (fitted pt, ok bool) {
	nearest := math.Inf(1)
	at := cell(p)
	for dx := int64(-1); dx <= 1; dx++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for _, known := range k[pt{at.x + dx, at.y + dy}] {
				d := distance(p, known.p)
				if d == 0 {
					return known.fitted, true
				}
				if known.owner != owner && d <= snapWithin && (d < nearest || d == nearest && known.fitted.before(fitted)) {
					fitted, nearest, ok = known.fitted, d, true
				}
			}
		}
	}
	return fitted, ok
}

// tiles checks that the parts' edges, opposite ones cancelled, are the whole's.
// Then the parts wind round every point as often as the whole does: once inside,
// not at all outside.
func tiles(whole region, parts []region) error {
	// left counts, for each edge, how often it is left over, less its opposite.
	left := make(map[edge]int)
	var order []edge
	note := func(e edge) {
		if opposite := e.reversed(); left[opposite] > 0 {
			left[opposite]--
			return
		}
		left[e]++
		order = append(order, e)
	}
	for _, r := range parts {
		for e := range r.edges {
			note(e)
		}
	}
	for e := range whole.edges {
		note(e.reversed())
	}
	var rest []edge
	for _, e := range order {
		for ; left[e] > 0; left[e]-- {
			rest = append(rest, e)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	var most ring
	var area int64
	for _, walk := range faces(rest) {
		for _, g := range loops(rest, walk) {
			if a := g.area2(); abs(a) > abs(area) {
				most, area = g, a
			}
		}
	}
	e := &TileError{Reason: geo.Say("各部分的边不吻合", "the parts' edges do not match"), Place: rest[0].a.point(), Area: geo.SquareMetres(squareMetres(abs(area)))}
	if area == 0 {
		return e
	}
	place := pointInside([]ring{most})
	e.Place = halfPoint(place)
	switch in := whole.locate(place); {
	case area < 0:
		e.Reason = geo.Say("各部分之间有空隙", "the parts leave a gap")
	case in == outside:
		e.Reason = geo.Say("有一部分超出多边形", "a part reaches outside the polygon")
	default:
		e.Reason = geo.Say("两部分重叠", "two parts overlap")
	}
	return e
}
