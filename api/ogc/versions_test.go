package ogc_test

import (
	"context"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

// rename makes a version of a plot that holds from a day on.
func (s *service) rename(id land.PlotID, name, from string) {
	s.t.Helper()
	p, err := s.db.Plot(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _, err = s.db.UpdatePlot(context.Background(), officer, id, land.Update{Version: p.Version, ValidFrom: day(from), Change: func(a *land.Attributes) error {
		a.Name = name
		return nil
	}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// timeMap is the document of a plot's versions.
type timeMap struct {
	Links    []link
	Versions []struct {
		Version            int
		ValidFrom, ValidTo string
		Href               string
	}
}

// TestVersionsAreFoundByTheirDay reads a plot at days before, between and after its
// versions, and goes from one to the next by their links.
func TestVersionsAreFoundByTheirDay(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.rename(1, "甲", "2018-01-01")
	s.rename(1, "乙", "2020-01-01")
	s.rename(1, "丙", "2020-01-01") // takes its place the same day
	s.settle()
	at := "/collections/plots/items/1"
	for datetime, want := range map[string]string{
		"": "丙", "?datetime=2020-01-01T00:00:00%2B08:00": "丙", "?datetime=2019-12-31T15:59:59Z": "甲", "?datetime=2018-06-30T00:00:00Z": "甲", "?datetime=2017-06-30T00:00:00Z": "", "?datetime=2017-01-01T00:00:00Z/2018-06-30T00:00:00Z": "甲", "?datetime=2099-01-01T00:00:00Z": "丙",
	} {
		f := decoded[feature](t, s.get(at+datetime))
		if f.Properties["name"] != want {
			t.Errorf("%s: %q, want %q", datetime, f.Properties["name"], want)
		}
		listed := s.items("/collections/plots/items?id=1" + strings.Replace(datetime, "?", "&", 1))
		if len(listed.Features) != 1 || listed.Features[0].Properties["name"] != want {
			t.Errorf("%s: listed as %v", datetime, listed.Features)
		}
	}
	s.get(at+"?datetime=2016-01-01T00:00:00Z").want(t, 410, "no version at that moment", "该时刻没有版本")

	// From the newest back, and forward again.
	g := s.get(at)
	if g.header.Get("Memento-Datetime") != "Tue, 31 Dec 2019 16:00:00 GMT" {
		t.Errorf("Memento-Datetime %s", g.header.Get("Memento-Datetime"))
	}
	var names []string
	address := at
	for {
		g := s.get(address)
		f := decoded[feature](t, g)
		names = append(names, f.Properties["name"].(string))
		if header := strings.Join(g.header.Values("Link"), ","); !strings.Contains(header, `rel="timemap"`) || !strings.Contains(header, `rel="original"`) {
			t.Errorf("Link %s", header)
		}
		before, more := rel(f.Links, "predecessor-version", "")
		if !more {
			if _, after := rel(f.Links, "successor-version", ""); !after {
				t.Error("the first version has none after it")
			}
			break
		}
		address = before
	}
	if strings.Join(names, ",") != "丙,甲," {
		t.Errorf("%q", names)
	}
	m := decoded[timeMap](t, s.get(at+"/versions"))
	if len(m.Versions) != 3 || m.Versions[1].Version != 2 || m.Versions[2].Version != 4 {
		t.Errorf("%+v", m.Versions)
	}
	mementos := 0
	for _, l := range m.Links {
		if l.Rel == "memento" {
			mementos++
			if got := s.get(l.Href).header.Get("Memento-Datetime"); got != l.Datetime || got == "" {
				t.Errorf("%s is of %s, not %s", l.Href, got, l.Datetime)
			}
		}
	}
	if latest, ok := rel(m.Links, "latest-version", ""); !ok || mementos != 3 || !strings.Contains(latest, "datetime=2019-12-31T16:00:00Z") {
		t.Errorf("%d mementos, the latest is %s", mementos, latest)
	}
	linkFormat := s.get(at+"/versions", "Accept", "application/link-format")
	if linkFormat.header.Get("Content-Type") != "application/link-format" || strings.Count(linkFormat.body, `rel="memento"`) != 3 || !strings.Contains(linkFormat.body, `datetime="Tue, 31 Dec 2019 16:00:00 GMT"`) {
		t.Errorf("%s", linkFormat.body)
	}
	for _, missing := range []string{"/collections/parks/items/panyu/versions", "/collections/plots/items/x/versions", "/collections/plots/items/9999/versions", "/collections/plots-panyu/items/1/versions"} {
		s.get(missing).want(t, 404)
	}
	if v := decoded[document](t, s.get("/collections/plots")); v.Versioning.TimeAxis != "validity-time" {
		t.Errorf("timeAxis %q", v.Versioning.TimeAxis)
	}
}

// TestTheETagOfThePastIsNoVersions keeps what holds no more from being edited by its
// tag.
func TestTheETagOfThePastIsNoVersions(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.rename(1, "甲", "2018-01-01")
	s.settle()
	old := s.get("/collections/plots/items/1?datetime=2017-01-01T00:00:00Z").header.Get("ETag")
	if old == "" || old == `"1"` || old == `"2"` {
		t.Errorf("ETag %s", old)
	}
	s.edit("PATCH", "/collections/plots/items/1", `{"name":"x"}`, "If-Match", old).want(t, 412)
	s.edit("PATCH", "/collections/plots/items/1?datetime=2017-01-01T00:00:00Z", `{"name":"x"}`, "If-Match", `"2"`).want(t, 400)
}
