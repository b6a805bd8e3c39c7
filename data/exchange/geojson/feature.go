// Package geojson reads and writes plots as GeoJSON (RFC 7946): feature
// collections, single features, and sequences of features (RFC 8142 and
// newline-delimited). Coordinates are longitude, latitude unless the old-style
// "crs" member or the caller names another system; x comes before y in all.
package geojson

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Feature is one feature as a client hands it in.
type Feature struct {
	ID         string            // as text; empty when there is none
	Geometry   geo.MultiPolygon  // cleaned; nil when absent or null
	CRS        geo.CRS           // of Geometry
	Properties map[string]string // values as text; null is ""
	Nulls      []string          // the properties that are null, in order
	Notes      []land.Finding    // what was changed or remarked while reading
}

// member is a feature or geometry before its coordinates are read.
type member struct {
	Type        string                     `json:"type"`
	ID          json.RawMessage            `json:"id"`
	CRS         json.RawMessage            `json:"crs"`
	Geometry    json.RawMessage            `json:"geometry"`
	Properties  map[string]json.RawMessage `json:"properties"`
	Coordinates json.RawMessage            `json:"coordinates"`
}

// DecodeFeature reads one Feature. Its coordinates are in crs; with 0 in what
// its "crs" member says, else longitude, latitude. The error is a
// *land.InvalidError with every fault.
func DecodeFeature(data []byte, crs geo.CRS) (Feature, error) {
	var m member
	if err := unmarshal(data, &m); err != nil {
		return Feature{}, err
	}
	var log intake.Log
	if m.Type != "Feature" {
		log.Add(fault("1108", 0, geo.Say("对象是 %q，不是 Feature", "the object is a %q and not a Feature", m.Type),
			geo.Say(`请发送 {"type":"Feature","geometry":…,"properties":…}`, `send {"type":"Feature","geometry":…,"properties":…}`)))
		return Feature{}, log.Err()
	}
	e, ok := system(&log, crs, m.CRS)
	if !ok {
		return Feature{}, log.Err()
	}
	f := feature(&log, m, 0, e)
	f.Notes = log.Notes()
	return f, log.Err()
}

// DecodeGeometry reads a bare Polygon or MultiPolygon, or a Feature for the sake
// of its geometry, as DecodeFeature does; the geometry is asked for.
func DecodeGeometry(data []byte, crs geo.CRS) (geo.MultiPolygon, geo.CRS, []land.Finding, error) {
	var m member
	if err := unmarshal(data, &m); err != nil {
		return nil, 0, nil, err
	}
	var log intake.Log
	e, ok := system(&log, crs, m.CRS)
	if !ok {
		return nil, 0, nil, log.Err()
	}
	raw := json.RawMessage(data)
	if m.Type == "Feature" {
		raw = m.Geometry
	}
	p := geometry(&log, raw, intake.Site{CRS: e.CRS}, e)
	if p == nil && log.Faults() == 0 {
		log.Add(fault("2101", 0, nullGeometry, givePolygon))
	}
	return p, e.CRS, log.Notes(), log.Err()
}

func unmarshal(data []byte, m *member) error {
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\uFEFF")), m); err != nil {
		return &land.InvalidError{Findings: []land.Finding{fault("1108", 0, geo.Say("文本不是 GeoJSON：%v", "the text is not GeoJSON: %v", err), geo.Words{})}}
	}
	return nil
}

func fault(code string, row int, message, remedy geo.Words) land.Finding {
	return land.Finding{Code: code, Severity: land.Block, Row: row}.Saying(message, remedy)
}

// What is said in more places than one.
var (
	nullGeometry      = geo.Say("图形为空", "the geometry is null")
	givePolygon       = geo.Say("请给出 Polygon 或 MultiPolygon", "give a Polygon or MultiPolygon")
	deliverCollection = geo.Say("请提交 FeatureCollection", "deliver a FeatureCollection")
)

