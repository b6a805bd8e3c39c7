package api

import (
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
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
	Lineage    []descent       `json:"lineage,omitempty"`
	Control    *changedControl `json:"control,omitempty"`
	Quota      *changedQuota   `json:"quota,omitempty"`
	Case       *changedCase    `json:"case,omitempty"`
	Hash       string          `json:"hash"`
}

type changedPlot struct {
	ID         land.PlotID  `json:"id"`
	Version    int          `json:"version"`
	PlotNo     string       `json:"plot_no,omitempty"`
	Ended      bool         `json:"ended,omitempty"`
	Difference []difference `json:"difference,omitempty"`
}

type changedControl struct {
	Layer   land.ControlCode `json:"layer"`
	Version int              `json:"version"`
	Digest  string           `json:"digest"`
}

type changedQuota struct {
	Entry  land.EntryID `json:"entry"`
	Digest string       `json:"digest"`
}

// changedCase is what a change did on cases, with the entries of the quota ledger
// that it posted: numbers and digests, which prove what they say without telling it.
type changedCase struct {
	Events  []changedEvent `json:"events"`
	Entries []changedQuota `json:"quota,omitempty"`
}

type changedEvent struct {
	Event  int64  `json:"event"`
	Digest string `json:"digest"`
}

type descent struct {
	Parent land.PlotID `json:"parent"`
	Child  land.PlotID `json:"child"`
}

// describeChange tells a change as its reader may see it.
func describeChange(from land.Change, to land.Actor) change {
	from = from.For(to)
	c := change{
		Seq: from.Seq, Kind: from.Kind, Park: from.Park, Actor: from.Actor, Reason: from.Reason, CaseNo: from.CaseNo,
		RecordedAt: from.RecordedAt, Plots: make([]changedPlot, len(from.Plots)), Hash: hex.EncodeToString(from.Hash),
	}
	for i, p := range from.Plots {
		c.Plots[i] = changedPlot{ID: p.ID, Version: p.Version}
	}
	if from.Control.Version > 0 {
		control := changedControl(from.Control)
		c.Control = &control
	}
	var entries []changedQuota
	for _, q := range from.Quota {
		entries = append(entries, changedQuota(q))
	}
	if len(from.Case) > 0 {
		c.Case = &changedCase{Entries: entries}
		for _, e := range from.Case {
			c.Case.Events = append(c.Case.Events, changedEvent(e))
		}
	} else if len(entries) > 0 {
		c.Quota = &entries[0]
	}
	for _, d := range from.Lineage {
		c.Lineage = append(c.Lineage, descent(d))
	}
	return c
}

// getChanges answers the feed: what was committed after a number, oldest first,
// each with what it changed unless it changed very much.
func (s *server) getChanges(c echo.Context) error {
	q, err := door.Parameters(c, "since")
	if err != nil {
		return err
	}
	var since int64
	if text := q.Get("since"); text != "" {
		if since, err = strconv.ParseInt(text, 10, 64); err != nil || since < 0 {
			return door.Refuse("since", geo.Say("%q 不是变更号", "%q is not a change number", text), geo.Say("请给出您持有的最后一个变更的 seq，或 0", "give the seq of the last change that you hold, or 0"))
		}
	}
	found, err := s.DB.ChangesInFull(c.Request().Context(), land.Seq(since), changesPerPage)
	if err != nil {
		return err
	}
	told := make([]change, len(found))
	for i, f := range found {
		told[i] = describeFullChange(f, access.Actor(c))
	}
	return door.Answer(c, http.StatusOK, map[string]any{"changes": told})
}

// describeFullChange tells a change with what it changed.
func describeFullChange(from postgis.FullChange, to land.Actor) change {
	c := describeChange(from.Change, to)
	for i, v := range from.Versions {
		c.Plots[i] = changedPlot{v.ID, v.Version, v.PlotNo, v.Retired, differences(v.Differences)}
	}
	return c
}
