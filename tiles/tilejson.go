package tiles

import "github.com/dikuai/dikuai/tiles/plotset"

// TileJSON describes the tile set for maps (TileJSON 3.0.0,
// https://github.com/mapbox/tilejson-spec/tree/master/3.0.0). Addresses are absolute.
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Version      string        `json:"version"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer names a layer of the tiles and its fields.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	Fields      map[string]string `json:"fields"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
}

// SourceMaxZoom is the deepest zoom that a map should ask for; beyond it, a
// unit of the tile is under 4 cm on the ground here, and maps enlarge.
const SourceMaxZoom = 18

// Describe makes the TileJSON of a view whose tiles are at the addresses.
func Describe(v *View, addresses ...string) TileJSON {
	plotFields := map[string]string{"park": "String", "plot_no": "String", "land_use": "String", "status": "String", "area_mu": "Number", "far_max": "Number"}
	b, c := v.Bound(), v.parksBound().Center()
	return TileJSON{
		TileJSON: "3.0.0", Name: "dikuai land", Description: "地块登记：三园区用地", Attribution: attribution(v),
		Version: "1.0.0", Scheme: "xyz", Tiles: addresses, MinZoom: 0, MaxZoom: SourceMaxZoom,
		Bounds: [4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}, Center: [3]float64{c[0], c[1], 10},
		VectorLayers: []VectorLayer{
			{"plots", "地块 plots", plotFields, 0, SourceMaxZoom},
			{"plot_labels", "地块注记 plot labels", plotFields, plotset.LabelZoom, SourceMaxZoom},
			{"parks", "园区 parks", map[string]string{"code": "String", "name_zh": "String", "name_en": "String", "demonstration": "Boolean", "area_mu": "Number"}, 0, SourceMaxZoom},
			{"controls", "管控图层 control layers", map[string]string{"layer": "String", "kind": "String", "name": "String"}, 0, SourceMaxZoom},
		},
	}
}

func attribution(v *View) string {
	for _, p := range v.Parks {
		if p.Demonstration {
			return "示范布局，非实测 · demonstration layout, not surveyed"
		}
	}
	return ""
}
