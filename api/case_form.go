package api

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
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
	sheet, err := s.caseSheet(ctx, actor, found, view)
	if err != nil {
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

// caseSheet reads what the form of a case is made from, with its plots as a view
// holds them.
func (s *server) caseSheet(ctx context.Context, actor land.Actor, found land.Case, view *tiles.View) (report.CaseSheet, error) {
	sheet := report.CaseSheet{Case: found, AsOf: view.Day, Seq: view.Seq}
	park, there := view.Park(found.Park)
	if !there {
		return sheet, &land.NotFoundError{What: "park", Name: string(found.Park)}
	}
	sheet.Park = park.Park
	for _, id := range found.Plots {
		if p, there := view.Plot(id); there {
			sheet.Plots = append(sheet.Plots, p)
		}
	}
	var err error
	if sheet.Documents, err = s.DB.Documents(ctx, actor, found.No); err != nil {
		return sheet, err
	}
	sheet.Events, err = s.DB.CaseEvents(ctx, actor, found.No)
	return sheet, err
}

// formPolicy lets a form look as it is laid out, and do nothing.
const formPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
