package main

import (
	"archive/zip"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPacksAreCheckedBySha256sum(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	file := filepath.Join(dir, "pack.zip")
	dikuai(t, "report", "pack", "--plot", "2,1", "--out", file)
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if err := os.CopyFS(filepath.Join(dir, "pack"), archive); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "--strict", "-c", "SHA256SUMS")
	check.Dir = filepath.Join(dir, "pack")
	said, err := check.CombinedOutput()
	if err != nil || strings.Count(string(said), ": OK") != len(archive.File)-1 {
		t.Errorf("%v: %s", err, said)
	}
	if said := dikuai(t, "verify", filepath.Join(dir, "pack", "plots.pdf")); !strings.Contains(said, "current") {
		t.Errorf("plots.pdf: %s", said)
	}
	for _, args := range [][]string{{"pack"}, {"pack", "--plot", "1"}, {"pack", "--out", file}, {"pack", "more", "--plot", "1", "--out", file}, {"pack", "--plot", "A", "--out", file}} {
		if err := refused(t, append([]string{"report"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := refused(t, "report", "pack", "--plot", "9999", "--out", file); !strings.Contains(err.Error(), "there is no plot 9999") {
		t.Error(err)
	}
}
