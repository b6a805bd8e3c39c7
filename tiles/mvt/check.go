package mvt

import (
	"cmp"
	"slices"
	"strconv"
)

// Anywhere is the margin that bounds no coordinate: the specification allows
// geometry to reach as far beyond the tile as it likes (4.1).
const Anywhere = -1

// Rules say how strict a check is beyond what the specification always asks.
type Rules struct {
	Margin int  // units beyond the extent where points may lie; Anywhere for no bound
	Simple bool // rings may neither cross nor touch themselves, nor cross each other
}

// Report is what a check has seen.
type Report struct {
	Faults                            Faults // at most maxFaults of them
	More                              int    // faults beyond those
	Layers, Features, Paths, Vertices int
	Unknown                           int // fields that the specification does not know, which it allows
}

const maxFaults = 100

// Check says what is wrong with a tile, as Faults, or nil. It asks for all that
// section 4 says, with SHOULD or MUST, save that rings may cross and touch and
// points may lie anywhere; for those see Rules.
func Check(tile []byte) error { return Rules{Margin: Anywhere}.Check(tile) }

// Check is like Check by these rules.
func (r Rules) Check(tile []byte) error {
	if faults := r.Inspect(tile).Faults; faults != nil {
		return faults
	}
	return nil
}

// Inspect checks a tile and counts what is in it.
func (r Rules) Inspect(tile []byte) Report {
	c := checker{Rules: r, b: tile, names: map[string]bool{}, rings: rings{simple: r.Simple}}
	c.tile()
	return c.report
}

type checker struct {
	Rules
	b      []byte
	report Report
	names  map[string]bool
	layer  string
	head   head
	ids    []idAt
	keyOf  []int // last feature that had the key, from 1
	shape  shape
	rings  rings
}

type idAt struct {
	id      uint64
	feature int
	offset  int
}

func (c *checker) fault(f *Fault) {
	if len(c.report.Faults) == maxFaults {
		c.report.More++
		return
	}
	f.Layer = c.layer
	c.report.Faults = append(c.report.Faults, f)
}

func (c *checker) tile() {
	r := reader{c.b, 0, len(c.b)}
	for {
		f, more, fault := r.next()
		if fault == nil && more && f.number == tileLayers {
			fault = f.is(wireBytes)
		}
		c.layer = ""
		switch {
		case fault != nil:
			c.fault(fault)
			return
		case !more:
			if c.report.Layers == 0 {
				c.fault(flaw(TileEmpty, 0, "no layer"))
			}
			return
		case f.number == tileLayers:
			c.checkLayer(f)
			c.report.Layers++
		default:
			c.report.Unknown++
		}
	}
}

func (c *checker) checkLayer(f field) {
	c.layer = "#" + strconv.Itoa(c.report.Layers)
	h, fault := readHead(f.bytes.reader(c.b))
	if h.nameText != "" {
		c.layer = h.nameText
	}
	if fault != nil {
		c.fault(fault)
		return
	}
	c.head = h
	c.report.Unknown += h.unknown
	c.checkHead(f.at)
	c.ids = c.ids[:0]
	c.keyOf = append(c.keyOf[:0], make([]int, len(h.keys))...)
	r := f.bytes.reader(c.b)
	for n := 0; n < h.features; {
		g, _, _ := r.next() // readHead has found it sound
		if g.number == layerFeatures {
			c.checkFeature(g, n)
			n++
		}
	}
	c.checkIDs()
	c.report.Features += h.features
}

