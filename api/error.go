package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// problem is an RFC 9457 problem document. Errors name each fault with its row,
// plot and field.
type problem struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail,omitempty"`
	DetailZh string    `json:"detail_zh,omitempty"`
	Instance string    `json:"instance,omitempty"`
	Errors   []finding `json:"errors,omitempty"`

	Successors []successor `json:"successors,omitempty"` // of a plot that ended
}

// successor is a plot that came out of one that ended.
type successor struct {
	ID     land.PlotID `json:"id"`
	PlotNo string      `json:"plot_no"`
	Href   string      `json:"href"`
}

// finding is a land.Finding as JSON; geometry and place are EPSG:4490 lon/lat.
type finding struct {
	Code      string     `json:"code,omitempty"`
	CheckZh   string     `json:"check_zh,omitempty"`
	CheckEn   string     `json:"check_en,omitempty"`
	Severity  string     `json:"severity"`
	Row       int        `json:"row,omitempty"`
	PlotID    int64      `json:"plot_id,omitempty"`
	PlotNo    string     `json:"plot_no,omitempty"`
	Field     string     `json:"field,omitempty"`
	Message   string     `json:"message"`
	MessageZh string     `json:"message_zh"`
	Remedy    string     `json:"remedy,omitempty"`
	RemedyZh  string     `json:"remedy_zh,omitempty"`
	Measured  *float64   `json:"measured,omitempty"`
	Limit     *float64   `json:"limit,omitempty"`
	Unit      string     `json:"unit,omitempty"`
	Geometry  any        `json:"geometry,omitempty"`
	Place     *orb.Point `json:"place,omitempty"`
	Mend      any        `json:"mend,omitempty"` // a proposal: the whole boundary, mended
}

func findings(from []land.Finding) []finding {
	told := make([]finding, len(from))
	for i, f := range from {
		name := f.CheckName()
		told[i] = finding{
			Code: f.Code, CheckZh: name.Zh, CheckEn: name.En, Severity: string(f.Severity),
			Row: f.Row, PlotID: int64(f.PlotID), PlotNo: f.PlotNo, Field: f.Field, Place: f.Place,
			Message: f.Message, MessageZh: cmp.Or(f.MessageZh, f.Message), Remedy: f.Remedy, RemedyZh: cmp.Or(f.RemedyZh, f.Remedy),
			Measured: rounded(f.Measured), Limit: rounded(f.Limit), Unit: f.Unit,
		}
		if len(f.Geometry) > 0 {
			told[i].Geometry = multiPolygon(f.Geometry)
		}
		if len(f.Mend) > 0 {
			told[i].Mend = multiPolygon(f.Mend)
		}
	}
	return told
}

// rounded is a measure without the digits that measuring does not have.
func rounded(v *float64) *float64 {
	if v == nil {
		return nil
	}
	r := geo.Round(*v, 6)
	return &r
}

// problemOf is the one place that knows HTTP statuses.
func problemOf(err error) problem {
	p := problem{Type: "about:blank"}
	detail := geo.WordsOf(err)
	var (
		invalid   *land.InvalidError
		conflict  *land.ConflictError
		missing   *land.NotFoundError
		ended     *land.EndedError
		forbidden *land.ForbiddenError
		crs       *geo.UnsupportedCRSError
		query     *door.ParameterError
		chosen    *door.FilterError
		fonts     *paper.FontError
		status    *door.StatusError
		tooLarge  *http.MaxBytesError
		routing   *echo.HTTPError
	)
	switch {
	case errors.As(err, &invalid):
		p.Status, p.Errors = http.StatusUnprocessableEntity, findings(invalid.Findings)
		if n := len(invalid.Findings); n != 1 {
			detail = geo.Say("%d 处问题；未写入任何内容", "%d fault(s); nothing was written", n)
		}
	case errors.As(err, &crs):
		p.Status = http.StatusUnprocessableEntity
		p.Errors = findings([]land.Finding{land.Finding{Code: "1103", Severity: land.Block, Field: "crs"}.Saying(detail, geo.Words{})})
	case errors.As(err, &query):
		p.Status = http.StatusBadRequest
		p.Errors = findings([]land.Finding{land.Finding{Severity: land.Block, Field: query.Parameter}.Saying(query.Message, query.Remedy)})
	case errors.As(err, &chosen):
		p.Status, p.Errors = http.StatusBadRequest, findings(chosen.Findings())
	case errors.As(err, &conflict):
		p.Status = http.StatusConflict
		if conflict.Field != "" {
			p.Errors = findings([]land.Finding{land.Finding{Severity: land.Block, Field: conflict.Field}.Saying(
				geo.Words{Zh: conflict.MessageZh, En: conflict.Message}, geo.Words{Zh: conflict.RemedyZh, En: conflict.Remedy})})
		}
	case errors.As(err, &missing):
		p.Status = http.StatusNotFound
	case errors.As(err, &ended):
		p.Status = http.StatusGone
		for _, f := range ended.Successors {
			p.Successors = append(p.Successors, successor{f.ID, f.PlotNo, plotPath(f.ID)})
		}
	case errors.As(err, &forbidden):
		p.Status = http.StatusForbidden
	case errors.Is(err, land.ErrStale):
		p.Status = http.StatusPreconditionFailed
		detail = detail.Then(geo.Say("；请重新读取，并以其 ETag 作为 If-Match 发送", "; read it again and send its ETag as If-Match"))
	case errors.Is(err, access.ErrNoKey), errors.Is(err, postgis.ErrUnknownKey), errors.Is(err, postgis.ErrNoSession):
		p.Status = http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		p.Status = http.StatusRequestEntityTooLarge
		detail = geo.Say("请求体超过 %d 字节", "the body is larger than %d bytes", tooLarge.Limit)
	case errors.As(err, &fonts):
		p.Status = http.StatusServiceUnavailable
	case errors.As(err, &status):
		p.Status = status.Status
	case errors.As(err, &routing):
		p.Status, detail = routing.Code, geo.Names(http.StatusText(routing.Code))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		p.Status, detail = http.StatusServiceUnavailable, geo.Say("应答超时，请重试", "the answer took too long; try again")
	default:
		p.Status, detail = http.StatusInternalServerError, geo.Say("服务出错，原因见其日志", "the service failed; its log says why")
	}
	p.Title, p.Detail, p.DetailZh = http.StatusText(p.Status), detail.En, detail.Zh
	return p
}

// handleError answers every error with a problem document.
func (s *server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := problemOf(err)
	p.Instance = c.Request().URL.Path
	if p.Status == http.StatusInternalServerError {
		s.Log.Error("request failed", "method", c.Request().Method, "path", p.Instance, "error", err)
	}
	switch p.Status {
	case http.StatusUnauthorized:
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="dikuai"`)
		if c.Path() == calendarRoute {
			c.Response().Header().Add(echo.HeaderWWWAuthenticate, access.BasicChallenge)
		}
	case http.StatusServiceUnavailable:
		c.Response().Header().Set(echo.HeaderRetryAfter, "1")
	}
	body, marshalErr := json.Marshal(p)
	if marshalErr != nil {
		s.Log.Error("problem document", "error", marshalErr)
		return
	}
	if err := c.Blob(p.Status, "application/problem+json", body); err != nil {
		s.Log.Debug("answer not delivered", "error", err)
	}
}
