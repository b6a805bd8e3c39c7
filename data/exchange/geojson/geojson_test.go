package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func read(t *testing.T, text string, h land.Handling) ([]land.Draft, land.Delivery, []land.Finding) {
	t.Helper()
	var drafts []land.Draft
	d, err := Read(strings.NewReader(text), h, func(draft land.Draft) error {
		drafts = append(drafts, draft)
		return nil
	})
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		return nil, d, invalid.Findings
	}
	if err != nil {
		t.Fatal(err)
	}
	return drafts, d, d.Notes
}

func codes(found []land.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// ring is clockwise, which RFC 7946 does not want of an outer one.
const ring = `[[113.45,22.99],[113.45,22.991],[113.451,22.991],[113.451,22.99],[113.45,22.99]]`

func polygon(rings ...string) string {
	return `{"type":"Polygon","coordinates":[` + strings.Join(rings, ",") + `]}`
}

func feature1(geometry, properties string) string {
	return `{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}`
}

func collection(members string, features ...string) string {
	return `{"type":"FeatureCollection",` + members + `"features":[` + strings.Join(features, ",") + `]}`
}

const properties = `{"plot_no":"PY-01","land_use":"M1/M0","far_max":2.50,"name":null,"status":"规划","valid_from":"2016-05-20","id":7,"area_m2":1}`

func TestTheVariantsOfAFileReadAlike(t *testing.T) {
	t.Parallel()
	f := feature1(polygon(ring), properties)
	plane := `[[38443600.123,2543900.5],[38443600.123,2543800],[38443700,2543800],[38443600.123,2543900.5]]`
	crs := func(name string) string { return `"crs":{"type":"name","properties":{"name":"` + name + `"}},` }
	for _, c := range []struct {
		name, text string
		h          land.Handling
		crs        geo.CRS
		plots      int
		codes      string
	}{
		{"collection", collection("", f, f), land.Handling{}, 4326, 2, ""},
		{"byte order mark", "\uFEFF" + collection("", f), land.Handling{}, 4326, 1, ""},
		{"type last", `{"features":[` + f + `],"type":"FeatureCollection"}`, land.Handling{}, 4326, 1, ""},
		{"feature", f, land.Handling{}, 4326, 1, ""},
		{"geometry", polygon(ring), land.Handling{}, 4326, 1, ""},
		{"lines", f + "\n" + f + "\n", land.Handling{}, 4326, 2, ""},
		{"text sequence", "\x1e" + f + "\n\x1e" + f + "\n", land.Handling{}, 4326, 2, ""},
		{"CGCS2000 named", collection(crs("urn:ogc:def:crs:EPSG::4490"), f), land.Handling{}, 4490, 1, ""},
		{"CRS84 named", collection(crs("urn:ogc:def:crs:OGC:1.3:CRS84"), f), land.Handling{}, 4326, 1, ""},
		{"plane named", collection(crs("urn:ogc:def:crs:EPSG::4526"), feature1(polygon(plane), properties)), land.Handling{}, 4526, 1, ""},
		{"plane asked for", feature1(polygon(plane), properties), land.Handling{CRS: 4526}, 4526, 1, ""},
		{"null crs", collection(`"crs":null,`, f), land.Handling{}, 4326, 1, ""},
		{"height dropped", feature1(polygon(strings.ReplaceAll(ring, "],", ",5.0],")), properties), land.Handling{}, 4326, 1, ""},
		{"unclosed", feature1(polygon(strings.Replace(ring, ",[113.45,22.99]]", "]", 1)), properties), land.Handling{}, 4326, 1, "2103"},
		{"repeated point", feature1(polygon(strings.Replace(ring, "[113.45,22.99],", "[113.45,22.99],[113.45,22.99],", 1)), properties), land.Handling{}, 4326, 1, "2105"},
		{"two parts", feature1(`{"type":"MultiPolygon","coordinates":[[`+ring+`],[`+strings.ReplaceAll(ring, "113.45", "113.46")+`]]}`, properties), land.Handling{}, 4326, 1, "2109"},
		{"unknown column", feature1(polygon(ring), `{"plot_no":"1","颜色":"红","bbox":[1,2]}`), land.Handling{}, 4326, 1, "1108"},
		{"mapped column", feature1(polygon(ring), `{"编号":"1"}`), land.Handling{Map: map[string]string{"编号": "plot_no"}}, 4326, 1, ""},
		{"mapped column that is not there", f, land.Handling{Map: map[string]string{"编号": "holder"}}, 4326, 1, "1107"},
		{"constant", f, land.Handling{Map: map[string]string{"=A35": "land_use"}}, 4326, 1, ""},
		{"outside the city", feature1(polygon(strings.ReplaceAll(ring, "[113.", "[116.")), properties), land.Handling{}, 4326, 1, "1104"},

		{"no features", collection(""), land.Handling{}, 0, 0, "2101"},
		{"empty", "", land.Handling{}, 0, 0, "2101"},
		{"metres as degrees", feature1(polygon(plane), properties), land.Handling{}, 0, 0, "1104"},
		{"axes exchanged", feature1(polygon(`[[22.99,113.45],[22.991,113.45],[22.991,113.451],[22.99,113.45]]`), properties), land.Handling{}, 0, 0, "1105"},
		{"old datum", collection(crs("EPSG:2383"), f), land.Handling{}, 0, 0, "1103"},
		{"crs by link", collection(`"crs":{"type":"link","properties":{"href":"http://example.com"}},`, f), land.Handling{}, 0, 0, "1103"},
		{"late crs", strings.TrimSuffix(collection("", f), "}") + `,"crs":{"type":"name","properties":{"name":"EPSG:4526"}}}`, land.Handling{}, 0, 0, "1103"},
		{"null geometry", feature1("null", properties), land.Handling{}, 0, 0, "2101"},
		{"no geometry", `{"type":"Feature","properties":{}}`, land.Handling{}, 0, 0, "2101"},
		{"point", feature1(`{"type":"Point","coordinates":[113.45,22.99]}`, properties), land.Handling{}, 0, 0, "2101"},
		{"empty polygon", feature1(`{"type":"Polygon","coordinates":[]}`, properties), land.Handling{}, 0, 0, "2101"},
		{"empty part", feature1(`{"type":"MultiPolygon","coordinates":[[]]}`, properties), land.Handling{}, 0, 0, "2101"},
		{"ring of two points", feature1(polygon(`[[113.45,22.99],[113.451,22.99],[113.45,22.99]]`), properties), land.Handling{}, 0, 0, "2102"},
		{"empty ring", feature1(polygon(`[]`), properties), land.Handling{}, 0, 0, "2102"},
		{"null coordinate", feature1(polygon(strings.Replace(ring, "113.45,", "null,", 1)), properties), land.Handling{}, 0, 0, "2101"},
		{"one number", feature1(polygon(strings.Replace(ring, "113.45,", "", 1)), properties), land.Handling{}, 0, 0, "2101"},
		{"text coordinate", feature1(polygon(strings.Replace(ring, "113.45,", `"113.45",`, 1)), properties), land.Handling{}, 0, 0, "2101"},
		{"huge coordinate", feature1(polygon(strings.Replace(ring, "113.45,", `1e999,`, 1)), properties), land.Handling{}, 0, 0, "2101"},
		{"wrong nesting", feature1(`{"type":"MultiPolygon","coordinates":[`+ring+`]}`, properties), land.Handling{}, 0, 0, "2101"},
		{"cut off", collection("", f)[:200], land.Handling{}, 0, 0, "1108"},
		{"not JSON", "[属性描述]", land.Handling{}, 0, 0, "1108"},
		{"not GeoJSON", `{"a":1}`, land.Handling{}, 0, 0, "1108"},
		{"a feature that is no object", collection("", f, "5"), land.Handling{}, 0, 0, "1108"},
		{"use unknown", feature1(polygon(ring), `{"land_use":"Q9"}`), land.Handling{}, 0, 0, "4102"},
		{"use in digits", feature1(polygon(ring), `{"land_use":"0802"}`), land.Handling{}, 0, 0, "4102"},
		{"number unreadable", feature1(polygon(ring), `{"far_max":"high"}`), land.Handling{}, 0, 0, "1108"},
		{"list for a value", feature1(polygon(ring), `{"plot_no":["1"]}`), land.Handling{}, 0, 0, "1108"},
		{"undecodable text", feature1(polygon(ring), "{\"name\":\"\xbf\xc6\"}"), land.Handling{}, 0, 0, "1101"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			drafts, d, found := read(t, c.text, c.h)
			if len(drafts) != c.plots || codes(found) != c.codes {
				t.Fatalf("%d plots, findings %v", len(drafts), found)
			}
			for _, draft := range drafts {
				if d.CRS != c.crs || draft.CRS != c.crs || d.Plots != c.plots {
					t.Errorf("%+v", d)
				}
				for i, r := range draft.Boundary[0] {
					if (geo.SignedArea(r) > 0) != (i == 0) || r[0] != r[len(r)-1] {
						t.Errorf("ring %v", r)
					}
				}
			}
		})
	}
}

