package pmtiles

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Checks say what Verify asks of tiles.
type Checks struct {
	MaxTile int                     // bytes of a tile once decompressed; 0 is 16 MiB
	Tile    func(tile []byte) error // of each content, decompressed, by several goroutines at once; nil asks nothing
	Workers int                     // that look at tiles; 0 is one a processor
}

// Report is what Verify has seen.
type Report struct {
	Header                   Header
	Tiles, Entries, Contents uint64
	Leaves                   bool
	Bytes                    uint64   // of all contents, decompressed
	Largest                  int      // bytes of the largest, decompressed
	LargestTile              ID       // a tile that has it
	Faults                   []*Fault // at most maxFaults of them
	More                     int      // faults beyond those
}

const (
	maxFaults      = 100
	defaultMaxTile = 16 << 20
)

// Err is the first fault, or nil.
func (r Report) Err() error {
	switch n := len(r.Faults) + r.More; n {
	case 0:
		return nil
	case 1:
		return r.Faults[0]
	default:
		return fmt.Errorf("%w (and %d more)", r.Faults[0], n-1)
	}
}

func (r *Report) fault(f *Fault) {
	if len(r.Faults) == maxFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, f)
}

// Verify reads an archive of size bytes through and tells all that is wrong with
// it. The error is of reading alone. Memory is some 50 bytes a content.
func Verify(r io.ReaderAt, size int64, c Checks) (Report, error) {
	var report Report
	a, err := Open(r, size)
	var fault *Fault
	if errors.As(err, &fault) {
		report.fault(fault)
		return report, nil
	}
	if err != nil {
		return report, err
	}
	report.Header = a.Header
	for _, ask := range []func(Header) *Fault{checkSections, checkEnums, checkPosition} {
		if fault := ask(a.Header); fault != nil {
			report.fault(fault)
		}
	}
	if fault := checkMetadata(a); fault != nil {
		report.fault(fault)
	}
	v := verifier{Checks: c, a: a, report: &report, contents: map[uint64]uint32{}, clustered: true}
	return report, v.run()
}

// checkSections asks that no section overlaps another or the header (2).
func checkSections(h Header) *Fault {
	spans := append(h.spans(), section{"header", 0, headerSize})
	for i, s := range spans {
		for _, t := range spans[:i] {
			if s.length > 0 && t.length > 0 && s.offset < t.offset+t.length && t.offset < s.offset+s.length {
				return flaw(SectionsOverlap, "%s and %s", t.name, s.name)
			}
		}
	}
	return nil
}

func checkEnums(h Header) *Fault {
	switch {
	case h.Compression == UnknownCompression || h.Compression > Zstd:
		return flaw(TileForm, "compression %d", h.Compression)
	case h.Type > MLT:
		return flaw(TileType, "type %d", h.Type)
	}
	return nil
}

// checkPosition asks of bounds and center what 3.2 says.
func checkPosition(h Header) *Fault {
	w, s, e, n := h.Bounds[0], h.Bounds[1], h.Bounds[2], h.Bounds[3]
	switch {
	case w >= e || s >= n || w < -180*unitsE7 || e > 180*unitsE7 || s < -90*unitsE7 || n > 90*unitsE7:
		return flaw(Bounds, "%d,%d to %d,%d in 1e-7 degrees", w, s, e, n)
	case h.Center[0] < w || h.Center[0] > e || h.Center[1] < s || h.Center[1] > n:
		return flaw(Center, "%d,%d is outside the bounds", h.Center[0], h.Center[1])
	}
	return nil
}

