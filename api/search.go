package api

import (
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// searchNames are the parameters that choose plots, the same for the search and
// for statistics.
var searchNames = []string{"park", "status", "land_use", "area_mu", "far", "height_m", "gfa_m2", "bbox", "near", "radius_m", "within", "q", "filter"}

// Bounds of what a search takes from a stranger.
const (
	longestText   = 64      // characters of q
	longestWithin = 1 << 17 // bytes
	mostWithin    = 2000    // points
	widestRadius  = 50_000  // metres
)

// search reads the parameters that choose plots of a view.
func search(q url.Values, view *tiles.View) (*tiles.Search, error) {
	query, err := parseQuery(q, view)
	if err != nil {
		return nil, err
	}
	return prepare(q, query)
}

// prepare adds the filter to a query.
func prepare(q url.Values, query land.Query) (*tiles.Search, error) {
	chosen, err := filter(q)
	if err != nil {
		return nil, err
	}
	s, err := tiles.NewSearch(query, chosen)
	if err != nil {
		return nil, badWithin(geo.WordsOf(err))
	}
	s.Key = door.Only(q, searchNames).Encode()
	return s, nil
}

func parseQuery(q url.Values, view *tiles.View) (query land.Query, err error) {
	if query.Parks, err = parks(q, view); err != nil {
		return query, err
	}
	for _, text := range door.List(q, "status") {
		status, err := land.ParseStatus(text)
		if err != nil {
			return query, door.Refuse("status", geo.WordsOf(err), geo.Say("请用登记库的状态", "use the words of the register"))
		}
		query.Statuses = append(query.Statuses, status)
	}
	query.Uses = door.List(q, "land_use")
	for i, code := range query.Uses {
		query.Uses[i] = strings.ToUpper(code)
		if !slices.ContainsFunc(land.Uses(), func(u land.Use) bool { return u.Code == query.Uses[i] }) {
			return query, door.Refuse("land_use", geo.Say("字典中没有代码 %q", "no dictionary has the code %q", code), geo.Say("请用代码或类别，例如 A35 或 A", "use a code or class such as A35 or A"))
		}
	}
	for name, r := range map[string]*land.Range{"area_mu": &query.AreaMu, "far": &query.FARMax, "height_m": &query.Height, "gfa_m2": &query.GFAMax} {
		if *r, err = numbers(q, name); err != nil {
			return query, err
		}
	}
	if query.Bound, err = bbox(q.Get("bbox")); err != nil {
		return query, err
	}
	if query.Near, err = near(q); err != nil {
		return query, err
	}
	if query.Within, err = within(q.Get("within")); err != nil {
		return query, err
	}
	query.Text = strings.TrimSpace(q.Get("q"))
	if utf8.RuneCountInString(query.Text) > longestText || !utf8.ValidString(query.Text) {
		return query, door.Refuse("q", geo.Say("文字过长或无法解码", "the text is too long or cannot be decoded"), geo.Say("最多 %d 个字符", "use at most %d characters", longestText))
	}
	return query, nil
}

func parks(q url.Values, view *tiles.View) (codes []land.ParkCode, err error) {
	for _, text := range door.List(q, "park") {
		code := land.ParkCode(text)
		if _, ok := view.Park(code); !ok {
			return nil, door.Refuse("park", geo.Say("没有园区 %q", "there is no park %q", code), geo.Say("请用 /api/v1/parks 中的代码", "use a code of /api/v1/parks"))
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// numbers reads a range: 20..60, 20.., ..60, or 30 for that number alone.
func numbers(q url.Values, name string) (r land.Range, err error) {
	text := strings.TrimSpace(q.Get(name))
	if text == "" {
		if _, given := q[name]; given {
			return r, badRange(name, text)
		}
		return r, nil
	}
	low, high, isRange := strings.Cut(text, "..")
	if !isRange {
		high = low
	}
	for _, end := range []struct {
		text string
		at   **float64
	}{{low, &r.Min}, {high, &r.Max}} {
		if end.text = strings.TrimSpace(end.text); end.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(end.text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return r, badRange(name, text)
		}
		*end.at = &v
	}
	if r.IsOpen() {
		return r, badRange(name, text)
	}
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		return r, door.Refuse(name, geo.Say("%q 的下限大于上限", "%q ends before it begins", text), geo.Say("请对调两端", "swap its ends"))
	}
	return r, nil
}

func badRange(name, text string) error {
	return door.Refuse(name, geo.Say("%q 不是范围", "%q is not a range", text), geo.Say("请给出 20..60、20..、..60 或 30", "give 20..60, 20.., ..60 or 30"))
}

// near reads near=lon,lat&radius_m=500.
func near(q url.Values) (*land.Near, error) {
	place, radius := q.Get("near"), q.Get("radius_m")
	switch {
	case place == "" && radius == "":
		return nil, nil
	case place == "":
		return nil, door.Refuse("near", geo.Say("radius_m 需要 near", "radius_m needs near"), geo.Say("例如 near=113.459,22.981&radius_m=500", "give near=113.459,22.981&radius_m=500, say"))
	}
	metres, err := strconv.ParseFloat(radius, 64)
	if err != nil || !(metres >= 0 && metres <= widestRadius) {
		return nil, door.Refuse("radius_m", geo.Say("%q 不是半径", "%q is not a radius", radius), geo.Say("请给出 0 至 %d 米", "give 0 to %d metres", widestRadius))
	}
	n := land.Near{Metres: metres}
	lon, lat, _ := strings.Cut(place, ",")
	for i, text := range []string{lon, lat} {
		if n.At[i], err = degree(text); err != nil || i == 1 && math.Abs(n.At[i]) > 90 {
			return nil, door.Refuse("near", geo.Say("%q 不是地点", "%q is not a place", place), geo.Say("请按 经度,纬度 给出度数，例如 113.459,22.981", "give longitude,latitude in degrees, such as 113.459,22.981"))
		}
	}
	return &n, nil
}

// within reads a polygon as GeoJSON or WKT, EPSG:4490 lon/lat.
func within(text string) (geo.MultiPolygon, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	if len(text) > longestWithin {
		return nil, badWithin(geo.Say("文本过长", "the text is too long"))
	}
	var p geo.MultiPolygon
	if text[0] == '{' {
		read, crs, _, err := geojson.DecodeGeometry([]byte(text), 0)
		var invalid *land.InvalidError
		switch {
		case errors.As(err, &invalid) && len(invalid.Findings) > 0:
			return nil, badWithin(invalid.Findings[0].Said())
		case err != nil:
			return nil, badWithin(geo.WordsOf(err))
		}
		if p, err = geo.TransformMultiPolygon(read, crs, geo.CGCS2000); err != nil {
			return nil, badWithin(geo.WordsOf(err))
		}
	} else {
		g, err := wkt.Unmarshal(text)
		if err != nil {
			return nil, badWithin(geo.Say("不是 WKT 多边形", "this is no WKT polygon"))
		}
		switch g := g.(type) {
		case orb.Polygon:
			p = geo.MultiPolygon{g}
		case orb.MultiPolygon:
			p = g
		}
	}
	if fault := polygonFault(p); fault != (geo.Words{}) {
		return nil, badWithin(fault)
	}
	return p, nil
}

// polygonFault says what of a polygon's rings is no ring on the earth.
func polygonFault(p geo.MultiPolygon) geo.Words {
	points := 0
	for _, polygon := range p {
		if len(polygon) == 0 {
			return geo.Say("多边形没有环", "a polygon has no ring")
		}
		for _, ring := range polygon {
			points += len(ring)
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return geo.Say("环未闭合或少于四个点", "a ring is not closed, or has fewer than four points")
			}
			for _, q := range ring {
				if !(math.Abs(q[0]) <= 180 && math.Abs(q[1]) <= 90) {
					return geo.Say("坐标超出经纬度范围", "a coordinate is no longitude and latitude")
				}
			}
		}
	}
	switch {
	case points == 0:
		return geo.Say("不是多边形", "this is not a polygon")
	case points > mostWithin:
		return geo.Say("多边形超过 %d 个点", "the polygon has more than %d points", mostWithin)
	}
	return geo.Words{}
}

func badWithin(fault geo.Words) error {
	return door.Refuse("within", fault, geo.Say("请以 GeoJSON 或 WKT 给出有效的多边形，经度在前", "give a valid polygon as GeoJSON or WKT, longitude first"))
}

// facet is one value by which the plots that match can be narrowed down.
type facet struct {
	Value  string      `json:"value"`
	Scheme land.Scheme `json:"scheme,omitempty"`
	NameZh string      `json:"name_zh,omitempty"`
	NameEn string      `json:"name_en,omitempty"`
	Count  int         `json:"count"`
	AreaMu json.Number `json:"area_mu"`
}

type facets struct {
	Park    []facet `json:"park"`
	Status  []facet `json:"status"`
	Major   []facet `json:"land_use_major"`
	LandUse []facet `json:"land_use"`
	AreaMu  []facet `json:"area_mu"`
}

// facetsOf counts all that match, by each of the properties; values that no plot
// has are left out. The value of a band is a range for area_mu.
func facetsOf(matched tiles.Summary, view *tiles.View) *facets {
	f := &facets{[]facet{}, []facet{}, []facet{}, []facet{}, []facet{}}
	add := func(to *[]facet, s tiles.Sum, of facet) {
		if s.Plots > 0 {
			of.Count, of.AreaMu = s.Plots, printed(float64(s.Area.Mu()), geo.MuDecimals)
			*to = append(*to, of)
		}
	}
	byPark, byStatus, byUse, byMajor := matched.ByPark(), matched.ByStatus(), matched.ByUse(), matched.ByMajor()
	for _, p := range view.Parks {
		add(&f.Park, byPark[p.Code], facet{Value: string(p.Code), NameZh: p.NameZh, NameEn: p.NameEn})
	}
	for _, n := range land.Statuses() {
		add(&f.Status, byStatus[n.Status], facet{Value: string(n.Status), NameZh: n.Zh, NameEn: n.En})
	}
	for _, u := range land.Uses() {
		of := facet{Value: u.Code, Scheme: u.Scheme, NameZh: u.NameZh, NameEn: u.NameEn}
		add(&f.Major, byMajor[u.UseCode], of)
		add(&f.LandUse, byUse[u.UseCode], of)
	}
	for i, sum := range matched.ByBand() {
		from, to := strconv.FormatFloat(float64(tiles.Bands[i]), 'f', -1, 64), ""
		if i+1 < len(tiles.Bands) {
			to = strconv.FormatFloat(float64(tiles.Bands[i+1]), 'f', -1, 64)
		}
		add(&f.AreaMu, sum, facet{Value: from + ".." + to})
	}
	return f
}
