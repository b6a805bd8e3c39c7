package land

import "github.com/dikuai/dikuai/geo"

// Survey is a boundary laid over the published register on one day: what of it
// lies where. Areas are plane ones in the plane of the park, or those on the
// CGCS2000 ellipsoid of the same pieces. What no rule asked for is left out.
type Survey struct {
	Ellipsoid  bool             // areas are those on the ellipsoid
	Boundary   geo.MultiPolygon // EPSG:4490 lon/lat
	Area       geo.SquareMetres // of the boundary
	Park       Park             // the one in which most of it lies
	OtherParks []Park           // in which more of it lies than a sliver
	Beyond     []Piece          // what lies outside the park
	Plots      []PlotOverlap    // by their numbers in the register
	Unplotted  []Piece          // what lies in the park and in no plot
	Kinds      map[ControlKind]KindOverlap
}

// Piece is a polygon of what a boundary has in common with something, or lacks.
type Piece struct {
	Boundary geo.Polygon      // EPSG:4490 lon/lat
	Area     geo.SquareMetres // in the survey's measure
	Width    float64          // metres: twice the plane area by the perimeter
}

// PlotOverlap is a plot with what of the boundary lies in it.
type PlotOverlap struct {
	Plot   Plot
	Pieces []Piece
}

// Area is what of the boundary lies in the plot.
func (p PlotOverlap) Area() geo.SquareMetres { return areaOf(p.Pieces) }

// KindOverlap is the boundary over the layers of one kind that hold on the day.
type KindOverlap struct {
	Layers  []LayerOverlap // by code, whether they meet the boundary or not
	Outside []Piece        // of a kind within which land must lie: what lies in no polygon of its layers
	OfUse   []Piece        // of that, what of it lies in plots of the one use to which the kind speaks
}

// LayerOverlap is a layer with what of the boundary lies in it.
type LayerOverlap struct {
	Layer    *ControlLayer
	Within   []Piece // features that overlap one another counted once
	Features []FeatureOverlap
}

// FeatureOverlap is a control feature with what of the boundary lies in it.
type FeatureOverlap struct {
	ControlFeature
	Pieces []Piece
}

// Needs is what of a boundary must be surveyed.
type Needs struct {
	Plots bool
	Kinds map[ControlKind]bool
}

// NeedsOf is what some rules ask for.
func NeedsOf(rules []ComplianceRule) Needs {
	n := Needs{Kinds: map[ControlKind]bool{}}
	for _, r := range rules {
		n.Plots = n.Plots || r.Plots
		if r.Kind != "" {
			n.Kinds[r.Kind] = true
		}
	}
	return n
}

// Tolerance is what two boundaries may miss each other by.
type Tolerance struct {
	Area  geo.SquareMetres // of the pieces together
	Width float64          // metres, of each piece
}

// weigh tells pieces that count from slivers, which are narrower, and from
// overlaps that are smaller together.
func (t Tolerance) weigh(pieces []Piece) (counted []Piece, area, ignored geo.SquareMetres) {
	for _, p := range pieces {
		if p.Width > t.Width {
			counted = append(counted, p)
		}
	}
	if area = areaOf(counted); area <= t.Area {
		counted, area = nil, 0
	}
	return counted, area, areaOf(pieces) - area
}

func areaOf(pieces []Piece) (area geo.SquareMetres) {
	for _, p := range pieces {
		area += p.Area
	}
	return area
}
