package layout

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// decimals of a degree that give back every millimetre of the plane.
const decimals = 10

// note stands in every file.
const note = "示范布局，虚构，未经测绘；平面坐标为EPSG:4547毫米格网，换算为CGCS2000经纬度。Demonstration layout: invented, not surveyed; drawn on the millimetre grid of EPSG:4547, given as CGCS2000 longitude and latitude."

// GeoJSON writes a layout as RFC 7946, longitude before latitude, with one
// feature a line: the park's boundary, marked "kind":"park", then the plots with
// the register's property names. A property that is not set is left out.
func (l Layout) GeoJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","name":` + quote(string(l.Park)) + `,"note":` + quote(note) + `,"features":[` + "\n")
	park := `{"kind":"park","park":` + quote(string(l.Park)) + `,"name":` + quote(l.NameZh) + `,"demonstration":true}`
	if err := feature(&b, park, geo.MultiPolygon{l.Boundary}); err != nil {
		return nil, err
	}
	for _, d := range l.Plots {
		b.WriteString(",\n")
		if err := feature(&b, properties(d.Attributes), d.Boundary); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// properties are the members that an officer states, in the register's order,
// except the 2023 code, which follows from the other.
func properties(a land.Attributes) string {
	var b bytes.Buffer
	p := land.Plot{Attributes: a}
	for _, f := range land.Fields() {
		v := f.Get(&p)
		if f.Set == nil || v == nil || f.Name == "land_use_2023" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(f.Name) + ":")
		if n, ok := v.(float64); ok {
			b.WriteString(strconv.FormatFloat(n, 'f', -1, 64))
		} else {
			b.WriteString(quote(v.(string)))
		}
	}
	return "{" + b.String() + "}"
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(text)
}

func feature(b *bytes.Buffer, properties string, boundary geo.MultiPolygon) error {
	outline, err := geo.TransformMultiPolygon(boundary, geo.GK114, geo.CGCS2000)
	if err != nil {
		return err
	}
	b.WriteString(`{"type":"Feature","properties":` + properties + `,"geometry":{"type":"Polygon","coordinates":[`)
	for i, ring := range outline[0] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('[')
		for j, p := range ring {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteString("[" + geo.FormatFixed(p[0], decimals) + "," + geo.FormatFixed(p[1], decimals) + "]")
		}
		b.WriteByte(']')
	}
	b.WriteString("]}}")
	return nil
}
