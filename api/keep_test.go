package api

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/tiles"
)

// keptInstance starts the service with a file of kept plots, and stops it.
func keptInstance(t *testing.T, databaseURL, keep string) (s *service, logged *strings.Builder, stop func()) {
	t.Helper()
	logged = &strings.Builder{}
	s, stop = started(t, databaseURL, tiles.Options{CacheBytes: 1 << 20, Keep: keep}, logged)
	return s, logged, stop
}

// TestStartsFromKeptPlots stops and starts instances while another one edits:
// what is kept and what changed since are together what a fresh start reads.
func TestStartsFromKeptPlots(t *testing.T) {
	t.Parallel()
	url := postgistest.URL(t)
	writer := instance(t, url)
	writer.key = officerKey(t, writer)
	writer.twoPlots()
	keep := filepath.Join(t.TempDir(), "plots.kept")

	_, _, stop := keptInstance(t, url, keep)
	stop()
	if _, err := os.Stat(keep); err != nil {
		t.Fatal("nothing is kept:", err)
	}
	writer.send(http.MethodPut, "/api/v1/plots/1", `{"type":"Feature","properties":{"name":"一号地"}}`, "Authorization", "Bearer "+writer.key, "If-Match", `"1"`).want(t, http.StatusOK)
	second, logged, stopSecond := keptInstance(t, url, keep)
	if logged.Len() > 0 {
		t.Error("the kept plots were not used:", logged)
	}
	sameAnswers(t, second, instance(t, url))
	stopSecond()

	for name, spoil := range map[string]func(text []byte) []byte{
		"cut off":   func(text []byte) []byte { return text[:len(text)/2] },
		"a bit":     func(text []byte) []byte { text[len(text)/2] ^= 4; return text },
		"no head":   func(text []byte) []byte { return text[300:] },
		"empty":     func([]byte) []byte { return nil },
		"elsewhere": func(text []byte) []byte { return []byte(strings.Replace(string(text), `"proof":"`, `"proof":"0`, 1)) },
	} {
		text, err := os.ReadFile(keep)
		if err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(t.TempDir(), "plots.kept")
		if err := os.WriteFile(bad, spoil(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, logged, stop := keptInstance(t, url, bad)
		if !strings.Contains(logged.String(), "of no use") {
			t.Errorf("%s: the file was used", name)
		}
		sameAnswers(t, s, instance(t, url))
		stop()
	}
}

func sameAnswers(t *testing.T, a, b *service) {
	t.Helper()
	for _, path := range []string{"/api/v1/plots?limit=1000", "/api/v1/statistics", "/tiles/land/14/13355/7116.mvt", "/tiles/land/11/1669/889.mvt"} {
		if got, want := a.get(path), b.get(path); got.status != http.StatusOK || got.body != want.body || got.header.Get("ETag") != want.header.Get("ETag") {
			t.Errorf("%s: %d %.200s\nwant %.200s", path, got.status, got.body, want.body)
		}
	}
}
