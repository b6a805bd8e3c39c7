package ogc_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// TestQGISLoadsFiltersAndEdits drives QGIS without a screen, where it is installed:
// it is no part of what the tests set up, being as large as a desktop.
func TestQGISLoadsFiltersAndEdits(t *testing.T) {
	t.Parallel()
	if err := exec.Command("/usr/bin/python3", "-c", "import qgis.core").Run(); err != nil {
		t.Skip("there is no QGIS for the system's Python")
	}
	s := newService(t)
	home := t.TempDir()
	command := exec.Command("/usr/bin/python3", "testdata/load_in_qgis.py", s.url, s.key)
	command.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+home, "XDG_RUNTIME_DIR="+home, "QGIS_AUTH_DB_DIR_PATH="+home, "QGIS_CUSTOM_CONFIG_PATH="+home)
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, errors.String(), out)
	}
	var told struct {
		Version     int
		Fields      []string
		CRS         string
		All, Chosen []string
		First       geo.Point
		Edits       bool
		Styles      int
		Drawn       int // pixels of 65,536
		Colours     int
	}
	line := out[slices.Index(out, '{'):]
	if err := json.Unmarshal(line, &told); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	all := s.plotNumbers(func(plot) bool { return true })
	slices.Sort(all)
	chosen := s.plotNumbers(func(p plot) bool { return p.Use.Code == "A35" })
	slices.Sort(chosen)
	if !slices.Equal(told.All, all) || !slices.Equal(told.Chosen, chosen) {
		t.Errorf("%v and %v", told.All, told.Chosen)
	}
	// Whichever system and axis order QGIS chose, the plot is where it is.
	if b := s.register()[0].Boundary.Bound(); math.Abs(told.First[0]-b.Min[0]) > 1e-6 || math.Abs(told.First[1]-b.Min[1]) > 1e-6 {
		t.Errorf("the first plot is at %v in %s, not %v", told.First, told.CRS, b.Min)
	}
	if !slices.Contains(told.Fields, "plot_no") || told.Styles < 3 || told.Drawn < 10_000 || told.Colours < 3 {
		t.Errorf("fields %v, %d styles, %d pixels drawn in %d colours", told.Fields, told.Styles, told.Drawn, told.Colours)
	}
	const editing = 33200 // the version since which QGIS edits OGC API layers
	if told.Edits != (told.Version >= editing) {
		t.Errorf("QGIS %d edits: %v", told.Version, told.Edits)
	}
	if told.Edits && decoded[feature](t, s.get("/collections/plots/items/1")).Properties["name"] != "QGIS" {
		t.Error("the edit did not arrive")
	}
}
