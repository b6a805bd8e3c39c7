package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// mostLongReports is how many tables that are too long to hold are made at once:
// each keeps a connection to the database for as long as it takes.
const mostLongReports = 2

// getReport answers /api/v1/reports/{table}.{format}, a table read from the
// database in one snapshot. It is written whole before the answer begins, so that
// nobody takes half of one for all.
func (s *server) getReport(c echo.Context) error {
	name, ending, _ := strings.Cut(c.Param("file"), ".")
	q, err := door.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return err
	}
	asked, err := NewReport(name, ending, q, s.fonts)
	if err != nil {
		return err
	}
	if asked.ForOfficers() {
		if _, err := access.Holder(c, s.DB); err != nil {
			return err
		}
	}
	file, err := temporary()
	if err != nil {
		return err
	}
	defer file.Close()
	begun := false
	long := func() error {
		if begun = s.reports.Add(1) <= mostLongReports; !begun {
			s.reports.Add(-1)
			return door.Deny(http.StatusServiceUnavailable, geo.Say("已有 %d 张长表在生成；请稍后再试", "%d long tables are being made already; try again later", mostLongReports))
		}
		return nil
	}
	defer func() {
		if begun {
			s.reports.Add(-1)
		}
	}()
	view := func(_ context.Context, m land.Moment) (*tiles.View, error) { return s.views.At(c, m) }
	table, err := asked.Write(c.Request().Context(), file, ReportDesk{DB: s.DB, Actor: access.Actor(c), View: view, Long: long})
	if err != nil {
		return err
	}
	door.SetSeq(c, table.Head.Seq)
	return sendFile(c, file, asked.Format.ContentType, name+"."+asked.Format.Name, table.TitleZh+"."+asked.Format.Name)
}

// attachment names a file to save, in ASCII and in Chinese (RFC 6266).
func attachment(ascii, name string) string {
	return fmt.Sprintf("attachment; filename=%q; filename*=UTF-8''%s", ascii, url.PathEscape(name))
}
