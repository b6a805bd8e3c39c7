package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// edited is the answer of an edit.
type edited struct {
	Change struct {
		Seq     int
		Lineage []struct{ Parent, Child int }
	}
	Plots []struct {
		ID         int
		Properties struct {
			PlotNo string  `json:"plot_no"`
			AreaM2 float64 `json:"area_m2"`
		}
	}
}

func (g got) edited(t *testing.T) edited {
	t.Helper()
	var e edited
	if err := json.Unmarshal([]byte(g.body), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPlotsAreSplitMergedAndTheirNumbersStillAnswer(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	post := func(path, body, match string) got {
		headers := []string{"Authorization", "Bearer " + s.key}
		if match != "" {
			headers = append(headers, "If-Match", match)
		}
		return s.send("POST", "/api/v1/plots/"+path, body, headers...)
	}
	cut := `{"crs":"EPSG:4547","line":{"type":"LineString","coordinates":[[443590,2543600],[443710,2543620]]},"plot_nos":["A-1","A-2"],"reason":"两家各一半"}`
	s.send("POST", "/api/v1/plots/1/split", cut).want(t, 401)
	post("1/split", cut, "").want(t, 428)
	post("1/split", cut, `"9"`).want(t, 412)
	post("1/split", `{"line":{"type":"Point"}}`, `"1"`).want(t, 422, "LineString")
	post("1/split", `{}`, `"1"`).want(t, 422, "either a line or parts", `"message_zh":"请给出分割线或各部分"`, `"remedy_zh":"两者只发送其一"`, `"detail_zh":"line：请给出分割线或各部分；两者只发送其一"`)
	post("1/split", `{"lines":1}`, `"1"`).want(t, 422, "unknown field")
	done := post("1/split", cut, `"1"`)
	done.want(t, 200, `"kind":"split"`, `"reason":"两家各一半"`, `"plot_no":"A-1"`, `"hash":"`)
	e := done.edited(t)
	if len(e.Plots) != 2 || len(e.Change.Lineage) != 2 {
		t.Fatalf("%+v", e)
	}

	s.get("/api/v1/plots/1").want(t, http.StatusGone, `"successors":[`, `"plot_no":"A-2"`, `"status":410`)
	s.get("/api/v1/parks/test/plots/A").want(t, http.StatusGone)
	s.get("/api/v1/parks/test/plots/A-1").want(t, 200, `"plot_no":"A-1"`) // by way of 303
	s.get("/api/v1/parks/test/plots/nothing").want(t, 404)
	s.get("/api/v1/plots").want(t, 200, `"numberMatched":3`)

	merge := fmt.Sprintf(`{"ids":[%d,%d],"plot_no":"A","reason":"又合起来","properties":{"name":"整块"}}`, e.Plots[0].ID, e.Plots[1].ID)
	merged := post("merge", merge, "")
	merged.want(t, 200, `"kind":"merge"`, `"name":"整块"`)
	whole := merged.edited(t).Plots[0]
	s.get("/api/v1/plots/1").want(t, 200, `"plot_no":"A"`) // 301 to the one successor
	s.get(fmt.Sprintf("/api/v1/plots/%d/lineage", whole.ID)).want(t, 200, `"ended":true`, `"parents":[1]`)
	s.get("/api/v1/plots/2/history").want(t, 200, `"kind":"split"`, `"field":"geometry"`, `"before":"4 points"`, `"after":"5 points"`)
	s.get("/api/v1/changes?since=1").want(t, 200, `"kind":"split"`, `"ended":true`, `"kind":"merge"`)

	post("merge", `{"ids":[2],"plot_no":"X"}`, "").want(t, 422, "at least two")
	post("2/renumber", `{"plot_no":"B-9"}`, `"2"`).want(t, 200, `"kind":"renumber"`, `"plot_no":"B-9"`)
	post("2/renumber", `{"plot_no":"A"}`, `"3"`).want(t, 409)
	post("adjust", `{"park":"test","crs":"EPSG:4547","moves":[{"from":[443700,2543700],"to":[443710,2543705]}]}`, "").want(t, 422, "of other ground", "平方米与现状不同")
	post("2/reshape", `{"crs":"EPSG:4547","geometry":{"type":"Polygon","coordinates":[[[443690,2543500],[443800,2543500],[443800,2543700],[443690,2543700],[443690,2543500]]]}}`, `"3"`).
		want(t, 200, `"kind":"reshape"`, `"area_m2":22000`)
	s.send("DELETE", "/api/v1/plots/2?reason=test", "", "Authorization", "Bearer "+s.key, "If-Match", `"4"`).want(t, 204)
	s.get("/api/v1/plots/2").want(t, 410)
}

func TestAnswersAsOfADay(t *testing.T) {
	t.Parallel()
	s := newService(t)
	const plot = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"plot_no":"N-1","land_use":"A35","valid_from":"2016-01-01"},"geometry":{"type":"Polygon","coordinates":[[[113.45,22.99],[113.451,22.99],[113.451,22.991],[113.45,22.99]]]}}]}`
	s.send("POST", "/api/v1/imports?park=test&filename=a.geojson", plot, "Authorization", "Bearer "+s.key).want(t, 201)
	s.send("PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"status":"reserved"},"valid_from":"2018-06-30"}`, "Authorization", "Bearer "+s.key, "If-Match", `"1"`).want(t, 200)
	s.get("/api/v1/plots?status=planned").want(t, 200, `"numberMatched":0`)
	s.get("/api/v1/plots?status=planned&at=2018-06-29").want(t, 200, `"numberMatched":1`)
	s.get("/api/v1/plots/1?at=2018-06-30").want(t, 200, `"status":"reserved"`)
	s.get("/api/v1/plots/1?at=2015-01-01").want(t, 404, "at that moment")
	s.get("/api/v1/parks?at=2015-12-31").want(t, 200, `"plots":0`)
	s.get("/api/v1/reports/plots.csv?at=2017-01-01").want(t, 200, "规划")
	s.get("/api/v1/exports/test.geojson?at=2017-01-01").want(t, 200, `"status":"planned"`)
	s.get("/api/v1/plots?at=2999-01-01").want(t, 422, "to come")
	s.get("/api/v1/plots?at=yesterday").want(t, 400, "not a day")
	s.get("/api/v1/plots?known_at=now").want(t, 400, "not a moment")
	tile := "/tiles/land/15/26710/14232.mvt"
	now, then := s.get(tile), s.get(tile+"?at=2017-01-01")
	now.want(t, 200)
	then.want(t, 200)
	if statusOf(t, now.body) != "reserved" || statusOf(t, then.body) != "planned" {
		t.Errorf("tiles show %v now and %v then", statusOf(t, now.body), statusOf(t, then.body))
	}
	s.get(tile+"?at=2015-01-01").want(t, 200) // the park's outline alone
}

