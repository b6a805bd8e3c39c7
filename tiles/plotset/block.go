package plotset

import (
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// record is what one plot alone has. Offsets are into its block's arrays; a plot
// ends where the next begins.
type record struct {
	id                    land.PlotID
	recorded              int64   // microseconds since 1970
	area, ellipsoid       float64 // m²
	stated, gfaMax        float64 // m², not a number where not set
	centiMu               uint32  // plane area in hundredths of a mu, as printed
	version               int32
	validFrom, suppliedOn Day
	text, ring, point     uint32
	numberLen, nameLen    uint16 // bytes of the texts, the number first
	kind, holder          uint16
}

// block is a stretch of the curve with the plots whose boxes' middles lie on it,
// in the order of the curve and of their numbers. It is immutable but for labels,
// which are worked out when they are first asked for.
type block struct {
	from    int64 // where the stretch begins; it ends where the next block's does
	box     Box
	boxes   []Box
	uses    []uint16 // of each plot, by which most are told apart without a look at their records
	records []record // one more than there are plots, for where the last ends
	ends    []uint32 // as Shape's, counted within the plot
	points  [][2]uint32
	fine    []byte
	texts   string
	kinds   []*Kind
	holders []string
	odd     map[int]geo.MultiPolygon // boundaries that fixed point and fine bits don't give back
	labels  atomic.Pointer[[]Label]
}

func (b *block) len() int { return len(b.boxes) }

// listUses fills uses in.
func (b *block) listUses() {
	b.uses = make([]uint16, b.len())
	for i := range b.uses {
		b.uses[i] = b.kinds[b.records[i].kind].useNumber
	}
}

func (b *block) shape(i int) Shape {
	r, next := &b.records[i], &b.records[i+1]
	return Shape{b.ends[r.ring:next.ring], b.points[r.point:next.point]}
}

// plot gives a plot back as it was put in.
func (b *block) plot(i int) land.Plot {
	r := &b.records[i]
	p := land.Plot{ID: r.id, Version: int(r.version), RecordedAt: time.UnixMicro(r.recorded), Area: geo.SquareMetres(r.area), AreaEllipsoid: geo.SquareMetres(r.ellipsoid)}
	b.kinds[r.kind].fill(&p)
	p.PlotNo, p.Name, p.Holder = b.number(i), b.name(i), b.holders[r.holder]
	p.StatedArea = (*geo.SquareMetres)(given(r.stated))
	p.GFAMax = given(r.gfaMax)
	p.ValidFrom, p.SuppliedOn = r.validFrom.Date(), r.suppliedOn.Date()
	p.Boundary = b.boundary(i)
	return p
}

func (b *block) number(i int) string {
	r := &b.records[i]
	return b.texts[r.text : r.text+uint32(r.numberLen)]
}

func (b *block) name(i int) string {
	r := &b.records[i]
	start := r.text + uint32(r.numberLen)
	return b.texts[start : start+uint32(r.nameLen)]
}

// boundary is the boundary as stored, EPSG:4490 lon/lat.
func (b *block) boundary(i int) geo.MultiPolygon {
	if p, ok := b.odd[i]; ok {
		return p
	}
	s := b.shape(i)
	at := int(b.records[i].point)
	points := make([]geo.Point, 0, len(s.Points)+len(s.Ends))
	var p geo.MultiPolygon
	for j := range s.Ends {
		ring, outer := s.Ring(j)
		start := len(points)
		for _, q := range ring {
			points = append(points, exactly(Point{q[0], q[1]}, b.fine[at*fineSize:]))
			at++
		}
		if len(points) > start {
			points = append(points, points[start])
		}
		closed := orb.Ring(points[start:len(points):len(points)])
		if outer {
			p = append(p, nil)
		}
		last := len(p) - 1
		p[last] = append(p[last], closed)
	}
	return p
}

// find is where in the block a plot is.
func (b *block) find(id land.PlotID) int {
	return slices.IndexFunc(b.records[:b.len()], func(r record) bool { return r.id == id })
}

func given(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
