package postgis

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// plotRows reads rows of streamColumns in PostgreSQL's binary COPY format, a row
// a Write as the protocol sends them ("COPY", section Binary Format; "Message
// Formats", CopyData). It gives each plot away in memory that it uses again.
type plotRows struct {
	give    func(*land.Plot)
	started bool
	row     []byte
	err     error
	plot    land.Plot
	numbers [6]float64
	stated  geo.SquareMetres
	texts   map[string]string // that many plots have in common
	points  []geo.Point
	rings   []geo.Ring
	parts   []geo.Polygon
}

var errRow = errors.New("a row of plots is not as it was asked for")

const copyHeader = 11 + 4 + 4 // signature, flags, length of an extension that there is none of

// secondsTo2000 is the beginning of PostgreSQL's calendar.
var secondsTo2000 = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

func newPlotRows(give func(*land.Plot)) *plotRows {
	return &plotRows{give: give, texts: map[string]string{}}
}

// begin expects a new COPY.
func (r *plotRows) begin() { r.started = false }

func (r *plotRows) Write(data []byte) (int, error) {
	r.row, r.err = data, nil
	if !r.started {
		if len(data) < copyHeader {
			return 0, errRow
		}
		r.row, r.started = data[copyHeader:], true
	}
	if len(r.row) == 0 {
		return len(data), nil
	}
	if count := int16(r.uint16()); count == -1 { // the end
		return len(data), r.err
	}
	r.read()
	if r.err == nil && len(r.row) > 0 {
		r.err = errRow
	}
	if r.err != nil {
		return 0, r.err
	}
	r.give(&r.plot)
	return len(data), nil
}

func (r *plotRows) read() {
	p := &r.plot
	*p = land.Plot{}
	p.ID = land.PlotID(r.integer())
	p.Version = int(r.integer())
	p.Park = land.ParkCode(r.common())
	p.PlotNo, p.Name = r.text(), r.text()
	p.Use = land.UseCode{Scheme: land.Scheme(r.common()), Code: r.common()}
	if others := r.common(); others != "" {
		p.SecondaryUse = strings.Split(others, "/")
	}
	p.Use2023 = r.common()
	p.Status = land.Status(r.common())
	p.Holder = r.text()
	if stated := r.number(0); stated != nil {
		r.stated = geo.SquareMetres(*stated)
		p.StatedArea = &r.stated
	}
	p.FARMin, p.FARMax = r.number(0), r.number(1)
	p.DensityMax, p.GreenMin, p.HeightMax, p.GFAMax = r.number(2), r.number(3), r.number(4), r.number(5)
	p.Setbacks, p.SupplyMode = r.common(), r.common()
	p.SuppliedOn, p.ValidFrom = r.day(), r.day()
	p.RecordedAt = time.UnixMicro(r.integer() + secondsTo2000*1e6)
	r.boundary(r.field())
	var area [2]float64
	for i := range area {
		if f := r.field(); len(f) == 8 {
			area[i] = math.Float64frombits(binary.BigEndian.Uint64(f))
		} else {
			r.err = errRow
		}
	}
	p.Area, p.AreaEllipsoid = geo.SquareMetres(area[0]), geo.SquareMetres(area[1])
}

func (r *plotRows) uint16() uint16 {
	if len(r.row) < 2 {
		r.err = errRow
		return 0
	}
	v := binary.BigEndian.Uint16(r.row)
	r.row = r.row[2:]
	return v
}

// field is the next value; nil for null.
func (r *plotRows) field() []byte {
	if len(r.row) < 4 {
		r.err = errRow
		return nil
	}
	size := int32(binary.BigEndian.Uint32(r.row))
	r.row = r.row[4:]
	if size < 0 {
		return nil
	}
	if int(size) > len(r.row) {
		r.err = errRow
		return nil
	}
	f := r.row[:size]
	r.row = r.row[size:]
	return f
}

// integer reads int4, int8 and timestamptz.
func (r *plotRows) integer() int64 {
	switch f := r.field(); len(f) {
	case 4:
		return int64(int32(binary.BigEndian.Uint32(f)))
	case 8:
		return int64(binary.BigEndian.Uint64(f))
	}
	r.err = errRow
	return 0
}

// number reads a float8 that may be null into the place with that number.
func (r *plotRows) number(place int) *float64 {
	f := r.field()
	if f == nil {
		return nil
	}
	if len(f) != 8 {
		r.err = errRow
		return nil
	}
	r.numbers[place] = math.Float64frombits(binary.BigEndian.Uint64(f))
	return &r.numbers[place]
}

func (r *plotRows) text() string { return string(r.field()) }

// common reads a text of which there are few.
func (r *plotRows) common() string {
	f := r.field()
	held, ok := r.texts[string(f)]
	if !ok {
		held = string(f)
		r.texts[held] = held
	}
	return held
}

func (r *plotRows) day() land.Date {
	f := r.field()
	if f == nil {
		return land.Date{}
	}
	if len(f) != 4 {
		r.err = errRow
		return land.Date{}
	}
	days := int64(int32(binary.BigEndian.Uint32(f)))
	return land.DateOf(time.Unix(secondsTo2000+days*86400, 0).UTC())
}

// boundary reads a MultiPolygon in little-endian EWKB with its reference system,
// as PostGIS sends it on the machines that it runs on.
func (r *plotRows) boundary(wkb []byte) {
	const polygon, multiPolygon, withSRID = 3, 6, 0x20000000
	next := func() uint32 {
		if len(wkb) < 4 {
			r.err = errRow
			return 0
		}
		v := binary.LittleEndian.Uint32(wkb)
		wkb = wkb[4:]
		return v
	}
	head := func(kind uint32) {
		if len(wkb) < 1 || wkb[0] != 1 {
			r.err = errRow
			return
		}
		wkb = wkb[1:]
		if next() != kind {
			r.err = errRow
		}
	}
	head(multiPolygon | withSRID)
	next()
	r.points, r.rings, r.parts = r.points[:0], r.rings[:0], r.parts[:0]
	var ringEnds, partEnds []int
	for parts := next(); parts > 0 && r.err == nil; parts-- {
		head(polygon)
		for rings := next(); rings > 0 && r.err == nil; rings-- {
			points := int(next())
			if points > len(wkb)/16 {
				r.err = errRow
				return
			}
			for range points {
				r.points = append(r.points, geo.Point{math.Float64frombits(binary.LittleEndian.Uint64(wkb)), math.Float64frombits(binary.LittleEndian.Uint64(wkb[8:]))})
				wkb = wkb[16:]
			}
			ringEnds = append(ringEnds, len(r.points))
		}
		partEnds = append(partEnds, len(ringEnds))
	}
	if r.err != nil || len(wkb) > 0 {
		r.err = errRow
		return
	}
	start := 0
	for _, end := range ringEnds {
		r.rings = append(r.rings, r.points[start:end:end])
		start = end
	}
	start = 0
	for _, end := range partEnds {
		r.parts = append(r.parts, r.rings[start:end:end])
		start = end
	}
	r.plot.Boundary = r.parts
}
