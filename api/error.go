package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// problem is an RFC 9457 problem document. Errors name each fault with its row,
// plot and field.
type problem struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail,omitempty"`
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
	Code     string     `json:"code,omitempty"`
	CheckZh  string     `json:"check_zh,omitempty"`
	CheckEn  string     `json:"check_en,omitempty"`
	Severity string     `json:"severity"`
	Row      int        `json:"row,omitempty"`
	PlotID   int64      `json:"plot_id,omitempty"`
	PlotNo   string     `json:"plot_no,omitempty"`
	Field    string     `json:"field,omitempty"`
	Message  string     `json:"message"`
	Remedy   string     `json:"remedy,omitempty"`
	Geometry any        `json:"geometry,omitempty"`
	Place    *orb.Point `json:"place,omitempty"`
	Mend     any        `json:"mend,omitempty"` // a proposal: the whole boundary, mended
}

func findings(from []land.Finding) []finding {
	told := make([]finding, len(from))
	for i, f := range from {
		name := f.CheckName()
		told[i] = finding{f.Code, name.Zh, name.En, string(f.Severity), f.Row, int64(f.PlotID), f.PlotNo, f.Field, f.Message, f.Remedy, nil, f.Place, nil}
		if len(f.Geometry) > 0 {
			told[i].Geometry = map[string]any{"type": "MultiPolygon", "coordinates": f.Geometry}
		}
		if len(f.Mend) > 0 {
			told[i].Mend = map[string]any{"type": "MultiPolygon", "coordinates": f.Mend}
		}
	}
	return told
}

// queryError refuses a request for one of its parameters.
type queryError struct{ Parameter, Message, Remedy string }

func (e *queryError) Error() string { return e.Parameter + ": " + e.Message + "; " + e.Remedy }

// statusError is a refusal by the protocol itself.
type statusError struct {
	status int
	detail string
}

func (e *statusError) Error() string { return e.detail }

// problemOf is the one place that knows HTTP statuses.
func problemOf(err error) problem {
	p := problem{Type: "about:blank", Detail: err.Error()}
	var (
		invalid   *land.InvalidError
		conflict  *land.ConflictError
		missing   *land.NotFoundError
		ended     *land.EndedError
		forbidden *land.ForbiddenError
		crs       *geo.UnsupportedCRSError
		query     *queryError
		status    *statusError
		tooLarge  *http.MaxBytesError
		routing   *echo.HTTPError
	)
	switch {
	case errors.As(err, &invalid):
		p.Status, p.Errors = http.StatusUnprocessableEntity, findings(invalid.Findings)
		p.Detail = fmt.Sprintf("%d fault(s); nothing was written", len(invalid.Findings))
		if len(invalid.Findings) == 1 {
			p.Detail = invalid.Findings[0].String()
		}
	case errors.As(err, &crs):
		p.Status = http.StatusUnprocessableEntity
		p.Errors = []finding{{Code: "1103", Severity: string(land.Block), Field: "crs", Message: err.Error()}}
	case errors.As(err, &query):
		p.Status = http.StatusBadRequest
		p.Errors = []finding{{Severity: string(land.Block), Field: query.Parameter, Message: query.Message, Remedy: query.Remedy}}
	case errors.As(err, &conflict):
		p.Status = http.StatusConflict
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
		p.Detail += "; read it again and send its ETag as If-Match"
	case errors.Is(err, access.ErrNoKey), errors.Is(err, postgis.ErrUnknownKey):
		p.Status = http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		p.Status = http.StatusRequestEntityTooLarge
		p.Detail = fmt.Sprintf("the body is larger than %d bytes", tooLarge.Limit)
	case errors.As(err, &status):
		p.Status = status.status
	case errors.As(err, &routing):
		p.Status, p.Detail = routing.Code, http.StatusText(routing.Code)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		p.Status, p.Detail = http.StatusServiceUnavailable, "the answer took too long; try again"
	default:
		p.Status, p.Detail = http.StatusInternalServerError, "the service failed; its log says why"
	}
	p.Title = http.StatusText(p.Status)
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
