package plotset

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// A block is written with about blockPlots plots, and cut in two when edits made
// it twice that or when its points are more than blockPoints.
const (
	blockPlots  = 128
	blockPoints = 1 << 14
)

// writer fills a block.
type writer struct {
	*block
	texts    []byte
	kindAt   map[*Kind]uint16
	holderAt map[string]uint16
}

func newWriter(plots, points int) *writer {
	return &writer{
		block: &block{
			box: nowhere, boxes: make([]Box, 0, plots), records: make([]record, 0, plots+1),
			ends: make([]uint32, 0, plots), points: make([][2]uint32, 0, points), fine: make([]byte, 0, fineSize*points),
			odd: map[int]geo.MultiPolygon{},
		},
		kindAt: map[*Kind]uint16{}, holderAt: map[string]uint16{},
	}
}

// begin gives the record of a plot to be written, with its offsets.
func (w *writer) begin(kind *Kind, holder string) record {
	return record{
		text: uint32(len(w.texts)), ring: uint32(len(w.ends)), point: uint32(len(w.points)),
		kind: place(&w.kinds, w.kindAt, kind), holder: place(&w.holders, w.holderAt, holder),
	}
}

// place is where in a block's list a value is, put there if need be.
func place[T comparable](list *[]T, at map[T]uint16, v T) uint16 {
	i, ok := at[v]
	if !ok {
		i = uint16(len(*list))
		at[v] = i
		*list = append(*list, v)
	}
	return i
}

func (w *writer) end(r record, box Box) {
	w.records = append(w.records, r)
	w.boxes = append(w.boxes, box)
	w.box = w.box.Union(box)
}

// add writes a plot; nothing of it is kept.
func (w *writer) add(p *land.Plot, kind *Kind, holder string) {
	r := w.begin(kind, holder)
	r.id, r.version, r.recorded = p.ID, int32(p.Version), p.RecordedAt.UnixMicro()
	r.area, r.ellipsoid = float64(p.Area), float64(p.AreaEllipsoid)
	r.centiMu = uint32(100*geo.Round(float64(p.Area.Mu()), geo.MuDecimals) + 0.5)
	r.stated, r.gfaMax = orNaN((*float64)(p.StatedArea)), orNaN(p.GFAMax)
	r.validFrom, r.suppliedOn = DayOf(p.ValidFrom), DayOf(p.SuppliedOn)
	r.numberLen, r.nameLen = uint16(len(p.PlotNo)), uint16(len(p.Name))
	w.texts = append(append(w.texts, p.PlotNo...), p.Name...)
	box, odd := nowhere, false
	for _, polygon := range p.Boundary {
		for i, ring := range polygon {
			odd = odd || len(ring) < 2 || ring[0] != ring[len(ring)-1]
			for _, q := range open(ring) {
				at := World(q)
				box = box.Union(Box{at, at})
				w.points = append(w.points, [2]uint32{at.X, at.Y})
				var ok bool
				if w.fine, ok = appendFine(w.fine, at, q); !ok {
					odd = true
					w.fine = append(w.fine, make([]byte, fineSize)...)
				}
			}
			w.ends = append(w.ends, RingEnd(len(w.points)-int(r.point), i == 0))
		}
	}
	if odd {
		w.odd[w.len()] = orb.Clone(p.Boundary).(orb.MultiPolygon)
	}
	w.end(r, box)
}

// copy writes a plot of another block.
func (w *writer) copy(from *block, i int) {
	old, next := &from.records[i], &from.records[i+1]
	r := *old
	at := w.begin(from.kinds[old.kind], from.holders[old.holder])
	r.text, r.ring, r.point, r.kind, r.holder = at.text, at.ring, at.point, at.kind, at.holder
	w.texts = append(w.texts, from.texts[old.text:next.text]...)
	w.ends = append(w.ends, from.ends[old.ring:next.ring]...)
	w.points = append(w.points, from.points[old.point:next.point]...)
	w.fine = append(w.fine, from.fine[fineSize*old.point:fineSize*next.point]...)
	if p, ok := from.odd[i]; ok {
		w.odd[w.len()] = p
	}
	w.end(r, from.boxes[i])
}

// finish gives the block, which is not written any more.
func (w *writer) finish(from int64) *block {
	w.records = append(w.records, record{text: uint32(len(w.texts)), ring: uint32(len(w.ends)), point: uint32(len(w.points))})
	w.block.from, w.block.texts = from, string(w.texts)
	w.block.listUses()
	return w.block
}

// entry is a plot of some block on its way into a new one.
type entry struct {
	along int64
	id    land.PlotID
	block *block
	at    int32
}

func (e entry) points() int {
	return int(e.block.records[e.at+1].point - e.block.records[e.at].point)
}

func sortEntries(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.along, b.along), cmp.Compare(a.id, b.id)) })
}

// cut divides sorted entries into stretches for blocks. Plots at one place of
// the curve stay together.
func cut(entries []entry, plots int) [][]entry {
	var stretches [][]entry
	start, points := 0, 0
	for i, e := range entries {
		if n := i - start; n > 0 && (n >= plots || points+e.points() > blockPoints) && e.along != entries[i-1].along {
			stretches = append(stretches, entries[start:i])
			start, points = i, 0
		}
		points += e.points()
	}
	if start < len(entries) {
		stretches = append(stretches, entries[start:])
	}
	return stretches
}

// rewrite makes a block of sorted entries. Where most have their labels, the rest
// get theirs.
func rewrite(entries []entry, from int64) *block {
	points := 0
	for _, e := range entries {
		points += e.points()
	}
	w := newWriter(len(entries), points)
	labels := make([]Label, 0, len(entries))
	known := 0
	for _, e := range entries {
		if e.block.labels.Load() != nil {
			known++
		}
	}
	for _, e := range entries {
		w.copy(e.block, int(e.at))
		if have := e.block.labels.Load(); have != nil {
			labels = append(labels, (*have)[e.at])
		} else if 2*known > len(entries) {
			labels = append(labels, labelOf(e.block.shape(int(e.at))))
		}
	}
	b := w.finish(from)
	b.ends = slices.Clip(b.ends)
	if len(b.odd) == 0 {
		b.odd = nil
	}
	if len(labels) == len(entries) {
		b.labels.Store(&labels)
	}
	return b
}
