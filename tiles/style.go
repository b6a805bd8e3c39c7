package tiles

import "github.com/dikuai/dikuai/data/land"

// colourless fills a plot whose code's dictionary names no colour.
const colourless = "#CCCCCC"

// Style is a MapLibre style (version 8) that draws the tile set with the
// planning colours of its land-use codes. Labels name no font service: maps
// draw Chinese with a font of the reader's machine. tileJSON is an absolute
// address.
func Style(tileJSON string) map[string]any {
	name := []any{"get", "name_zh"}
	layer := func(id, kind, source string, paint map[string]any, more map[string]any) map[string]any {
		l := map[string]any{"id": id, "type": kind, "source": "land", "source-layer": source, "paint": paint}
		for k, v := range more {
			l[k] = v
		}
		return l
	}
	halo := map[string]any{"text-color": "#1F2933", "text-halo-color": "#FFFFFF", "text-halo-width": 1.4}
	fonts := []string{"Noto Sans CJK SC Regular", "Noto Sans Regular"}
	return map[string]any{
		"version": 8, "name": "dikuai land",
		"sources": map[string]any{"land": map[string]any{"type": "vector", "url": tileJSON}},
		"layers": []map[string]any{
			{"id": "background", "type": "background", "paint": map[string]any{"background-color": "#F3F1EC"}},
			layer("parks-fill", "fill", "parks", map[string]any{"fill-color": "#E4DFD3", "fill-opacity": 0.8}, nil),
			layer("plots-fill", "fill", "plots", map[string]any{"fill-color": useColours(), "fill-opacity": 0.85}, nil),
			layer("plots-line", "line", "plots", map[string]any{"line-color": "#5B5B5B",
				"line-width": []any{"interpolate", []any{"linear"}, []any{"zoom"}, 12, 0.2, 18, 1.6}},
				map[string]any{"filter": []any{"has", "plot_no"}}), // not what is joined far out
			layer("controls-fill", "fill", "controls", map[string]any{"fill-color": controlColours(), "fill-opacity": insideFaint()}, nil),
			layer("controls-line", "line", "controls", map[string]any{"line-color": controlColours(),
				"line-width": []any{"interpolate", []any{"linear"}, []any{"zoom"}, 10, 0.8, 16, 2}}, nil),
			layer("parks-line", "line", "parks", map[string]any{"line-color": "#C8102E", "line-width": 2.2, "line-dasharray": []any{4, 1.5}}, nil),
			layer("plot-labels", "symbol", "plot_labels", halo, map[string]any{"minzoom": 15.5, "layout": map[string]any{
				"text-field": []any{"format", []any{"get", "plot_no"}, map[string]any{}, "\n", map[string]any{}, []any{"get", "land_use"}, map[string]any{"font-scale": 0.9}},
				"text-size":  []any{"interpolate", []any{"linear"}, []any{"zoom"}, 15, 9, 18, 13}, "text-font": fonts, "text-padding": 2}}),
			layer("park-labels", "symbol", "parks", halo, map[string]any{"maxzoom": 14.5, "layout": map[string]any{
				"text-field": name, "text-size": 15, "text-font": fonts, "text-allow-overlap": true}}),
		},
	}
}

// controlColours is the expression that gives a control its kind's colour.
func controlColours() []any {
	match := []any{"match", []any{"get", "kind"}}
	for _, k := range land.ControlKinds() {
		match = append(match, string(k.Kind), k.Color)
	}
	return append(match, colourless)
}

// insideFaint fills controls lightly, and those within which everything lies
// hardly at all: they are for their line.
func insideFaint() []any {
	var inside []string
	for _, k := range land.ControlKinds() {
		if k.Rule == land.Inside {
			inside = append(inside, string(k.Kind))
		}
	}
	return []any{"match", []any{"get", "kind"}, inside, 0.03, 0.22}
}

// useColours is the expression that gives a plot the colour of its main code.
func useColours() []any {
	main := []any{"slice", []any{"get", "land_use"}, 0, []any{"index-of", "/", []any{"concat", []any{"get", "land_use"}, "/"}}}
	match := []any{"match", main}
	for _, u := range land.Uses() {
		if u.Color != "" {
			match = append(match, u.Code, u.Color)
		}
	}
	return append(match, colourless)
}
