package gdal

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// entity writes group codes and values, a line each.
func entity(pairs ...any) string {
	var b strings.Builder
	for _, p := range pairs {
		fmt.Fprintln(&b, p)
	}
	return b.String()
}

func polyline(handle, layer string, closed int, extra string, points ...float64) string {
	text := entity(0, "LWPOLYLINE", 5, handle, 100, "AcDbEntity", 8, layer, 100, "AcDbPolyline", 90, len(points)/2, 70, closed)
	for i := 0; i < len(points); i += 2 {
		text += entity(10, fmt.Sprintf("%.3f", points[i]), 20, fmt.Sprintf("%.3f", points[i+1])) + extra
	}
	return text
}

func drawn(layer, text string, x, y float64) string {
	return entity(0, "TEXT", 5, "F0", 100, "AcDbEntity", 8, layer, 100, "AcDbText", 10, x, 20, y, 40, 5, 1, text)
}

func sketch(entities ...string) string {
	return entity(0, "SECTION", 2, "ENTITIES") + strings.Join(entities, "") + entity(0, "ENDSEC", 0, "EOF")
}

func TestDrawings(t *testing.T) {
	t.Parallel()
	square := []float64{38443600.123, 2543800.456, 38443700, 2543800, 38443700, 2543900, 38443600, 2543900}
	h := land.Handling{CRS: geo.GK38}
	for i, c := range []struct {
		name, text string
		h          land.Handling
		codes      string
		plots      string // number, use and area of each
	}{
		{"layer is the use, text the number", sketch(polyline("2A", "A35", 1, "", square...), drawn("注记", "PY-01", 38443650, 2543850)), h, "", "PY-01 A35 9971"},
		{"text is the use", sketch(polyline("2A", "红线", 1, "", square...), drawn("注记", "PY-01", 38443650, 2543850), drawn("注记", "M1", 38443650, 2543860)), h, "", "PY-01 M1 9971"},
		{"text outside", sketch(polyline("2A", "A35", 1, "", square...), drawn("注记", "PY-01", 38443750, 2543850)), h, "", " A35 9971"},
		{"several texts", sketch(polyline("2A", "A35", 1, "", square...), drawn("注记", "PY-01", 38443650, 2543850), drawn("注记", "图名", 38443650, 2543860)), h, "1107", " A35 9971"},
		{"Chinese number", sketch(polyline("2A", "A35", 1, "", square...), drawn("注记", "番禺一", 38443650, 2543850)), h, "", "番禺一 A35 9971"},
		{"constant", sketch(polyline("2A", "A35", 1, "", square...)), land.Handling{CRS: geo.GK38, Map: map[string]string{"=G1": "land_use", "EntityHandle": "plot_no"}}, "", "2A G1 9971"},
		{"closed by its last point", sketch(polyline("2A", "A35", 0, "", append(square, square[:2]...)...)), h, "", " A35 9971"},
		{"old polyline", sketch(entity(0, "POLYLINE", 8, "M1", 66, 1, 70, 1) + entity(0, "VERTEX", 8, "M1", 10, 38443600, 20, 2543800) + entity(0, "VERTEX", 8, "M1", 10, 38443700, 20, 2543800) + entity(0, "VERTEX", 8, "M1", 10, 38443700, 20, 2543900) + entity(0, "SEQEND")), h, "", " M1 5000"},
		{"line beside", sketch(polyline("2A", "A35", 1, "", square...), entity(0, "LINE", 5, "2B", 100, "AcDbEntity", 8, "0", 100, "AcDbLine", 10, 38443600, 20, 2543800, 11, 38443700, 21, 2543900)), h, "2101", " A35 9971"},
		{"open polyline", sketch(polyline("2A", "A35", 1, "", square...), polyline("2B", "A35", 0, "", square...)), h, "2103", ""},
		{"arc", sketch(polyline("2A", "A35", 1, entity(42, 0.5), square...)), h, "2113", ""},
		{"flat arc", sketch(polyline("2A", "A35", 1, entity(42, 0.0), square...)), h, "", " A35 9971"},
		{"circle", sketch(polyline("2A", "A35", 1, "", square...), entity(0, "CIRCLE", 5, "2B", 100, "AcDbEntity", 8, "0", 100, "AcDbCircle", 10, 38443650, 20, 2543850, 40, 10)), h, "2113", ""},
		{"circle of an old drawing", sketch(polyline("2A", "A35", 1, "", square...), entity(0, "CIRCLE", 8, "0", 10, 38443650, 20, 2543850, 40, 10)), h, "2113", ""},
		{"no reference system", sketch(polyline("2A", "A35", 1, "", square...)), land.Handling{}, "1103", ""},
		{"binary", "AutoCAD Binary DXF\r\n\x1a\x00", h, "1101", ""},
		{"cut off", sketch(polyline("2A", "A35", 1, "", square...))[:200], h, "1101", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			drafts, _, found := read(t, write(t, t.TempDir(), fmt.Sprintf("d%d.dxf", i), c.text), DXF, c.h)
			var got []string
			for _, d := range drafts {
				got = append(got, fmt.Sprintf("%s %s %.0f", d.PlotNo, d.UseText(), float64(geo.PlaneArea(d.Boundary))))
			}
			if strings.Join(got, "; ") != c.plots || codes(found) != c.codes {
				t.Errorf("got %q, findings %v", got, found)
			}
			for _, d := range drafts {
				if d.Boundary[0][0][0][0] < 38443600 {
					t.Errorf("boundary %v", d.Boundary)
				}
			}
		})
	}
}

