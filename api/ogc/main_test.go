package ogc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// service is a running instance on a register of the test's own.
type service struct {
	t    *testing.T
	url  string // of the landing page
	host string
	db   *postgis.DB
	key  string // an officer's
}

var officer = land.Actor{Name: "Officer Li", Role: land.Officer}

// newService starts the service on a register of two parks, with plots side by
// side in rows, and one published control layer.
func newService(t *testing.T) *service {
	t.Helper()
	s := emptyService(t)
	s.found("nansha", 40, 443000, 2543000)
	s.found("panyu", 12, 463000, 2543000)
	s.farmland()
	s.key = s.keyOf(officer)
	s.settle()
	return s
}

func emptyService(t *testing.T) *service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := postgis.Open(ctx, postgistest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	live, err := tiles.NewLive(ctx, db, tiles.Options{CacheBytes: 64 << 20}, log)
	if err != nil {
		t.Fatal(err)
	}
	followed := make(chan struct{})
	go func() { defer close(followed); live.Run(ctx) }()
	page := fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>地块</title>")}}
	server := httptest.NewServer(api.New(api.Config{DB: db, Live: live, Page: page, PlotCache: 1 << 20, Log: log}))
	t.Cleanup(func() {
		server.Close()
		cancel()
		<-followed
		db.Close()
	})
	return &service{t: t, url: server.URL + "/ogc", host: server.URL, db: db}
}

