package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// around is a rectangle in EPSG:4547 as a GeoJSON geometry.
func around(west, south, east, north float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, west, south, east, north)
}

func TestComplianceOfABoundary(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots() // 100 × 200 m each, from 443600, 2543500 in EPSG:4547; A35, FAR max 2
	// A road of 10 m over the east of B, and 2 cm of it over A.
	road := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[{"type":"Feature","properties":{"plot_no":"R-1","name":"标准路"},"geometry":` + around(443790, 2543400, 443900, 2543900) + `}]}`
	s.postControl(road).want(t, 201)
	s.send("POST", "/api/v1/controls/roads-2016/publish", "", "Authorization", "Bearer "+s.key).want(t, 200)
	check := func(path, body string) got {
		return s.send("POST", "/api/v1/compliance?crs=EPSG:4547&after=3"+path, body)
	}

	whole := check("", `{"geometry":`+around(443600, 2543500, 443700, 2543700)+`,"declared":{"land_use":"A35","far":1.8}}`)
	whole.want(t, 200, `"verdict":"warn"`, `"verdict_zh":"需人工核实"`, `"register_seq":3`, `"measure":"plane"`, `"park":{"code":"test"`, `"plane_crs":"EPSG:4547"`,
		`"boundary":{"area_m2":20000.00,"area_ha":2.0000,"area_mu":30.00,"sha256":"`, `"rule":"road_red_line"`, `"clause_zh":"《民用建筑设计统一标准》GB 50352-2019 第 4.3.1 条"`, `"skipped":[`)
	cut := check("", `{"geometry":`+around(443650, 2543500, 443800, 2543700)+`,"declared":{"land_use":"M1","far":2.5}}`)
	cut.want(t, 200, `"verdict":"fail"`, `"area_m2":2000.00,"area_ha":0.2000,"area_mu":3.00,"percent":6.67`, `"layer":{"code":"roads-2016","version":1`, `"features":[{"id":1,"code":"R-1","name":"标准路","area_m2":2000.00`,
		`"plots":[{"id":1,"park":"test","plot_no":"A","area_m2":10000.00,"area_mu":15.00,"href":"/api/v1/plots/1"},{"id":2`, `"declared":2.5,"limit":2`, `"severity":"fail"`)
	var answer struct {
		Boundary struct {
			AreaM2   float64 `json:"area_m2"`
			SHA256   string
			Geometry struct{ Coordinates geo.MultiPolygon }
		}
		Findings []struct {
			Rule     string
			Severity string
			AreaM2   float64 `json:"area_m2"`
			Geometry *struct {
				Type        string
				Coordinates geo.MultiPolygon
			}
			MessageZh string `json:"message_zh"`
		}
	}
	if err := json.Unmarshal([]byte(cut.body), &answer); err != nil {
		t.Fatal(err)
	}
	onPlane, err := geo.NewTransformer(geo.CGCS2000, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	b := answer.Boundary
	if digest := sha256.Sum256(geo.EncodeEWKB(b.Geometry.Coordinates, geo.CGCS2000)); b.AreaM2 != 30000 || hex.EncodeToString(digest[:]) != b.SHA256 {
		t.Errorf("%v m²; the digest %s is not that of %v", b.AreaM2, b.SHA256, b.Geometry)
	}
	for _, f := range answer.Findings {
		if (f.Severity == "pass") != (f.Geometry == nil) && f.AreaM2 > 0 || f.MessageZh == "" {
			t.Errorf("%+v", f)
		}
		if f.Geometry != nil {
			if area := float64(geo.PlaneArea(geo.MapPoints(f.Geometry.Coordinates, onPlane))); area-f.AreaM2 > 0.01 || f.AreaM2-area > 0.01 {
				t.Errorf("%s: %v m², its geometry %v", f.Rule, f.AreaM2, area)
			}
		}
	}
	check("&measure=ellipsoid", `{"plots":[2,1,2],"rules":["park","road_red_line"]}`).want(t, 200, `"measure":"ellipsoid"`, `"boundary":{"area_m2":39996.`, `"verdict":"fail"`)
	check("&at=2015-06-30", `{"geometry":`+around(443650, 2543500, 443800, 2543700)+`}`).want(t, 200, `"day":"2015-06-30"`, `"rule":"coverage"`, `不属于任何登记地块`) // before the plots
	s.get("/api/v1/compliance").want(t, 200, `"rules":[{"rule":"park","name_zh":"园区边界"`, `"tolerance":{"area_m2":1,"width_m":0.02}`)
}

func TestComplianceOfAFile(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	const txt = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=38\n[地块坐标]\n" +
		"5,1.0000,P-1,甲,面,,,A35,@\nJ1,1,2543700.000,38443650.000\nJ2,1,2543700.000,38443750.000\nJ3,1,2543600.000,38443750.000\nJ4,1,2543600.000,38443650.000\nJ1,1,2543700.000,38443650.000\n"
	body, contentType := form(t, "边界.txt", txt)
	q := "/api/v1/compliance?rules=park,far&declared=" + url.QueryEscape(`{"far":3}`)
	s.send("POST", q, body, "Content-Type", contentType).want(t, 200, `"area_m2":10000.00`, `"verdict":"fail"`, `"rule":"far"`)
	// Two features that adjoin are one boundary.
	two := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":` + around(443600, 2543500, 443650, 2543600) + `},{"type":"Feature","properties":{},"geometry":` + around(443650, 2543500, 443700, 2543600) + `}]}`
	s.send("POST", "/api/v1/compliance?crs=EPSG:4547&rules=park&filename=a.geojson", two).want(t, 200, `"boundary":{"area_m2":10000.00`, `"verdict":"pass"`)
	for _, c := range []struct {
		query, body string
		status      int
	}{
		{"?filename=a.geojson", `{"type":"FeatureCollection","features":[]}`, 422},
		{"?filename=a.dwg", "AC1021", 422},
		{"?filename=a.geojson&rules=moat", two, 422},
		{"?filename=a.geojson&declared=1", two, 400},
		{"?filename=a.geojson&crs=EPSG:2383", two, 422},
		{"?filename=a.geojson", two, 422}, // metres for degrees
	} {
		s.send("POST", "/api/v1/compliance"+c.query, c.body).want(t, c.status, `"message_zh"`)
	}
}

func TestBadComplianceRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	good := around(443600, 2543500, 443700, 2543700)
	crossed := `{"type":"Polygon","coordinates":[[[443600,2543500],[443700,2543700],[443700,2543500],[443600,2543700],[443600,2543500]]]}`
	for _, c := range []struct {
		query, body string
		status      int
		told        string
	}{
		{"", ``, 422, "body"},
		{"", `[]`, 422, "body"},
		{"", `{"geometry":` + good + `}{}`, 422, "more follows"},
		{"", `{"geometry":` + good + `,"rule":["far"]}`, 422, "unknown field"},
		{"", `{}`, 422, "geometry or plots"},
		{"", `{"geometry":` + good + `,"plots":[1]}`, 422, "geometry or plots"},
		{"", `{"plots":[99]}`, 404, "99"},
		{"", `{"plots":["A"]}`, 422, "body"},
		{"", `{"geometry":` + good + `,"rules":["moat"]}`, 422, "moat"},
		{"", `{"geometry":` + good + `,"declared":{"far":-1}}`, 422, "declared.far"},
		{"", `{"geometry":` + good + `,"declared":{"land_use":"Z9"}}`, 422, "declared.land_use"},
		{"", `{"geometry":` + crossed + `}`, 422, "severity"},
		{"", `{"geometry":{"type":"Point","coordinates":[443600,2543500]}}`, 422, "severity"},
		{"", `{"geometry":` + around(443600, 2533500, 443700, 2533700) + `}`, 422, "outside every park"},
		{"", `{"geometry":` + around(440600, 2523500, 443700, 2563700) + `}`, 422, "too large"},
		{"&measure=tape", `{"geometry":` + good + `}`, 400, "measure"},
		{"&rules=far", `{"geometry":` + good + `}`, 400, "rules"},
		{"&after=x", `{"geometry":` + good + `}`, 400, "after"},
		{"&colour=red", `{"geometry":` + good + `}`, 400, "colour"},
		{"", `{"geometry":{"type":"Polygon","coordinates":[[` + strings.Repeat("[443600,2543500],", 100_000) + `[443600,2543500]]]}}`, 422, "severity"},
		{"", `{"geometry":` + good + strings.Repeat(" ", 3<<20) + `}`, 413, "larger"},
	} {
		s.send("POST", "/api/v1/compliance?crs=EPSG:4547"+c.query, c.body).want(t, c.status, c.told, `"detail_zh"`)
	}
	var many []string
	for i := range mostBoundaryPoints + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / (mostBoundaryPoints + 1))
		many = append(many, fmt.Sprintf("[%.3f,%.3f]", 443700+90*cos, 2543600+90*sin))
	}
	s.send("POST", "/api/v1/compliance?crs=EPSG:4547", `{"geometry":{"type":"Polygon","coordinates":[[`+strings.Join(append(many, many[0]), ",")+`]]}}`).want(t, 422, "more than 5000 points")
	s.send("POST", "/api/v1/compliance?crs=EPSG:2383", `{"geometry":`+good+`}`).want(t, 400, "crs")
	s.send("POST", "/api/v1/compliance", `{"geometry":`+good+`}`).want(t, 422, "severity") // metres for degrees
}

