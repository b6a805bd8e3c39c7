package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// receiver is an address that webhooks are at.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []call
	answer func(n int) int // the status of the nth call, from 1
	came   chan struct{}
}

type call struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T, answer func(n int) int) *receiver {
	t.Helper()
	r := &receiver{answer: answer, came: make(chan struct{}, 1000)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.calls = append(r.calls, call{request.Header, body})
		w.WriteHeader(r.answer(len(r.calls)))
		r.mu.Unlock()
		r.came <- struct{}{}
	}))
	t.Cleanup(r.Close)
	return r
}

func always(status int) func(int) int { return func(int) int { return status } }

// wait gives the calls once there are so many.
func (r *receiver) wait(t *testing.T, n int) []call {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		r.mu.Lock()
		calls := r.calls
		r.mu.Unlock()
		if len(calls) >= n {
			return calls
		}
		select {
		case <-r.came:
		case <-deadline:
			t.Fatalf("%d calls after 20 s, want %d", len(calls), n)
		}
	}
}

// seqOf is the change that a call tells of.
func (c call) message(t *testing.T) message {
	t.Helper()
	var m message
	if err := json.Unmarshal(c.body, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// telling has the service tell webhooks, at private addresses or not, until the
// test ends; what it logs is given back.
func (s *service) telling(private bool) *logged {
	s.t.Helper()
	log := &logged{}
	config := s.config
	config.PrivateWebhooks = private
	config.Log = slog.New(slog.NewTextHandler(log, nil))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); NewDeliveries(config).Run(ctx) }()
	s.t.Cleanup(func() { cancel(); <-ended })
	return log
}

// logged is what was logged so far.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// private lets the service's routes take addresses of this machine.
func (s *service) private() *service {
	config := s.config
	config.PrivateWebhooks = true
	server := httptest.NewServer(New(config))
	s.t.Cleanup(server.Close)
	return &service{t: s.t, url: server.URL, db: s.db, key: s.key, config: config}
}

// keyed sends a request with the officer's key.
func (s *service) keyed(method, path, body string) got {
	s.t.Helper()
	return s.send(method, path, body, "Authorization", "Bearer "+s.key)
}

// hold changes the holder of a plot.
func (s *service) hold(id, version int, holder string) {
	s.t.Helper()
	body := fmt.Sprintf(`{"type":"Feature","properties":{"holder":%q},"reason":"x"}`, holder)
	s.send("PUT", fmt.Sprintf("/api/v1/plots/%d", id), body, "Authorization", "Bearer "+s.key, "If-Match", fmt.Sprintf("%q", fmt.Sprint(version))).want(s.t, 200)
}

