package api

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
)

// base is the address under which clients reach the service, without a stroke
// at the end.
func (s *server) base(c echo.Context) string { return door.Base(c, s.PublicURL) }

// bbox reads west,south,east,north in degrees.
func bbox(text string) (*orb.Bound, error) {
	if text == "" {
		return nil, nil
	}
	fault := door.Refuse("bbox", geo.Say("%q 不是范围框", "%q is not a box", text), geo.Say("请按西,南,东,北给出度数，例如 113.44,22.97,113.47,22.99", "give west,south,east,north in degrees, such as 113.44,22.97,113.47,22.99"))
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil, fault
	}
	var n [4]float64
	for i, p := range parts {
		v, err := degree(p)
		if err != nil {
			return nil, fault
		}
		n[i] = v
	}
	if n[0] > n[2] || n[1] > n[3] || n[1] < -90 || n[3] > 90 {
		return nil, fault
	}
	return &orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}, nil
}

// lonLat reads a place from lon and lat, in degrees.
func lonLat(q url.Values) (orb.Point, error) {
	var at orb.Point
	var err error
	for i, name := range []string{"lon", "lat"} {
		if at[i], err = degree(q.Get(name)); err != nil {
			return at, door.Refuse(name, geo.Say("%q 不是角度", "%q is not an angle", q.Get(name)), geo.Say("请给出度数，例如 lon=113.459&lat=22.981", "give degrees, such as lon=113.459&lat=22.981"))
		}
	}
	return at, nil
}

// degree reads an angle between -180 and 180.
func degree(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err == nil && !(v >= -180 && v <= 180) {
		err = strconv.ErrRange
	}
	return v, err
}
