package outlet

import (
	"github.com/dikuai/dikuai/geo"
)

// Projection takes a plot's boundary out of EPSG:4490, lon/lat.
type Projection func(geo.MultiPolygon) geo.MultiPolygon

// NewProjection gives the way into a reference system; x stays before y. Plane
// coordinates are put on the 0.001 m grid, which gives a surveyor's own numbers
// back in the plane in which they were handed in. The error is a
// *geo.UnsupportedCRSError.
func NewProjection(to geo.CRS) (Projection, error) {
	transform, err := geo.NewTransformer(geo.CGCS2000, to)
	if err != nil {
		return nil, err
	}
	if to.Geographic() {
		return func(p geo.MultiPolygon) geo.MultiPolygon { return p }, nil
	}
	if to.Plane() {
		exact := transform
		transform = func(p geo.Point) geo.Point { return geo.SnapToGrid(exact(p)) }
	}
	return func(p geo.MultiPolygon) geo.MultiPolygon {
		out := make(geo.MultiPolygon, len(p))
		for i, polygon := range p {
			out[i] = make(geo.Polygon, len(polygon))
			for j, ring := range polygon {
				out[i][j] = make(geo.Ring, len(ring))
				for k, q := range ring {
					out[i][j][k] = transform(q)
				}
			}
		}
		return out
	}, nil
}

// Closed is a ring with its first point again at its end.
func Closed(ring geo.Ring) geo.Ring {
	if n := len(ring); n > 0 && ring[0] != ring[n-1] {
		return append(ring[:n:n], ring[0])
	}
	return ring
}
