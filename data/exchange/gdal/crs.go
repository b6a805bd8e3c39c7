package gdal

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// node is a part of a WKT 1 text: KEYWORD["text", number, NODE[…], …].
type node struct {
	keyword  string
	values   []string // texts and numbers, in order
	children []*node
}

// maxDepth bounds the nesting of a WKT text.
const maxDepth = 16

// parseWKT reads a WKT 1 text as ogrinfo prints it; nil when it is none.
func parseWKT(text string) *node {
	p := &wktParser{text: text}
	return p.node(0)
}

type wktParser struct {
	text string
	at   int
}

func (p *wktParser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// word reads up to a bracket or comma.
func (p *wktParser) word() string {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("[],", p.text[p.at]) < 0 {
		p.at++
	}
	return strings.TrimSpace(p.text[start:p.at])
}

func (p *wktParser) node(depth int) *node {
	p.blanks()
	n := &node{keyword: strings.ToUpper(p.word())}
	if depth == maxDepth || p.at >= len(p.text) || p.text[p.at] != '[' {
		return nil
	}
	for {
		p.at++ // the bracket or comma
		p.blanks()
		if p.at < len(p.text) && p.text[p.at] == '"' {
			end := strings.IndexByte(p.text[p.at+1:], '"')
			if end < 0 {
				return nil
			}
			n.values = append(n.values, p.text[p.at+1:p.at+1+end])
			p.at += end + 2
			p.blanks()
		} else {
			start := p.at
			word := p.word()
			if p.at < len(p.text) && p.text[p.at] == '[' {
				p.at = start
				child := p.node(depth + 1)
				if child == nil {
					return nil
				}
				n.children = append(n.children, child)
				p.blanks()
			} else {
				n.values = append(n.values, word)
			}
		}
		switch {
		case p.at >= len(p.text):
			return nil
		case p.text[p.at] == ']':
			p.at++
			return n
		case p.text[p.at] != ',':
			return nil
		}
	}
}

// find gives the first node of a keyword in the tree.
func (n *node) find(keyword string) *node {
	if n.keyword == keyword {
		return n
	}
	for _, c := range n.children {
		if found := c.find(keyword); found != nil {
			return found
		}
	}
	return nil
}

func (n *node) value(i int) string {
	if n == nil || i >= len(n.values) {
		return ""
	}
	return n.values[i]
}

func (n *node) number(i int) float64 {
	v, err := strconv.ParseFloat(n.value(i), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// parameter gives a projection's parameter by name, in any case.
func (n *node) parameter(name string) float64 {
	for _, c := range n.children {
		if c.keyword == "PARAMETER" && strings.EqualFold(c.value(0), name) {
			return c.number(1)
		}
	}
	return math.NaN()
}

// identify finds the reference system of a layer: by its EPSG code where it has
// one, else, as with many a .prj, by its datum and the parameters of its
// projection. It is 0 without an error when there is none; a system that is not
// taken gives a *geo.UnsupportedCRSError.
func identify(wkt string) (geo.CRS, error) {
	root := parseWKT(wkt)
	if root == nil {
		return 0, nil
	}
	system := root.find("PROJCS")
	if system == nil {
		system = root.find("GEOGCS")
	}
	if system == nil { // a drawing's own plane
		return 0, nil
	}
	for _, c := range system.children {
		if c.keyword == "AUTHORITY" && c.value(0) == "EPSG" {
			return geo.ParseCRS("EPSG:" + c.value(1))
		}
	}
	refuse := func(reason geo.Words) (geo.CRS, error) {
		return 0, geo.Unsupported(fmt.Sprintf("%q", system.value(0)), reason)
	}
	give := geo.Say("；若确为 CGCS2000，请用 --crs 指定代码，例如 --crs EPSG:4547", "; if it is CGCS2000 all the same, give its code with --crs, such as --crs EPSG:4547")
	ellipsoid := root.find("SPHEROID")
	switch datumOf(root.find("DATUM").value(0), ellipsoid.number(1), ellipsoid.number(2)) {
	case xian1980:
		return refuse(reason(2383))
	case beijing1954:
		return refuse(reason(2435))
	case wgs84:
		if system.keyword == "GEOGCS" {
			return geo.WGS84, nil
		}
		return refuse(geo.Say("它是 WGS 84 的投影，不是 CGCS2000 的", "it is a projection of WGS 84 and not of CGCS2000").Then(give))
	case otherDatum:
		return refuse(geo.Say("其基准不是 CGCS2000", "its datum is not CGCS2000").Then(give))
	}
	if system.keyword == "GEOGCS" {
		return geo.CGCS2000, nil
	}
	if crs := zoneOf(system); crs != 0 {
		return crs, nil
	}
	return refuse(geo.Say("它不是 CGCS2000 的高斯－克吕格带", "it is no Gauss-Krüger zone of CGCS2000").Then(give))
}

type datum int

const (
	otherDatum datum = iota
	cgcs2000
	wgs84
	xian1980
	beijing1954
)

// datumOf tells a datum by its name and ellipsoid. The ellipsoid alone does not
// do for CGCS2000, because other continents' datums share GRS 80's.
func datumOf(name string, semiMajor, inverseFlattening float64) datum {
	n := strings.ToUpper(name)
	near := func(a, f float64) bool {
		return math.Abs(semiMajor-a) < 0.01 && math.Abs(inverseFlattening-f) < 1e-6
	}
	switch {
	case strings.Contains(n, "XIAN"), near(6378140, 298.257):
		return xian1980
	case strings.Contains(n, "BEIJING"), near(6378245, 298.3):
		return beijing1954
	case near(6378137, 298.257222101) && (strings.Contains(n, "2000") || strings.Contains(n, "CGCS") || strings.Contains(n, "CHINA")):
		return cgcs2000
	case near(6378137, 298.257223563) && strings.Contains(n, "WGS"):
		return wgs84
	}
	return otherDatum
}

func reason(crs geo.CRS) geo.Words {
	if refused, ok := crs.Supported().(*geo.UnsupportedCRSError); ok {
		return geo.Words{Zh: refused.ReasonZh, En: refused.Reason}
	}
	return geo.Words{}
}

// zoneOf finds the Gauss-Krüger zone that a projection's parameters describe.
func zoneOf(system *node) geo.CRS {
	switch system.find("PROJECTION").value(0) {
	case "Transverse_Mercator", "Gauss_Kruger":
	default:
		return 0
	}
	unit := 0.0
	for _, c := range system.children {
		if c.keyword == "UNIT" {
			unit = c.number(1)
		}
	}
	if unit != 1 || system.parameter("scale_factor") != 1 || system.parameter("false_northing") != 0 || system.parameter("latitude_of_origin") != 0 {
		return 0
	}
	meridian, easting := system.parameter("central_meridian"), system.parameter("false_easting")
	zone, rest := int(easting/1e6), math.Mod(easting, 1e6)
	switch {
	case math.IsNaN(meridian) || rest != 500_000:
	case zone == 0 && meridian >= 75 && meridian <= 135 && math.Mod(meridian, 3) == 0:
		return geo.CRS(4534 + int(meridian-75)/3)
	case zone >= 25 && zone <= 45 && meridian == float64(3*zone):
		return geo.CRS(4513 + zone - 25)
	case zone >= 13 && zone <= 23 && meridian == float64(6*zone-3):
		return geo.CRS(4491 + zone - 13)
	}
	return 0
}