func TestAttributeSheetsAreDownloadedEditedAndTakenBack(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	sheet := s.get("/api/v1/exports/test.xlsx")
	sheet.want(t, 200)
	edit := func(change func(*excelize.File, string)) string {
		book, err := excelize.OpenReader(strings.NewReader(sheet.body))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		change(book, book.GetSheetList()[0])
		var out bytes.Buffer
		if err := book.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	column := func(book *excelize.File, name, property string) string {
		head, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range head {
			for i, cell := range row {
				if cell == property {
					letter, err := excelize.ColumnNumberToName(i + 1)
					if err != nil {
						t.Fatal(err)
					}
					return letter
				}
			}
		}
		t.Fatalf("no column %s", property)
		return ""
	}
	firstRow := func(book *excelize.File, name string) int {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if len(row) > 0 && row[0] == "1" {
				return i + 1
			}
		}
		t.Fatal("plot 1 has no row")
		return 0
	}
	set := func(property string, value any) func(*excelize.File, string) {
		return func(book *excelize.File, name string) {
			if err := book.SetCellValue(name, fmt.Sprint(column(book, name, property), firstRow(book, name)), value); err != nil {
				t.Fatal(err)
			}
		}
	}
	post := func(query, body string) got {
		return s.send("POST", "/api/v1/plots/attributes?park=test&filename=a.xlsx"+query, body, "Authorization", "Bearer "+s.key)
	}
	post("", sheet.body).want(t, 200, `"change":null`, `"changed":[]`, `"rows":2`)
	named := edit(set("name", "一号地"))
	post("&dry_run=true", named).want(t, 200, `"change":null`, `"before":"","after":"一号地"`)
	s.get("/api/v1/plots/1").want(t, 200, `"version":1`)
	post("&reason=%E6%94%B9%E5%90%8D", named).want(t, 200, `"kind":"update"`, `"reason":"改名"`)
	s.get("/api/v1/plots/1").want(t, 200, `"version":2`, `"name":"一号地"`)
	post("", named).want(t, 422, `"field":"version"`, "the sheet has version 1, the register 2")
	post("", edit(set("status", "verified"))).want(t, 422)
	post("", edit(set("id", 99))).want(t, 422, `"row":`)
	post("", "not a workbook").want(t, 422)
	s.send("POST", "/api/v1/plots/attributes?park=test", named).want(t, 401)
}
