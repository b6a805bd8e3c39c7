package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// listen gives the data of change events as they come.
func listen(t *testing.T, s *service, lastID string) <-chan changeEvent {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s, %s", response.Status, response.Header.Get("Content-Type"))
	}
	events := make(chan changeEvent, 16)
	go func() {
		defer response.Body.Close()
		defer close(events)
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e changeEvent
				if json.Unmarshal([]byte(data), &e) == nil {
					events <- e
				}
			}
		}
	}()
	return events
}

func next(t *testing.T, events <-chan changeEvent) changeEvent {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("no event came")
		return changeEvent{}
	}
}

func TestEventsTellWhereTheMapChanged(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.get("/api/v1/parks?after=1").want(t, 200)
	events := listen(t, s, "")
	const tile = "/tiles/land/15/26710/14232.mvt"
	before := s.get(tile)
	s.send("PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"status":"reserved"}}`, "Authorization", "Bearer "+s.key, "If-Match", `"1"`).want(t, 200)
	e := next(t, events)
	if e.Seq != 2 || e.BBox == nil || e.BBox[0] > 113.4502 || e.BBox[2] < 113.4502 || e.BBox[2] > 113.4513 || e.BBox[1] > 22.9901 || e.BBox[3] < 22.9901 {
		t.Errorf("event %+v of %v", e, e.BBox)
	}
	if after := s.get(tile); after.header.Get("ETag") == before.header.Get("ETag") || after.header.Get("Register-Seq") != "2" {
		t.Error("the old tile was served after the event")
	}
	if again := next(t, listen(t, s, "1")); again.Seq != land.Seq(2) || again.BBox == nil {
		t.Errorf("who comes back is told %+v", again)
	}
	if long := next(t, listen(t, s, "0")); long.Seq < 1 {
		t.Errorf("who was long away is told %+v", long)
	}
	s.get("/api/v1/events", "Last-Event-ID", "x").want(t, 400)
}
