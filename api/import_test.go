package api

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

// form is a multipart body with one file.
func form(t *testing.T, name, content string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

const twoPlotsFile = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"plot_no":"N-1","land_use":"A35","extra":1},"geometry":{"type":"Polygon","coordinates":[[[113.46,22.98],[113.461,22.98],[113.461,22.981],[113.46,22.981],[113.46,22.98]]]}},
{"type":"Feature","properties":{"plot_no":"N-2","land_use":"M1","status":"可供","far_max":3},"geometry":{"type":"Polygon","coordinates":[[[113.461,22.98],[113.462,22.98],[113.462,22.981],[113.461,22.981],[113.461,22.98]]]}}]}`

func TestFileIsTakenInOrRefusedWhole(t *testing.T) {
	t.Parallel()
	s := newService(t)
	bearer := "Bearer " + s.key
	body, contentType := form(t, "地块.geojson", twoPlotsFile)
	send := func(query, body, contentType string) got {
		return s.send("POST", "/api/v1/imports?"+query, body, "Authorization", bearer, "Content-Type", contentType)
	}
	s.send("POST", "/api/v1/imports?park=fresh", body, "Content-Type", contentType).want(t, 401)
	send("park=fresh&dry_run=true", body, contentType).want(t, 201, `"dry_run":true`, `"new":2`, `"change":null`, `"crs":"EPSG:4`)
	s.get("/api/v1/parks").want(t, 200, `"features":[]`)

	done := send("park=fresh&reason=survey", body, contentType)
	done.want(t, 201, `"state":"done"`, `"new":2`, `"change":1`, `"file":"地块.geojson"`, "extra")
	s.get("/api/v1/plots?park=fresh&status=available").want(t, 200, `"plot_no":"N-2"`, `"numberMatched":1`)
	s.get(done.header.Get("Location"), "Authorization", bearer).want(t, 200, `"state":"done"`, `"change":1`)
	s.get(done.header.Get("Location")).want(t, 401)

	again := send("park=fresh", body, contentType)
	again.want(t, 422, `"code":"4101"`, `"plot_no":"N-1"`, `"plot_no":"N-2"`, `"row":2`)
	s.get(again.header.Get("Location"), "Authorization", bearer).want(t, 200, `"state":"refused"`, `"code":"4101"`)
	send("park=fresh&replace=true", body, contentType).want(t, 201, `"same":2`)

	raw := s.send("POST", "/api/v1/imports?park=raw&filename=a.geojson", twoPlotsFile, "Authorization", bearer)
	raw.want(t, 201, `"new":2`)
	mapped := strings.ReplaceAll(strings.ReplaceAll(twoPlotsFile, "plot_no", "号"), `"land_use":"A35",`, "")
	mapped = strings.Replace(mapped, `"land_use":"M1",`, "", 1)
	s.send("POST", "/api/v1/imports?park=mapped&source=survey&filename=a.geojson&map=%E5%8F%B7%3Dplot_no&map=%3DB29%3Dland_use", mapped, "Authorization", bearer).want(t, 201, `"new":2`)
	s.send("POST", "/api/v1/imports?park=again&source=survey&filename=a.geojson", mapped, "Authorization", bearer).want(t, 201, `"new":2`)
	s.send("POST", "/api/v1/imports?park=unmapped&source=other&filename=a.geojson", mapped, "Authorization", bearer).want(t, 422)
}

func TestBadUploadsAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	bearer := "Bearer " + s.key
	for _, c := range []struct {
		query, name, content string
		status               int
		want                 string
	}{
		{"park=Bad!", "a.geojson", twoPlotsFile, 422, "not usable"},
		{"park=fresh&dry_run=perhaps", "a.geojson", twoPlotsFile, 400, "dry_run"},
		{"park=fresh&crs=EPSG:2383", "a.geojson", twoPlotsFile, 422, "local transformation parameters"},
		{"park=fresh&map=x", "a.geojson", twoPlotsFile, 422, "SRC=DST"},
		{"park=fresh&format=doc", "a.geojson", twoPlotsFile, 422, "format"},
		{"park=fresh", "a.geojson", "{", 422, ""},
		{"park=fresh", "a.bin", "\x00\x01\x02", 422, ""},
		{"park=fresh", "cut.zip", "PK\x03\x04", 422, ""},
		{"park=fresh", "../../../etc/passwd", "root:x:0:0", 422, ""},
		{"park=fresh", "empty.geojson", `{"type":"FeatureCollection","features":[]}`, 422, "holds no plot"},
	} {
		body, contentType := form(t, c.name, c.content)
		g := s.send("POST", "/api/v1/imports?"+c.query, body, "Authorization", bearer, "Content-Type", contentType)
		g.want(t, c.status, c.want, `"errors":[`)
	}
	s.send("POST", "/api/v1/imports?park=fresh", twoPlotsFile, "Authorization", bearer).want(t, 400, "usable name")
	s.send("POST", "/api/v1/imports?park=fresh", "--x\r\n", "Authorization", bearer, "Content-Type", "multipart/form-data; boundary=x").want(t, 400)
	s.get("/api/v1/parks").want(t, 200, `"features":[]`)
}

func TestImportsAreFollowedPreviewedAppliedOrDiscarded(t *testing.T) {
	t.Parallel()
	s := newService(t)
	bearer := "Bearer " + s.key
	send := func(method, path, body string, headers ...string) got {
		return s.send(method, "/api/v1/imports"+path, body, append(headers, "Authorization", bearer)...)
	}
	// In the background, followed to its end.
	started := send("POST", "?park=test&filename=a.geojson", twoPlotsFile, "Prefer", "respond-async")
	started.want(t, 202, `"state":"running"`)
	at := strings.TrimPrefix(started.header.Get("Location"), "/api/v1/imports")
	send("GET", at+"/events", "").want(t, 200, "event: done", `"state":"done"`, `"new":2`)
	s.get("/api/v1/plots?park=test").want(t, 200, `"numberMatched":2`)

	// A dry run is looked at, then applied.
	changed := strings.Replace(strings.Replace(twoPlotsFile, `"N-1"`, `"N-3"`, 1), "113.46,22.98],[113.461,22.98],[113.461,22.981],[113.46,22.981],[113.46,22.98", "113.462,22.98],[113.463,22.98],[113.463,22.981],[113.462,22.981],[113.462,22.98", 1)
	dry := send("POST", "?park=other&filename=b.geojson&dry_run=true", changed)
	dry.want(t, 201, `"dry_run":true`)
	at = strings.TrimPrefix(dry.header.Get("Location"), "/api/v1/imports")
	send("GET", at+"/preview", "").want(t, 200, `"difference":"new"`, `"counts":{"new":2}`)
	s.send("GET", "/api/v1/imports"+at+"/preview", "").want(t, 401)
	send("POST", at+"/apply", "").want(t, 201, `"dry_run":false`, `"new":2`)
	send("POST", at+"/apply", "").want(t, 409, "no dry run that passed")
	s.get("/api/v1/plots?park=other").want(t, 200, `"numberMatched":2`)

	same := send("POST", "?park=other&filename=c.geojson&dry_run=true&replace=true", strings.Replace(changed, `"far_max":3`, `"far_max":2.5`, 1))
	same.want(t, 201, `"changed":1`, `"same":1`)
	at = strings.TrimPrefix(same.header.Get("Location"), "/api/v1/imports")
	send("GET", at+"/preview", "").want(t, 200, `"counts":{"changed":1,"same":1}`,
		`"difference":"changed","changes":[{"field":"far_max","name_zh":"容积率上限","name_en":"FAR max","before":"3","after":"2.5"}]`, `"difference":"same","changes":[]`)
	send("DELETE", at, "").want(t, 204)
	send("GET", at, "").want(t, 200, `"state":"discarded"`)
	send("GET", at+"/preview", "").want(t, 409)
	send("DELETE", "/1", "").want(t, 409, "was no dry run")
	send("GET", "/999", "").want(t, 404)
}
