package api

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// roadFile is a control layer of two strips, one over the edge of the plots of
// twoPlots, with a column that no plot has.
const roadFile = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"plot_no":"R-1","name":"标准路","width":20},"geometry":{"type":"Polygon","coordinates":[[[113.4495,22.9898],[113.4505,22.9898],[113.4505,22.9903],[113.4495,22.9903],[113.4495,22.9898]]]}},
{"type":"Feature","properties":{"name":"计量路"},"geometry":{"type":"Polygon","coordinates":[[[113.46,22.98],[113.461,22.98],[113.461,22.981],[113.46,22.981],[113.46,22.98]]]}}]}`

// controlQuery is the parameters of a road red line, with others added or in
// their place; an empty value leaves one out.
func controlQuery(with ...string) string {
	q := url.Values{"code": {"roads-2016"}, "kind": {"road_red_line"}, "name": {"道路红线"}, "valid_from": {"2016-01-01"}}
	for i := 0; i < len(with); i += 2 {
		q.Set(with[i], with[i+1])
		if with[i+1] == "" {
			q.Del(with[i])
		}
	}
	return "/api/v1/controls?" + q.Encode()
}

func (s *service) postControl(content string, with ...string) got {
	s.t.Helper()
	body, contentType := form(s.t, "红线.geojson", content)
	return s.send("POST", controlQuery(with...), body, "Authorization", "Bearer "+s.key, "Content-Type", contentType)
}

func TestControlLayerIsTakenInPublishedAndWithdrawn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	bearer := "Bearer " + s.key
	const tile = "/tiles/land/15/26710/14232.mvt"

	s.get("/api/v1/controls").want(t, 200, `"controls":[]`, `"kind":"road_red_line","name_zh":"道路红线"`, `"period_zh":"基本生态控制线"`, `"only_use":"M"`)
	s.postControl(roadFile, "dry_run", "true").want(t, 201, `"dry_run":true`, `"change":null`, `"features":2`)
	s.get("/api/v1/controls", "Authorization", bearer).want(t, 200, `"controls":[]`)

	done := s.postControl(roadFile, "reason", "新规划", "document_no", "穗规〔2016〕1号", "valid_to", "2035-12-31")
	done.want(t, 201, `"state":"done"`, `"change":2`, `"code":"roads-2016"`, `"version":1`, `"published":false`, `"file":"红线.geojson"`, `"document_no":"穗规〔2016〕1号"`, "width")
	if done.header.Get("Register-Seq") != "2" {
		t.Errorf("headers %v", done.header)
	}

	// Until it is published, only officers see it.
	s.get("/api/v1/controls").want(t, 200, `"controls":[]`)
	s.get("/api/v1/controls/roads-2016/features").want(t, 404)
	s.get("/api/v1/controls", "Authorization", bearer).want(t, 200, `"code":"roads-2016"`, `"valid_to":"2035-12-31"`, `"published_version":null`)
	s.get("/api/v1/controls/roads-2016/features", "Authorization", bearer).want(t, 200, `"numberMatched":2`)
	s.get("/api/v1/controls", "Authorization", "Bearer nonsense").want(t, 401)
	applicant, err := s.db.CreateKey(context.Background(), land.Actor{Name: "Co", Role: land.Applicant}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.get("/api/v1/controls", "Authorization", "Bearer "+applicant).want(t, 200, `"controls":[]`)
	s.get("/api/v1/controls/at?lon=113.4502&lat=22.9901").want(t, 200, `"controls":[]`)
	if strings.Contains(s.get(tile).body, "roads-2016") {
		t.Error("an unpublished layer is in the tile")
	}

	s.send("POST", "/api/v1/controls/roads-2016/publish", "", "Authorization", "Bearer "+applicant).want(t, 403)
	published := s.send("POST", "/api/v1/controls/roads-2016/publish?reason=checked", "", "Authorization", bearer)
	published.want(t, 200, `"published":true`, `"published_version":1`, `"valid":true`)
	if published.header.Get("Register-Seq") != "3" {
		t.Errorf("headers %v", published.header)
	}
	s.send("POST", "/api/v1/controls/roads-2016/publish", "", "Authorization", bearer).want(t, 200)
	s.get("/api/v1/controls").want(t, 200, `"code":"roads-2016"`, `"rule":"outside"`, `"features":2`)
	s.get("/api/v1/controls?at=2015-12-31").want(t, 200, `"controls":[]`)
	s.get("/api/v1/controls/at?lon=113.4502&lat=22.9901").want(t, 200, `"layer":"roads-2016"`, `"name":"标准路"`, `"code":"R-1"`, `"layer_zh":"道路红线"`)
	s.get("/api/v1/controls/at?lon=113.4502&lat=22.9950").want(t, 200, `"controls":[]`)
	features := s.get("/api/v1/controls/roads-2016/features?bbox=113.459,22.97,113.47,22.99&limit=5")
	features.want(t, 200, `"numberMatched":1`, `"name":"计量路"`, `"type":"MultiPolygon"`, `"area_mu":`)
	if ct := features.header.Get("Content-Type"); ct != "application/geo+json" {
		t.Errorf("type %s", ct)
	}
	if body := s.get(tile + "?after=3").body; !strings.Contains(body, "roads-2016") || !strings.Contains(body, "标准路") {
		t.Error("the layer is not in the tile")
	}
	s.get("/api/v1/changes?since=2").want(t, 200, `"kind":"control_publish"`, `"reason":"checked"`, `"control":{"layer":"roads-2016","version":1,"digest":"`, `"plots":[]`)

	s.send("POST", "/api/v1/controls/roads-2016/withdraw", "", "Authorization", bearer).want(t, 200, `"published":false`)
	if strings.Contains(s.get(tile+"?after=4").body, "roads-2016") {
		t.Error("a withdrawn layer is in the tile")
	}
	s.send("POST", "/api/v1/controls/nothing/publish", "", "Authorization", bearer).want(t, 404)
}

