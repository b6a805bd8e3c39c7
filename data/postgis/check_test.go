package postgis_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

func TestChecksTellWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	stated := geo.SquareMetres(20050)
	a := draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")
	a.StatedArea = &stated
	b := draft(t, "B", "POLYGON((100 0,300 0,300 100,100 100,100 0))")        // its corner is missing in A
	c := draft(t, "C", "POLYGON((100 110,300 110,300 200,100 200,100 110))")  // leaves a strip open above B
	tiny := draft(t, "D?", "POLYGON((300 0,301 0,301 3,300 3,300 0))")        // small, and of an odd number
	needle := draft(t, "E", "POLYGON((305 0,325 0,315 150,305 0))")           // sharp
	supplied := draft(t, "F", "POLYGON((340 0,400 0,400 100,340 100,340 0))") // supplied without a day
	supplied.Status = land.Supplied
	outline, err := geo.TransformMultiPolygon(geo.MultiPolygon{{{local(0, 0), local(400, 0), local(400, 200), local(0, 200), local(0, 0)}}}, geo.GK114, geo.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	_, err = importDrafts(t, db, land.Import{Park: "test", Found: &land.Park{Code: "test", NameZh: "试", NameEn: "Test", PlaneCRS: geo.GK114, Boundary: outline}}, a, b, c, tiny, needle, supplied)
	if err != nil {
		t.Fatal(err)
	}
	report, err := db.Check(ctx, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		got = append(got, fmt.Sprintf("%s %s %s", f.Code, f.Severity, f.PlotNo))
		if f.Field == "geometry" && f.Place == nil && f.Geometry == nil {
			t.Errorf("%s has no place", f)
		}
		if f.Geometry != nil && !geo.Meets(f.Geometry, outline.Bound()) {
			t.Errorf("%s lies elsewhere", f)
		}
	}
	for _, want := range []string{"4105 error A", "4111 warning D?", "2111 warning D?", "2106 warning E", "4111 warning F", "3104 info A", "3102 warning "} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	if report.Plots != 6 || report.Seq != 1 {
		t.Errorf("%d plots at change %d", report.Plots, report.Seq)
	}
	if _, err := db.Check(ctx, func(int) {}, "nowhere"); err == nil {
		t.Error("a park that is not there was checked")
	}
}