func (c *checker) checkHead(at int) {
	h := &c.head
	switch {
	case !h.version.there:
		c.fault(flaw(Version, at, "none"))
	case h.versionNumber != 2:
		c.fault(flaw(Version, h.version.at, "%d", h.versionNumber))
	}
	switch {
	case !h.name.there:
		c.fault(flaw(LayerName, at, "none"))
	case h.nameText == "":
		c.fault(flaw(LayerName, h.name.at, "an empty one"))
	case c.names[h.nameText]:
		c.fault(flaw(LayerTwice, h.name.at, "%q", h.nameText))
	}
	c.names[h.nameText] = true
	switch {
	case !h.extent.there:
		c.fault(flaw(Extent, at, "none"))
	case h.extentUnits == 0 || h.extentUnits > 1<<31-1:
		c.fault(flaw(Extent, h.extent.at, "%d", h.extentUnits))
	}
	if h.features == 0 {
		c.fault(flaw(LayerEmpty, at, "no feature"))
	}
	keys := make(map[string]bool, len(h.keys))
	for i, k := range h.keys {
		if keys[k] {
			c.fault(flaw(KeyTwice, at, "key %d is %q again", i, k))
		}
		keys[k] = true
	}
	values := make(map[value]bool, len(h.values))
	for i, v := range h.values {
		if values[v] && v.kind != 0 {
			c.fault(flaw(ValueTwice, at, "value %d is %v again", i, v.any()))
		}
		values[v] = true
	}
	for _, f := range slices.Concat(h.badKeys, h.badValues) {
		c.fault(f)
	}
}

func (c *checker) checkFeature(at field, n int) {
	f, fault := readFeature(at.bytes.reader(c.b))
	tell := func(g *Fault) {
		g.Feature, g.ID = n, f.id
		c.fault(g)
	}
	if fault != nil {
		tell(fault)
		return
	}
	c.report.Unknown += f.unknown
	if f.hasID {
		c.ids = append(c.ids, idAt{f.id, n, at.at})
	}
	fault = eachTag(c.b, f.tags, &c.head, func(key, _ uint32) *Fault {
		if c.keyOf[key] == n+1 {
			return flaw(TagTwice, 0, "key %d again", key)
		}
		c.keyOf[key] = n + 1
		return nil
	})
	if fault != nil {
		tell(fault)
	}
	switch {
	case f.geometry.from == f.geometry.to:
		tell(flaw(NoGeometry, at.at, "none"))
		return
	case !f.hasKind || f.kind < uint64(Points) || f.kind > uint64(Polygons):
		tell(flaw(GeometryType, at.at, "%d", f.kind))
		return
	}
	if fault = c.shape.read(Type(f.kind), f.geometry.reader(c.b)); fault != nil {
		tell(fault)
		return
	}
	c.report.Paths += c.shape.paths()
	c.report.Vertices += len(c.shape.points)
	tellShape := func(g *Fault) {
		g.Offset = f.geometry.from
		tell(g)
	}
	c.checkMargin(tellShape)
	if Type(f.kind) == Polygons {
		c.rings.check(&c.shape, tellShape)
	}
}

// checkMargin tells of the first point that lies too far out.
func (c *checker) checkMargin(tell func(*Fault)) {
	if c.Margin < 0 || c.head.extentUnits == 0 {
		return
	}
	low, high := -int64(c.Margin), int64(c.head.extentUnits)+int64(c.Margin)
	for i, path := 0, 0; i < len(c.shape.points); i++ {
		if i == c.shape.ends[path] {
			path++
		}
		p := c.shape.points[i]
		if int64(min(p.X, p.Y)) < low || int64(max(p.X, p.Y)) > high {
			tell(at(flaw(Margin, 0, "beyond %d to %d", low, high), path, p))
			return
		}
	}
}

// checkIDs tells of ids that occur twice; most encoders write them in order.
func (c *checker) checkIDs() {
	byID := func(a, b idAt) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(c.ids, byID) {
		slices.SortStableFunc(c.ids, byID)
	}
	for i := 1; i < len(c.ids); i++ {
		if again := c.ids[i]; again.id == c.ids[i-1].id {
			f := flaw(IDTwice, again.offset, "feature %d has it too", c.ids[i-1].feature)
			f.Feature, f.ID = again.feature, again.id
			c.fault(f)
		}
	}
}
