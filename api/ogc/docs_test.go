package ogc_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheTableOfRequirementsIsTrue holds docs/ogc.md to the tests, both ways.
func TestTheTableOfRequirementsIsTrue(t *testing.T) {
	t.Parallel()
	book, err := os.ReadFile("../../docs/ogc.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(/req/[^`]+)` \\| `(\\w+)` \\|$").FindAllStringSubmatch(string(book), -1) {
		told[row[2]+" "+row[1]] = true
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		test := ""
		for _, line := range strings.Split(string(source), "\n") {
			if m := regexp.MustCompile(`^func (Test\w+)\(`).FindStringSubmatch(line); m != nil {
				test = m[1]
			}
			if m := regexp.MustCompile(`^\t\t\{"(/req/[^"]+)", func`).FindStringSubmatch(line); m != nil {
				tested[test+" "+m[1]] = true
			}
		}
	}
	if got, want := slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(tested)); !slices.Equal(got, want) || len(got) < 100 {
		t.Errorf("told   %v\ntested %v", got, want)
	}
}
