package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/geo"
)

// getReport answers /api/v1/reports/{table}.{format}, a table of one or all
// parks read from the database in one snapshot.
func (s *server) getReport(c echo.Context) error {
	q, err := door.Parameters(c, "park", "measure", "at", "known_at")
	if err != nil {
		return err
	}
	name, ending, _ := strings.Cut(c.Param("file"), ".")
	format, err := report.LookupFormat(ending, s.fonts)
	if err != nil {
		return badChoice(err)
	}
	measure, err := report.ParseMeasure(q.Get("measure"))
	if err != nil {
		return badChoice(err)
	}
	var parks []land.ParkCode
	for _, code := range door.List(q, "park") {
		parks = append(parks, land.ParkCode(code))
	}
	if !slices.Contains(report.Names(), name) {
		return door.Deny(http.StatusNotFound, geo.Say("没有报表 %q；可用：%s", "there is no table %q; use one of %s", name, strings.Join(report.Names(), ", ")))
	}
	m, err := door.Moment(q)
	if err != nil {
		return err
	}
	register, err := s.DB.Load(c.Request().Context(), m, parks...)
	if err != nil {
		return err
	}
	table, err := report.Build(name, report.Register(register), report.Options{Measure: measure})
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := format.Write(&body, table); err != nil {
		return err
	}
	door.SetSeq(c, register.Seq)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set(echo.HeaderContentDisposition, attachment(name+"."+format.Name, table.TitleZh+"."+format.Name))
	return c.Blob(http.StatusOK, format.ContentType, body.Bytes())
}

// badChoice tells a word in the address that is none of the choices.
func badChoice(err error) error {
	return door.Deny(http.StatusNotFound, geo.WordsOf(err))
}

// attachment names a file to save, in ASCII and in Chinese (RFC 6266).
func attachment(ascii, name string) string {
	return fmt.Sprintf("attachment; filename=%q; filename*=UTF-8''%s", ascii, url.PathEscape(name))
}
