package api

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
)

func TestReportsOfChosenPlots(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	points := s.get("/api/v1/reports/boundary.csv?plot=1")
	points.want(t, 200, "J1,", ",1 块,")
	if length := points.header.Get("Content-Length"); length != strconv.Itoa(len(points.body)) {
		t.Errorf("%s bytes are said, %d are sent", length, len(points.body))
	}
	s.get("/api/v1/reports/boundary.json?plot=1,2&crs=EPSG:4526").want(t, 200, "EPSG:4526", "标识码 1、2")
	s.get("/api/v1/reports/plots.json?filter="+url.QueryEscape("plot_no = 'A'")).want(t, 200, `"name":"1 块"`, "条件 plot_no = 'A'")
	s.get("/api/v1/reports/balance.json?against="+s.db.Today().String()+"&scheme=MNR-2023").want(t, 200, `"change_area_m2":0.00`)
	s.get("/api/v1/reports/supply.json?year=2016&park=test").want(t, 200, "（2016年）")
	s.get("/api/v1/reports/lineage.xlsx").want(t, 200, "PK")
	checked := s.get("/api/v1/reports/compliance.json?plot=1")
	checked.want(t, 200, "审查结论", `"rule":"园区边界"`)
	if checked.header.Get("Register-Seq") != "1" {
		t.Errorf("headers %v", checked.header)
	}
}

func TestReportsAreRefusedWithTheChoices(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for path, wanted := range map[string]struct {
		status int
		says   string
	}{
		"secrets.csv":                       {404, strings.Join(report.Names(), ", ")},
		"plots.doc":                         {404, "xlsx, csv, json"},
		"plots":                             {404, "xlsx, csv, json"},
		"plots.csv?year=2016":               {400, "known are at, known_at, park, plot, filter, measure"},
		"plots.csv?page=2":                  {400, "known are"},
		"plots.csv?%zz":                     {400, "percent-encode"},
		"overview.csv?plot=1":               {400, "known are"},
		"supply.csv?year=1066":              {400, "1950"},
		"balance.csv?scheme=GB":             {400, "MNR-2023"},
		"balance.csv?against=yesterday":     {400, "2018-06-30"},
		"balance.csv?against=2999-01-01":    {422, "is to come"},
		"balance.csv?at=1901-01-01":         {422, "before the register's first day"},
		"balance.csv?at=2999-01-01":         {422, "is to come"},
		"balance.csv?measure=round":         {400, "plane or ellipsoid"},
		"balance.csv?filter=area_m%3E2":     {400, "area_m2"},
		"balance.csv?filter=(area_m2":       {400, `"field":"filter"`},
		"boundary.csv?plot=A":               {400, "41,42"},
		"boundary.csv?plot=99":              {404, "no plot 99"},
		"boundary.csv?crs=EPSG:4490&plot=1": {400, "EPSG:4547"},
		"boundary.csv?crs=EPSG:2383&plot=1": {422, "EPSG:4547"},
		"compliance.csv":                    {400, "plot=41,42"},
		"plots.csv?park=none":               {404, "none"},
		"plots.csv?filter=" + url.QueryEscape("far_max * 1e300 * 1e300 > 1"): {422, "out of range"},
	} {
		g := s.get("/api/v1/reports/" + path)
		if g.status != wanted.status || !strings.Contains(g.body, wanted.says) || g.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %d %s", path, g.status, g.body, wanted.status, wanted.says)
		}
	}
	s.get("/api/v1/reports/quota.csv?year=2015", "Authorization", "Bearer "+s.key).want(t, 400, "2016")
	s.get("/api/v1/reports/quota.csv?kind=air", "Authorization", "Bearer "+s.key).want(t, 422, "farmland_balance")
}

func TestQuotaTablesAreForOfficers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.quota(s.keyOf(land.Admin, ""), `{"kind":"new","entry":"grant","ha":20,"farmland_ha":14,"unused_ha":6,"document_no":"粤国土资〔2016〕1号","day":"2016-03-01"}`).want(t, 201)
	for _, table := range []string{"quota", "quota-use"} {
		path := "/api/v1/reports/" + table + ".json"
		s.get(path).want(t, 401)
		s.get(path, "Authorization", "Bearer nonsense").want(t, 401)
		for _, role := range []land.Role{land.Visitor, land.Applicant} {
			s.get(path, "Authorization", "Bearer "+s.keyOf(role, "")).want(t, 403)
		}
		for _, role := range []land.Role{land.Officer, land.Approver, land.Admin} {
			s.get(path, "Authorization", "Bearer "+s.keyOf(role, "")).want(t, 200)
			s.get(path+"?park=test", "Authorization", "Bearer "+s.keyOf(role, "elsewhere")).want(t, 403)
		}
	}
	own := "Bearer " + s.keyOf(land.Officer, "test")
	s.get("/api/v1/reports/quota.json", "Authorization", own).want(t, 200, `"granted_ha":20.0000`, "粤国土资〔2016〕1号", `"use_rate_pct":0.00`)
	s.get("/api/v1/reports/quota.json?year=2017", "Authorization", own).want(t, 200, `"rows":[]`)
	s.get("/api/v1/reports/quota.json?at=2016-02-28", "Authorization", own).want(t, 200, `"rows":[]`)
}