func TestLayerThatEndedIsNotShown(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.postControl(roadFile, "valid_to", "2020-12-31").want(t, 201)
	s.send("POST", "/api/v1/controls/roads-2016/publish", "", "Authorization", "Bearer "+s.key).want(t, 200, `"valid":false`)
	s.get("/api/v1/controls").want(t, 200, `"published":true`, `"valid":false`)
	s.get("/api/v1/controls/at?lon=113.4502&lat=22.9901&after=3").want(t, 200, `"controls":[]`)
	if strings.Contains(s.get("/tiles/land/15/26710/14232.mvt?after=3").body, "roads-2016") {
		t.Error("a layer that ended is in the tile")
	}
	s.get("/api/v1/controls/at?lon=113.4502&lat=22.9901&at=2018-06-30").want(t, 200, `"layer":"roads-2016"`)
}

func TestBadControlLayersAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	crossed := strings.Replace(roadFile, "[113.4505,22.9898],[113.4505,22.9903]", "[113.4505,22.9903],[113.4505,22.9898]", 1)
	for _, c := range []struct {
		content string
		with    []string
		status  int
		want    string
	}{
		{roadFile, []string{"kind", "moat"}, 422, `kind \"moat\" is not known`},
		{roadFile, []string{"kind", ""}, 422, `"field":"kind"`},
		{roadFile, []string{"code", "Roads!"}, 422, `"field":"code"`},
		{roadFile, []string{"name", ""}, 422, `"field":"name"`},
		{roadFile, []string{"valid_to", "2015-12-31"}, 422, `"field":"valid_to"`},
		{roadFile, []string{"valid_from", "yesterday"}, 400, `"field":"valid_from"`},
		{roadFile, []string{"dry_run", "perhaps"}, 400, `"field":"dry_run"`},
		{roadFile, []string{"crs", "EPSG:2383"}, 422, "local transformation parameters"},
		{roadFile, []string{"colour", "red"}, 400, "no such parameter"},
		{roadFile, []string{"kind", "height_limit"}, 422, `"field":"height_max_m"`},
		{crossed, nil, 422, `"check_zh":"边界自相交或无效"`},
		{`{"type":"FeatureCollection","features":[]}`, nil, 422, "holds no"},
		{"{", nil, 422, "not JSON"},
	} {
		s.postControl(c.content, c.with...).want(t, c.status, c.want)
	}
	s.get("/api/v1/controls", "Authorization", "Bearer "+s.key).want(t, 200, `"controls":[]`)

	s.postControl(roadFile).want(t, 201)
	s.postControl(roadFile, "kind", "蓝线").want(t, 409, "is of kind road_red_line")
	s.postControl(roadFile, "kind", "道路红线").want(t, 201, `"version":2`)
	for _, path := range []string{"controls?at=x", "controls?code=a", "controls/at?lon=1", "controls/at?lon=x&lat=1", "controls/roads-2016/features?bbox=1,2", "controls/roads-2016/features?limit=0"} {
		s.get("/api/v1/"+path).want(t, 400, `"errors":[{`)
	}
	parkOnly, err := s.db.CreateKey(context.Background(), land.Actor{Name: "Li", Role: land.Officer, Park: "test"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.send("POST", controlQuery("filename", "a.geojson"), roadFile, "Authorization", "Bearer "+parkOnly).want(t, 403, "reach over every park")
	s.send("POST", controlQuery("filename", "a.geojson"), roadFile, "Authorization", "Bearer "+s.key).want(t, 201, `"version":3`)
}
