package api

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/geo"
)

// getCaseForm prints the approval form of a case: /api/v1/cases/{no}/form.{format}.
func (s *server) getCaseForm(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	name, ending, _ := strings.Cut(c.Param("form"), ".")
	if name != "form" {
		return door.Deny(http.StatusNotFound, geo.Say("案件没有 %q", "a case has no %q", c.Param("form")))
	}
	format, err := report.LookupFormat(ending, s.fonts)
	if err != nil {
		return badChoice(err)
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	view, err := s.current(ctx)
	if err != nil {
		return err
	}
	park, there := view.Park(found.Park)
	if !there {
		return &land.NotFoundError{What: "park", Name: string(found.Park)}
	}
	sheet := report.CaseSheet{Case: found, Park: park.Park, AsOf: view.Day, Seq: view.Seq}
	for _, id := range found.Plots {
		if p, there := view.Plot(id); there {
			sheet.Plots = append(sheet.Plots, p)
		}
	}
	if sheet.Documents, err = s.DB.Documents(ctx, actor, found.No); err != nil {
		return err
	}
	if sheet.Events, err = s.DB.CaseEvents(ctx, actor, found.No); err != nil {
		return err
	}
	table := report.CaseForm(sheet)
	var body bytes.Buffer
	if err := format.Write(&body, table); err != nil {
		return err
	}
	door.SetSeq(c, view.Seq)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", formPolicy)
	h.Set(echo.HeaderContentDisposition, attachment(string(found.No)+"."+format.Name, table.TitleZh+" "+string(found.No)+"."+format.Name))
	return c.Blob(http.StatusOK, format.ContentType, body.Bytes())
}

// formPolicy lets a form look as it is laid out, and do nothing.
const formPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