// checkMetadata asks for a JSON object that, for vector tiles, describes layers (5).
func checkMetadata(a *Archive) *Fault {
	b, err := a.metadata()
	if err != nil {
		return flaw(MetadataForm, "%v", err)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil || keys == nil {
		return flaw(MetadataForm, "not a JSON object: %v", err)
	}
	if a.Header.Type != MVT {
		return nil
	}
	var layers []struct {
		ID     string
		Fields map[string]string
	}
	if err := json.Unmarshal(keys["vector_layers"], &layers); err != nil || layers == nil {
		return flaw(VectorLayers, "not a list of layers")
	}
	for i, l := range layers {
		if l.ID == "" || l.Fields == nil {
			return flaw(VectorLayers, "layer %d has no id or no fields", i)
		}
	}
	return nil
}

// verifier walks the entries.
type verifier struct {
	Checks
	a         *Archive
	report    *Report
	contents  map[uint64]uint32 // lengths by offset
	reach     uint64            // end of the content that reaches farthest
	bytes     uint64            // of contents
	clustered bool
	disorder  ID // a tile whose content is not where a clustered archive has it
	min, max  int
	pool      *pool
	stopped   bool
	err       error
}

func (v *verifier) run() error {
	v.min, v.max = MaxZoom, 0
	broken := false
	w := walker{a: v.a, yield: v.entry, bad: func(err error) bool {
		broken = true
		var fault *Fault
		if !errors.As(err, &fault) {
			v.err = err
			return false
		}
		v.report.fault(fault)
		return v.report.More == 0
	}}
	v.pool = newPool(v.Checks, v.a.Header.Compression)
	w.walk(v.a.root, endID, 0)
	v.pool.report(v.report)
	v.report.Leaves = w.read > 0
	if v.err == nil && !broken && !v.stopped {
		v.sums()
	}
	return v.err
}

// entry looks at an entry and, the first time, at its content.
func (v *verifier) entry(e Entry) bool {
	v.report.Entries++
	v.report.Tiles += uint64(e.Run)
	v.min, v.max = min(v.min, e.ID.Zoom()), max(v.max, (e.end()-1).Zoom())
	length, seen := v.contents[e.Offset]
	if seen {
		if length != e.Length {
			v.report.fault(flaw(ContentOverlap, "%d and %d bytes at %d", length, e.Length, e.Offset).at(e.ID))
		}
		return true
	}
	v.contents[e.Offset] = e.Length
	v.report.Contents++
	if v.clustered && e.Offset != v.reach {
		v.clustered, v.disorder = false, e.ID
	}
	v.reach = max(v.reach, e.Offset+uint64(e.Length))
	if v.bytes += uint64(e.Length); v.bytes > v.a.Header.DataLength && v.reach <= v.a.Header.DataLength {
		v.overlap() // there must be one; reading on could take forever
		v.stopped = true
		return false
	}
	data, err := v.a.Read(e)
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		v.report.fault(fault)
		return true
	case err != nil:
		v.err = err
		return false
	}
	v.pool.todo <- looked{e.ID, data}
	return true
}

// sums compares the header with what was seen.
func (v *verifier) sums() {
	h, r := v.a.Header, v.report
	for _, c := range []struct {
		rule       Rule
		told, seen uint64
	}{{CountAddressed, h.Tiles, r.Tiles}, {CountEntries, h.Entries, r.Entries}, {CountContents, h.Contents, r.Contents}} {
		if c.told != 0 && c.told != c.seen { // 0 is unknown
			r.fault(flaw(c.rule, "%d, not %d", c.told, c.seen))
		}
	}
	if int(h.MinZoom) != v.min || int(h.MaxZoom) != v.max {
		r.fault(flaw(Zooms, "%d to %d, where tiles have %d to %d", h.MinZoom, h.MaxZoom, v.min, v.max))
	} else if h.CenterZoom < h.MinZoom || h.CenterZoom > h.MaxZoom {
		r.fault(flaw(Center, "zoom %d", h.CenterZoom))
	}
	if h.Clustered && !v.clustered {
		r.fault(flaw(Clustered, "the flag is set, but content is not in the order of tiles").at(v.disorder))
	}
	if v.overlap() {
		return
	}
	if v.bytes < h.DataLength && v.reach <= h.DataLength {
		r.fault(flaw(ContentUnused, "%d of %d bytes", h.DataLength-v.bytes, h.DataLength))
	}
}

// overlap tells of two contents that share bytes; clustered ones cannot.
func (v *verifier) overlap() bool {
	if v.clustered {
		return false
	}
	reach := uint64(0)
	for _, offset := range slices.Sorted(maps.Keys(v.contents)) {
		if offset < reach {
			v.report.fault(flaw(ContentOverlap, "at byte %d", offset))
			return true
		}
		reach = offset + uint64(v.contents[offset])
	}
	return false
}
