package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSheetsAreDrawnOnTheCommandLine(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"plot-map", "--plot", "2"}, []string{"地块红线图", "示范布局，非实测", "界址点坐标成果表"}},
		{[]string{"--plot", "2", "plot-map", "--scale", "1:2000", "--paper", "a4"}, []string{"1:2000"}},
		{[]string{"park-map", "--park", "luogang"}, []string{"萝岗园区(核心区) 用地规划图", "1383.00", "示范布局，非实测"}},
	} {
		file := filepath.Join(dir, "sheet.pdf")
		dikuai(t, append(append([]string{"report"}, c.args...), "--out", file)...)
		text, err := exec.Command("pdftotext", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.says {
			if !strings.Contains(string(text), want) {
				t.Errorf("%v does not say %q: %s", c.args, want, text)
			}
		}
		once, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dikuai(t, append(append([]string{"report"}, c.args...), "--out", file)...)
		if again, err := os.ReadFile(file); err != nil || !bytes.Equal(once, again) {
			t.Errorf("%v is another file when drawn again, %v", c.args, err)
		}
	}
	if drawing := dikuai(t, "report", "park-map", "--park", "panyu", "--format", "dxf"); !strings.HasPrefix(drawing, "0\r\nSECTION") {
		t.Errorf("the drawing begins %.40q", drawing)
	}
	for _, args := range [][]string{
		{"plot-map"}, {"park-map"}, {"plot-map", "--park", "panyu"}, {"park-map", "--plot", "1"}, {"plot-map", "more", "--plot", "1"},
		{"plot-map", "--plot", "1", "--scale", "1:3"}, {"plot-map", "--plot", "1", "--format", "csv"}, {"plot-map", "--plot", "1", "--paper", "A0"},
	} {
		if err := refused(t, append([]string{"report"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
	for want, args := range map[string][]string{
		"there is no plot 9999": {"plot-map", "--plot", "9999"},
		"there is no park none": {"park-map", "--park", "none"},
		"use one of 1:5000":     {"park-map", "--park", "luogang", "--scale", "1:500"},
		"fonts-droid-fallback":  {"plot-map", "--plot", "1", "--font", filepath.Join(dir, "none.ttf")},
	} {
		if err := refused(t, append([]string{"report"}, args...)...); !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
