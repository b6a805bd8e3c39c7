package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"
)

func TestTilesAreServedAsClientsAskForThem(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	const tile = "/tiles/land/15/26710/14232.mvt"
	plain := s.get(tile)
	plain.want(t, 200)
	h := plain.header
	if h.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || h.Get("Content-Encoding") != "" || h.Get("Vary") != "Accept-Encoding" || h.Get("Register-Seq") != "1" {
		t.Errorf("headers %v", h)
	}
	for _, accept := range []string{"identity", "br", "zstd, br", "gzip;q=0", "gzip; q=0.0"} {
		if g := s.get(tile, "Accept-Encoding", accept); g.body != plain.body || g.header.Get("Content-Encoding") != "" {
			t.Errorf("Accept-Encoding %s was not answered plain", accept)
		}
	}
	for _, accept := range []string{"gzip", "deflate, gzip;q=0.5", "*", "GZIP"} {
		g := s.get(tile, "Accept-Encoding", accept)
		if g.header.Get("Content-Encoding") != "gzip" || g.header.Get("ETag") == h.Get("ETag") {
			t.Errorf("Accept-Encoding %s: %v", accept, g.header)
			continue
		}
		r, err := gzip.NewReader(strings.NewReader(g.body))
		if err != nil {
			t.Fatal(err)
		}
		if unpacked, err := io.ReadAll(r); err != nil || !bytes.Equal(unpacked, []byte(plain.body)) {
			t.Errorf("Accept-Encoding %s unpacks to something else (%v)", accept, err)
		}
	}
	s.get(tile, "If-None-Match", h.Get("ETag")).want(t, 304)
	s.get(tile, "If-None-Match", `"other", W/`+h.Get("ETag")).want(t, 304)
	s.get(tile, "If-None-Match", `"other"`).want(t, 200)
	if g := s.send("HEAD", tile, ""); g.status != 200 || g.body != "" || g.header.Get("ETag") != h.Get("ETag") {
		t.Errorf("HEAD: %d %v", g.status, g.header)
	}
	s.get("/tiles/land/15/26710/14232.pbf").want(t, 200)
	s.get("/tiles/land/15/0/0.mvt").want(t, 204)
	for _, path := range []string{"-1/0/0.mvt", "23/0/0.mvt", "1/2/0.mvt", "1/0/2.mvt", "1/-1/0.mvt", "x/0/0.mvt", "1/0/0.png", "1/0/0", "999999999999999999999/0/0.mvt"} {
		s.get("/tiles/land/"+path).want(t, 404, "there is no such tile")
	}
	s.get(tile+"?at=tomorrow").want(t, 400, "at")
}

func TestTileSetDescribesItself(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.get("/tiles/land.json").want(t, 200, `"tilejson":"3.0.0"`, s.url+`/tiles/land/{z}/{x}/{y}.mvt`, `"plot_labels"`)
	s.get("/tiles/land/metadata.json").want(t, 200, `"format":"pbf"`, `\"vector_layers\"`)
	s.get("/styles/land.json").want(t, 200, `"version":8`, s.url+`/tiles/land.json`, `"A35","#`)
}

func TestTilesOfAFilterAreALiveMap(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	const tile = "/tiles/land/15/26710/14232.mvt"
	plots := func(query string) int {
		g := s.get(tile + "?after=1&" + query)
		g.want(t, 200)
		layers, err := mvt.Unmarshal([]byte(g.body))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range layers {
			if l.Name == "plots" {
				return len(l.Features)
			}
		}
		return 0
	}
	for query, want := range map[string]int{
		"": 2, "filter=plot_no%3D'A'": 1, "filter=area_mu>20": 2, "filter=area_mu>2000": 0, "filter=status%3D'reserved'": 0,
		"filter=plot_no%3D'A'&nocache=1": 1,
	} {
		if got := plots(query); got != want {
			t.Errorf("%s draws %d plots, want %d", query, got, want)
		}
	}
	s.send("PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"status":"reserved"}}`, "Authorization", "Bearer "+s.key, "If-Match", `"1"`).want(t, 200)
	if got := plots("after=2&filter=status%3D'reserved'"); got != 1 {
		t.Errorf("after the edit %d plots are reserved", got)
	}
	s.get(tile+"?filter=colour%3D'red'").want(t, 400, `"field":"filter"`, `line 1, character 1`, `no property`)
	s.get(tile+"?filter=area_mu>").want(t, 400, "character 9")
	s.get(tile+"?filter="+strings.Repeat("x", 11000)).want(t, 400)
	s.get("/tiles/land.json?filter=area_mu>20&at=2020-01-01").want(t, 200, `{y}.mvt?at=2020-01-01\u0026filter=area_mu%3E20"`)
	s.get("/tiles/land.json?filter=area_mu>").want(t, 400)
}
