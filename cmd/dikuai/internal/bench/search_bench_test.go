package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/tiles"
)

// BenchmarkPages asks the service in process, without a database, for pages of
// plots of a made city, of 100,000 plots unless DIKUAI_PLOTS says otherwise, and
// tells the processor time with plots held as they are written, and without.
func BenchmarkPages(b *testing.B) {
	plots := 100_000
	if text := os.Getenv("DIKUAI_PLOTS"); text != "" {
		var err error
		if plots, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	r := &tilesRun{source: newSource(plots, 7)}
	live, err := tiles.NewLive(b.Context(), r.source, tiles.Options{}, log)
	if err != nil {
		b.Fatal(err)
	}
	held := api.New(api.Config{Live: live, Log: log, PlotCache: plotCache})
	none := api.New(api.Config{Live: live, Log: log})
	windows := r.windows(windowSide)
	for _, asked := range []struct{ name, filters string }{{"filters", fmt.Sprintf("&land_use=%s&area_mu=%d..", searchedUse, leastMu)}, {"all", ""}} {
		requests := make([]*http.Request, len(windows))
		for i, w := range windows {
			requests[i] = httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v1/plots?bbox=%s%s&limit=%d", corners(w), asked.filters, pageSize), http.NoBody)
		}
		for _, accept := range accepts {
			b.Run(asked.name+"/"+accept.name, func(b *testing.B) {
				for _, q := range requests {
					q.Header.Set("Accept-Encoding", accept.header)
					answer(b, held, q)
				}
				var with, without time.Duration // processor time
				const batch = 32
				for i := 0; b.Loop(); i++ {
					start := ownCPU()
					for j := range batch {
						answer(b, held, requests[(i*batch+j)%len(requests)])
					}
					middle := ownCPU()
					for j := range batch {
						answer(b, none, requests[(i*batch+j)%len(requests)])
					}
					with, without = with+middle-start, without+ownCPU()-middle
				}
				b.ReportMetric(float64(with.Microseconds())/float64(b.N*batch), "µs")
				b.ReportMetric(float64(without.Microseconds())/float64(b.N*batch), "µs-none-held")
				b.ReportMetric(without.Seconds()/with.Seconds(), "×")
			})
		}
	}
}

func answer(b *testing.B, h http.Handler, q *http.Request) {
	b.Helper()
	w := &discarding{header: http.Header{}}
	h.ServeHTTP(w, q)
	if w.status != http.StatusOK {
		b.Fatalf("%s: %d", q.URL, w.status)
	}
}

// discarding is a client that reads nothing.
type discarding struct {
	header http.Header
	status int
}

func (d *discarding) Header() http.Header    { return d.header }
func (d *discarding) WriteHeader(status int) { d.status = status }
func (d *discarding) Write(p []byte) (int, error) {
	if d.status == 0 {
		d.status = http.StatusOK
	}
	return len(p), nil
}