func TestWebhooksAreToldOfChangesInOrder(t *testing.T) {
	t.Parallel()
	s := newService(t).private()
	s.twoPlots()
	r := newReceiver(t, always(204))
	made := s.keyed("POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"since":0}`, r.URL+"/hook?token=quiet"))
	made.want(t, 201, `"secret":"whsec_`, `"state":"active"`, `"seq":0`)
	var w webhook
	if err := json.Unmarshal([]byte(made.body), &w); err != nil {
		t.Fatal(err)
	}
	if made.header.Get("Cache-Control") != "no-store" || !strings.HasSuffix(made.header.Get("Location"), fmt.Sprintf("/api/v1/webhooks/%d", w.ID)) {
		t.Errorf("%v", made.header)
	}
	log := s.telling(true)
	s.hold(1, 1, "甲")
	s.hold(2, 1, "乙")
	secret, err := land.ParseSecret(w.Secret)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range r.wait(t, 3) {
		m := c.message(t)
		if m.Change.Seq != land.Seq(i+1) || m.Webhook != w.ID || m.Type != "change" {
			t.Errorf("call %d tells of change %d", i, m.Change.Seq)
		}
		id, at := c.header.Get("webhook-id"), c.header.Get("webhook-timestamp")
		if id != fmt.Sprintf("msg_%d_%d", w.ID, i+1) || c.header.Get("webhook-signature") != "v1,"+signature(secret, id, at, c.body) {
			t.Errorf("call %d: %v", i, c.header)
		}
	}
	last := r.wait(t, 3)[2].message(t)
	if len(last.Plots) != 1 || last.Plots[0] != (plotMatch{2, "test", "B", true, true, "/api/v1/plots/2"}) || last.Change.Plots[0].Difference[0].After != "乙" {
		t.Errorf("%+v", last)
	}
	shown := s.keyed("GET", "/api/v1/webhooks", "")
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(shown.body, `"seq":3`) && time.Now().Before(deadline); { // noted after it was heard
		time.Sleep(10 * time.Millisecond)
		shown = s.keyed("GET", "/api/v1/webhooks", "")
	}
	shown.want(t, 200, `"seq":3`, `"failures":0`)
	if strings.Contains(shown.body+log.String(), w.Secret) || strings.Contains(shown.body, "secret") || strings.Contains(log.String(), "quiet") {
		t.Errorf("a secret is told: %s %s", shown.body, log)
	}
	path := fmt.Sprintf("/api/v1/webhooks/%d", w.ID)
	readDescription(t).holds(t, "POST", "/api/v1/webhooks", made)
	readDescription(t).holds(t, "GET", "/api/v1/webhooks", shown)
	readDescription(t).holds(t, "GET", "/api/v1/webhooks/{id}", s.keyed("GET", path, ""))
	s.keyed("DELETE", path, "").want(t, 204)
	s.keyed("GET", path, "").want(t, 404)
	s.keyed("DELETE", path, "").want(t, 404)
}

func TestWebhooksAreTriedAgainAndResumed(t *testing.T) {
	t.Parallel()
	s := newService(t).private()
	s.twoPlots()
	r := newReceiver(t, func(n int) int {
		switch n {
		case 1:
			return 500
		case 2:
			return 410
		}
		return 200
	})
	var w webhook
	if err := json.Unmarshal([]byte(s.keyed("POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"since":0}`, r.URL)).body), &w); err != nil {
		t.Fatal(err)
	}
	log := s.telling(true)
	path := fmt.Sprintf("/api/v1/webhooks/%d", w.ID)
	r.wait(t, 1)
	s.until(path, `"state":"retrying"`, `"last_error":"HTTP 500"`, `"seq":0`)
	s.keyed("POST", path+"/resume", "").want(t, 200)
	s.hold(1, 1, "甲") // which wakes who waits
	r.wait(t, 2)
	s.until(path, `"state":"disabled"`, `"last_error":"HTTP 410"`)
	resumed := s.keyed("POST", path+"/resume", "")
	resumed.want(t, 200, `"state":"active"`)
	readDescription(t).holds(t, "POST", "/api/v1/webhooks/{id}/resume", resumed)
	s.hold(1, 2, "乙")
	calls := r.wait(t, 5)
	var told []land.Seq
	for _, c := range calls {
		told = append(told, c.message(t).Change.Seq)
	}
	if fmt.Sprint(told) != "[1 1 1 2 3]" || calls[0].header.Get("webhook-id") != calls[2].header.Get("webhook-id") {
		t.Errorf("told of %v", told)
	}
	if !strings.Contains(log.String(), "webhook not delivered") {
		t.Errorf("log %q", log)
	}
}

// until asks for a webhook until it is as it should be.
func (s *service) until(path string, texts ...string) {
	s.t.Helper()
	var g got
	for range 200 {
		g = s.keyed("GET", path, "")
		missing := false
		for _, text := range texts {
			missing = missing || !strings.Contains(g.body, text)
		}
		if !missing {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("%s is still %s", path, g.body)
}

func TestWebhooksAreToldOfWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	s := newService(t).private()
	s.twoPlots()
	r := newReceiver(t, always(200))
	saved := s.keyed("POST", "/api/v1/searches", `{"name":"乙的","query":"q=乙&land_use=A"}`)
	saved.want(t, 201, `"query":"q=乙`)
	for _, body := range []string{
		fmt.Sprintf(`{"url":%q,"filter":"plot_no = 'B'"}`, r.URL+"/filter"),
		fmt.Sprintf(`{"url":%q,"search":1,"park":"test"}`, r.URL+"/search"),
	} {
		s.keyed("POST", "/api/v1/webhooks", body).want(t, 201)
	}
	s.telling(true)
	s.hold(1, 1, "甲") // nobody's
	s.hold(2, 1, "乙") // B, and begins to be 乙's
	s.hold(2, 2, "丙") // B, and ends to be 乙's
	s.hold(1, 2, "丁")
	s.hold(2, 3, "戊") // B
	told := map[int64]string{}
	for _, c := range r.wait(t, 5) {
		m := c.message(t)
		told[m.Webhook] += fmt.Sprintf("%d:%t>%t ", m.Change.Seq, m.Plots[0].Matched, m.Plots[0].Matches)
	}
	if told[1] != "3:true>true 4:true>true 6:true>true " || told[2] != "3:false>true 4:true>false " {
		t.Errorf("%v", told)
	}
	s.until("/api/v1/webhooks/2", `"seq":6`) // what it does not ask for is passed over
	s.keyed("DELETE", "/api/v1/searches/1", "").want(t, 409)
}

func TestWebhooksDoNotReachInward(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	r := newReceiver(t, always(200))
	for _, url := range []string{r.URL, "http://[::1]/", "http://169.254.169.254/latest", "https://10.0.0.1"} {
		s.keyed("POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q}`, url)).want(t, 422, `"field":"url"`, "非公网地址")
	}
	byName := strings.Replace(r.URL, "127.0.0.1", "localhost", 1)
	s.keyed("POST", "/api/v1/webhooks", fmt.Sprintf(`{"url":%q,"since":0}`, byName)).want(t, 201)
	s.telling(false)
	s.until("/api/v1/webhooks/1", `"state":"retrying"`, "no public address", `"seq":0`)
	if calls := r.wait(t, 0); len(calls) > 0 {
		t.Error("the receiver was called")
	}
}

func TestBadWebhooksAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for body, want := range map[string]string{
		`{"url":"ftp://example.org"}`:                                     `"field":"url"`,
		`{"url":"https://example.org","filter":"colour = 1"}`:             `"field":"filter"`,
		`{"url":"https://example.org","park":"none"}`:                     `没有园区 none`,
		`{"url":"https://example.org","search":9}`:                        `没有保存的查询 9`,
		`{"url":"https://example.org","since":99}`:                        `"field":"since"`,
		`{"url":"https://example.org","secret":"short"}`:                  `"field":"secret"`,
		`{"url":"https://example.org","events":"all"}`:                    `"field":"body"`,
		`{"url":"https://example.org/` + strings.Repeat("a", 2000) + `"}`: `"field":"url"`,
	} {
		if g := s.keyed("POST", "/api/v1/webhooks", body); g.status < 400 || g.status >= 500 || !strings.Contains(g.body, want) {
			t.Errorf("%s: %d %s", body, g.status, g.body)
		}
	}
	visitor, err := s.db.CreateKey(context.Background(), land.Actor{Name: "v", Role: land.Visitor}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.send("POST", "/api/v1/webhooks", `{"url":"https://example.org"}`, "Authorization", "Bearer "+visitor).want(t, 403, "officer")
	own := s.keyed("POST", "/api/v1/webhooks", `{"url":"https://example.org","secret":"whsec_`+base64.StdEncoding.EncodeToString(make([]byte, 24))+`"}`)
	own.want(t, 201)
	s.send("GET", "/api/v1/webhooks/1", "", "Authorization", "Bearer "+visitor).want(t, 403)
	s.send("DELETE", "/api/v1/webhooks/1", "", "Authorization", "Bearer "+visitor).want(t, 403)
}

func TestSavedSearchesAreAskedByNumber(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	made := s.keyed("POST", "/api/v1/searches", `{"name":"用地","query":"?area_mu=20..60&sort=-plot_no"}`)
	made.want(t, 201, `"id":1,"name":"用地","query":"area_mu=20..60\u0026sort=-plot_no"`, `"href":"/api/v1/searches/1/plots"`)
	d := readDescription(t)
	d.holds(t, "POST", "/api/v1/searches", made)
	d.holds(t, "GET", "/api/v1/searches", s.keyed("GET", "/api/v1/searches", ""))
	d.holds(t, "GET", "/api/v1/searches/{id}", s.keyed("GET", "/api/v1/searches/1", ""))
	first := s.keyed("GET", "/api/v1/searches/1/plots?limit=1", "")
	first.want(t, 200, `"plot_no":"B"`, `"numberMatched":2`)
	d.holds(t, "GET", "/api/v1/searches/{id}/plots", first)
	var page struct{ Links []struct{ Href string } }
	if err := json.Unmarshal([]byte(first.body), &page); err != nil || len(page.Links) != 1 {
		t.Fatal(err, first.body)
	}
	s.keyed("GET", strings.TrimPrefix(page.Links[0].Href, s.url), "").want(t, 200, `"plot_no":"A"`, `"links":[]`)
	s.keyed("GET", "/api/v1/searches/1/plots?sort=plot_no&limit=1", "").want(t, 200, `"plot_no":"A"`)
	s.keyed("GET", "/api/v1/searches/1/plots?at=2000-01-01", "").want(t, 200, `"numberMatched":0`)
	s.keyed("GET", "/api/v1/searches/1/plots?park=test", "").want(t, 400, `"field":"park"`)
	if g := s.send("GET", "/api/v1/searches/1/plots", "", "Authorization", "Bearer "+s.key, "Accept", "application/x-ndjson"); strings.Count(g.body, "\n") != 2 {
		t.Errorf("%q", g.body)
	}
	for body, field := range map[string]string{
		`{"name":"x","query":"colour=red"}`: "colour", `{"name":"x","query":"area_mu=60..20"}`: "area_mu", `{"name":"x","query":"sort=colour"}`: "sort",
		`{"name":"x","query":"limit=5"}`: "limit", `{"name":"","query":"park=test"}`: "name", `{"name":"x","query":""}`: "query", `{"name":"x","query":"q=%zz"}`: "query",
	} {
		if g := s.keyed("POST", "/api/v1/searches", body); g.status < 400 || !strings.Contains(g.body, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, g.status, g.body)
		}
	}
	s.keyed("POST", "/api/v1/searches", `{"name":"用地","query":"q=x"}`).want(t, 409)
	s.get("/api/v1/searches/1/plots").want(t, 401)
	s.keyed("DELETE", "/api/v1/searches/1", "").want(t, 204)
	s.keyed("GET", "/api/v1/searches/1/plots", "").want(t, 404)
	s.keyed("GET", "/api/v1/searches/x", "").want(t, 404)
}
