package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/api"
)

// deliver writes plots of EPSG:4547 as a file, each a box of west, south, width
// and height in metres.
func deliver(t *testing.T, boxes ...[4]float64) string {
	t.Helper()
	features := make([]string, len(boxes))
	for i, b := range boxes {
		w, s, e, n := b[0], b[1], b[0]+b[2], b[1]+b[3]
		features[i] = fmt.Sprintf(`{"type":"Feature","properties":{"plot_no":"T-%d","land_use":"M1"},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
			i+1, w, s, e, s, e, n, w, n, w, s)
	}
	path := filepath.Join(t.TempDir(), "plots.geojson")
	if err := os.WriteFile(path, []byte(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindingsAreToldInBothLanguages(t *testing.T) {
	register(t)
	for _, name := range []string{"LC_ALL", "LC_MESSAGES"} {
		t.Setenv(name, "")
	}
	overlapping := deliver(t, [4]float64{443000, 2543000, 100, 100}, [4]float64{443090, 2543000, 100, 100})
	for lang, want := range map[string]string{
		"zh_CN.UTF-8": "错误 3101 地块重叠：第 1 行：地块 T-1：与地块 T-2 重叠 1000.00 平方米（宽 9.091 米）；请让两地块的公共边使用相同的界址点",
		"en_US.UTF-8": "error 3101: row 1: plot T-1: geometry: overlaps plot T-2 by 1000.00 m² (9.091 m wide); draw the shared border with the same points in both plots",
	} {
		t.Setenv("LANG", lang)
		var out strings.Builder
		err := run(context.Background(), []string{"import", overlapping, "--park", "trial", "--crs", "EPSG:4547", "--dry-run"}, &out)
		if err == nil || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, printed %s", lang, err, out.String())
		}
	}

	dikuai(t, "import", deliver(t, [4]float64{443000, 2543000, 10, 10}), "--park", "trial", "--crs", "EPSG:4547")
	if said := dikuai(t, "check", "--lang", "zh"); !strings.Contains(said, "警告 2111 面积过小：地块 T-1：地块仅有 100.00 平方米（东 443005.000，北 2543005.000）") ||
		!strings.Contains(said, "检查地块 1 个：错误 0，警告 1，提示 0") {
		t.Errorf("check --lang zh: %s", said)
	}
	var report api.CheckReport
	if err := json.Unmarshal([]byte(dikuai(t, "check", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	f := report.Findings[0]
	if len(report.Findings) != 1 || !strings.HasPrefix(f.Message, "the plot has only 100.00 m²") || !strings.HasPrefix(f.MessageZh, "地块仅有 100.00 平方米") ||
		f.Remedy != "join it to a neighbour, or give the reason" || f.RemedyZh != "请并入相邻地块，或说明理由" {
		t.Errorf("check --json: %+v", report.Findings)
	}
	if err := refused(t, "check", "--lang", "fr"); !strings.Contains(err.Error(), "give zh or en") {
		t.Error(err)
	}
	if err := refused(t, "edit", "retire", "99", "--lang", "zh"); err.Error() != "没有地块 99" {
		t.Error(err)
	}
}

func TestLimitsComeFromAFile(t *testing.T) {
	register(t)
	dikuai(t, "import", deliver(t, [4]float64{443000, 2543000, 10, 10}), "--park", "trial", "--crs", "EPSG:4547")
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "limits.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if said := dikuai(t, "check", "--json"); !strings.Contains(said, `"measured":100,"limit":200,"unit":"m2"`) || !strings.Contains(said, `"small_area_m2":200,`) {
		t.Errorf("by the usual limits: %s", said)
	}
	if said := dikuai(t, "check", "--json", "--limits", file(`{"small_area_m2": 50}`)); !strings.Contains(said, `"warnings":0,`) || !strings.Contains(said, `"small_area_m2":50,`) {
		t.Errorf("by a file's: %s", said)
	}
	small := deliver(t, [4]float64{443000, 2543000, 10, 10})
	if said := dikuai(t, "import", small, "--park", "other", "--crs", "EPSG:4547", "--dry-run"); !strings.Contains(said, "warning 2111") {
		t.Errorf("a delivery by the usual limits: %s", said)
	}
	if said := dikuai(t, "import", small, "--park", "other", "--crs", "EPSG:4547", "--dry-run", "--limits", file(`{"small_area_m2": 50}`)); strings.Contains(said, "2111") {
		t.Errorf("a delivery by a file's: %s", said)
	}
	for text, why := range map[string]string{
		`{"smallest": 50}`:    "there is no such limit",
		`{"overlap_m2": 0.2}`: "the register relies on it",
		`{`:                   "this is no JSON object",
	} {
		t.Setenv("DIKUAI_LIMITS", file(text))
		for _, command := range []string{"check", "serve", "edit", "import"} {
			if err := refused(t, command); !errors.Is(err, errMisuse) || !strings.Contains(err.Error(), why) {
				t.Errorf("%s with %s: %v", command, text, err)
			}
		}
	}
	t.Setenv("DIKUAI_LIMITS", file(`{"small_area_m2": 60}`))
	address, _ := serving(t)
	answer, err := http.Get(address + "/api/v1/checks")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(body), `"small_area_m2":60,`) || !strings.Contains(string(body), `"warnings":0,`) {
		t.Errorf("served: %s, %v", body, err)
	}
}
