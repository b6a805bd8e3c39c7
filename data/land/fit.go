package land

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// Need is the land that a project needs (选址需求), in one plot or in a few that
// adjoin. What each plot must be by itself, such as its land use, a Query asks.
type Need struct {
	AreaMu    Range   // plane area of the plots together, 亩, as it is printed
	GFA       Range   // capacity (计容建筑面积) of the plots together, m²
	FARMax    Range   // 容积率上限, which each plot has; told in the reasons
	Tolerance float64 // how far AreaMu and GFA may be missed, as a share of the end that is missed
	MostPlots int     // 1 to MostTogether
	Radius    float64 // metres around the place within which every plot lies; 0 without a place
}

// Site is a plot that may serve a need, by itself or with its neighbours.
type Site struct {
	ID             PlotID
	Area           geo.SquareMetres // plane
	FARMax, GFAMax *float64         // GFAMax in m²
	Distance       float64          // metres from the place to the plot's nearest point, on the CGCS2000 ellipsoid
}

// LeastBorder is the length in metres of border that two plots must share to
// count as adjacent: the clear width of a fire lane (消防车道, GB 50016-2014
// §7.1.8), without which the one cannot be reached through the other.
const LeastBorder = 4.0

// Points are hundredths of a point of a score.
type Points int

// The points that an offer can get, 100 in all: for its land, for how near it is,
// for being in few plots, and for how well these hang together. Without a place
// the others count for a third more.
const (
	landPoints   = 4500
	placePoints  = 2500
	plotsPoints  = 1500
	borderPoints = 1500
	withoutPlace = 4.0 / 3
)

// Score says how well an offer serves a need.
type Score struct{ Land, Place, Plots, Border Points }

// Total is the score, 100.00 at best.
func (s Score) Total() Points { return s.Land + s.Place + s.Plots + s.Border }

// Best is the score of what serves a need as well as can be so many metres from
// the place.
func (n Need) Best(distance float64) Score { return n.score(1, n.nearness(distance), 1, 1) }

func (n Need) nearness(distance float64) float64 {
	if n.Radius == 0 {
		return 0
	}
	return 1 - distance/n.Radius
}

// score weighs shares from 0 to 1.
func (n Need) score(land, place, plots, border float64) Score {
	scale := 1.0
	if n.Radius == 0 {
		scale = withoutPlace
	}
	of := func(share, points float64) Points { return Points(math.Round(share * points * scale)) }
	return Score{of(land, landPoints), of(place, placePoints), of(plots, plotsPoints), of(border, borderPoints)}
}

// Offer is a plot, or a group of adjacent ones, that serves a need.
type Offer struct {
	Sites []int // their places in the list of sites, nearest first
	Together
	Distance float64 // metres from the place to the nearest of them
	Score    Score
}

// Together is what plots come to together.
type Together struct {
	Plots        int
	Area         geo.SquareMetres
	GFA          geo.SquareMetres // of plots with a GFA max, that; of the others with a FAR max, that times the area
	UnknownGFA   int              // plots with neither
	FARArea      geo.SquareMetres // of plots with a FAR max
	FARTimesArea float64          // the sum of FAR max × area over these
	LeastFAR     float64          // of these
	MostFAR      float64          //
	Border       float64          // metres that they share with one another
}

// AreaMu is the area as it is printed.
func (t Together) AreaMu() float64 { return geo.Round(float64(t.Area.Mu()), geo.MuDecimals) }

// FARAverage is FAR max weighted by area; false when no plot has one.
func (t Together) FARAverage() (float64, bool) {
	return t.FARTimesArea / float64(t.FARArea), t.FARArea > 0
}

// with adds a plot that shares so many metres of border with those before.
func (t Together) with(s Site, border float64) Together {
	if s.FARMax != nil {
		far := *s.FARMax
		if t.FARArea == 0 {
			t.LeastFAR, t.MostFAR = far, far
		}
		t.LeastFAR, t.MostFAR = min(t.LeastFAR, far), max(t.MostFAR, far)
		t.FARArea += s.Area
		t.FARTimesArea += far * float64(s.Area)
	}
	switch {
	case s.GFAMax != nil:
		t.GFA += geo.SquareMetres(*s.GFAMax)
	case s.FARMax != nil:
		t.GFA += geo.SquareMetres(*s.FARMax * float64(s.Area))
	default:
		t.UnknownGFA++
	}
	t.Plots++
	t.Area += s.Area
	t.Border += border
	return t
}

// judge gives the score of plots together, or says that they do not serve.
func (n Need) judge(t Together, distance float64) (Score, bool) {
	land := 1.0
	for _, m := range [2]miss{n.missedArea(t), n.missedGFA(t)} {
		if m.share > n.Tolerance {
			return Score{}, false
		}
		if m.share > 0 {
			land = min(land, 1-m.share/n.Tolerance)
		}
	}
	return n.score(land, n.nearness(distance), 1-float64(t.Plots-1)/(MostTogether-1), t.cohesion()), true
}

// MostTogether is how many plots an offer may have.
const MostTogether = 5

// cohesion compares the border that plots share with what as many squares of
// their size in a row share, 1 at most.
func (t Together) cohesion() float64 {
	if t.Plots == 1 {
		return 1
	}
	row := float64(t.Plots-1) * math.Sqrt(float64(t.Area)/float64(t.Plots))
	return min(1, t.Border/row)
}

// exceeds says whether plots are too large already, so that more of them are too.
func (n Need) exceeds(t Together) bool {
	return beyond(n.AreaMu, float64(t.Area.Mu())-rounding, n.Tolerance) || beyond(n.GFA, float64(t.GFA), n.Tolerance)
}

func beyond(r Range, v, tolerance float64) bool { return r.Max != nil && v > *r.Max*(1+tolerance) }

// miss is by how much an end of a range is missed, and what share of the end
// that is.
type miss struct {
	over, under float64
	share       float64
}

// rounding is how much the printing of an area may change it, in 亩.
const rounding = 0.005

func (n Need) missedArea(t Together) miss {
	v := float64(t.Area.Mu())
	more, less := missed(n.AreaMu, v+rounding), missed(n.AreaMu, v-rounding)
	switch { // whatever the rounding
	case more == (miss{}) && less == (miss{}), more.under > 0 && more.share > n.Tolerance:
		return more
	case less.over > 0 && less.share > n.Tolerance:
		return less
	}
	return missed(n.AreaMu, t.AreaMu())
}

func (n Need) missedGFA(t Together) miss { return missed(n.GFA, float64(t.GFA)) }

func missed(r Range, v float64) (m miss) {
	switch {
	case r.Max != nil && v > *r.Max:
		m.over = v - *r.Max
		m.share = m.over / *r.Max
	case r.Min != nil && v < *r.Min:
		m.under = *r.Min - v
		m.share = m.under / *r.Min
	}
	return m
}