func TestExtendedDataOfKML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ schema, data string }{
		{"", `<Data name="用地代码"><value>A35</value></Data><Data name='地块编号'><value>NS-1</value></Data><Data name="far_max"><value>2.5</value></Data>`},
		{`<Schema id="s"><SimpleField name="用地代码" type="string"/><SimpleField name="地块编号" type="string"/><SimpleField type="float" name="RJL"/></Schema>`,
			`<SchemaData schemaUrl="#s"><SimpleData name="用地代码">A35</SimpleData><SimpleData name="地块编号">NS-1</SimpleData><SimpleData name="RJL">2.5</SimpleData></SchemaData>`},
	} {
		text := `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>` + c.schema + `
<Placemark><name>南沙地块</name><ExtendedData>` + c.data + `</ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>113.450000000001,22.99,5 113.451,22.99,5 113.451,22.991,5 113.450000000001,22.99,5</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`
		drafts, d, found := read(t, write(t, t.TempDir(), "d.kml", text), KML, land.Handling{})
		if len(drafts) != 1 || len(found) != 0 {
			t.Fatal(found)
		}
		if a := drafts[0]; a.PlotNo != "NS-1" || a.Name != "南沙地块" || a.UseText() != "A35" || *a.FARMax != 2.5 || d.CRS != geo.WGS84 {
			t.Errorf("%+v", a)
		}
		if at := drafts[0].Boundary[0][0][0]; at != (geo.Point{113.450000000001, 22.99}) {
			t.Errorf("point %v", at)
		}
	}
}

func TestTextsOfDrawingsDecode(t *testing.T) {
	t.Parallel()
	text, err := simplifiedchinese.GBK.NewEncoder().String(sketch(polyline("2A", "红线", 1, "", 38443600, 2543800, 38443700, 2543800, 38443700, 2543900), drawn("注记", "番禺一", 38443690, 2543850)))
	if err != nil {
		t.Fatal(err)
	}
	drafts, d, found := read(t, write(t, t.TempDir(), "d.dxf", text), DXF, land.Handling{CRS: geo.GK38, Map: map[string]string{"Layer": "name"}})
	if len(drafts) != 1 || drafts[0].PlotNo != "番禺一" || drafts[0].Name != "红线" || d.Encoding != "GB18030" {
		t.Errorf("%+v %+v %v", drafts, d, found)
	}
}
