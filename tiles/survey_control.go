package tiles

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// layersOf are the layers of some controls, by code.
func layersOf(controls []*Control) []*land.ControlLayer {
	var layers []*land.ControlLayer
	seen := map[land.ControlCode]bool{}
	for _, c := range controls {
		if !seen[c.Layer.Code] {
			seen[c.Layer.Code] = true
			layers = append(layers, c.Layer)
		}
	}
	slices.SortFunc(layers, func(a, b *land.ControlLayer) int { return cmp.Compare(a.Code, b.Code) })
	return layers
}

// overlaid is a layer over the boundary.
type overlaid struct {
	land.LayerOverlap
	near []geo.MultiPolygon // its features that meet the boundary, in the plane
}

// kinds lays the boundary over the layers of the kinds that are asked for.
func (g *ground) kinds(v *View, needs land.Needs, plots []land.PlotOverlap, onPlane []geo.MultiPolygon) (map[land.ControlKind]land.KindOverlap, error) {
	controls, err := g.controls(v, needs)
	if err != nil {
		return nil, err
	}
	layers := map[land.ControlCode]*overlaid{}
	for _, c := range controls {
		p := g.near(c.Boundary, c.drawn)
		cut := g.subject.Inside(p)
		if len(cut) == 0 {
			continue
		}
		l := layers[c.Layer.Code]
		if l == nil {
			l = &overlaid{}
			layers[c.Layer.Code] = l
		}
		l.near = append(l.near, p)
		l.Features = append(l.Features, land.FeatureOverlap{ControlFeature: c.ControlFeature, Pieces: g.pieces(cut)})
	}
	kinds := map[land.ControlKind]land.KindOverlap{}
	near := map[land.ControlKind][]geo.MultiPolygon{}
	for _, layer := range v.layers {
		if !needs.Kinds[layer.Kind] || !layer.ValidOn(v.Day) {
			continue
		}
		k := kinds[layer.Kind]
		over := land.LayerOverlap{Layer: layer}
		if l := layers[layer.Code]; l != nil {
			over.Features, over.Within = l.Features, l.Features[0].Pieces
			if len(l.Features) > 1 {
				over.Within = g.pieces(g.subject.Inside(l.near...))
			}
			near[layer.Kind] = append(near[layer.Kind], l.near...)
		}
		k.Layers = append(k.Layers, over)
		kinds[layer.Kind] = k
	}
	for word, k := range kinds {
		kind, _ := land.LookupControlKind(word)
		if kind.Rule != land.Inside {
			continue
		}
		outside := g.subject.Outside(near[word]...)
		k.Outside = g.pieces(outside)
		if kind.OnlyUse != "" && len(outside) > 0 {
			var ofUse []geo.MultiPolygon
			for i, p := range plots {
				if p.Plot.Use.In(land.UseCode{Scheme: land.GB50137, Code: kind.OnlyUse}) {
					ofUse = append(ofUse, onPlane[i])
				}
			}
			k.OfUse = g.pieces(topology.NewOverlay(polygonsOf(outside)).Inside(ofUse...))
		}
		kinds[word] = k
	}
	return kinds, nil
}

// controls are those near the boundary, in the order of their numbers.
func (g *ground) controls(v *View, needs land.Needs) ([]*Control, error) {
	var found []*Control
	const bend = 0.0005 // degrees: a side of 50 km strays no further from what is straight in degrees
	v.Controls.Search(g.bound.Pad(bend), func(c *Control) bool {
		if needs.Kinds[c.Layer.Kind] && g.area.locate(c.box) != outside {
			found = append(found, c)
		}
		return len(found) <= mostOverlaid
	})
	if len(found) > mostOverlaid {
		return nil, errTooLarge
	}
	slices.SortFunc(found, func(a, b *Control) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}
