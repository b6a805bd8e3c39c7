package api

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// Bounds of files that are checked: anyone may send them, and programs of their
// own read some formats.
const (
	largestBoundaryFile = 16 << 20 // bytes
	mostReadAtOnce      = 4
)

// complianceFile reads the boundary of a file in any format that plots come in,
// as postImport takes one; its polygons are checked as one. Rules and what is
// declared are parameters then.
func (s *server) complianceFile(c echo.Context, q url.Values) (asked complianceRequest, err error) {
	if asked.rules, err = land.ChooseRules(land.ComplianceRules(), door.List(q, "rules")); err != nil {
		return asked, err
	}
	if text := q.Get("declared"); text != "" {
		var d declared
		if err := strictly([]byte(text), &d); err != nil {
			return asked, door.Refuse("declared", geo.Say("无法读取：%v", "it cannot be read: %v", err), geo.Say(`例如 {"land_use":"M1","far":2}`, `give a JSON object such as {"land_use":"M1","far":2}`))
		}
		if asked.proposal, err = d.proposal(); err != nil {
			return asked, err
		}
	}
	handling, err := exchange.ParseHandling(q.Get("crs"), q["map"])
	if err != nil {
		return asked, err
	}
	defer s.reading.Add(-1)
	if s.reading.Add(1) > mostReadAtOnce {
		return asked, door.Deny(http.StatusServiceUnavailable, geo.Say("正在读取的文件过多，请稍后重试", "too many files are being read; try again"))
	}
	var file land.HandedIn
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, largestBoundaryFile)
	if err := s.receive(c, q.Get("filename"), &file); err != nil {
		return asked, err
	}
	var parts []geo.MultiPolygon
	_, err = readFile(c.Request().Context(), file, q.Get("format"), handling)(func(d land.Draft) error {
		if len(d.Boundary) == 0 {
			return nil
		}
		if len(parts) == mostJoined {
			return tooManyJoined("file")
		}
		if asked.crs == 0 {
			asked.crs = d.CRS
		}
		p, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, asked.crs)
		parts = append(parts, p)
		return err
	})
	if err != nil {
		return asked, err
	}
	if len(parts) == 0 {
		return asked, land.Invalid("file", geo.Say("文件中没有面状边界", "the file has no polygon"), geo.Say("请提交含多边形的文件", "hand in a file with polygons"))
	}
	if asked.geometry, asked.crs, err = tiles.Join(parts, asked.crs); err != nil {
		return asked, badBoundary(err)
	}
	return asked, nil
}
