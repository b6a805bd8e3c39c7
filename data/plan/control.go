package plan

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/paulmach/orb/geojson"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

//go:embed controls
var controls embed.FS

// ControlLayer is a demonstration control layer with its polygons in EPSG:4490,
// lon/lat. Row is the feature's number in the file, from 1.
type ControlLayer struct {
	land.ControlLayer
	Features []land.Draft
}

// Controls reads the demonstration control layers (示范管控图层), by file name.
// All are invented, drawn about the demonstration layout so that a check has
// something to find; put on the 0.001 m grid of EPSG:4547 their coordinates are
// whole millimetres again.
func Controls() ([]ControlLayer, error) {
	names, err := fs.Glob(controls, "controls/*.geojson")
	if err != nil {
		return nil, err
	}
	layers := make([]ControlLayer, len(names))
	for i, name := range names {
		if layers[i], err = readControls(name); err != nil {
			return nil, fmt.Errorf("demonstration %s: %w", name, err)
		}
	}
	return layers, nil
}

func readControls(name string) (ControlLayer, error) {
	text, err := controls.ReadFile(name)
	if err != nil {
		return ControlLayer{}, err
	}
	var file struct {
		Layer struct {
			Code       land.ControlCode
			Kind       land.ControlKind
			NameZh     string `json:"name_zh"`
			NameEn     string `json:"name_en"`
			Source     string
			DocumentNo string `json:"document_no"`
			ValidFrom  string `json:"valid_from"`
		}
		Features []struct {
			Properties json.RawMessage
			Geometry   geojson.Polygon
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return ControlLayer{}, err
	}
	l := ControlLayer{ControlLayer: land.ControlLayer{
		Code: file.Layer.Code, Kind: file.Layer.Kind, NameZh: file.Layer.NameZh, NameEn: file.Layer.NameEn,
		Source: file.Layer.Source, DocumentNo: file.Layer.DocumentNo, Demonstration: true,
	}}
	if l.ValidFrom, err = land.ParseDate(file.Layer.ValidFrom); err != nil {
		return l, err
	}
	for i, f := range file.Features {
		properties, err := texts(f.Properties)
		if err != nil {
			return l, fmt.Errorf("feature %d: %w", i+1, err)
		}
		d := land.Draft{Row: i + 1, Boundary: geo.MultiPolygon{geo.Polygon(f.Geometry)}, CRS: geo.CGCS2000}
		if faults, unknown := land.SetProperties(&d.Attributes, properties); len(faults)+len(unknown) > 0 {
			return l, fmt.Errorf("feature %d: %v; unknown properties %v", i+1, faults, unknown)
		}
		l.Features = append(l.Features, d)
	}
	return l, l.Validate()
}
