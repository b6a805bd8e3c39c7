package api

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/tiles"
)

// unpacked reads the files of a pack, and their names in order.
func unpacked(t *testing.T, g got) (names []string, files map[string]string) {
	t.Helper()
	g.want(t, 200)
	archive, err := zip.NewReader(strings.NewReader(g.body), int64(len(g.body)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
		files[f.Name] = string(content)
	}
	return names, files
}

// sumsHold checks a pack's sums, and that its page tells them.
func sumsHold(t *testing.T, names []string, files map[string]string) {
	t.Helper()
	var want strings.Builder
	for _, name := range names[:len(names)-1] {
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(files[name])))
		fmt.Fprintf(&want, "%s  %s\n", sum, name)
		if name != "index.html" && (!strings.Contains(files["index.html"], sum) || !strings.Contains(files["index.html"], `href="`+name+`"`)) {
			t.Errorf("the page does not tell %s with %s", name, sum)
		}
	}
	if files["SHA256SUMS"] != want.String() {
		t.Errorf("sums are\n%s\nwant\n%s", files["SHA256SUMS"], want.String())
	}
}

func TestAPackOfPlots(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	g := s.get("/api/v1/reports/pack.zip?plot=2,1,2")
	names, files := unpacked(t, g)
	if want := []string{"boundary.pdf", "boundary.shp.zip", "boundary.txt", "boundary.xlsx", "compliance.pdf", "compliance.xlsx", "plot-map-1.pdf", "plot-map-2.pdf", "plots.pdf", "plots.xlsx", "index.html", "SHA256SUMS"}; !slices.Equal(names, want) {
		t.Errorf("files are %v, want %v", names, want)
	}
	sumsHold(t, names, files)
	for name, begins := range map[string]string{"plots.pdf": "%PDF-", "plots.xlsx": "PK", "plot-map-2.pdf": "%PDF-", "boundary.shp.zip": "PK", "boundary.txt": "["} {
		if !strings.HasPrefix(files[name], begins) {
			t.Errorf("%s begins %.20q", name, files[name])
		}
	}
	if g.header.Get("Register-Seq") != "1" || g.header.Get("Content-Type") != "application/zip" || !strings.Contains(files["index.html"], "<dd>1</dd>") {
		t.Errorf("headers %v, page %s", g.header, files["index.html"])
	}
	if again := s.get("/api/v1/reports/pack.zip?plot=2,1,2"); again.body != g.body {
		t.Error("the pack is another file when asked for again")
	}
	s.hold(1, 1, "后来的单位")
	now, nowFiles := unpacked(t, s.get("/api/v1/reports/pack.zip?plot=1,2"))
	sumsHold(t, now, nowFiles)
	if !strings.Contains(nowFiles["index.html"], "<dd>2</dd>") {
		t.Errorf("after a change the page says %s", nowFiles["index.html"])
	}
	day := s.db.Today().String()
	past := s.get("/api/v1/reports/pack.zip?plot=1&at=" + day)
	names, files = unpacked(t, past)
	sumsHold(t, names, files)
}

func TestAPackIsOfOneChange(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	ctx := context.Background()
	asked, err := NewPack(url.Values{"plot": {"1"}}, paper.NewShelf(""))
	if err != nil {
		t.Fatal(err)
	}
	old, err := tiles.Load(ctx, s.db, land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	s.hold(1, 1, "后来的单位")
	views := 0
	late := func(arrives int) ReportDesk {
		views = 0
		return ReportDesk{DB: s.db, View: func(ctx context.Context, m land.Moment) (*tiles.View, error) {
			if views++; views < arrives {
				return old, nil
			}
			return tiles.Load(ctx, s.db, m)
		}}
	}
	var written bytes.Buffer
	var refused *door.StatusError
	if _, err := asked.Write(ctx, &written, late(99)); !errors.As(err, &refused) || refused.Status != 503 || written.Len() > 0 {
		t.Errorf("a register that never rests: %v, %d bytes", err, written.Len())
	}
	if made, err := asked.Write(ctx, &written, late(3)); err != nil || made.Seq != 2 || views != 3 {
		t.Errorf("the third time: %v, change %d, %d views", err, made.Seq, views)
	}
}

func TestPacksAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint(i + 1)
	}
	for query, wanted := range map[string]struct {
		status int
		says   string
	}{
		"":                                 {400, "plot=41,42"},
		"?plot=":                           {400, "plot=41,42"},
		"?plot=A":                          {400, "41,42"},
		"?plot=1,99":                       {404, "no plot 99"},
		"?plot=" + strings.Join(many, ","): {400, "at most 50"},
		"?plot=1&park=test":                {400, "known are"},
		"?plot=1&at=2999-01-01":            {422, "is to come"},
		"?plot=1&at=yesterday":             {400, "2018-06-30"},
	} {
		g := s.get("/api/v1/reports/pack.zip" + query)
		if g.status != wanted.status || !strings.Contains(g.body, wanted.says) || g.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %d %s", query, g.status, g.body, wanted.status, wanted.says)
		}
	}
}

func TestAPackOfACase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.accepted("星海检测", "siting", `,"declared":{"land_use":"A35","far":1.8,"purpose":"检测"}`, 1, 2)
	g := o.as("星海检测", "GET", casePath(no)+"/pack.zip", "")
	names, files := unpacked(t, g)
	sumsHold(t, names, files)
	if !strings.HasPrefix(files["summary.pdf"], "%PDF-") || len(names) != 13 || !strings.Contains(files["index.html"], string(no)) {
		t.Errorf("%v: %s", names, files["index.html"])
	}
	if g.header.Get("Cache-Control") != "no-store" || !strings.Contains(g.header.Get("Content-Disposition"), string(no)+".zip") {
		t.Errorf("headers %v", g.header)
	}
	if again := o.as("李经办", "GET", casePath(no)+"/pack.zip", ""); again.body != g.body {
		t.Error("the pack is another file when an officer asks for it")
	}
	o.as("云帆科技", "GET", casePath(no)+"/pack.zip", "").refused(t, "another's case", 404, "")
	o.as("星海检测", "GET", casePath(no)+"/pack.zip?plot=1", "").want(t, 400)
	o.get(casePath(no)+"/pack.zip").want(t, 401)
}

func TestAPackOfACaseWhosePlotsHaveEnded(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.open("星海检测", "siting", "", 2).No
	version := o.get("/api/v1/plots/2").header.Get("ETag")
	o.send("DELETE", "/api/v1/plots/2?reason=x", "", "If-Match", version, "Authorization", "Bearer "+o.key).want(t, 204)
	names, files := unpacked(t, o.as("星海检测", "GET", casePath(no)+"/pack.zip", ""))
	sumsHold(t, names, files)
	if want := []string{"summary.pdf", "index.html", "SHA256SUMS"}; !slices.Equal(names, want) {
		t.Errorf("a case without plots has %v, want %v", names, want)
	}
}