func TestPropertiesAreRead(t *testing.T) {
	t.Parallel()
	drafts, _, found := read(t, collection("", feature1(polygon(ring), properties), feature1(polygon(ring), `{"DKBH":"2","name":"","YDDM":"A35","FAR_MAX":"3"}`)), land.Handling{})
	if len(drafts) != 2 {
		t.Fatal(found)
	}
	a, b := drafts[0], drafts[1]
	if a.PlotNo != "PY-01" || a.UseText() != "M1/M0" || *a.FARMax != 2.5 || a.Name != "" || a.Status != land.Planned || a.ValidFrom.String() != "2016-05-20" || a.Row != 1 {
		t.Errorf("%+v", a)
	}
	if b.PlotNo != "2" || b.UseText() != "A35" || *b.FARMax != 3 || b.Row != 2 {
		t.Errorf("%+v", b)
	}
}

func TestDecodeFeatureTellsNullFromAbsent(t *testing.T) {
	t.Parallel()
	f, err := DecodeFeature([]byte(`{"type":"Feature","id":12,"geometry":null,"properties":{"name":null,"holder":"","far_max":1.50}}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	if f.ID != "12" || f.Geometry != nil || !slices.Equal(f.Nulls, []string{"name"}) || len(f.Properties) != 3 || f.Properties["far_max"] != "1.50" {
		t.Errorf("%+v", f)
	}
	if f, err = DecodeFeature([]byte(feature1(polygon(ring), properties)), 0); err != nil || len(f.Geometry) != 1 || f.CRS != geo.WGS84 {
		t.Errorf("%+v %v", f, err)
	}
	for _, bad := range []string{`[]`, `{"type":"FeatureCollection"}`, feature1(polygon(`[[1,2]]`), "{}"), feature1(polygon(strings.ReplaceAll(ring, "113", "443600")), "{}"), ``} {
		var invalid *land.InvalidError
		if _, err := DecodeFeature([]byte(bad), 0); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	p, crs, _, err := DecodeGeometry([]byte(polygon(`[[443600,2543900],[443600,2543800],[443700,2543800],[443600,2543900]]`)), geo.GK114)
	if err != nil || crs != geo.GK114 || geo.PlaneArea(p) != 5000 {
		t.Errorf("%v %v %v", p, crs, err)
	}
}

func TestAPlotIsWrittenAndReadBackExactly(t *testing.T) {
	t.Parallel()
	far, stated := 2.5, geo.SquareMetres(199999.99999)
	p := &land.Plot{ID: 9, Park: "panyu", Area: 200000.00004999, AreaEllipsoid: 199984.42776, Version: 3,
		Attributes: land.Attributes{PlotNo: "PY-\"1\"\n", Name: "番禺<&>", Use: land.UseCode{Scheme: land.GB50137, Code: "M1"}, SecondaryUse: []string{"M0"}, Status: land.Planned, StatedArea: &stated, Controls: land.Controls{FARMax: &far}},
		Boundary:   geo.MultiPolygon{{{{113.44991016123457, 22.993287760000001}, {113.451, 22.99}, {113.45, 0.1 + 0.2 + 22.8}, {113.44991016123457, 22.993287760000001}}}}}
	out := AppendFeature(nil, p)
	var decoded struct {
		ID         int64
		Properties map[string]any
	}
	if err := json.Unmarshal(out, &decoded); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, want := range map[string]any{"area_m2": 200000.0, "area_mu": 300.0, "area_ellipsoid_m2": 199984.4278, "stated_area_m2": 200000.0, "land_use": "M1/M0", "plot_no": "PY-\"1\"\n", "name": "番禺<&>", "far_max": 2.5, "far_min": nil, "version": 3.0} {
		if got := decoded.Properties[name]; got != want {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	last := 0
	for _, f := range land.Fields() {
		at := bytes.Index(out, []byte(`"`+f.Name+`":`))
		if at < last {
			t.Errorf("%s is out of order", f.Name)
		}
		last = at
	}
	f, err := DecodeFeature(out, 0)
	if err != nil || f.ID != "9" || !slices.Equal(f.Geometry[0][0], p.Boundary[0][0]) {
		t.Errorf("%v %+v", err, f)
	}
	var file bytes.Buffer
	if err := Write(&file, outlet.Options{Title: "甲", Demonstration: true}, func(yield func(*land.Plot, error) bool) {
		if yield(p, nil) {
			yield(p, nil)
		}
	}); err != nil {
		t.Fatal(err)
	}
	drafts, _, found := read(t, file.String(), land.Handling{})
	if len(drafts) != 2 || len(found) != 0 || drafts[1].UseText() != "M1/M0" {
		t.Errorf("%v %v", drafts, found)
	}
}

func BenchmarkAppendFeature(b *testing.B) {
	p := &land.Plot{ID: 9, Park: "panyu", Area: 200000.123456, AreaEllipsoid: 199984.427761, Attributes: land.Attributes{PlotNo: "PY-01-01", Status: land.Planned}, Boundary: geo.MultiPolygon{{make(geo.Ring, 13)}}}
	for i := range p.Boundary[0][0] {
		p.Boundary[0][0][i] = geo.Point{113.44991016123457 + float64(i)/7e5, 22.99328776}
	}
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		buffer = AppendFeature(buffer[:0], p)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(collection("", feature1(polygon(ring), properties))))
	f.Add([]byte("\x1e" + feature1(polygon(ring), properties)))
	f.Add([]byte(collection(`"crs":{"type":"name","properties":{"name":"EPSG:4526"}},`, feature1(`{"type":"MultiPolygon","coordinates":[[`+ring+`]]}`, properties))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		plots := 0
		d, err := Read(bytes.NewReader(raw), land.Handling{}, func(draft land.Draft) error {
			plots++
			for _, polygon := range draft.Boundary {
				for _, r := range polygon {
					if len(r) < 4 || r[0] != r[len(r)-1] {
						return fmt.Errorf("ring %v", r)
					}
				}
			}
			return nil
		})
		var invalid *land.InvalidError
		switch {
		case err == nil && d.Plots != plots:
			t.Errorf("%d plots told, %d given", d.Plots, plots)
		case err != nil && !errors.As(err, &invalid):
			t.Error(err)
		}
	})
}
