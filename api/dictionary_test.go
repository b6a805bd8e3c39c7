package api

import (
	"encoding/json"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

func TestTheDictionaryTellsTheRegistersWords(t *testing.T) {
	t.Parallel()
	s := newService(t)
	g := s.get("/api/v1/dictionary")
	g.want(t, 200,
		`{"scheme":"GB50137-2011","code":"R11","parent":"R1","level":3,"name_zh":"住宅用地","name_en":"Class 1 dwellings","color":"#FFFF7F"}`,
		`{"name":"far_max","name_zh":"容积率上限","name_en":"FAR max","type":"number","settable":true,"short":"far_max","also":["RJL","容积率"]}`,
		`{"name":"area_m2","name_zh":"面积(平方米)","name_en":"plane area, m²","type":"number","settable":false,"short":"area_m2"}`,
		`{"code":"3101","name_zh":"地块重叠","name_en":"overlap"}`,
		`{"kind":"permanent_basic_farmland",`)
	var d dictionary
	if err := json.Unmarshal([]byte(g.body), &d); err != nil {
		t.Fatal(err)
	}
	for _, from := range d.Statuses {
		next := map[land.Status]bool{from.Status: true}
		for _, m := range from.Moves {
			next[m.To] = true
		}
		for _, to := range land.Statuses() {
			if allowed := land.CheckMove(from.Status, to.Status) == nil; allowed != next[to.Status] {
				t.Errorf("%s to %s: told %v, is %v", from.Status, to.Status, next[to.Status], allowed)
			}
		}
	}
	s.get("/api/v1/dictionary?x=1").want(t, 400)
	s.send("GET", "/api/v1/dictionary", "", "If-None-Match", g.header.Get("ETag")).want(t, 304)
}
