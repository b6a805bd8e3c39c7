package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// ControlJob is what became of a control layer's file, as the API and the
// command tell it.
type ControlJob struct {
	State     string       `json:"state"` // done or refused
	Layer     ControlLayer `json:"layer"`
	File      string       `json:"file"`
	DryRun    bool         `json:"dry_run"`
	Format    string       `json:"format,omitempty"`
	CRS       string       `json:"crs,omitempty"`
	Encoding  string       `json:"encoding,omitempty"`
	MaxShiftM float64      `json:"max_shift_m"`
	Notes     []finding    `json:"notes"`
	Faults    []finding    `json:"faults"`
	Change    *land.Seq    `json:"change"`
}

// DescribeControlImport tells an import of a control layer.
func DescribeControlImport(r land.ControlResult) ControlJob {
	j := ControlJob{
		State: "done", Layer: DescribeControlLayer(r.Layer, r.Day), File: r.File, DryRun: r.DryRun,
		Format: r.Delivery.Format, Encoding: r.Delivery.Encoding, MaxShiftM: geo.Round(r.MaxShift, 6),
		Notes: findings(r.Delivery.Notes), Faults: findings(r.Faults),
	}
	if r.Delivery.CRS != 0 {
		j.CRS = r.Delivery.CRS.String()
	}
	if len(r.Faults) > 0 {
		j.State = "refused"
	}
	if r.Change > 0 {
		j.Change = &r.Change
	}
	return j
}

// postControls takes a file in as a control layer's next version, not published
// yet: as multipart form field "file", or as the body itself with its name in
// ?filename=.
func (s *server) postControls(c echo.Context) error {
	q, err := door.Parameters(c, "code", "kind", "name", "name_en", "valid_from", "valid_to", "source", "document_no",
		"demonstration", "crs", "format", "map", "dry_run", "reason", "filename")
	if err != nil {
		return err
	}
	actor := access.Actor(c)
	if err := actor.MayEditControls(); err != nil {
		return err
	}
	in, err := controlImport(q)
	if err != nil {
		return err
	}
	handling, err := exchange.ParseHandling(q.Get("crs"), q["map"])
	if err != nil {
		return err
	}
	if err := s.receive(c, q.Get("filename"), &in.File); err != nil {
		return err
	}
	ctx := c.Request().Context()
	result, err := s.DB.ImportControls(ctx, actor, in, readFile(ctx, in.File, q.Get("format"), handling))
	if err != nil {
		return err
	}
	if result.Change > 0 {
		s.views.Settle(ctx, result.Change)
		door.SetSeq(c, result.Change)
	}
	return door.Answer(c, http.StatusCreated, DescribeControlImport(result))
}

func controlImport(q url.Values) (land.ControlImport, error) {
	in := land.ControlImport{Reason: q.Get("reason")}
	in.Layer = land.ControlLayer{
		Code: land.ControlCode(q.Get("code")), NameZh: q.Get("name"), NameEn: q.Get("name_en"),
		Source: q.Get("source"), DocumentNo: q.Get("document_no"),
	}
	var err error
	if in.Layer.Kind, err = land.ParseControlKind(q.Get("kind")); err != nil {
		return in, err
	}
	for name, at := range map[string]*land.Date{"valid_from": &in.Layer.ValidFrom, "valid_to": &in.Layer.ValidTo} {
		if *at, err = land.ParseDate(q.Get(name)); err != nil {
			return in, door.Refuse(name, geo.WordsOf(err), geo.Say("请给出日期，例如 2016-05-20", "give a day such as 2016-05-20"))
		}
	}
	for name, at := range map[string]*bool{"dry_run": &in.DryRun, "demonstration": &in.Layer.Demonstration} {
		if text := q.Get(name); text != "" {
			if *at, err = strconv.ParseBool(text); err != nil {
				return in, door.Refuse(name, geo.Say("%q 既非 true 也非 false", "%q is neither true nor false", text), geo.Say("请给出 true 或 false", "give true or false"))
			}
		}
	}
	return in, in.Layer.Validate()
}

func (s *server) publishControls(c echo.Context) error {
	return s.showControls(c, s.DB.PublishControlLayer)
}

func (s *server) withdrawControls(c echo.Context) error {
	return s.showControls(c, s.DB.WithdrawControlLayer)
}

// showControls publishes or withdraws a layer and answers it.
func (s *server) showControls(c echo.Context, act func(context.Context, land.Actor, land.ControlCode, string) (land.ControlLayer, land.Change, error)) error {
	q, err := door.Parameters(c, "reason")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	layer, change, err := act(ctx, access.Actor(c), land.ControlCode(c.Param("code")), q.Get("reason"))
	if err != nil {
		return err
	}
	if change.Seq > 0 {
		s.views.Settle(ctx, change.Seq)
		door.SetSeq(c, change.Seq)
	}
	return door.Answer(c, http.StatusOK, DescribeControlLayer(layer, s.live.View().Day))
}
