package topology

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// CutError says why a polygon cannot be cut along a line, and where the line or
// the polygon is at fault.
type CutError struct {
	Reason geo.Words
	Place  geo.Point
}

func (e *CutError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *CutError) Words() geo.Words { return near(e.Reason, e.Place) }

// What a cut is refused for in more places than one.
var (
	lineTouches = geo.Say("分割线只与多边形相接", "the line only touches the polygon")
	lineCrosses = geo.Say("分割线与自身相交", "the line crosses itself")
	noGridPoint = geo.Say("格网在边界附近没有足够近的点", "the grid has no point near enough to the border")
)

// notValid says what is wrong with the polygon that is to be edited.
func notValid(e *InvalidError) geo.Words {
	return geo.Say("多边形无效：%s", "the polygon is not valid: %s", e.Reason)
}

// Split cuts a polygon along a line into its connected pieces, each a polygon of
// one part, the farthest to the north-west first. Parts that the line does not
// pass are pieces of their own. Coordinates are plane metres on the 0.001 m
// grid.
//
// Where the line crosses an edge the pieces get a new vertex: an old one within
// 0.05 m, or else the grid point nearest to the crossing along the edge, at most
// 0.25 m away, that lies so near the edge that the polygon gains or loses at
// most 0.001 m² by it (0.004 m² where the grid has no better one). Where it has
// none for even that, the edge gets one vertex more, under 2 mm beside it, that
// makes the loss good. Vertices of the line inside the polygon are put on the
// grid; those within 0.05 m of the border, on the border. The pieces' areas sum
// to the polygon's within 0.01 m².
//
// The error is *CutError when the polygon is not valid, or the line ends inside
// it, misses it, only touches it, crosses itself, runs along the border, leaves
// it in one piece, or makes one less than 0.005 m wide on average.
func Split(p geo.MultiPolygon, line []geo.Point) ([]geo.MultiPolygon, error) {
	if err := Valid(p); err != nil {
		invalid := err.(*InvalidError)
		return nil, &CutError{notValid(invalid), invalid.Place}
	}
	chain, err := chainOf(line)
	if err != nil {
		return nil, err
	}
	before := regionOf(p)
	c := newCutter(before)
	if chain, err = c.node(chain); err != nil {
		return nil, err
	}
	if err := validate(c.region); err != nil {
		return nil, &CutError{geo.Say("多边形过窄，放不下新的界址点：%s", "the polygon is too narrow for a new vertex: %s", err.Reason), err.Place}
	}
	if err := simple(chain); err != nil {
		return nil, err
	}
	cuts, err := c.chords(chain)
	if err != nil {
		return nil, err
	}
	pieces, err := c.pieces(cuts)
	if err != nil {
		return nil, err
	}
	return checked(before, pieces, chain[0])
}

// checked makes sure that pieces are valid and have the area of the whole.
func checked(before, pieces region, place pt) ([]geo.MultiPolygon, error) {
	var sum int64
	out := make([]geo.MultiPolygon, len(pieces))
	for i, part := range pieces {
		r := region{part}
		if err := validate(r); err != nil {
			return nil, &CutError{geo.Say("分出的部分将无效：%s", "a piece would not be valid: %s", err.Reason), err.Place}
		}
		if float64(r.area2()) < narrowest*r.perimeter() {
			return nil, &CutError{geo.Say("分出的部分平均宽度将不足 0.005 米", "a piece would be less than 0.005 m wide on average"), part[0][0].point()}
		}
		sum += r.area2()
		out[i] = r.multiPolygon()
	}
	if abs(sum-before.area2()) > mostDifference {
		return nil, &CutError{geo.Say("各部分面积之和将不等于原多边形的面积", "the pieces would not have the polygon's area"), place.point()}
	}
	return out, nil
}

// narrowest is the least mean width in mm of a piece, twice its area over its
// perimeter. The borders of thinner ones cannot be told apart by sharedWithin.
const narrowest = 5

// mostDifference is 0.01 m² as twice an area in mm².
const mostDifference = 20_000

