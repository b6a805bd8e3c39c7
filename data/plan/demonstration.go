package plan

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/paulmach/orb/geojson"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

//go:embed demonstration
var demonstration embed.FS

// layout is a demonstration file as read: EPSG:4490, lon/lat.
type layout struct {
	boundary geo.MultiPolygon
	plots    []land.Draft
}

// Demonstration reads the demonstration layout of a park: every plot, roads and
// green space among them, in EPSG:4490, lon/lat. Row is the feature's number in
// the file, from 1, where the park's boundary comes first. Put on the 0.001 m
// grid of EPSG:4547 the coordinates are whole millimetres again and the plots
// cover the park without gap or overlap. A park that is not in the plan is a
// *land.NotFoundError.
func Demonstration(code land.ParkCode) ([]land.Draft, error) {
	l, err := read(code)
	return l.plots, err
}

func read(code land.ParkCode) (layout, error) {
	text, err := demonstration.ReadFile("demonstration/" + string(code) + ".geojson")
	if errors.Is(err, fs.ErrNotExist) {
		return layout{}, &land.NotFoundError{What: "demonstration layout", Name: string(code)}
	}
	if err != nil {
		return layout{}, err
	}
	var file struct {
		Features []struct {
			Properties json.RawMessage
			Geometry   geojson.Polygon
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return layout{}, fmt.Errorf("demonstration layout of %s: %w", code, err)
	}
	var l layout
	for i, f := range file.Features {
		properties, err := texts(f.Properties)
		if err != nil {
			return layout{}, fmt.Errorf("demonstration layout of %s, feature %d: %w", code, i+1, err)
		}
		boundary := geo.MultiPolygon{geo.Polygon(f.Geometry)}
		if properties["kind"] == "park" {
			l.boundary = boundary
			continue
		}
		d := land.Draft{Row: i + 1, Boundary: boundary, CRS: geo.CGCS2000}
		if faults, unknown := land.SetProperties(&d.Attributes, properties); len(faults)+len(unknown) > 0 {
			return layout{}, fmt.Errorf("demonstration layout of %s, feature %d: %v; unknown properties %v", code, i+1, faults, unknown)
		}
		l.plots = append(l.plots, d)
	}
	return l, nil
}

// texts gives a feature's members as text, numbers as they are written.
func texts(properties json.RawMessage) (map[string]string, error) {
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(properties))
	d.UseNumber()
	if err := d.Decode(&members); err != nil {
		return nil, err
	}
	t := make(map[string]string, len(members))
	for name, v := range members {
		t[name] = fmt.Sprint(v)
	}
	return t, nil
}
