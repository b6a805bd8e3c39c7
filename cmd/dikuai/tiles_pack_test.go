package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// pack packs and tells what was done.
func pack(t *testing.T, out string, more ...string) packResult {
	t.Helper()
	return told[packResult](t, append([]string{"tiles", "pack", "--out", out, "--json"}, more...)...)
}

// told runs a command that prints a JSON object.
func told[T any](t *testing.T, args ...string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(dikuai(t, args...)), &v); err != nil {
		t.Fatalf("dikuai %s: %v", strings.Join(args, " "), err)
	}
	return v
}

func open(t *testing.T, path string) *pmtiles.Archive {
	t.Helper()
	a, err := pmtiles.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func unzip(t *testing.T, data []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func sameFile(t *testing.T, what, a, b string) {
	t.Helper()
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	if err := errors.Join(errX, errY); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(x, y) {
		t.Errorf("%s: %d and %d bytes are not the same", what, len(x), len(y))
	}
}

// TestPackedTilesAreThoseServed packs the three parks, and reads every tile, and
// tiles beside them, from the archive, by the reader of maps, and from the service.
func TestPackedTilesAreThoseServed(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	path, again := filepath.Join(dir, "land.pmtiles"), filepath.Join(dir, "again.pmtiles")
	done := pack(t, path)
	if done.Tiles < 50 || done.MinZoom != 0 || done.MaxZoom != defaultPackZoom || done.Seq == 0 {
		t.Errorf("%+v", done)
	}
	seen := told[verified](t, "tiles", "verify", path, "--json")
	if seen.Tiles != done.Tiles || seen.Faults != 0 || seen.Features == 0 || seen.Seq != done.Seq || seen.Day != done.Day {
		t.Errorf("%+v", seen)
	}
	pack(t, again, "--workers", "1")
	sameFile(t, "packed twice", path, again)

	a := open(t, path)
	address, _ := serving(t)
	want := map[string]*string{}
	compare := func(id pmtiles.ID) {
		data, err := a.Tile(id)
		if err != nil {
			t.Fatal(err)
		}
		served := fetchTile(t, address+"/tiles/land/"+id.String()+".mvt")
		want[id.String()] = nil
		if data == nil {
			if len(served) > 0 {
				t.Errorf("tile %s is served and not packed", id)
			}
			return
		}
		if !bytes.Equal(unzip(t, data), served) {
			t.Errorf("tile %s is not as it is served", id)
		}
		sum := sha256.Sum256(served)
		hash := hex.EncodeToString(sum[:])
		want[id.String()] = &hash
	}
	for e, err := range a.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		for id := e.ID; id < e.ID+pmtiles.ID(e.Run); id++ {
			compare(id)
			if z, x, y := id.ZXY(); z > 2 {
				compare(pmtiles.At(z, x+1, y))
				compare(pmtiles.At(z, x, y-1))
			}
		}
	}
	readByMaps(t, path, want)
}

// readByMaps reads tiles with the pmtiles package that maps use.
func readByMaps(t *testing.T, path string, want map[string]*string) {
	t.Helper()
	var names []string
	for name := range want {
		names = append(names, name)
	}
	asked, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", "tests/read-pmtiles.mjs", path)
	command.Dir, command.Stdin, command.Stderr = "../../api/web", bytes.NewReader(asked), os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Metadata pmtiles.Metadata
		Tiles    map[string]*string
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	for name, hash := range want {
		if got := read.Tiles[name]; (got == nil) != (hash == nil) || got != nil && *got != *hash {
			t.Errorf("tile %s is read otherwise", name)
		}
	}
	m := read.Metadata
	var layers []string
	for _, l := range m.VectorLayers {
		layers = append(layers, l.ID)
	}
	if !strings.Contains(m.Attribution, "demonstration") || !slices.Equal(layers, []string{"plots", "plot_labels", "parks", "controls"}) {
		t.Errorf("metadata %+v", m)
	}
	if m.Extra[aboutKey] == nil {
		t.Error("the metadata do not say of which register the tiles are")
	}
}

// TestADayIsPackedAsItWas packs a day before an edit that began later.
func TestADayIsPackedAsItWas(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	before, after := filepath.Join(dir, "before.pmtiles"), filepath.Join(dir, "after.pmtiles")
	day := tell[string](t, databaseURL, `SELECT (current_date - 1)::text`)
	pack(t, before, "--at", day)
	dikuai(t, "edit", "renumber", "1", "--plot-no", "X-1")
	done := pack(t, after, "--at", day, "--since", before)
	if done.Full != "" || done.Day != day {
		t.Errorf("%+v", done)
	}
	if said := dikuai(t, "tiles", "diff", before, after); said != "0 tiles differ: 0 altered, 0 added, 0 removed\n" {
		t.Error(said)
	}
	// A second edit of the plot: the version that the archive has is older than the last one then.
	dikuai(t, "edit", "renumber", "1", "--plot-no", "X-2")
	again, full := filepath.Join(dir, "again.pmtiles"), filepath.Join(dir, "full.pmtiles")
	if done := pack(t, again, "--at", day, "--since", after); done.Full != "" || done.Drawn == 0 {
		t.Errorf("%+v", done)
	}
	pack(t, full, "--at", day)
	sameFile(t, "a day after two edits", again, full)
	now := filepath.Join(dir, "now.pmtiles")
	pack(t, now)
	if said := dikuai(t, "tiles", "diff", before, now); strings.HasPrefix(said, "0 tiles") {
		t.Error(said)
	}
	if err := refused(t, "tiles", "pack", "--out", now, "--at", "2999-01-01"); errors.Is(err, errMisuse) {
		t.Error(err)
	}
}

// TestAPackThatIsKilledGoesOn kills the program while it packs a city; what it
// had is taken up, and the archive comes out as one that was not disturbed.
func TestAPackThatIsKilledGoesOn(t *testing.T) {
	register(t)
	dikuai(t, "generate", "--plots", "6000")
	dir := t.TempDir()
	whole, path := filepath.Join(dir, "whole.pmtiles"), filepath.Join(dir, "land.pmtiles")
	all := pack(t, whole, "--max-zoom", "19")
	if seen := told[verified](t, "tiles", "verify", whole, "--json"); seen.Faults > 0 {
		t.Errorf("%+v", seen)
	}
	program := filepath.Join(dir, "dikuai")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	random := rand.New(rand.NewPCG(rand.Uint64(), 0))
	kills := 0
	for size := int64(1 << 20); kills < 3; kills++ {
		command := exec.Command(program, "tiles", "pack", "--out", path, "--max-zoom", "19", "--workers", "1")
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- command.Wait() }()
		grown := func() bool {
			info, err := os.Stat(path + ".part")
			return err == nil && info.Size() > size
		}
		for !grown() && len(ended) == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		_ = command.Process.Kill()
		<-ended
		if _, err := os.Stat(path); err == nil {
			break // it was quicker
		}
		size += 1 << 20
	}
	if kills == 0 {
		t.Fatal("it was never killed in time")
	}
	done := pack(t, path, "--max-zoom", "19")
	if done.Resumed == 0 || done.Resumed >= all.Tiles || done.Tiles != all.Tiles {
		t.Errorf("%d of %d tiles were taken up after %d kills", done.Resumed, all.Tiles, kills)
	}
	t.Logf("%d of %d tiles were taken up after %d kills", done.Resumed, all.Tiles, kills)
	sameFile(t, "after kills", whole, path)
}

