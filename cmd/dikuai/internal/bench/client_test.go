package bench

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"
)

// TestClientReadsWhatServersSend has net/http send bodies of known and unknown
// length, none, and errors.
func TestClientReadsWhatServersSend(t *testing.T) {
	t.Parallel()
	large := bytes.Repeat([]byte("0123456789"), 30_000)
	mux := http.NewServeMux()
	mux.HandleFunc("/known", func(w http.ResponseWriter, _ *http.Request) { sendTile(w, large) })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"tag"`)
		w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
		_, _ = w.Write(large)
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/closes", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		sendTile(w, large[:10])
	})
	mux.HandleFunc("/fails", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "why", http.StatusInternalServerError) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c := newClient(strings.TrimPrefix(server.URL, "http://"), "gzip")
	t.Cleanup(c.close)
	for range 2 {
		for _, want := range []struct {
			path           string
			status, length int
		}{{"/known", 200, len(large)}, {"/chunked", 200, len(large)}, {"/none", 204, 0}, {"/closes", 200, 10}, {"/fails", 500, 4}} {
			for _, keep := range []bool{false, true} {
				r, err := c.get(t.Context(), []byte(want.path), keep)
				if err != nil || r.status != want.status || r.length != want.length || keep && len(r.body) != want.length {
					t.Fatalf("%s: %d, %d bytes, %v", want.path, r.status, r.length, err)
				}
				if keep && !bytes.Equal(r.body, large[:want.length]) && r.status == 200 {
					t.Errorf("%s: another body", want.path)
				}
				if chunked := want.path == "/chunked"; r.gzipped != chunked || chunked && string(r.tag) != `"tag"` {
					t.Errorf("%s: %+v", want.path, r)
				}
			}
		}
	}
}

func TestAddressesOfPeers(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "127.0.0.1/{z}/{x}/{y}", "https://a/{z}/{x}/{y}", "http://a/{z}/{x}", "http:///{z}/{x}/{y}"} {
		if _, err := parseAddress(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	a, err := parseAddress("http://127.0.0.1:7800/public.plots/{z}/{x}/{y}.pbf?properties=id,park")
	if err != nil || a.host != "127.0.0.1:7800" || a.path != "/public.plots/{z}/{x}/{y}.pbf?properties=id,park" {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := parseAddress("http://localhost/{z}/{x}/{y}"); err != nil || a.host != "localhost:80" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestPeersWithoutPlotsAreRefused(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/empty/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/plain/", func(w http.ResponseWriter, _ *http.Request) { sendTile(w, []byte("tile")) })
	mux.HandleFunc("/forced/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		sendTile(w, []byte("tile"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	list := []maptile.Tile{maptile.New(1, 2, 3), maptile.New(4, 5, 6)}
	for _, c := range []struct {
		path, accept   string
		refused, noted bool
	}{
		{"/empty", "", true, false}, {"/missing", "", true, false}, {"/plain", "", false, false},
		{"/plain", "gzip", false, true}, {"/forced", "gzip", false, false}, {"/forced", "", true, false},
	} {
		a, err := parseAddress(server.URL + c.path + "/{z}/{x}/{y}")
		if err != nil {
			t.Fatal(err)
		}
		note, err := a.probe(t.Context(), c.accept, list)
		if (err != nil) != c.refused || (note != "") != c.noted {
			t.Errorf("%s, %q: %q, %v", c.path, c.accept, note, err)
		}
	}
}
