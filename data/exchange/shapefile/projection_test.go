package shapefile

import (
	"math"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// TestZonesAreThoseOfGeo holds the zones' parameters to geo's transforms: the
// false easting lies on the central meridian.
func TestZonesAreThoseOfGeo(t *testing.T) {
	t.Parallel()
	for crs := geo.CRS(4491); crs <= 4554; crs++ {
		name, meridian, easting := zone(crs)
		p, err := geo.Transform(geo.Point{float64(easting), 0}, crs, geo.CGCS2000)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(p[0]-float64(meridian)) > 1e-9 {
			t.Errorf("%s %s: meridian %d, geo has %v", crs, name, meridian, p[0])
		}
	}
	for crs, want := range map[geo.CRS]string{
		4497: "CGCS2000_GK_Zone_19", 4508: "CGCS2000_GK_CM_111E",
		geo.GK38: "CGCS2000_3_Degree_GK_Zone_38", geo.GK114: "CGCS2000_3_Degree_GK_CM_114E",
	} {
		if name, _, _ := zone(crs); name != want {
			t.Errorf("%s is named %s, want %s", crs, name, want)
		}
	}
}
