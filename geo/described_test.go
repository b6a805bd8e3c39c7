package geo

import "testing"

func TestPlanesAreDescribedAsOnMaps(t *testing.T) {
	t.Parallel()
	for crs, want := range map[CRS]string{
		GK114:    "2000国家大地坐标系，3度带，中央子午线114°",
		GK38:     "2000国家大地坐标系，3度带，中央子午线114°，38带",
		4508:     "2000国家大地坐标系，6度带，中央子午线111°",
		CGCS2000: "EPSG:4490",
	} {
		if got := crs.Described().Zh; got != want {
			t.Errorf("%s is %q, want %q", crs, got, want)
		}
	}
}