// chainOf puts the line on the grid.
func chainOf(line []geo.Point) ([]pt, error) {
	var chain []pt
	for _, p := range line {
		if !finite(p) {
			return nil, &CutError{geo.Say("分割线有一个坐标不是以米为单位的数", "the line has a coordinate that is not a number of metres"), p}
		}
		if q := onGrid(p); len(chain) == 0 || chain[len(chain)-1] != q {
			chain = append(chain, q)
		}
	}
	if len(chain) < 2 {
		place := geo.Point{}
		if len(chain) == 1 {
			place = chain[0].point()
		}
		return nil, &CutError{geo.Say("分割线不足两个不同的点", "the line has fewer than two different points"), place}
	}
	return chain, nil
}

// simple says where the line meets itself, if it does other than by closing.
func simple(chain []pt) error {
	boxes := make([]box, len(chain)-1)
	for i := range boxes {
		boxes[i] = boxOf(chain[i], chain[i+1])
	}
	last := len(boxes) - 1
	closed := chain[0] == chain[len(chain)-1]
	var err error
	newBoxTree(boxes).pairs(func(i, j int) bool {
		if i > j {
			i, j = j, i
		}
		how, at := meet(chain[i], chain[i+1], chain[j], chain[j+1])
		next := j == i+1 || closed && last > 1 && i == 0 && j == last
		switch {
		case how == cross:
			_, place := crossing(chain[i], chain[i+1], chain[j], chain[j+1])
			err = &CutError{lineCrosses, place}
		case how == overlap, how == touch && !next:
			err = &CutError{lineCrosses, at.point()}
		}
		return err == nil
	})
	return err
}

// chords are the pieces of the line that lie inside the region, as edges. They
// lead from border to border.
func (c *cutter) chords(chain []pt) ([]edge, error) {
	border := make(map[edge]bool, len(c.ends))
	for _, e := range c.ends {
		border[e] = true
	}
	vertices := c.vertices()
	var cuts []edge
	touches := -1
	for i := range len(chain) - 1 {
		e := edge{chain[i], chain[i+1]}
		if vertices[e.a] {
			touches = i
		} else if vertices[e.b] {
			touches = i + 1
		}
		if border[e] || border[e.reversed()] {
			if distance(e.a, e.b) > 2*snapWithin {
				return nil, &CutError{geo.Say("分割线沿边界走", "the line runs along the border"), halfPoint(midpoint2(e.a, e.b))}
			}
			continue
		}
		if c.region.locate(midpoint2(e.a, e.b)) == inside {
			cuts = append(cuts, e)
		}
	}
	if len(cuts) == 0 && touches >= 0 {
		return nil, &CutError{lineTouches, chain[touches].point()}
	}
	if len(cuts) == 0 {
		return nil, &CutError{geo.Say("分割线不穿过多边形", "the line does not cross the polygon"), chain[0].point()}
	}
	for _, end := range [2]pt{chain[0], chain[len(chain)-1]} {
		if !vertices[end] && c.region.locate(doubled(end)) == inside {
			return nil, &CutError{geo.Say("分割线止于多边形内部", "the line ends inside the polygon"), end.point()}
		}
	}
	return cuts, nil
}

// pieces cuts the region along chords.
func (c *cutter) pieces(cuts []edge) (region, error) {
	edges := slices.Clone(c.ends)
	first := len(edges)
	for _, e := range cuts {
		edges = append(edges, e, e.reversed())
	}
	walkOf := make([]int, len(edges))
	for i := range walkOf {
		walkOf[i] = -1
	}
	var all []ring
	for w, walk := range faces(edges) {
		for _, i := range walk {
			walkOf[i] = w
		}
		all = append(all, loops(edges, walk)...)
	}
	for i := first; i < len(edges); i += 2 {
		if walkOf[i] == walkOf[i+1] {
			return nil, &CutError{geo.Say("分割线连接边界与内环或两个内环，未把多边形分开", "the line joins the border and a hole, or two holes, without dividing the polygon"), halfPoint(midpoint2(edges[i].a, edges[i].b))}
		}
	}
	pieces, loose := nest(all)
	if len(loose) > 0 {
		return nil, &CutError{geo.Say("多边形在此处不能分割", "the polygon cannot be cut at this place"), loose[0][0].point()}
	}
	return pieces, nil
}