// FuzzCompliance holds the reading of bodies to its promises: whatever comes is
// refused in two languages or can be checked.
func FuzzCompliance(f *testing.F) {
	view := onePlot()
	for _, seed := range []string{
		`{"geometry":{"type":"Polygon","coordinates":[[[113.45,22.99],[113.4505,22.99],[113.4505,22.9905],[113.45,22.99]]]},"declared":{"land_use":"A35","far":2}}`,
		`{"plots":[1],"rules":["far","park"],"declared":{"far":1e300}}`, `{"geometry":{"type":"MultiPolygon","coordinates":[]}}`, `{"geometry":null,"plots":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		asked, err := decodeCompliance(body, 0)
		var invalid *land.InvalidError
		if err == nil && len(asked.plots) > 0 {
			if asked.geometry, asked.crs, err = view.JoinPlots(asked.plots); err != nil {
				return
			}
		}
		if err == nil {
			var survey land.Survey
			if survey, err = view.Survey(asked.geometry, asked.crs, land.NeedsOf(asked.rules), true); err != nil {
				err = badBoundary(err)
			} else if _, err := json.Marshal(describeCompliance(land.Judge(survey, asked.proposal, asked.rules), view)); err != nil {
				t.Fatal(err)
			}
		}
		var crs *geo.UnsupportedCRSError
		if err != nil && !errors.As(err, &crs) && (!errors.As(err, &invalid) || len(invalid.Findings) == 0 || problemOf(err).Status != 422) {
			t.Errorf("%T %v", err, err)
		}
	})
}
