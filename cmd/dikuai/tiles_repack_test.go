package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// TestARepackIsAPack edits the register in every way, one after the other, and
// packs it anew each time, in full and from the archive before: the bytes are the
// same, and what differs lies at what was edited.
func TestARepackIsAPack(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	last := filepath.Join(dir, "0.pmtiles")
	first := pack(t, last)

	const line = `SELECT ST_AsText(ST_MakeLine(ST_MakePoint(x, ST_YMin(geom) - 0.001), ST_MakePoint(x, ST_YMax(geom) + 0.001)), 9) FROM current_plots, LATERAL (SELECT ST_X(ST_PointOnSurface(geom))) c (x) WHERE plot_id = $1`
	largest := tell[int](t, databaseURL, `SELECT plot_id::int FROM current_plots WHERE park = 'nansha' ORDER BY area_m2 DESC LIMIT 1`)
	for i, c := range []struct {
		what string
		args []string
		drew bool
	}{
		{"nothing", nil, false},
		{"a number", []string{"edit", "renumber", "1", "--plot-no", "X-1"}, true},
		{"a split", []string{"edit", "split", fmt.Sprint(largest), "--line", tell[string](t, databaseURL, line, largest)}, true},
		{"an end", []string{"edit", "retire", "7"}, true},
		{"a withdrawal", []string{"controls", "withdraw", "demo-height-limit"}, true},
		{"a publication", []string{"controls", "publish", "demo-height-limit"}, true},
		{"another park", []string{"generate", "--plots", "20", "--park", "town"}, true},
	} {
		if c.args != nil {
			dikuai(t, c.args...)
		}
		full, part := filepath.Join(dir, fmt.Sprint(i+1, ".pmtiles")), filepath.Join(dir, "part.pmtiles")
		whole := pack(t, full)
		done := pack(t, part, "--since", last)
		sameFile(t, c.what, full, part)
		if done.Full != "" || done.Drawn >= whole.Drawn || done.Drawn > 0 != c.drew {
			t.Errorf("%s: %d of %d tiles were drawn, %s", c.what, done.Drawn, whole.Drawn, done.Full)
		}
		if c.what == "a number" {
			differsAt(t, databaseURL, 1, last, full)
		}
		last = full
	}

	part := filepath.Join(dir, "part.pmtiles")
	if done := pack(t, part, "--since", filepath.Join(dir, "0.pmtiles")); done.Full != "" || done.Seq <= first.Seq {
		t.Errorf("%+v", done)
	}
	sameFile(t, "several changes at once", last, part)
	if done := pack(t, last, "--since", last); done.Drawn != 0 {
		t.Errorf("in place: %+v", done)
	}
	sameFile(t, "in place", last, part)
}

// differsAt asks that two archives differ in tiles at a plot alone, and in the
// tile of each zoom that has it in its midst.
func differsAt(t *testing.T, databaseURL string, plot int, from, to string) {
	t.Helper()
	box := tell[[]float64](t, databaseURL, `SELECT ARRAY[ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)] FROM current_plots WHERE plot_id = $1`, plot)
	middle := tell[[]float64](t, databaseURL, `SELECT ARRAY[ST_X(p), ST_Y(p)] FROM current_plots, ST_PointOnSurface(geom) p WHERE plot_id = $1`, plot)
	difference := told[struct {
		Altered, Added, Removed int
		Zooms                   []zoomChanges
		Tiles                   []tileChange
	}](t, "tiles", "diff", from, to, "--json")
	altered := map[maptile.Tile]bool{}
	for _, c := range difference.Tiles {
		tile := tileNamed(t, c.Tile)
		altered[tile] = true
		const beyond = 65.0 / 4096
		b := tile.Bound(beyond)
		if c.Change != "altered" || box[0] > b.Max[0] || box[2] < b.Min[0] || box[1] > b.Max[1] || box[3] < b.Min[1] {
			t.Errorf("tile %s is %s, away from plot %d", c.Tile, c.Change, plot)
		}
	}
	for z := maptile.Zoom(13); z <= defaultPackZoom; z++ { // farther out plots have no numbers
		if tile := maptile.At([2]float64{middle[0], middle[1]}, z); !altered[tile] {
			t.Errorf("tile %v, in which plot %d is, does not differ", tile, plot)
		}
	}
	if difference.Altered != len(altered) || difference.Added+difference.Removed != 0 || len(difference.Zooms) < 4 {
		t.Errorf("%+v", difference)
	}
}

func tileNamed(t *testing.T, name string) maptile.Tile {
	t.Helper()
	var z, x, y uint32
	if _, err := fmt.Sscanf(name, "%d/%d/%d", &z, &x, &y); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return maptile.New(x, y, maptile.Zoom(z))
}

func TestWhatIsNoEarlierPackIsNotTakenOver(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	whole := filepath.Join(dir, "land.pmtiles")
	pack(t, whole, "--max-zoom", "14")
	damaged, other := filepath.Join(dir, "damaged.pmtiles"), filepath.Join(dir, "other.pmtiles")
	if err := os.WriteFile(damaged, []byte("PMTiles, or not"), 0o600); err != nil {
		t.Fatal(err)
	}
	change := func(to func(*about)) string {
		w, err := pmtiles.Create(other, changedAbout(t, open(t, whole), to))
		if err == nil {
			err = w.Add(0, []byte("no tile"))
		}
		if err == nil {
			_, err = w.Finish()
		}
		if err != nil {
			t.Fatal(err)
		}
		return other
	}
	for _, c := range []struct {
		old, why string
		more     []string
	}{
		{filepath.Join(dir, "none.pmtiles"), "there is no", nil},
		{damaged, "no archive", nil},
		{whole, "zooms to 14, not 15", []string{"--max-zoom", "15"}},
		{whole, "as of its own day, not 2020-01-01", []string{"--at", "2020-01-01"}},
		{change(func(a *about) { a.Encoding-- }), "encoding", nil},
	} {
		out := filepath.Join(dir, "out.pmtiles")
		if done := pack(t, out, append([]string{"--max-zoom", "14", "--since", c.old}, c.more...)...); !strings.Contains(done.Full, c.why) || done.Drawn < int64(done.Tiles) {
			t.Errorf("%s: %+v", c.why, done)
		}
		if c.more == nil {
			sameFile(t, c.why, whole, out)
		}
	}
	for _, to := range []func(*about){func(a *about) { a.Hash = "00" }, func(a *about) { a.Seq += 7 }} {
		if done := pack(t, filepath.Join(dir, "out.pmtiles"), "--max-zoom", "14", "--since", change(to)); !strings.Contains(done.Full, "another register") {
			t.Errorf("%+v", done)
		}
	}
	if said := dikuai(t, "tiles", "pack", "--max-zoom", "14", "--since", damaged, "--out", whole); !strings.Contains(said, "packing in full") {
		t.Error(said)
	}
}

// changedAbout describes an archive like another that says otherwise of itself.
func changedAbout(t *testing.T, a *pmtiles.Archive, to func(*about)) pmtiles.Options {
	t.Helper()
	m, err := a.Metadata()
	said, ok := aboutOf(a)
	if err != nil || !ok {
		t.Fatal(err)
	}
	to(&said)
	m.Extra = map[string]any{aboutKey: said}
	return pmtiles.Options{Type: pmtiles.MVT, Compression: pmtiles.Gzip, Bounds: [4]float64{113, 22, 114, 23}, Center: [2]float64{113.5, 22.5}, Metadata: m}
}
