package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// service is a running instance on a database of the test's own.
type service struct {
	t   *testing.T
	url string
	db  *postgis.DB
	key string // an officer's

	config Config
}

func newService(t *testing.T) *service {
	t.Helper()
	s := instance(t, postgistest.URL(t))
	s.key = officerKey(t, s)
	return s
}

// instance starts the service on a database that others may use too.
func instance(t *testing.T, databaseURL string) *service {
	t.Helper()
	s, _ := started(t, databaseURL, tiles.Options{CacheBytes: 64 << 20}, io.Discard)
	return s
}

// started is instance with a view of these options, which logs to a writer; stop
// ends it before the test does.
func started(t *testing.T, databaseURL string, o tiles.Options, viewLog io.Writer) (s *service, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := postgis.Open(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	live, err := tiles.NewLive(ctx, db, o, slog.New(slog.NewTextHandler(viewLog, nil)))
	if err != nil {
		t.Fatal(err)
	}
	followed := make(chan struct{})
	go func() { defer close(followed); live.Run(ctx) }()
	page := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>地块</title>")}, "assets/a-1.js": {Data: []byte("1")}}
	config := Config{DB: db, Live: live, Page: page, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	server := httptest.NewServer(New(config))
	stop = sync.OnceFunc(func() {
		server.Close()
		cancel()
		<-followed
		db.Close()
	})
	t.Cleanup(stop)
	return &service{t: t, url: server.URL, db: db, config: config}, stop
}

// got is what came back, with its body read.
type got struct {
	status int
	header http.Header
	body   string
}

// send makes a request; headers are name, value in turn.
func (s *service) send(method, path, body string, headers ...string) got {
	s.t.Helper()
	request, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	response, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return got{response.StatusCode, response.Header, string(read)}
}

func (s *service) get(path string, headers ...string) got {
	s.t.Helper()
	return s.send(http.MethodGet, path, "", headers...)
}

// want fails unless the answer has the status and its body the texts.
func (g got) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if g.status != status {
		t.Fatalf("status %d, want %d: %s", g.status, status, g.body)
	}
	for _, text := range texts {
		if !strings.Contains(g.body, text) {
			t.Errorf("%q is not in %s", text, g.body)
		}
	}
}

// twoPlots founds park "test" with plots A and B of 30 亩, side by side.
func (s *service) twoPlots() {
	s.t.Helper()
	s.plots("A", "B")
}

// plots founds park "test" with plots of 30 亩, side by side.
func (s *service) plots(numbers ...string) {
	s.t.Helper()
	officer := land.Actor{Name: "Officer Li", Role: land.Officer}
	plot := func(no string, west float64) land.Draft {
		far, east := 2.0, west+100
		d := land.Draft{Row: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{{west, 2543500}, {east, 2543500}, {east, 2543700}, {west, 2543700}, {west, 2543500}}}}}
		d.Attributes = land.Attributes{PlotNo: no, Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}}
		d.FARMax = &far
		return d
	}
	_, err := s.db.Import(context.Background(), officer, land.Import{Park: "test", Kind: land.Imported}, func(emit func(land.Draft) error) (land.Delivery, error) {
		for i, no := range numbers {
			if err := emit(plot(no, 443600+100*float64(i))); err != nil {
				return land.Delivery{}, err
			}
		}
		return land.Delivery{}, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.get("/api/v1/plots?after=1").want(s.t, http.StatusOK)
}

func officerKey(t *testing.T, s *service) string {
	t.Helper()
	key, err := s.db.CreateKey(context.Background(), land.Actor{Name: "Officer Li", Role: land.Officer}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return key
}
