package ogc_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

// tag is the ETag of a plot.
func (s *service) tag(id string) string {
	s.t.Helper()
	return s.get("/collections/plots/items/" + id).header.Get("ETag")
}

// whole is a plot as it is read, to be sent back, with some properties changed; nil
// takes one out.
func (s *service) whole(id string, changes map[string]any) string {
	s.t.Helper()
	f := decoded[map[string]any](s.t, s.get("/collections/plots/items/"+id))
	properties := f["properties"].(map[string]any)
	for name, value := range changes {
		switch {
		case name == "geometry":
			f["geometry"] = nil
		case value == nil:
			delete(properties, name)
		default:
			properties[name] = value
		}
	}
	body, err := json.Marshal(f)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(body)
}

// TestEditsKeepToTheRoles sends edits by keys that do not allow them.
func TestEditsKeepToTheRoles(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, a := range []land.Actor{{Name: "visitor", Role: land.Visitor}, {Name: "firm", Role: land.Applicant}, {Name: "Officer Chen", Role: land.Officer, Park: "panyu"}} {
		key := s.keyOf(a)
		for method, at := range map[string]string{"PATCH": "plots/items/1", "PUT": "plots/items/1", "DELETE": "plots/items/1", "POST": "plots-nansha/items"} {
			body := s.whole("1", nil)
			kind := "application/geo+json"
			if method == "PATCH" {
				kind = "application/merge-patch+json"
			}
			s.send(method, "/collections/"+at, body, "Authorization", "Bearer "+key, "If-Match", `"1"`, "Content-Type", kind).want(t, 403)
		}
	}
	if n := len(s.reasons("1")); n != 1 {
		t.Errorf("%d versions", n)
	}
}

// TestPagesGoOnUnderEdits follows the pages of an order while plots come and go:
// none of the others is left out or comes twice.
func TestPagesGoOnUnderEdits(t *testing.T) {
	t.Parallel()
	s := newService(t)
	want := s.plotNumbers(func(p plot) bool { return p.PlotNo != "NA-05" && p.PlotNo != "NA-20" })
	slices.Sort(want)
	var got []string
	address := "/collections/plots/items?limit=8&sortby=plot_no"
	for page := 0; address != ""; page++ {
		p := s.items(address)
		got = append(got, numbers(p.Features)...)
		switch page {
		case 1:
			s.free("NA-05") // behind
		case 2:
			s.edit("PATCH", "/collections/plots/items/"+s.id("NA-20"), `{"plot_no":"AA-20"}`, "If-Match", "*").want(t, 200) // from before to behind
		}
		address, _ = rel(p.Links, "next", "")
	}
	got = slices.DeleteFunc(got, func(no string) bool { return no == "NA-05" || no == "NA-20" || no == "AA-20" })
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
