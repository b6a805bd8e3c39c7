package geojson

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Names of the formats in the format table. Either is read as the other.
const (
	Name     = "geojson"
	Sequence = "geojsonseq"
)

type reader struct {
	json     *json.Decoder
	h        land.Handling
	emit     func(land.Draft) error
	log      intake.Log
	columns  *intake.Columns
	extent   intake.Extent // zero until the system is known
	row      int
	delivery land.Delivery
}

// errStop ends a reading that a fault makes pointless; the fault is in the log.
var errStop = errors.New("reading cannot go on")

// Read reads plots from GeoJSON, feature by feature, and hands each to emit:
// one FeatureCollection, Feature or geometry, or a sequence of them. Coordinates
// are in h.CRS, else in what a "crs" member says that stands before the
// features, else longitude, latitude. Every fault is collected into one
// *land.InvalidError; emit may have been called before the first is found.
// Other errors are of r and emit.
func Read(r io.Reader, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	source := bufio.NewReader(r)
	if mark, err := source.Peek(3); err == nil && string(mark) == "\uFEFF" {
		source.Discard(len(mark))
	}
	rd := &reader{json: json.NewDecoder(separators{source}), h: h, emit: emit}
	rd.delivery.Format, rd.delivery.Encoding = Name, "UTF-8"
	rd.columns = intake.NewColumns(h, &rd.log)
	for {
		err := rd.object()
		switch {
		case err == nil:
			continue
		case err == io.EOF, errors.Is(err, errStop):
			rd.columns.Finish()
			return rd.log.Finish(rd.delivery)
		case syntax(err):
			rd.log.Add(fault("1108", rd.row, geo.Say("第 %d 字节之后不是 JSON：%v", "after byte %d the file is not JSON: %v", rd.json.InputOffset(), err),
				geo.Say("文件可能被截断；请以 UTF-8 的 GeoJSON 完整提交", "the file may have been cut off; deliver it whole, as GeoJSON in UTF-8")))
			rd.columns.Finish()
			return rd.log.Finish(rd.delivery)
		default:
			return rd.delivery, fmt.Errorf("reading feature %d: %w", rd.row+1, err)
		}
	}
}

func syntax(err error) bool {
	var bad *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &bad) || errors.As(err, &kind) || errors.Is(err, io.ErrUnexpectedEOF)
}

// separators takes the record separators of RFC 8142 for blanks.
type separators struct{ io.Reader }

func (s separators) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	for i, b := range p[:n] {
		if b == 0x1E {
			p[i] = ' '
		}
	}
	return n, err
}

// object reads one object of the top level. The features of a collection are
// read one by one; other members are kept until the object ends, because "type"
// may come last.
func (r *reader) object() error {
	start, err := r.json.Token()
	if err != nil {
		return err
	}
	if start != json.Delim('{') {
		r.log.Add(fault("1108", 0, geo.Say("文件中没有 GeoJSON 对象", "the file does not hold a GeoJSON object"), deliverCollection))
		return errStop
	}
	members := map[string]json.RawMessage{}
	collection := false
	for r.json.More() {
		key, err := r.json.Token()
		if err != nil {
			return within(err)
		}
		if key == "features" {
			collection = true
			if err := r.features(members["crs"]); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := r.json.Decode(&value); err != nil {
			return within(err)
		}
		members[key.(string)] = value
	}
	if _, err := r.json.Token(); err != nil {
		return within(err)
	}
	if collection {
		return r.lateCRS(members["crs"])
	}
	return r.single(members)
}

// within is err, where the end of the file comes inside an object.
func within(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lateCRS refuses a crs member that follows the features and contradicts what
// they were read in.
func (r *reader) lateCRS(raw json.RawMessage) error {
	if r.h.CRS != 0 || null(raw) || r.extent.CRS == 0 {
		return nil
	}
	if late, err := memberCRS(raw); err != nil || late != r.extent.CRS {
		r.log.Add(fault("1103", 0, geo.Say("crs 成员在要素之后，要素已按 %s 读取", "the crs member stands after the features, which were read as %s", r.extent.CRS),
			geo.Say("请把 crs 成员放在要素之前，或用 --crs 指定坐标系", "put the crs member before the features, or give the system with --crs")))
		return errStop
	}
	return nil
}

func (r *reader) features(crs json.RawMessage) error {
	start, err := r.json.Token()
	if err != nil {
		return within(err)
	}
	if start != json.Delim('[') {
		r.log.Add(fault("1108", 0, geo.Say("features 成员不是数组", "the member features is not an array"), deliverCollection))
		return errStop
	}
	for r.json.More() {
		var m member
		r.row++
		var kind *json.UnmarshalTypeError
		switch err := r.json.Decode(&m); {
		case errors.As(err, &kind):
			r.log.Add(fault("1108", r.row, geo.Say("要素的 %s 成员是 %s", "the member %s of the feature is a %s", kind.Field, kind.Value), geo.Say("请按 RFC 7946 书写要素", "write the feature as RFC 7946 does")))
			continue
		case err != nil:
			return within(err)
		case m.Type != "Feature":
			r.log.Add(fault("1108", r.row, geo.Say("features 的成员是 %q，不是 Feature", "the member of features is a %q and not a Feature", m.Type), geo.Say("请提交由要素组成的 FeatureCollection", "deliver a FeatureCollection of features")))
			continue
		}
		if err := r.feature(m, crs); err != nil {
			return err
		}
	}
	_, err = r.json.Token()
	return within(err)
}

// single reads a Feature of the top level, or a bare geometry.
func (r *reader) single(members map[string]json.RawMessage) error {
	raw, err := json.Marshal(members)
	if err != nil {
		return err
	}
	var m member
	r.row++
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	switch m.Type {
	case "Feature":
	case "Polygon", "MultiPolygon":
		m = member{Type: "Feature", CRS: m.CRS, Geometry: raw}
	default:
		r.log.Add(fault("1108", r.row, geo.Say("对象是 %q", "the object is a %q", m.Type), geo.Say("请提交由 Polygon 和 MultiPolygon 组成的 FeatureCollection", "deliver a FeatureCollection of Polygons and MultiPolygons")))
		return nil
	}
	return r.feature(m, m.CRS)
}

// feature reads one feature and hands it on. The reference system is settled at
// the first, and holds for the whole file.
func (r *reader) feature(m member, crs json.RawMessage) error {
	if r.extent.CRS == 0 {
		e, ok := system(&r.log, r.h.CRS, crs)
		if !ok {
			return errStop
		}
		r.extent, r.delivery.CRS = e, e.CRS
	}
	before := r.log.Faults()
	f := feature(&r.log, m, r.row, r.extent)
	if f.Geometry == nil && r.log.Faults() == before {
		g := fault("2101", r.row, nullGeometry, geo.Say("请画出地块界址，或删去该要素", "draw the plot's boundary, or take the feature out"))
		g.PlotNo = plotNo(f.Properties)
		r.log.Add(g)
	}
	a := r.columns.Attributes(r.row, f.Properties)
	if r.log.Faults() > before {
		return nil
	}
	r.delivery.Plots++
	if before > 0 {
		return nil
	}
	return r.emit(land.Draft{Row: r.row, Attributes: a, Boundary: f.Geometry, CRS: r.extent.CRS})
}
