package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Bounds of a boundary that is surveyed.
const (
	widestBoundary = 30_000 // metres
	mostOverlaid   = 5_000  // plots, or control features
)

// ErrBeyondParks says that a boundary lies outside every park.
var ErrBeyondParks error = geo.Say("边界不在任何园区之内", "the boundary lies outside every park")

// errTooLarge says that a boundary reaches over too much.
var errTooLarge error = geo.Say("边界过大：最宽 %d 千米，最多涉及 %d 个地块和 %d 个管控要素", "the boundary is too large: it may be %d km wide and meet %d plots and %d control features",
	widestBoundary/1000, mostOverlaid, mostOverlaid)

// Survey lays a boundary, coordinates x before y in crs, over what the view
// holds: the park in which most of it lies, the plots and the controls that hold
// on the view's day. It is cut in the plane of that park, where all sides are
// straight, and measured there or, the same pieces, on the CGCS2000 ellipsoid.
// Errors are NewArea's, ErrBeyondParks, and that it is too large.
func (v *View) Survey(p geo.MultiPolygon, crs geo.CRS, needs land.Needs, ellipsoid bool) (land.Survey, error) {
	s := land.Survey{Ellipsoid: ellipsoid}
	var err error
	if s.Boundary, err = geo.TransformMultiPolygon(p, crs, geo.CGCS2000); err != nil {
		return s, err
	}
	at, err := v.findPark(p, crs, &s)
	if err != nil {
		return s, err
	}
	g := at.ground
	g.bound, g.ellipsoid = s.Boundary.Bound(), ellipsoid
	if s.Area = g.whole; ellipsoid {
		s.Area = geo.EllipsoidArea(s.Boundary)
	}
	s.Park = at.park.Park
	s.Beyond = g.pieces(g.subject.Outside(g.near(s.Park.Boundary, at.park.drawn)))
	var plots []geo.MultiPolygon // in the plane
	if needs.Plots {
		if s.Plots, plots, err = g.plots(v); err != nil {
			return s, err
		}
		s.Unplotted = g.pieces(topology.NewOverlay(at.within).Outside(plots...))
	}
	if len(needs.Kinds) > 0 {
		s.Kinds, err = g.kinds(v, needs, s.Plots, plots)
	}
	return s, err
}

// parkland is a park and what of a boundary lies in it, in the park's plane.
type parkland struct {
	ground *ground
	park   *Park
	within geo.MultiPolygon
}

// findPark finds the park in which most of a boundary lies, and tells the others.
func (v *View) findPark(p geo.MultiPolygon, crs geo.CRS, s *land.Survey) (most parkland, err error) {
	grounds := map[geo.CRS]*ground{}
	const sliver = 1 // m²
	mostArea := geo.SquareMetres(sliver)
	var met []*Park
	for i := range v.Parks {
		park := &v.Parks[i]
		plane := planeOf(park.PlaneCRS)
		g := grounds[plane]
		if g == nil {
			if g, err = newGround(p, crs, plane); err != nil {
				return most, err
			}
			grounds[plane] = g
		}
		if !g.area.box.Meets(wider(park.box, sizeOf(park.box))) {
			continue
		}
		within := polygonsOf(g.subject.Inside(g.near(park.Boundary, park.drawn)))
		area := geo.PlaneArea(within)
		if area > sliver {
			met = append(met, park)
		}
		if area > mostArea {
			most, mostArea = parkland{g, park, within}, area
		}
	}
	if most.park == nil {
		return most, ErrBeyondParks
	}
	for _, park := range met {
		if park != most.park {
			s.OtherParks = append(s.OtherParks, park.Park)
		}
	}
	return most, nil
}

func planeOf(crs geo.CRS) geo.CRS {
	if crs.Plane() {
		return crs
	}
	return geo.GK114
}

// ground is a boundary in the plane in which it is surveyed.
type ground struct {
	area      *Area             // which tells what lies near
	subject   *topology.Overlay // which cuts it
	whole     geo.SquareMetres  // its plane area
	there     func(geo.Point) geo.Point
	back      func(geo.Point) geo.Point // from and to EPSG:4490 lon/lat
	bound     orb.Bound                 // of the boundary, EPSG:4490 lon/lat
	ellipsoid bool
}

func newGround(p geo.MultiPolygon, from, plane geo.CRS) (*ground, error) {
	area, err := NewArea(p, from, plane)
	if err != nil {
		return nil, err
	}
	there, err := geo.NewTransformer(from, plane)
	if err != nil {
		return nil, err
	}
	back, err := geo.NewTransformer(plane, geo.CGCS2000)
	if err != nil {
		return nil, err
	}
	p = geo.MapPoints(p, there)
	if b := p.Bound(); max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) > widestBoundary {
		return nil, errTooLarge
	}
	return &ground{area: area, subject: topology.NewOverlay(p), whole: geo.PlaneArea(p), there: area.plane, back: back}, nil
}

// pieces tells pieces of the plane as the survey has them.
func (g *ground) pieces(cut []topology.Piece) []land.Piece {
	var pieces []land.Piece
	for _, c := range cut {
		p := geo.MapPoints(geo.MultiPolygon{c.Polygon}, g.back)
		piece := land.Piece{Boundary: p[0], Area: c.Area, Width: c.Width()}
		if g.ellipsoid {
			piece.Area = geo.EllipsoidArea(p)
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

func polygonsOf(pieces []topology.Piece) geo.MultiPolygon {
	p := make(geo.MultiPolygon, len(pieces))
	for i, c := range pieces {
		p[i] = c.Polygon
	}
	return p
}

// plots are those under the boundary, and their boundaries in the plane.
func (g *ground) plots(v *View) (found []land.PlotOverlap, onPlane []geo.MultiPolygon, err error) {
	type near struct {
		plotset.Ref
		lies lies
	}
	var all []near
	v.Plots.Search(g.area.box, func(r plotset.Ref) bool {
		if where := g.area.locate(r.Box()); where != outside {
			all = append(all, near{r, where})
		}
		return len(all) <= mostOverlaid
	})
	if len(all) > mostOverlaid {
		return nil, nil, errTooLarge
	}
	slices.SortFunc(all, func(a, b near) int { return cmp.Compare(a.ID(), b.ID()) })
	for _, r := range all {
		p := g.onPlane(r.Boundary())
		cut := uncut(p)
		if r.lies == across {
			cut = g.subject.Inside(p)
		}
		if len(cut) > 0 {
			found, onPlane = append(found, land.PlotOverlap{Plot: r.Plot(), Pieces: g.pieces(cut)}), append(onPlane, p)
		}
	}
	return found, onPlane, nil
}

// uncut is a polygon that lies in the boundary as it is.
func uncut(p geo.MultiPolygon) []topology.Piece {
	pieces := make([]topology.Piece, len(p))
	for i := range p {
		pieces[i] = topology.Piece{Polygon: p[i], Area: geo.PlaneArea(p[i : i+1]), Perimeter: geo.PlanePerimeter(p[i : i+1])}
	}
	return pieces
}