// found founds a park with so many plots of 100 × 100 m, ten in a row, from the
// south-west on, in EPSG:4547.
func (s *service) found(park land.ParkCode, plots int, east, north float64) {
	s.t.Helper()
	uses := []string{"A35", "M1", "R2", "B1"}
	statuses := []land.Status{land.Planned, land.Available, land.Supplied}
	_, err := s.db.Import(context.Background(), officer, land.Import{Park: park, Kind: land.Imported}, func(emit func(land.Draft) error) (land.Delivery, error) {
		for i := range plots {
			w, b := east+float64(i%10)*100, north+float64(i/10)*100
			far := 1 + float64(i%5)/2
			d := land.Draft{Row: i + 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{{w, b}, {w + 100, b}, {w + 100, b + 100}, {w, b + 100}, {w, b}}}}}
			d.Attributes = land.Attributes{
				PlotNo: fmt.Sprintf("%s-%02d", strings.ToUpper(string(park[:2])), i+1), Use: land.UseCode{Scheme: land.GB50137, Code: uses[i%len(uses)]},
				Status: statuses[i%len(statuses)], ValidFrom: day("2016-05-20"),
			}
			d.FARMax = &far
			if i%2 == 0 {
				d.Holder = "广州检测有限公司"
			}
			if d.Status == land.Supplied {
				d.SupplyMode, d.SuppliedOn = "出让", day("2018-06-01")
			}
			if err := emit(d); err != nil {
				return land.Delivery{}, err
			}
		}
		return land.Delivery{}, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// farmland publishes a control layer of one polygon over the first plots of nansha.
func (s *service) farmland() {
	s.t.Helper()
	layer := land.ControlLayer{Code: "farmland-2022", Kind: land.PermanentFarmland, NameZh: "永久基本农田（2022）", ValidFrom: day("2016-01-01")}
	_, err := s.db.ImportControls(context.Background(), officer, land.ControlImport{Layer: layer, New: true, Publish: true}, func(emit func(land.Draft) error) (land.Delivery, error) {
		d := land.Draft{Row: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{{443050, 2543050}, {443250, 2543050}, {443250, 2543250}, {443050, 2543250}, {443050, 2543050}}}}}
		d.PlotNo, d.Name = "JBNT-1", "万顷沙片"
		return land.Delivery{}, emit(d)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func day(text string) land.Date {
	d, err := land.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func (s *service) keyOf(a land.Actor) string {
	s.t.Helper()
	key, err := s.db.CreateKey(context.Background(), a, time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

// settle waits until the service shows everything that was written.
func (s *service) settle() {
	s.t.Helper()
	register, err := s.db.Load(context.Background(), land.Moment{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.send("GET", fmt.Sprintf("%s/api/v1/plots?limit=1&after=%d", s.host, register.Seq), "").want(s.t, 200)
}

// requirement is a requirement of a standard, by its name there, and how it is
// held to.
type requirement struct {
	name string
	test func(t *testing.T, s *service)
}

// walk runs the tests of requirements one after another on one service.
func (s *service) walk(t *testing.T, all []requirement) {
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			mine := *s
			mine.t = t
			r.test(t, &mine)
		})
	}
}

// got is what came back, with its body read.
type got struct {
	status int
	header http.Header
	body   string
}

// send makes a request; an address without a scheme is below the landing page.
// Headers are name, value in turn.
func (s *service) send(method, address, body string, headers ...string) got {
	s.t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = s.url + address
	}
	request, err := http.NewRequest(method, strings.ReplaceAll(address, " ", "%20"), strings.NewReader(body))
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

func (s *service) get(address string, headers ...string) got {
	s.t.Helper()
	return s.send(http.MethodGet, address, "", headers...)
}

// want fails unless the answer has the status and its body the texts.
func (g got) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if g.status != status {
		t.Fatalf("status %d, want %d: %.2000s", g.status, status, g.body)
	}
	for _, text := range texts {
		if !strings.Contains(g.body, text) {
			t.Errorf("%q is not in %.2000s", text, g.body)
		}
	}
}

// decoded reads the body of a 200 answer.
func decoded[T any](t *testing.T, g got) T {
	t.Helper()
	g.want(t, 200)
	var v T
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		t.Fatalf("%v: %.500s", err, g.body)
	}
	return v
}

// link is a link of a document.
type link struct {
	Href, Rel, Type, Title, Datetime string
	Templated                        bool
}

// featurePage is a page of items.
type featurePage struct {
	Type                          string
	NumberMatched, NumberReturned int
	TimeStamp                     string
	Links                         []link
	Features                      []feature
}

type feature struct {
	Type     string
	ID       json.RawMessage
	Geometry struct {
		Type        string
		Coordinates geo.MultiPolygon
	}
	Properties map[string]any
	Links      []link
}

// items asks for items and decodes them.
func (s *service) items(address string) featurePage {
	s.t.Helper()
	return decoded[featurePage](s.t, s.get(address))
}

// following asks for a page and all that follow it.
func (s *service) following(address string) []feature {
	s.t.Helper()
	var all []feature
	for address != "" {
		page := s.items(address)
		all = append(all, page.Features...)
		address, _ = rel(page.Links, "next", "")
	}
	return all
}

// rel finds the address of a link by its relation and, unless it is empty, type.
func rel(links []link, relation, mediaType string) (string, bool) {
	for _, l := range links {
		if l.Rel == relation && (mediaType == "" || l.Type == mediaType) {
			return l.Href, true
		}
	}
	return "", false
}

// numbers are the plot numbers of items, in their order.
func numbers(features []feature) []string {
	var all []string
	for _, f := range features {
		all = append(all, f.Properties["plot_no"].(string))
	}
	return all
}

// newServer starts a server that ends with the test.
func newServer(t *testing.T, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func bound(west, south, east, north float64) orb.Bound {
	return orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{east, north}}
}

// near says whether two boundaries have the same points in the same order, within a
// distance of each coordinate.
func near(a, b geo.MultiPolygon, within float64) bool {
	return slices.EqualFunc(a, b, func(p, q geo.Polygon) bool {
		return slices.EqualFunc(p, q, func(r, o geo.Ring) bool {
			return slices.EqualFunc(r, o, func(v, w geo.Point) bool {
				return math.Abs(v[0]-w[0]) <= within && math.Abs(v[1]-w[1]) <= within
			})
		})
	})
}
