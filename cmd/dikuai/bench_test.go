package main

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/cmd/dikuai/internal/bench"
)

// TestBenchMeasuresEverything takes a small city twice, the second time with the
// table that the first left.
func TestBenchMeasuresEverything(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	home, err := os.MkdirTemp("", "bench") // short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	file := filepath.Join(home, "figures.json")
	args := []string{"bench", "tiles", "--plots", "2000", "--runs", "1", "--home", home}
	said := dikuai(t, append(args, "--seconds", "0.2", "--register", "--json", file, "--cpuprofile", filepath.Join(home, "profile"))...)
	for _, text := range []string{"2,000 plots", "load average", "ST_AsMVT", "met"} {
		if !strings.Contains(said, text) {
			t.Errorf("%q is not in %s", text, said)
		}
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var table bench.Table
	if err := json.Unmarshal(body, &table); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range table.Rows {
		rows = append(rows, r.Group+": "+r.What)
		for _, f := range r.Figures {
			measured := false
			for _, v := range []float64{f.PerSecond, f.P50, f.P99, f.CPU, f.Bytes, f.Zipped} {
				measured = measured || v > 0
				if math.IsInf(v, 0) || math.IsNaN(v) || v < 0 {
					t.Errorf("%s: %s: %+v", r.What, f.Who, f)
				}
			}
			if !measured {
				t.Errorf("%s: %s was not measured", r.What, f.Who)
			}
			if f.P50 > f.P99 && f.P99 > 0 {
				t.Errorf("%s: %s: half take %v ms, and 99 of 100 %v ms", r.What, f.Who, f.P50, f.P99)
			}
		}
	}
	for _, want := range []string{
		"Start: read model from the register", "Memory: heap a plot", "in process: z13", "in process: z14", "in process: z15", "in process: z16",
		"in process: z17", "in process: z18", "not cached: mix z14–z18, plain", "not cached: mix z14–z18, gzip", "cached: the mix", "cached: one tile",
		"one goroutine: z0", "one goroutine: z12", "Edit to fresh tile: change told",
	} {
		if !slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, want) }) {
			t.Errorf("no row %s in %q", want, rows)
		}
	}
	if info, err := os.Stat(filepath.Join(home, "profile")); err != nil || info.Size() == 0 {
		t.Errorf("the profile: %v", err)
	}
	again := dikuai(t, append(args, "--seconds", "0.05", "--only", "encode", "--markdown")...)
	for _, text := range []string{"an earlier run", "| z13 | ours |"} {
		if !strings.Contains(again, text) {
			t.Errorf("%q is not in %s", text, again)
		}
	}
	if grown := dikuai(t, append(args, "--seconds", "0.05", "--growth")...); !strings.Contains(grown, "heap a plot") || !strings.Contains(grown, "z17") {
		t.Errorf("growth said %s", grown)
	}
}

func TestBenchMeasuresComplianceChecks(t *testing.T) {
	said := smallBench(t, "compliance", "0.2")
	for _, text := range []string{"200 control polygons", "in process", "over HTTP", "SQL behind net/http"} {
		if !strings.Contains(said, text) {
			t.Errorf("%q is not in %s", text, said)
		}
	}
}

func TestBenchMeasuresTables(t *testing.T) {
	said := smallBench(t, "report", "0.02")
	for _, text := range []string{"list of 2,000 plots, xlsx", "MB more than before", "114 plots", "compliance, csv", "quota-use, xlsx", "balance against another day"} {
		if !strings.Contains(said, text) {
			t.Errorf("%q is not in %s", text, said)
		}
	}
}

// smallBench takes a city of 2,000 plots in a home of its own.
func smallBench(t *testing.T, what, seconds string) string {
	t.Helper()
	t.Setenv("DATABASE_URL", "")
	home, err := os.MkdirTemp("", "bench") // short enough for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	return dikuai(t, "bench", what, "--plots", "2000", "--runs", "1", "--seconds", seconds, "--home", home)
}

func TestMisuseOfBench(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{}, {"nothing"}, {"tiles", "more"}, {"tiles", "--plots", "1"}, {"tiles", "--runs", "0"}, {"tiles", "--seconds", "0"}, {"tiles", "--seconds", "NaN"},
		{"tiles", "--only", "all"}, {"compliance", "--only", "encode"}, {"tiles", "--peer", "a"}, {"tiles", "--peer", "a=https://a/{z}/{x}/{y}"}, {"tiles", "--peer", "a=http://a/{z}/{x}"},
	} {
		if err := refused(t, append([]string{"bench"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("bench %v: %v", args, err)
		}
	}
}
