package topology

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// Mend proposes a polygon without the faults of the given codes, by the limits:
// repeated points (2105) and the tips of spikes that are errors (2106)
// are dropped, rings of the wrong direction (2107) are turned round. Other codes
// cannot be mended safely and are passed over, as are points without which a
// ring would not be one. mended says whether anything changed. Dropping a spike
// may change the area: the proposal is for a person to accept.
func Mend(p geo.MultiPolygon, l Limits, codes ...string) (proposal geo.MultiPolygon, mended bool) {
	proposal = make(geo.MultiPolygon, len(p))
	for i, polygon := range p {
		proposal[i] = make(geo.Polygon, len(polygon))
		for j, line := range polygon {
			out := slices.Clone(line)
			if slices.Contains(codes, "2105") {
				out = withoutRepeated(out, l.Repeated*1000)
			}
			if slices.Contains(codes, "2106") {
				out = withoutSpikes(out, l)
			}
			if a := ringOf(out).area2(); slices.Contains(codes, "2107") && a != 0 && (a > 0) == (j > 0) {
				slices.Reverse(out)
			}
			proposal[i][j] = out
			mended = mended || !slices.Equal(out, line)
		}
	}
	return proposal, mended
}

// withoutRepeated drops points that are at most limit (mm) from the one before.
func withoutRepeated(line geo.Ring, limit float64) geo.Ring {
	var out geo.Ring
	for _, p := range line {
		if len(out) == 0 || distance(onGrid(out[len(out)-1]), onGrid(p)) > limit {
			out = append(out, p)
		}
	}
	if n := len(line); len(out) > 1 && line[0] == line[n-1] && out[0] != out[len(out)-1] {
		out[len(out)-1] = out[0] // the closing point was within the limit of the one before
	}
	if len(ringOf(out)) < 3 {
		return line
	}
	return out
}

// withoutSpikes drops the tips of spikes until there are none.
func withoutSpikes(line geo.Ring, l Limits) geo.Ring {
	g := ringOf(line)
	dropped := false
	for k := 0; k < len(g) && len(g) > 3; {
		if _, ok := g.sharp(k, l.Spike, l.SpikeSide*1000); !ok {
			k++
			continue
		}
		g = compacted(slices.Delete(g, k, k+1))
		dropped, k = true, 0
	}
	if !dropped || len(g) < 3 {
		return line
	}
	return region{{g}}.multiPolygon()[0][0]
}
