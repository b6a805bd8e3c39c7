package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// eventStream sends server-sent events (HTML standard, section 9.2).
type eventStream struct{ w *echo.Response }

func startEvents(c echo.Context) eventStream {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies are not to hold events back
	c.Response().WriteHeader(http.StatusOK)
	c.Response().Flush()
	return eventStream{c.Response()}
}

// send sends one event; id is what a client that lost the connection comes back
// with, none where it is empty.
func (s eventStream) send(event, id string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	if _, err := fmt.Fprintf(s.w, "%sevent: %s\ndata: %s\n\n", id, event, body); err != nil {
		return err
	}
	s.w.Flush()
	return nil
}

// silence keeps a connection open through proxies that end idle ones.
func (s eventStream) silence() error {
	if _, err := fmt.Fprint(s.w, ":\n\n"); err != nil {
		return err
	}
	s.w.Flush()
	return nil
}

const (
	mostListeners  = 2000 // to the register's events at once
	longestSilence = 20 * time.Second
)

// changeEvent says that this instance now shows a change. BBox encloses what
// looks different, west, south, east, north; null is everywhere.
type changeEvent struct {
	Seq  land.Seq    `json:"seq"`
	BBox *[4]float64 `json:"bbox"`
}

// getEvents sends a change event for everything that this instance comes to
// show, from the change in Last-Event-ID on if that is given. Whoever has got the
// event gets no tile from before it.
func (s *server) getEvents(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	last := s.live.View().Seq
	if text := c.Request().Header.Get("Last-Event-ID"); text != "" {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seq < 0 {
			return door.Refuse("Last-Event-ID", geo.Say("%q 不是变更号", "%q is not a change number", text), geo.Say("请去掉，或给出最后一个事件的 id", "leave it out, or give the id of the last event"))
		}
		last = min(last, land.Seq(seq))
	}
	if s.listeners.Add(1) > mostListeners {
		s.listeners.Add(-1)
		c.Response().Header().Set("Retry-After", "30")
		return door.Deny(http.StatusServiceUnavailable, geo.Say("已有 %d 个监听者；请改用 /api/v1/changes，或稍后再试", "%d listen already; ask /api/v1/changes instead, or try again later", mostListeners))
	}
	defer s.listeners.Add(-1)
	events := startEvents(c)
	for {
		ctx, cancel := context.WithTimeout(c.Request().Context(), longestSilence)
		steps, whole, err := s.live.Changes(ctx, last)
		cancel()
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			if events.silence() != nil {
				return nil // the listener went away
			}
			continue
		case err != nil:
			return nil
		}
		for _, step := range steps {
			event := changeEvent{Seq: step.Seq}
			if b := step.Bound; whole && !b.IsZero() {
				event.BBox = &[4]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
			}
			if events.send("change", strconv.FormatInt(int64(step.Seq), 10), event) != nil {
				return nil
			}
			last = step.Seq
		}
	}
}
