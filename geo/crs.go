// Package geo holds what the register knows of the earth: reference systems,
// transforms between them, and the measures of land.
//
// Coordinates are always x before y: longitude, latitude in degrees, or east,
// north in metres, whatever order the reference system's authority names.
// Readers and writers of formats that put north first swap at their own door.
package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// CRS is a reference system by its EPSG code.
type CRS int

// The systems that the register stores and serves by name.
const (
	CGCS2000    CRS = 4490 // geographic, degrees; how plots are stored
	WGS84       CRS = 4326 // treated as CGCS2000: they differ by decimetres at most, by epoch
	WebMercator CRS = 3857 // display only: its areas are 18 % too large here
	GK114       CRS = 4547 // CGCS2000 / 3° Gauss-Krüger CM 114°E, no zone number before the easting
	GK38        CRS = 4526 // the same with zone number 38 before the easting
)

// String gives the code as "EPSG:4547".
func (c CRS) String() string { return "EPSG:" + strconv.Itoa(int(c)) }

// UnsupportedCRSError says why a reference system is not taken.
type UnsupportedCRSError struct {
	CRS              string
	Reason, ReasonZh string
}

func (e *UnsupportedCRSError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *UnsupportedCRSError) Words() Words {
	reason := Words{e.ReasonZh, e.Reason}
	if reason.Zh == "" {
		reason.Zh = e.Reason
	}
	return Say("不支持坐标系 %s：%s", "reference system %s is not supported: %s", e.CRS, reason)
}

// Unsupported refuses a reference system.
func Unsupported(crs string, reason Words) error {
	return &UnsupportedCRSError{crs, reason.En, reason.Zh}
}

var giveCode = Say("请给出 EPSG 代码，例如 EPSG:4547", "give an EPSG code, such as EPSG:4547")

// ParseCRS reads "EPSG:4547", "epsg:4547", "4547", "CRS84" or the OGC URI of
// one of these. A system that the register cannot transform exactly is refused
// with an *UnsupportedCRSError.
func ParseCRS(s string) (CRS, error) {
	name := strings.ToUpper(strings.TrimSpace(s))
	if strings.HasSuffix(name, "CRS84") {
		return WGS84, nil
	}
	digits := name
	if i := strings.LastIndexAny(name, ":/"); i >= 0 {
		if !strings.Contains(name, "EPSG") {
			return 0, Unsupported(s, giveCode)
		}
		digits = name[i+1:]
	}
	code, err := strconv.Atoi(digits)
	if err != nil {
		return 0, Unsupported(s, giveCode)
	}
	c := CRS(code)
	if err := c.Supported(); err != nil {
		return 0, err
	}
	return c, nil
}

// Supported is nil when Transform can take the system to and from CGCS2000
// exactly. Xi'an 1980 and Beijing 1954 are refused: the public transformation
// is a ballpark one, wrong by tens of metres.
func (c CRS) Supported() error {
	if c.Geographic() || c == WebMercator {
		return nil
	}
	if _, ok := c.gaussKruger(); ok {
		return nil
	}
	if c.legacyDatum() {
		return Unsupported(c.String(), Say("西安80、北京54坐标系需要本地转换参数；请以 CGCS2000（EPSG:4547 或 EPSG:4526）提交",
			"Xi'an 1980 and Beijing 1954 need local transformation parameters; deliver the file in CGCS2000 (EPSG:4547 or EPSG:4526)"))
	}
	return Unsupported(c.String(), Say("支持 EPSG:4490、4326、3857 和 CGCS2000 高斯－克吕格各带 4491–4554",
		"supported are EPSG:4490, 4326, 3857 and the CGCS2000 Gauss-Krüger zones 4491–4554"))
}

func (c CRS) legacyDatum() bool {
	return c >= 2327 && c <= 2442 || c == 4610 || c == 4214 || c >= 21413 && c <= 21483
}

// Geographic says whether coordinates are longitude and latitude in degrees.
func (c CRS) Geographic() bool { return c == CGCS2000 || c == WGS84 }

// Plane says whether c is a Gauss-Krüger plane in which land may be measured.
func (c CRS) Plane() bool { _, ok := c.gaussKruger(); return ok }

// WithoutZone is the same Gauss-Krüger plane with no zone number before the
// easting: EPSG:4526 becomes EPSG:4547. Any other system is given back as it is.
func (c CRS) WithoutZone() CRS {
	switch {
	case c >= 4491 && c <= 4501:
		return c + 4502 - 4491
	case c >= 4513 && c <= 4533:
		return c + 4534 - 4513
	}
	return c
}

// Described tells the system as Chinese maps do, such as
// "2000国家大地坐标系，3度带，中央子午线114°".
func (c CRS) Described() Words {
	g, ok := c.gaussKruger()
	if !ok {
		return Names(c.String())
	}
	belt := 3
	if c <= 4512 {
		belt = 6
	}
	zoneZh, zone := "", ""
	if g.falseEasting > 1e6 {
		n := int(g.falseEasting / 1e6)
		zoneZh, zone = fmt.Sprintf("，%d带", n), fmt.Sprintf(", zone %d", n)
	}
	return Words{fmt.Sprintf("2000国家大地坐标系，%d度带，中央子午线%v°", belt, g.meridian) + zoneZh,
		fmt.Sprintf("CGCS2000, %d° Gauss-Krüger, CM %v°E", belt, g.meridian) + zone}
}

type gaussKruger struct {
	meridian     float64 // degrees east
	falseEasting float64 // metres
}

// gaussKruger gives the zone's parameters; EPSG numbers the CGCS2000 zones in runs.
func (c CRS) gaussKruger() (gaussKruger, bool) {
	n := int(c)
	switch {
	case n >= 4491 && n <= 4501: // 6°, zones 13–23, zone before the easting
		zone := n - 4491 + 13
		return gaussKruger{float64(6*zone - 3), float64(zone)*1e6 + 5e5}, true
	case n >= 4502 && n <= 4512: // 6°, CM 75–135, no zone
		return gaussKruger{float64(75 + 6*(n-4502)), 5e5}, true
	case n >= 4513 && n <= 4533: // 3°, zones 25–45, zone before the easting
		zone := n - 4513 + 25
		return gaussKruger{float64(3 * zone), float64(zone)*1e6 + 5e5}, true
	case n >= 4534 && n <= 4554: // 3°, CM 75–135, no zone
		return gaussKruger{float64(75 + 3*(n-4534)), 5e5}, true
	}
	return gaussKruger{}, false
}