// system decides on the reference system: the caller's, that of a "crs" member
// of the 2008 format, else longitude and latitude.
func system(log *intake.Log, asked geo.CRS, raw json.RawMessage) (intake.Extent, bool) {
	crs := asked
	if crs == 0 {
		named, err := memberCRS(raw)
		if err != nil {
			log.Add(fault("1103", 0, geo.WordsOf(err), geo.Say("请在 crs 成员中写明 CGCS2000 坐标系，或用 --crs 指定，例如 --crs EPSG:4547", "name a CGCS2000 system in the crs member, or give it with --crs, such as --crs EPSG:4547")))
			return intake.Extent{}, false
		}
		crs = named
	}
	e, err := intake.NewExtent(crs)
	if err != nil {
		log.Add(fault("1103", 0, geo.WordsOf(err), geo.Words{}))
		return intake.Extent{}, false
	}
	return e, true
}

// memberCRS reads {"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}.
// The coordinates are x before y whatever order the authority has: that is how
// GDAL and its like have always written it.
func memberCRS(raw json.RawMessage) (geo.CRS, error) {
	if null(raw) {
		return geo.WGS84, nil
	}
	var named struct {
		Type       string
		Properties struct{ Name string }
	}
	if err := json.Unmarshal(raw, &named); err != nil || named.Type != "name" {
		return 0, geo.Say("crs 成员没有写明坐标系", "the crs member does not name a reference system")
	}
	return geo.ParseCRS(named.Properties.Name)
}

func null(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// feature reads the geometry and properties of a feature; faults go to log.
func feature(log *intake.Log, m member, row int, e intake.Extent) Feature {
	f := Feature{CRS: e.CRS, Properties: make(map[string]string, len(m.Properties))}
	if !null(m.ID) {
		f.ID = text(m.ID)
	}
	for name, raw := range m.Properties {
		switch {
		case null(raw):
			f.Nulls = append(f.Nulls, name)
			f.Properties[name] = ""
		case raw[0] == '{' || raw[0] == '[':
			if known, ok := land.LookupField(name); ok {
				g := fault("1108", row, geo.Say("值为 %s，不是文字或数", "the value is %s and not a text or number", shorten(raw)), geo.Say("请给出单个值", "give a single value"))
				g.Field = known.Name
				log.Add(g)
				continue
			}
			f.Properties[name] = string(raw)
		default:
			f.Properties[name] = text(raw)
		}
	}
	slices.Sort(f.Nulls)
	f.Geometry = geometry(log, m.Geometry, intake.Site{Row: row, PlotNo: plotNo(f.Properties), CRS: e.CRS}, e)
	return f
}

func plotNo(properties map[string]string) string { return strings.TrimSpace(properties["plot_no"]) }

// text is a JSON scalar as text: a string's content, a number or boolean as written.
func text(raw json.RawMessage) string {
	var s string
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func shorten(raw []byte) string {
	const longest = 40
	if r := []rune(string(raw)); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return string(raw)
}

// geometry reads and cleans a polygon; nil when there is none or it is refused.
func geometry(log *intake.Log, raw json.RawMessage, s intake.Site, e intake.Extent) geo.MultiPolygon {
	if null(raw) {
		return nil
	}
	var m member
	if err := json.Unmarshal(raw, &m); err != nil {
		s.Refuse(log, "2101", geo.Say("图形不是 GeoJSON：%v", "the geometry is not GeoJSON: %v", err), givePolygon)
		return nil
	}
	var p geo.MultiPolygon
	var err error
	c := &cursor{text: m.Coordinates}
	switch m.Type {
	case "Polygon":
		var polygon geo.Polygon
		if polygon, err = c.polygon(); len(polygon) > 0 {
			p = geo.MultiPolygon{polygon}
		}
	case "MultiPolygon":
		p, err = c.multiPolygon()
	default:
		s.Refuse(log, "2101", geo.Say("图形是 %q", "the geometry is a %q", m.Type), givePolygon)
		return nil
	}
	if err != nil {
		s.Refuse(log, "2101", geo.Say("%s：%s", "%s: %s", m.Type, geo.WordsOf(err)), geo.Say("请按 RFC 7946 书写坐标", "write coordinates as RFC 7946 does"))
		return nil
	}
	if p = s.Clean(log, p); p == nil || !e.Check(log, s, p) {
		return nil
	}
	return p
}
