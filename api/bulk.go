package api

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/xlsx"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// bulkAnswer tells what an edited sheet changed, or would change.
type bulkAnswer struct {
	Change  *change       `json:"change"` // null when nothing was written
	Changed []changedPlot `json:"changed"`
	Rows    int           `json:"rows"`
	Notes   []finding     `json:"notes"`
}

// postAttributes takes an edited attribute sheet (XLSX), all rows or none.
func (s *server) postAttributes(c echo.Context) error {
	q, err := door.Parameters(c, "park", "dry_run", "reason", "case_no", "valid_from", "filename")
	if err != nil {
		return err
	}
	edit := land.BulkEdit{Park: land.ParkCode(q.Get("park"))}
	if err := edit.Park.Validate(); err != nil {
		return err
	}
	if edit.Act, _, err = (actBody{Reason: q.Get("reason"), CaseNo: q.Get("case_no"), ValidFrom: q.Get("valid_from")}).act(); err != nil {
		return err
	}
	if text := q.Get("dry_run"); text != "" {
		if edit.DryRun, err = strconv.ParseBool(text); err != nil {
			return door.Refuse("dry_run", geo.Say("%q 既非 true 也非 false", "%q is neither true nor false", text), geo.Say("请给出 true 或 false", "give true or false"))
		}
	}
	var file land.HandedIn
	if err := s.receive(c, q.Get("filename"), &file); err != nil {
		return err
	}
	rows, notes, err := xlsx.ReadAttributes(bytes.NewReader(file.Raw))
	if err != nil {
		return err
	}
	for _, r := range rows {
		edit.Edits = append(edit.Edits, land.AttributeEdit{Row: r.Row, ID: r.ID, Version: r.Version, Properties: r.Properties})
	}
	versions, made, err := s.DB.UpdateAttributes(c.Request().Context(), access.Actor(c), edit)
	if err != nil {
		return err
	}
	told := bulkAnswer{Changed: []changedPlot{}, Rows: len(rows), Notes: findings(notes)}
	for _, v := range versions {
		told.Changed = append(told.Changed, changedPlot{ID: v.ID, Version: v.Version, PlotNo: v.PlotNo, Difference: differences(v.Differences)})
	}
	if made.Seq > 0 {
		s.views.Settle(c.Request().Context(), made.Seq)
		door.SetSeq(c, made.Seq)
		d := describeChange(made, access.Actor(c))
		told.Change = &d
	}
	return door.Answer(c, http.StatusOK, told)
}
