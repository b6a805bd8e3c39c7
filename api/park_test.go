package api

import "testing"

func TestParksTellLandByStatusAndUse(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.get("/api/v1/parks").want(t, 200, `"features":[]`)
	s.twoPlots()
	s.get("/api/v1/parks").want(t, 200, `"area_mu":60.00`, `"area_m2":40000.00`, `"percent":100.00`, `"code":"A35"`, `"status":"planned"`, `"plan":null`, `"plots":2`)
	s.get("/api/v1/parks/test").want(t, 200, `"type":"MultiPolygon"`)
}

func TestTablesAreServed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	csv := s.get("/api/v1/reports/balance.csv?park=test")
	csv.want(t, 200, "\ufeff", "60.00", "100.00")
	if d := csv.header.Get("Content-Disposition"); d == "" || csv.header.Get("Register-Seq") != "1" {
		t.Errorf("headers %v", csv.header)
	}
	s.get("/api/v1/reports/plots.xlsx").want(t, 200, "PK")
	s.get("/api/v1/reports/plots.pdf").want(t, 200, "%PDF")
	s.get("/api/v1/reports/plots.html").want(t, 200, "<!DOCTYPE html>")
	s.get("/api/v1/reports/overview.json?measure=ellipsoid").want(t, 200, `"measure":"ellipsoid"`)
	s.get("/api/v1/reports/balance.csv?park=none").want(t, 404)
	s.get("/api/v1/reports/balance.csv?measure=round").want(t, 404, "plane or ellipsoid")
}

func TestPageIsServedUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	s := newService(t)
	page := s.get("/")
	page.want(t, 200, "地块")
	if page.header.Get("Content-Security-Policy") == "" || page.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", page.header)
	}
	s.get("/assets/../../etc/passwd").want(t, 404)
	s.get("/metrics").want(t, 200, "dikuai_register_seq")
	s.get("/healthz").want(t, 200)
}
