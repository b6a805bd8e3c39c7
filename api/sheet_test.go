package api

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestSheetsAreDrawn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for _, c := range []struct{ path, kind, begins, file string }{
		{"plot-map.pdf?plot=1", "application/pdf", "%PDF-", "plot-map.pdf"},
		{"plot-map.png?plot=1", "image/png", "\x89PNG", "plot-map.png"},
		{"plot-map.dxf?plot=1&scale=1:5000&paper=a4", "image/vnd.dxf", "0\r\nSECTION", "plot-map.dxf"},
		{"park-map.pdf?park=test", "application/pdf", "%PDF-", "park-map.pdf"},
		{"park-map.dxf?park=test&scale=8000", "image/vnd.dxf", "0\r\nSECTION", "park-map.dxf"},
	} {
		g := s.get("/api/v1/reports/" + c.path)
		g.want(t, 200)
		if !strings.HasPrefix(g.body, c.begins) || g.header.Get("Content-Type") != c.kind || g.header.Get("Register-Seq") != "1" {
			t.Errorf("%s: %v %.20q", c.path, g.header, g.body)
		}
		if named := g.header.Get("Content-Disposition"); !strings.HasPrefix(named, `attachment; filename="`+c.file+`"`) {
			t.Errorf("%s is named %s", c.path, named)
		}
		if again := s.get("/api/v1/reports/" + c.path); again.body != g.body {
			t.Errorf("%s is another file when asked for again", c.path)
		}
	}
}

func TestSheetsThatCannotBeDrawnTellTheChoices(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"plot-map.pdf?plot=1&scale=1:2500":   {400, "1:2000"},
		"plot-map.pdf?plot=1&scale=200":      {422, "1:5000"},
		"plot-map.pdf?plot=1&paper=A0":       {400, "A4"},
		"plot-map.doc?plot=1":                {404, "pdf, png, dxf"},
		"plot-map.pdf?plot=1&park=test":      {400, "park"},
		"plot-map.pdf?plot=1&at=2001-01-01":  {404, "plot"},
		"plot-map.pdf?plot=1&at=2999-01-01":  {422, "to come"},
		"plot-map.pdf":                       {400, "plot=12"},
		"plot-map.pdf?plot=PY-01":            {400, "plot=12"},
		"plot-map.pdf?plot=999":              {404, "999"},
		"park-map.pdf":                       {400, "test"},
		"park-map.pdf?park=nowhere":          {404, "test"},
		"park-map.pdf?park=test&paper=A4":    {422, "A3"},
		"park-map.png?park=test&scale=1:200": {422, "1:5000"},
	} {
		s.get("/api/v1/reports/"+path).want(t, want.status, want.says)
	}
}

func TestSheetsAreOfTheMomentAskedFor(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	before := time.Now().UTC().Format(time.RFC3339Nano)
	s.hold(1, 1, "后来的单位")
	s.get("/api/v1/reports/plot-map.dxf?plot=1&after=2").want(t, 200, "图号：A-2", "登记变更号：2")
	s.get("/api/v1/reports/plot-map.dxf?plot=1&after=2&known_at="+before).want(t, 200, "图号：A-1")
}

func TestSheetsWithoutFontsSayWhatToInstall(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	config := s.config
	config.Font = filepath.Join(t.TempDir(), "none.ttf")
	server := httptest.NewServer(New(config))
	t.Cleanup(server.Close)
	bare := &service{t: t, url: server.URL}
	for _, path := range []string{"plot-map.pdf?plot=1", "park-map.dxf?park=test"} {
		bare.get("/api/v1/reports/"+path).want(t, 503, "fonts-droid-fallback", "DIKUAI_FONT")
	}
}
