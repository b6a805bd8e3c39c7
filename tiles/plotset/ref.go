package plotset

import (
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

// Number is the plot number (地块编号). It is not to be changed.
func (r Ref) Number() []byte { return r.block.number(r.at) }

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
