package api

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestFitOffersPlotsAndPairs(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots() // 100 × 200 m each, side by side; FAR max 2, planned
	const planned = "/api/v1/plots/fit?status=planned&"
	var a fitAnswer
	pair := s.get(planned + "area_mu=50..70&far=2..&land_use=A&near=113.4502,22.9901&radius_m=1000")
	pair.want(t, 200, `"ids":[1,2],"plot_nos":["A","B"]`, `"area_mu":60.00,"gfa_m2":80000.00`, `"far_average":2.00`, `"shared_border_m":200.00`,
		`总面积 60.00 亩，合所需 50–70`, `they share 200.00 m of border`, `"truncated":false`, `"least_border_m":4.00`, `"href":"/api/v1/plots/1"`)
	if err := json.Unmarshal([]byte(pair.body), &a); err != nil || len(a.Candidates) != 1 {
		t.Fatal(err, pair.body)
	}
	c := a.Candidates[0]
	if c.DistanceM == nil || c.Score != "96.25" {
		t.Errorf("score %s, distance %v", c.Score, c.DistanceM)
	}
	if pair.header.Get("Register-Seq") == "" {
		t.Error("no Register-Seq")
	}
	s.get(planned+"area_mu=50..70&max_plots=1").want(t, 200, `"candidates":[]`)
	s.get(planned+"area_mu=29..31").want(t, 200, `"rank":2`, `"score":100.00`, `"distance_m":null`, `one plot alone will do`)
	s.get(planned+"area_mu=32..40&tolerance_pct=10").want(t, 200, `"verdict":"under"`, `较所需 32–40 少 2.00 亩（6.25%）`)
	s.get(planned+"area_mu=32..40&tolerance_pct=0").want(t, 200, `"candidates":[]`)
	s.get(planned+"gfa_m2=70000..90000").want(t, 200, `"ids":[1,2]`)
	s.get(planned+"area_mu=30&filter=plot_no%3D'B'").want(t, 200, `"ids":[2]`)
	s.get("/api/v1/plots/fit?area_mu=30").want(t, 200, `"candidates":[]`) // nothing is available
	if first, again := s.get(planned+"area_mu=20..70").body, s.get(planned+"area_mu=20..70").body; first != again {
		t.Error("the same question has two answers")
	}
	for query, field := range map[string]string{
		"": "area_mu", "status=planned": "area_mu", "area_mu=60..20": "area_mu", "area_mu=30&max_plots=6": "max_plots", "area_mu=30&max_plots=x": "max_plots",
		"area_mu=30&tolerance_pct=51": "tolerance_pct", "area_mu=30&limit=0": "limit", "area_mu=30&limit=51": "limit",
		"area_mu=30&near=113,22&radius_m=20001": "radius_m", "area_mu=30&near=113,22&radius_m=0": "radius_m", "area_mu=30&radius_m=9": "near",
		"area_mu=30&sort=area_mu": "sort", "area_mu=30&filter=colour%3D1": "filter", "area_mu=30&status=gone": "status",
	} {
		s.get("/api/v1/plots/fit?"+query).want(t, 400, `"field":"`+field+`"`)
	}
	if !strings.Contains(s.get("/api/v1/plots/fit?area_mu=30&near=113.4502,22.9901&status=planned").body, `"distance_m":0.00`) {
		t.Error("the usual radius does not serve")
	}
}
