package geo

import "math"

// SnapPolygon takes a polygon to the plane system and puts every vertex on the
// 0.001 m grid, where vertices that fall together become one. It returns the
// polygon in the plane and the longest way in metres that a vertex moved.
func SnapPolygon(p MultiPolygon, from, plane CRS) (snapped MultiPolygon, shift float64, err error) {
	t, err := NewTransformer(from, plane)
	if err != nil {
		return nil, 0, err
	}
	snapped = make(MultiPolygon, len(p))
	for i, polygon := range p {
		snapped[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			out := make(Ring, 0, len(ring))
			for _, q := range ring {
				exact := t(q)
				s := SnapToGrid(exact)
				shift = math.Max(shift, math.Hypot(s[0]-exact[0], s[1]-exact[1]))
				if len(out) == 0 || out[len(out)-1] != s {
					out = append(out, s)
				}
			}
			snapped[i][j] = out
		}
	}
	return snapped, shift, nil
}
