package tiles

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Encoding numbers what Encode and Compress make: it is raised whenever they make
// other bytes of the same register, so that tiles of two programs are never mixed
// in one archive.
const Encoding = 2

// Holds says whether something may be drawn in a tile, by boxes: where it says
// no, Encode gives nothing, in the tile and in all tiles below it.
func (v *View) Holds(t maptile.Tile) bool {
	window := frameOf(uint32(t.Z), t.X, t.Y).window
	for _, p := range v.Parks {
		if p.box.Meets(window) {
			return true
		}
	}
	found := false
	v.Controls.Search(boundOf([]plotset.Box{window}), func(*Control) bool {
		found = true
		return false
	})
	if !found {
		v.Plots.Search(window, func(plotset.Ref) bool {
			found = true
			return false
		})
	}
	return found
}

// Touched says whether something in a box can be drawn in a tile, or in a tile
// below it, margins and rounding included.
func Touched(t maptile.Tile, box plotset.Box) bool {
	from, to := touched(t.Z, box)
	return t.X >= from.x && t.X <= to.x && t.Y >= from.y && t.Y <= to.y
}

// Part is something that tiles show beside single plots: a park, a control layer,
// or how the mosaic is laid out. Of two views in which a part has one digest, it
// looks the same in both.
type Part struct {
	Name       string
	Digest     string
	Box        plotset.Box
	MaxZoom    int  // the deepest at which it shows
	Everywhere bool // wherever plots are, rather than in a place of its own
}

// Parts are all that the view's tiles show beside plots, in an order that is
// always the same.
func (v *View) Parts() []Part {
	uses, statuses := land.Uses(), land.Statuses()
	parts := []Part{{"mosaic", digestOf(v.pyramid.sides, uses, statuses), everywhere, mosaicZoom, true}}
	for i, p := range v.Parks {
		digest := digestOf(i, p.Code, p.NameZh, p.NameEn, p.Demonstration, p.mu, p.shape)
		parts = append(parts, Part{"park " + string(p.Code), digest, p.box, MaxZoom, false})
	}
	layers := map[land.ControlCode]int{}
	var sums []hash.Hash
	first := len(parts)
	v.Controls.Ascend(0, func(c *Control) bool {
		i, known := layers[c.Layer.Code]
		if !known {
			i = len(sums)
			layers[c.Layer.Code] = i
			sums = append(sums, sha256.New())
			parts = append(parts, Part{"controls " + string(c.Layer.Code), "", c.box, MaxZoom, false})
		}
		writeTo(sums[i], c.ID, c.Layer.Kind, c.displayName(), c.shape)
		parts[first+i].Box = parts[first+i].Box.Union(c.box)
		return true
	})
	for i, sum := range sums {
		parts[first+i].Digest = hex.EncodeToString(sum.Sum(nil)[:8])
	}
	return parts
}

func digestOf(values ...any) string {
	sum := sha256.New()
	writeTo(sum, values...)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func writeTo(sum hash.Hash, values ...any) {
	if err := json.NewEncoder(sum).Encode(values); err != nil {
		panic(fmt.Sprintf("tiles: %v", err)) // numbers and texts alone come here
	}
}
