package postgis

import (
	"encoding/binary"
	"io"
	"math"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// copyRow is a row in COPY's binary format (PostgreSQL manual, COPY, "Binary
// Format"), built field by field.
type copyRow []byte

// copyBegins comes before the rows: the signature, no flags, no extension.
const copyBegins = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// copyEnds comes after the rows.
const copyEnds = "\xff\xff"

// begin starts a row.
func (r *copyRow) begin(fields int) {
	*r = binary.BigEndian.AppendUint16(*r, uint16(fields))
}

func (r *copyRow) length(n int) { *r = binary.BigEndian.AppendUint32(*r, uint32(n)) }

func (r *copyRow) null() { r.length(-1) }

func (r *copyRow) bigint(v int64) {
	r.length(8)
	*r = binary.BigEndian.AppendUint64(*r, uint64(v))
}

func (r *copyRow) integer(v int) {
	r.length(4)
	*r = binary.BigEndian.AppendUint32(*r, uint32(int32(v)))
}

func (r *copyRow) truth(v bool) {
	r.length(1)
	if v {
		*r = append(*r, 1)
	} else {
		*r = append(*r, 0)
	}
}

func (r *copyRow) text(v string) {
	r.length(len(v))
	*r = append(*r, v...)
}

func (r *copyRow) textOrNull(v string) {
	if v == "" {
		r.null()
		return
	}
	r.text(v)
}

func (r *copyRow) bytes(v []byte) {
	r.length(len(v))
	*r = append(*r, v...)
}

func (r *copyRow) number(v float64) { r.bigint(int64(math.Float64bits(v))) }

func (r *copyRow) numberOrNull(v *float64) {
	if v == nil {
		r.null()
		return
	}
	r.number(*v)
}

// textOID is PostgreSQL's own number of the type text.
const textOID = 25

func (r *copyRow) texts(v []string) {
	at := len(*r)
	r.length(0)
	dimensions := min(len(v), 1)
	for _, n := range []int{dimensions, 0, textOID} {
		r.length(n)
	}
	if dimensions > 0 {
		r.length(len(v))
		r.length(1) // where the indexes begin
	}
	for _, s := range v {
		r.text(s)
	}
	binary.BigEndian.PutUint32((*r)[at:], uint32(len(*r)-at-4))
}

// epoch is PostgreSQL's.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (r *copyRow) day(v land.Date) {
	if v.IsZero() {
		r.null()
		return
	}
	r.integer(int((v.Time().Unix() - epoch.Unix()) / (24 * 60 * 60)))
}

func (r *copyRow) moment(v time.Time) { r.bigint(v.UnixMicro() - epoch.UnixMicro()) }

// versionRows gives versions as rows of plot_versions, encoded as they are read.
type versionRows struct {
	act      *act
	plane    geo.CRS
	versions []version // those still to be encoded
	buffer   copyRow
	unread   []byte // of the buffer
	geom     []byte // of the row
	ended    bool
}

func newVersionRows(a *act, plane geo.CRS, versions []version) *versionRows {
	return &versionRows{act: a, plane: plane, versions: versions, unread: []byte(copyBegins)}
}

// Read implements io.Reader.
func (r *versionRows) Read(p []byte) (int, error) {
	if len(r.unread) == 0 {
		if r.ended {
			return 0, io.EOF
		}
		r.buffer = r.buffer[:0]
		for len(r.versions) > 0 && len(r.buffer) < len(p) {
			r.encode(r.versions[0])
			r.versions = r.versions[1:]
		}
		if len(r.versions) == 0 {
			r.buffer = append(r.buffer, copyEnds...)
			r.ended = true
		}
		r.unread = r.buffer
	}
	n := copy(p, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// encode adds a row, in the order of versionColumns.
func (r *versionRows) encode(v version) {
	r.geom = geo.AppendEWKB(r.geom[:0], v.Boundary, geo.CGCS2000)
	digest := versionDigest(v.Plot, v.retired, r.plane, r.geom)
	r.act.written = append(r.act.written, written{v.ID, v.Version, digest})
	b := &r.buffer
	b.begin(len(versionColumns))
	b.bigint(int64(v.ID))
	b.integer(v.Version)
	b.text(string(v.Park))
	b.integer(int(r.plane))
	b.text(v.PlotNo)
	b.text(v.Name)
	b.text(string(v.Use.Scheme))
	b.text(v.Use.Code)
	b.texts(v.SecondaryUse)
	b.textOrNull(v.Use2023)
	b.text(string(v.Status))
	b.text(v.Holder)
	b.numberOrNull((*float64)(v.StatedArea))
	for _, n := range []*float64{v.FARMin, v.FARMax, v.DensityMax, v.GreenMin, v.HeightMax, v.GFAMax} {
		b.numberOrNull(n)
	}
	b.text(v.Setbacks)
	b.text(v.SupplyMode)
	b.day(v.SuppliedOn)
	b.day(v.ValidFrom)
	b.moment(v.RecordedAt)
	b.bytes(r.geom)
	b.truth(v.retired)
	b.bytes(digest[:])
	b.number(float64(v.Area))
	b.number(float64(v.AreaEllipsoid))
	b.bigint(r.act.number)
}
