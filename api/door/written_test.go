package door

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// madePlots are squares, in one of their versions.
func madePlots(n, version int) (plots []land.Plot) {
	for i := range n {
		x, y := 113.4+0.001*float64(i%100), 22.9+0.001*float64(i/100)
		plots = append(plots, land.Plot{
			ID: land.PlotID(i + 1), Park: "panyu", Version: version, RecordedAt: time.Unix(int64(version), 0),
			Attributes: land.Attributes{PlotNo: fmt.Sprintf("PY-%d", i+1), Name: fmt.Sprintf("第 %d 版", version), Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Planned},
			Boundary:   geo.MultiPolygon{{{{x, y}, {x + 0.0007, y}, {x + 0.0007, y + 0.0007}, {x, y + 0.0007}, {x, y}}}},
		})
	}
	return plots
}

// TestWrittenIsWhatIsWritten asks at once for plots of two views, of which more than
// can be held.
func TestWrittenIsWhatIsWritten(t *testing.T) {
	t.Parallel()
	const n = 2000
	views := [][]land.Plot{madePlots(n, 1), madePlots(n, 2)}
	sets := []*plotset.Set{plotset.Of(views[0]), plotset.Of(views[1])}
	const limit = 1 << 20
	for _, w := range []*Written{NewWritten(limit), NewWritten(0)} {
		var group sync.WaitGroup
		for worker := range 4 {
			group.Go(func() {
				random := rand.New(rand.NewPCG(uint64(worker), 1))
				for range 2000 {
					v, i := random.IntN(2), int(random.ExpFloat64()*n/8)%n
					r, _ := sets[v].Get(views[v][i].ID)
					if got, want := w.Feature(r).Text(), geojson.AppendFeature(nil, &views[v][i]); string(got) != string(want) {
						t.Errorf("%s, want %s", got, want)
					}
					if got, want := w.Feature(r).Properties(), geojson.AppendProperties(nil, &views[v][i]); string(got) != string(want) {
						t.Errorf("%s, want %s", got, want)
					}
				}
			})
		}
		group.Wait()
		held, size := 0, 0
		for i := range w.shelves {
			s := &w.shelves[i]
			if s.size > s.limit || len(s.queue) < len(s.held) {
				t.Errorf("%d bytes and %d plots, %d in the queue, where %d bytes are allowed", s.size, len(s.held), len(s.queue), s.limit)
			}
			held, size = held+len(s.held), size+s.size
		}
		if limit := w.shelves[0].limit; limit > 0 && size < shelves*limit*3/4 || (held > 0) != (limit > 0) {
			t.Errorf("%d plots are held, %d bytes of %d", held, size, shelves*limit)
		}
	}
}

func TestWrittenSparesWhatIsAskedForAgain(t *testing.T) {
	t.Parallel()
	plots := madePlots(10_000, 1)
	set := plotset.Of(plots)
	w := NewWritten(1 << 20)
	often, _ := set.Get(shelves)
	first := w.Feature(often)
	for i := range plots { // far more than are held, once each
		r, _ := set.Get(plots[i].ID)
		w.Feature(r)
		if w.Feature(often) != first {
			t.Fatalf("what is asked for often was let go of after %d others", i)
		}
	}
}

// TestFeaturesHaveTheTagOfTheirBytes makes answers of random plots: two have one
// tag if and only if they have the same bytes.
func TestFeaturesHaveTheTagOfTheirBytes(t *testing.T) {
	t.Parallel()
	w := NewWritten(1 << 20)
	var refs []plotset.Ref
	for version := range 2 {
		set := plotset.Of(madePlots(3, version+1))
		set.All(func(r plotset.Ref) bool {
			refs = append(refs, r)
			return true
		})
	}
	random := rand.New(rand.NewPCG(1, 1))
	tagOf, bodyOf := map[string]string{}, map[string]string{}
	for range 2000 {
		var page []*Feature
		for range random.IntN(4) {
			page = append(page, w.Feature(refs[random.IntN(len(refs))]))
		}
		request := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		gzipped := random.IntN(2) == 0
		if gzipped {
			request.Header.Set("Accept-Encoding", "gzip")
		}
		answer := httptest.NewRecorder()
		if err := Features(echo.New().NewContext(request, answer), GeoJSON, fmt.Appendf(nil, `{"register_seq":%d,"features":[`, random.IntN(2)), page, ",\n", "]}\n"); err != nil {
			t.Fatal(err)
		}
		tag, body := answer.Header().Get("ETag"), answer.Body.String()
		if tagOf[body] == "" {
			tagOf[body] = tag
		}
		if bodyOf[tag] == "" {
			bodyOf[tag] = body
		}
		if tagOf[body] != tag || bodyOf[tag] != body {
			t.Fatalf("tag %s is of\n%q and\n%q", tag, bodyOf[tag], body)
		}
		request.Header.Set("If-None-Match", tag)
		again := httptest.NewRecorder()
		if err := Features(echo.New().NewContext(request, again), GeoJSON, nil, nil, "", ""); err != nil || again.Code != http.StatusOK {
			t.Fatalf("another answer is taken for it: %v %d", err, again.Code)
		}
	}
}