func TestVerifyTellsWhatIsWrong(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	pack(t, path, "--max-zoom", "13")
	a := open(t, path)
	data, err := a.Tile(0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := a.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err = z.Write(append(unzip(t, data), unzip(t, data)...)) // every layer twice
	w, createErr := pmtiles.Create(path, pmtiles.Options{Type: pmtiles.MVT, Compression: pmtiles.Gzip, Bounds: [4]float64{113, 22, 114, 23}, Center: [2]float64{113.5, 22.5}, Metadata: m})
	if err := errors.Join(err, z.Close(), createErr); err != nil {
		t.Fatal(err)
	}
	err = w.Add(0, zipped.Bytes())
	if err == nil {
		_, err = w.Finish()
	}
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = run(t.Context(), []string{"tiles", "verify", path}, &out)
	if err == nil || errors.Is(err, errMisuse) || !strings.Contains(out.String(), "tile 0/0/0: layer-twice") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"tiles", "verify", path}, {"tiles", "diff", path, path}, {"tiles", "verify", path + "x"}} {
		if err := refused(t, args...); errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func TestMisuseOfTiles(t *testing.T) {
	for _, args := range [][]string{
		{}, {"unpack"}, {"pack"}, {"pack", "--out", "x.pmtiles", "word"}, {"pack", "--out", "x.pmtiles", "--max-zoom", "23"},
		{"pack", "--out", "x.pmtiles", "--max-zoom", "-1"}, {"pack", "--out", "x.pmtiles", "--at", "yesterday"},
		{"pack", "--out", "x.pmtiles", "--workers", "-1"}, {"verify"}, {"verify", "a", "b"}, {"diff", "a"}, {"diff", "a", "b", "c"},
	} {
		if err := refused(t, append([]string{"tiles"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("tiles %v: %v", args, err)
		}
	}
	for _, args := range [][]string{{"--help"}, {"pack", "--help"}, {"verify", "--help"}, {"diff", "--help"}} {
		if said := dikuai(t, append([]string{"tiles"}, args...)...); !strings.Contains(said, "dikuai tiles") {
			t.Errorf("tiles %v said %s", args, said)
		}
	}
	register(t)
	if err := refused(t, "tiles", "pack", "--out", filepath.Join(t.TempDir(), "x.pmtiles")); errors.Is(err, errMisuse) {
		t.Error(err)
	}
}
