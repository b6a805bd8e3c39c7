package api

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
)

const changesPerPage = 1000

type change struct {
	Seq        land.Seq        `json:"seq"`
	Kind       land.ChangeKind `json:"kind"`
	Park       land.ParkCode   `json:"park,omitempty"`
	Actor      string          `json:"actor"`
	Reason     string          `json:"reason,omitempty"`
	CaseNo     string          `json:"case_no,omitempty"`
	RecordedAt time.Time       `json:"recorded_at"`
	Plots      []changedPlot   `json:"plots"`
}

type changedPlot struct {
	ID      land.PlotID `json:"id"`
	Version int         `json:"version"`
}

// getChanges answers the feed: what was committed after a number, oldest first.
func (s *server) getChanges(c echo.Context) error {
	q, err := parameters(c, "since")
	if err != nil {
		return err
	}
	var since int64
	if text := q.Get("since"); text != "" {
		if since, err = strconv.ParseInt(text, 10, 64); err != nil || since < 0 {
			return &queryError{"since", fmt.Sprintf("%q is not a change number", text), "give the seq of the last change that you hold, or 0"}
		}
	}
	found, err := s.DB.Changes(c.Request().Context(), land.Seq(since), changesPerPage)
	if err != nil {
		return err
	}
	told := make([]change, len(found))
	for i, f := range found {
		told[i] = change{f.Seq, f.Kind, f.Park, f.Actor, f.Reason, f.CaseNo, f.RecordedAt, make([]changedPlot, len(f.Plots))}
		for j, p := range f.Plots {
			told[i].Plots[j] = changedPlot(p)
		}
	}
	return answer(c, http.StatusOK, map[string]any{"changes": told})
}
