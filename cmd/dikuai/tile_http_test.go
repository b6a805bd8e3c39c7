package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"
)

// sized is a number that the environment may set.
func sized(t testing.TB, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q", name, text)
	}
	return n
}

// plainly asks for nothing that it is not told to, so that bodies come as they
// are sent.
var plainly = &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}}

// heard is an answer with its body read.
type heard struct {
	status int
	header http.Header
	body   []byte
}

// hear makes a request; headers are name, value in turn.
func hear(method, address, body string, headers ...string) (heard, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader([]byte(body)))
	if err != nil {
		return heard{}, err
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := plainly.Do(request)
	if err != nil {
		return heard{}, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	return heard{response.StatusCode, response.Header, read}, err
}

// asked is hear for a test that cannot go on without the answer.
func asked(t testing.TB, method, address string, headers ...string) heard {
	t.Helper()
	h, err := hear(method, address, "", headers...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// unzipped is the body as it was before it was compressed.
func (h heard) unzipped(t testing.TB) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(h.body))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// aTile is a tile of the park of panyu.
const aTile = "/tiles/land/14/13355/7116.mvt"

// TestTilesOverHTTP asks a running service for one tile in every way that HTTP
// knows: RFC 9110 §12.5.3 for Accept-Encoding, §8.8.3 for entity tags, §13.1.2
// for If-None-Match.
func TestTilesOverHTTP(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	address, _ := serving(t)
	tile := address + aTile
	plain := asked(t, "GET", tile)
	if plain.status != http.StatusOK || len(plain.body) == 0 || plain.header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
		t.Fatalf("%d, %d bytes of %s", plain.status, len(plain.body), plain.header.Get("Content-Type"))
	}
	zipped := asked(t, "GET", tile, "Accept-Encoding", "gzip")
	if !bytes.Equal(zipped.unzipped(t), plain.body) {
		t.Error("the compressed tile is another")
	}
	for _, form := range []struct {
		accept string
		zipped bool
	}{
		{"", false}, {"identity", false}, {"br", false}, {"zstd, br", false}, {"gzip;q=0", false}, {"gzip; q=0.0", false}, {"*;q=0", false}, {"identity, *;q=0", false},
		{"gzip;q=0, *", false}, {"gzip;q=x", false}, {"xgzip", false}, {"gzipped", false},
		{"gzip", true}, {"GZIP", true}, {"*", true}, {"*;q=0.1", true}, {"br, gzip;q=0.001", true}, {"gzip ; q=1", true}, {"x-gzip, gzip", true},
		{"gzip, deflate, br, zstd", true}, {"identity;q=0, gzip;q=0.5", true},
	} {
		want := plain
		if form.zipped {
			want = zipped
		}
		t.Run(form.accept, func(t *testing.T) { answersAlike(t, tile, form.accept, want) })
	}
	if plain.header.Get("ETag") == zipped.header.Get("ETag") {
		t.Error("two forms have one entity tag")
	}
}

// answersAlike asks for one form with GET and HEAD, and again with its tag.
func answersAlike(t *testing.T, tile, accept string, want heard) {
	t.Helper()
	with := func(more ...string) []string {
		if accept != "" {
			more = append(more, "Accept-Encoding", accept)
		}
		return more
	}
	tag := want.header.Get("ETag")
	for _, method := range []string{"GET", "HEAD"} {
		h := asked(t, method, tile, with()...)
		body := want.body
		if method == "HEAD" {
			body = nil
		}
		if h.status != http.StatusOK || !bytes.Equal(h.body, body) {
			t.Errorf("%s: %d with %d bytes", method, h.status, len(h.body))
			return
		}
		for _, name := range []string{"Content-Encoding", "Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control", "Register-Seq"} {
			if got := h.header.Get(name); got != want.header.Get(name) {
				t.Errorf("%s: %s is %q, not %q", method, name, got, want.header.Get(name))
			}
		}
		if h.header.Get("Vary") != "Accept-Encoding" || h.header.Get("Register-Seq") == "" || len(tag) < 10 || tag[0] != '"' {
			t.Errorf("%s: %v", method, h.header)
		}
		for _, named := range []string{tag, "W/" + tag, `"other", ` + tag, `"other",W/` + tag, "*"} {
			h := asked(t, method, tile, with("If-None-Match", named)...)
			if h.status != http.StatusNotModified || len(h.body) > 0 || h.header.Get("ETag") != tag || h.header.Get("Vary") != "Accept-Encoding" || h.header.Get("Cache-Control") == "" {
				t.Errorf("%s If-None-Match %s: %d, %v", method, named, h.status, h.header)
			}
			if h.header.Get("Content-Encoding") != "" {
				t.Errorf("%s If-None-Match %s: 304 tells of an encoding", method, named)
			}
		}
		for _, named := range []string{`"other"`, tag[1 : len(tag)-1], tag[:len(tag)-1]} {
			if h := asked(t, method, tile, with("If-None-Match", named)...); h.status != http.StatusOK {
				t.Errorf("%s If-None-Match %s: %d", method, named, h.status)
			}
		}
	}
}

// TestTilesThatAreNotThere wants a problem document (RFC 9457) for what no tile
// is and no parameter means, and no tile from before the register began.
func TestTilesThatAreNotThere(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	address, _ := serving(t)
	today := time.Now().In(time.FixedZone("", 8*3600))
	at := func(days int) string { return aTile + "?at=" + today.AddDate(0, 0, days).Format("2006-01-02") }
	for _, c := range []struct {
		path   string
		status int
	}{
		{"/tiles/land/-1/0/0.mvt", 404}, {"/tiles/land/23/0/0.mvt", 404}, {"/tiles/land/30/0/0.mvt", 404}, {"/tiles/land/32/0/0.mvt", 404},
		{"/tiles/land/255/0/0.mvt", 404}, {"/tiles/land/256/0/0.mvt", 404}, {"/tiles/land/14/16384/7116.mvt", 404}, {"/tiles/land/14/13355/16384.mvt", 404},
		{"/tiles/land/0/1/0.mvt", 404}, {"/tiles/land/0/0/1.mvt", 404}, {"/tiles/land/14/-1/7116.mvt", 404}, {"/tiles/land/14/4294967296/7116.mvt", 404},
		{"/tiles/land/14/13355.5/7116.mvt", 404}, {"/tiles/land/14/+13355/7116.mvt", 404}, {"/tiles/land/14/0x342B/7116.mvt", 404}, {"/tiles/land/14/13355/7116", 404},
		{"/tiles/land/14/13355/7116.png", 404}, {"/tiles/land/14/13355/.mvt", 404}, {"/tiles/land/14/13355/7116.mvt.mvt", 404},
		{at(1), 422}, {at(400), 422}, {aTile + "?at=2018-02-30", 400}, {aTile + "?at=tomorrow", 400},
		{aTile + "?known_at=" + strconv.Itoa(today.Year()+1) + "-01-01T00:00:00Z", 422}, {aTile + "?known_at=then", 400},
		{aTile + "?After=1", 400}, {aTile + "?layers=plots", 400}, {aTile + "?after=x", 400}, {aTile + "?after=-1", 400}, {aTile + "?%zz", 400},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			h := asked(t, method, address+c.path)
			if h.status != c.status || h.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d, %s %s", method, c.path, h.status, h.header.Get("Content-Type"), h.body)
				continue
			}
			var problem struct {
				Status   int
				Title    string
				Detail   string
				DetailZh string `json:"detail_zh"`
			}
			if method == "GET" && (json.Unmarshal(h.body, &problem) != nil || problem.Status != c.status || problem.Title == "" || problem.Detail == "" || problem.DetailZh == "") {
				t.Errorf("%s: %s", c.path, h.body)
			}
		}
	}
	for path, status := range map[string]int{
		aTile: 200, at(0): 200, aTile + "?nocache=1": 200, aTile + "?after=0": 200, aTile + "?at=2000-01-01": 200, "/tiles/land/22/0/0.mvt": 204, "/tiles/land/0/0/0.mvt": 200,
	} {
		if h := asked(t, "GET", address+path); h.status != status {
			t.Errorf("%s: %d %s", path, h.status, h.body)
		}
	}
	if h := asked(t, "POST", address+aTile); h.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d %s", h.status, fmt.Sprint(h.header))
	}
}
