package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func TestGoldenTables(t *testing.T) {
	for _, name := range Names() {
		table, err := Build(name, sample(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var csv, json bytes.Buffer
		if err := CSV(&csv, table); err != nil {
			t.Fatal(err)
		}
		if err := JSON(&json, table); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".csv", csv.Bytes())
		golden(t, name+".json", aLineEach(json.Bytes()))
	}
}

// aLineEach breaks a JSON table before every member, column and row, which
// leaves its meaning as it is.
func aLineEach(doc []byte) []byte {
	for _, start := range []string{`{"kind"`, `{"key"`, `"rows"`, `"columns"`, `"notes"`, `"as_of"`} {
		doc = bytes.ReplaceAll(doc, []byte(start), []byte("\n"+start))
	}
	return doc
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is\n%s\nwant\n%s\n(go test -update rewrites it)", name, got, want)
	}
}
