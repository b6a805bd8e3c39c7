package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/report"
)

// verdictOf runs verify and gives what it printed and how it ended.
func verdictOf(t *testing.T, args ...string) (verdict, error) {
	t.Helper()
	var out bytes.Buffer
	ended := run(context.Background(), append([]string{"verify", "--json"}, args...), &out)
	var told verdict
	if err := json.Unmarshal(out.Bytes(), &told); err != nil {
		t.Fatalf("verify %v printed %q: %v (%v)", args, out.String(), err, ended)
	}
	return told, ended
}

func TestPrintedTablesAreVerified(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	printed := func(table, format string, more ...string) string {
		path := filepath.Join(dir, table+strings.Join(more, "")+"."+format)
		dikuai(t, append([]string{"report", table, "--format", format, "--out", path}, more...)...)
		return path
	}
	var files []string
	for _, format := range []string{"xlsx", "csv", "json", "html", "pdf"} {
		files = append(files, printed("plots", format, "--park", "panyu"), printed("balance", format), printed("overview", format, "--measure", "ellipsoid"))
	}
	measured := func(path string) []string { // of CSV files, which do not tell it
		if strings.Contains(path, "ellipsoid") {
			return []string{path, "--measure", "ellipsoid"}
		}
		return []string{path}
	}
	for _, path := range files {
		if told, err := verdictOf(t, measured(path)...); err != nil || told.Verdict != report.Current || told.Seq == 0 || len(told.Differences) > 0 {
			t.Errorf("%s: %+v, %v", path, told, err)
		}
	}

	altered := filepath.Join(dir, "altered.json")
	text, err := os.ReadFile(printed("overview", "json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(altered, bytes.Replace(text, []byte("1446.00"), []byte("1448.00"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	told, err := verdictOf(t, altered)
	if err == nil || errors.Is(err, errStale) || told.Verdict != report.Altered || len(told.Differences) != 1 || told.Differences[0].Printed != "1448.00" || told.Differences[0].Register != "1446.00" || !strings.Contains(told.Differences[0].PlaceZh, "南沙") {
		t.Errorf("an altered file: %+v, %v", told, err)
	}
	var out strings.Builder
	if err := run(context.Background(), []string{"verify", altered, "--lang", "zh"}, &out); err == nil || !strings.Contains(out.String(), "已被改动") || !strings.Contains(out.String(), "文件为“1448.00”，登记库当时为“1446.00”") {
		t.Errorf("an altered file is told as %s (%v)", out.String(), err)
	}

	seq := told.Seq
	at := told.AsOf
	dikuai(t, "edit", "renumber", "1", "--plot-no", "X-1")
	for _, path := range files {
		args := measured(path)
		if strings.HasSuffix(path, ".csv") {
			args = append(args, "--seq", strconv.FormatInt(int64(seq), 10), "--at", at)
		}
		told, err := verdictOf(t, args...)
		want := report.Current
		if strings.Contains(path, "plots") {
			want = report.Stale
		}
		if told.Verdict != want || errors.Is(err, errStale) != (want == report.Stale) || told.Seq != seq {
			t.Errorf("%s after an edit: %+v, %v", path, told, err)
		}
	}

	other := filepath.Join(dir, "other.txt")
	if err := os.WriteFile(other, []byte("no table"), 0o600); err != nil {
		t.Fatal(err)
	}
	if told, err := verdictOf(t, other); err == nil || told.Verdict != report.Foreign {
		t.Errorf("another file: %+v, %v", told, err)
	}
	if err := refused(t, "verify"); !errors.Is(err, errMisuse) {
		t.Error(err)
	}
}
