package intake

import (
	"sync"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// guangzhou bounds the city in longitude and latitude. In EPSG:4547 it is about
// 391,000–507,000 m east and 2,480,000–2,655,000 m north.
var guangzhou = orb.Bound{Min: geo.Point{112.95, 22.43}, Max: geo.Point{114.06, 23.95}}

// customary are the systems in which plots of Guangzhou come: degrees, then 3°
// zone 38 and 6° zone 19, without and with the zone before the easting.
var customary = []geo.CRS{geo.CGCS2000, geo.GK114, geo.GK38, 4508, 4497}

// Extent is where coordinates of a reference system may lie: the domain in
// which the system makes sense, and the city within it.
type Extent struct {
	CRS          geo.CRS
	domain, city orb.Bound
}

// NewExtent gives the extent of a supported system.
func NewExtent(crs geo.CRS) (Extent, error) {
	city, err := cityIn(crs)
	if err != nil {
		return Extent{}, err
	}
	e := Extent{CRS: crs, city: city}
	switch {
	case crs.Geographic():
		e.domain = orb.Bound{Min: geo.Point{-180, -90}, Max: geo.Point{180, 90}}
	case crs == geo.WebMercator:
		const edge = 20037508.35
		e.domain = orb.Bound{Min: geo.Point{-edge, -edge}, Max: geo.Point{edge, edge}}
	default: // a Gauss-Krüger zone of China with its neighbours' halves
		const reach = 400_000
		middle := falseEasting(crs)
		e.domain = orb.Bound{Min: geo.Point{middle - reach, 300_000}, Max: geo.Point{middle + reach, 6_000_000}}
	}
	return e, nil
}

// falseEasting is the easting of a Gauss-Krüger zone's central meridian. The
// zone number, where there is one, counts the millions.
func falseEasting(crs geo.CRS) float64 {
	switch {
	case crs >= 4491 && crs <= 4501:
		return float64(crs-4491+13)*1e6 + 5e5
	case crs >= 4513 && crs <= 4533:
		return float64(crs-4513+25)*1e6 + 5e5
	}
	return 5e5
}

func cityIn(crs geo.CRS) (orb.Bound, error) {
	t, err := geo.NewTransformer(geo.CGCS2000, crs)
	if err != nil {
		return orb.Bound{}, err
	}
	var b orb.Bound
	middle := guangzhou.Center()
	for i, lon := range []float64{guangzhou.Min[0], middle[0], guangzhou.Max[0]} {
		for j, lat := range []float64{guangzhou.Min[1], middle[1], guangzhou.Max[1]} {
			p := t(geo.Point{lon, lat})
			if i == 0 && j == 0 {
				b = p.Bound()
			}
			b = b.Extend(p)
		}
	}
	return b, nil
}

// InCity says whether a point lies in Guangzhou's bounds.
func (e Extent) InCity(p geo.Point) bool { return e.city.Contains(p) }

var customaryCities = sync.OnceValue(func() []orb.Bound {
	var all []orb.Bound
	for _, crs := range customary {
		b, err := cityIn(crs)
		if err != nil {
			panic(err) // every customary system is supported
		}
		all = append(all, b)
	}
	return all
})

// Guess finds the customary system in which a point would lie in Guangzhou, and
// whether its coordinates would have to be exchanged for it.
func Guess(p geo.Point) (crs geo.CRS, swapped, ok bool) {
	for i, crs := range customary {
		city := customaryCities()[i]
		if city.Contains(p) {
			return crs, false, true
		}
		if city.Contains(geo.Point{p[1], p[0]}) {
			return crs, true, true
		}
	}
	return 0, false, false
}

// Check looks whether a polygon lies where its system says. Coordinates that
// cannot be of the system, or that fit Guangzhou only in another one or with
// their axes exchanged, are faults; land that is merely outside the city's
// bounds is a warning. It says whether the polygon may stay.
func (e Extent) Check(log *Log, s Site, p geo.MultiPolygon) bool {
	b := p.Bound()
	if e.city.Contains(b.Min) && e.city.Contains(b.Max) {
		return true
	}
	at := b.Min
	if e.city.Contains(at) {
		at = b.Max
	}
	_, _, fits := Guess(at)
	if fits || !e.domain.Contains(b.Min) || !e.domain.Contains(b.Max) {
		log.Add(e.Explain(s, at))
		return false
	}
	f := s.finding("1104", land.Warn, geo.Say("地块在广州市范围之外：%s", "the plot lies outside Guangzhou's bounds: %s", e.words(at)), geo.Say("请检查坐标系和坐标", "check the reference system and the coordinates"))
	f.Place = Locate(e.CRS, at)
	log.Tally(f)
	return true
}

// Explain is the blocking finding about a point that cannot be where it says.
func (e Extent) Explain(s Site, at geo.Point) land.Finding {
	crs, swapped, ok := Guess(at)
	switch {
	case ok && swapped:
		return s.finding("1105", land.Block,
			geo.Say("坐标轴次序颠倒（XY标反）：按 %s 读取，该点为%s", "the axes are exchanged (XY标反): read as %s, the point has %s", e.CRS, e.words(at)),
			geo.Say("请对调文件中的 X 和 Y，坐标即符合 %s", "exchange X and Y in the file; the coordinates then fit %s", crs))
	case ok:
		return s.finding("1104", land.Block,
			geo.Say("%s不符合 %s，而符合 %s", "%s do not fit %s; they fit %s", e.words(at), e.CRS, crs),
			geo.Say("若文件确为该坐标系，请指定 --crs %s", "give --crs %s if that is the file's reference system", crs))
	}
	return s.finding("1104", land.Block,
		geo.Say("%s超出 %s 在广州的范围", "%s lie outside the range of %s in Guangzhou", e.words(at), e.CRS),
		geo.Say("请检查坐标，或用 --crs 指定文件的坐标系，例如 --crs EPSG:4547", "check the coordinates, or give the file's reference system with --crs, such as --crs EPSG:4547"))
}

func (e Extent) words(p geo.Point) geo.Words {
	if e.CRS.Geographic() {
		return geo.Say("经度 %v、纬度 %v ", "longitude %v and latitude %v", p[0], p[1])
	}
	return geo.Say("东 %.3f、北 %.3f ", "easting %.3f and northing %.3f", p[0], p[1])
}
