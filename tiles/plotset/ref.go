package plotset

import (
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Ref is a plot of a set. It stays what it is whatever becomes of later sets.
type Ref struct {
	block *block
	at    int
}

// ID is the plot's number in the register.
func (r Ref) ID() land.PlotID { return r.block.records[r.at].id }

// Version is the plot's version.
func (r Ref) Version() int { return int(r.block.records[r.at].version) }

// Kind is what the plot has in common with others; plots of one kind have the
// same pointer.
func (r Ref) Kind() *Kind { return r.block.kinds[r.block.records[r.at].kind] }

// UseNumber counts the land uses of a set and its successors from 0: the same for
// the same main code.
func (r Ref) UseNumber() int { return int(r.block.uses[r.at]) }

// Number is the plot number (地块编号).
func (r Ref) Number() string { return r.block.number(r.at) }

// Name is the plot's name (地块名称), or empty.
func (r Ref) Name() string { return r.block.name(r.at) }

// Holder is the plot's holder (权利人), or empty.
func (r Ref) Holder() string { return r.block.holders[r.block.records[r.at].holder] }

// Beside says whether two plots of one set lie in the same stretch of memory.
func (r Ref) Beside(q Ref) bool { return r.block == q.block }

// Texts are the numbers and names of all plots beside this one, without anything
// between, and their holders: what is in neither is in none of them.
func (r Ref) Texts() (texts string, holders []string) { return r.block.texts, r.block.holders }

// StatedArea is the area that a document states, m².
func (r Ref) StatedArea() (float64, bool) { return known(r.block.records[r.at].stated) }

// GFAMax is the most gross floor area (计容建筑面积), m².
func (r Ref) GFAMax() (float64, bool) { return known(r.block.records[r.at].gfaMax) }

func known(v float64) (float64, bool) { return v, v == v }

// ValidFrom is the day from which the version holds.
func (r Ref) ValidFrom() Day { return r.block.records[r.at].validFrom }

// SuppliedOn is the day of supply; NoDay when there is none.
func (r Ref) SuppliedOn() Day { return r.block.records[r.at].suppliedOn }

// RecordedAt is the moment at which the version was recorded.
func (r Ref) RecordedAt() time.Time { return time.UnixMicro(r.block.records[r.at].recorded) }

// AreaEllipsoid is the area on the CGCS2000 ellipsoid.
func (r Ref) AreaEllipsoid() geo.SquareMetres {
	return geo.SquareMetres(r.block.records[r.at].ellipsoid)
}

// Area is the plane area.
func (r Ref) Area() geo.SquareMetres { return geo.SquareMetres(r.block.records[r.at].area) }

// CentiMu is the plane area in hundredths of a mu (亩), as it is printed.
func (r Ref) CentiMu() uint32 { return r.block.records[r.at].centiMu }

// Box encloses the plot.
func (r Ref) Box() Box { return r.block.boxes[r.at] }

// Shape is the boundary in the world.
func (r Ref) Shape() Shape { return r.block.shape(r.at) }

// Boundary is the boundary as stored, EPSG:4490 lon/lat, exactly.
func (r Ref) Boundary() geo.MultiPolygon { return r.block.boundary(r.at) }

// Plot is the plot with all that the register says of it.
func (r Ref) Plot() land.Plot { return r.block.plot(r.at) }

// Label is where the plot is named.
func (r Ref) Label() Label { return r.block.label(r.at) }
