package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
)

// jobs are the imports that run in this process.
type jobs struct {
	mu      sync.Mutex
	running map[int64]*job
}

type job struct {
	ctx      context.Context
	cancel   context.CancelFunc
	progress atomic.Pointer[land.Progress]
	ended    chan struct{}
	end      func()
}

func newJobs() *jobs { return &jobs{running: map[int64]*job{}} }

// start enters a job that outlives its request until it is cancelled or ends.
func (j *jobs) start(ctx context.Context, id int64) *job {
	job := &job{ended: make(chan struct{})}
	job.ctx, job.cancel = context.WithCancel(context.WithoutCancel(ctx))
	job.progress.Store(&land.Progress{Stage: "reading"})
	job.end = func() {
		j.mu.Lock()
		delete(j.running, id)
		j.mu.Unlock()
		job.cancel()
		close(job.ended)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.running[id] = job
	return job
}

func (j *jobs) get(id int64) *job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.running[id]
}

func (j *job) report(p land.Progress) { j.progress.Store(&p) }

// importOf reads the import that a route names, if the caller may see it.
func (s *server) importOf(c echo.Context) (land.ImportResult, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return land.ImportResult{}, &land.NotFoundError{What: "import", Name: c.Param("id")}
	}
	result, err := s.DB.ImportResult(c.Request().Context(), id)
	if err != nil {
		return result, err
	}
	return result, access.Actor(c).MayEdit(result.Park)
}

func (s *server) describe(r land.ImportResult) ImportJob {
	told := DescribeImport(r)
	if job := s.jobs.get(r.ID); job != nil {
		p := job.progress.Load()
		told.Progress = &progress{p.Stage, p.Plots}
	}
	return told
}

func (s *server) getImport(c echo.Context) error {
	result, err := s.importOf(c)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, s.describe(result))
}

// getImportEvents sends an import's progress as server-sent events until it has
// ended: progress events, then one done event.
func (s *server) getImportEvents(c echo.Context) error {
	result, err := s.importOf(c)
	if err != nil {
		return err
	}
	events := startEvents(c)
	if job := s.jobs.get(result.ID); job != nil {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for running := true; running; {
			p := job.progress.Load()
			if err := events.send("progress", "", progress{p.Stage, p.Plots}); err != nil {
				return nil // the listener went away
			}
			select {
			case <-tick.C:
			case <-job.ended:
				running = false
			case <-c.Request().Context().Done():
				return nil
			}
		}
		if result, err = s.DB.ImportResult(c.Request().Context(), result.ID); err != nil {
			return err
		}
	}
	return events.send("done", "", s.describe(result))
}

// getPreview answers a dry run's plots, and those of the park that it leaves
// out, as a FeatureCollection whose property difference tells what the import
// would do about each: new, changed, same or missing. A changed one tells in
// changes what of it changes.
func (s *server) getPreview(c echo.Context) error {
	result, err := s.importOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	in, err := s.DB.Resume(ctx, result.ID)
	if err != nil {
		return err
	}
	plots, err := s.DB.Preview(ctx, in, readFile(ctx, in.File, in.Format, in.Handling))
	if err != nil {
		return err
	}
	counts := map[string]int{}
	body := []byte(`{"type":"FeatureCollection","features":[`)
	for i, p := range plots {
		counts[p.Difference]++
		if i > 0 {
			body = append(body, ",\n"...)
		}
		feature := geojson.AppendFeature(nil, &p.Plot)
		body = append(body, feature[:len(feature)-len("}}")]...)
		changes, err := json.Marshal(differences(p.Changes))
		if err != nil {
			return err
		}
		body = fmt.Appendf(body, `,"row":%d,"difference":%q,"changes":%s}}`, p.Row, p.Difference, changes)
	}
	told, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	return door.Compressed(c, geoJSONType, fmt.Appendf(body, `],"counts":%s}`, told))
}

// postApply runs a dry run that passed as an import, from the file that is kept.
func (s *server) postApply(c echo.Context) error {
	result, err := s.importOf(c)
	if err != nil {
		return err
	}
	in, err := s.DB.Resume(c.Request().Context(), result.ID)
	if err != nil {
		return err
	}
	if err := s.startImport(c, in); err != nil {
		return err
	}
	return s.DB.DiscardImport(context.WithoutCancel(c.Request().Context()), result.ID)
}

// deleteImport cancels an import that runs, of which nothing then stays, or
// drops the file of a dry run.
func (s *server) deleteImport(c echo.Context) error {
	result, err := s.importOf(c)
	if err != nil {
		return err
	}
	if job := s.jobs.get(result.ID); job != nil {
		job.cancel()
		select {
		case <-job.ended:
		case <-c.Request().Context().Done():
			return c.Request().Context().Err()
		}
		return c.NoContent(http.StatusNoContent)
	}
	if err := s.DB.DiscardImport(c.Request().Context(), result.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
