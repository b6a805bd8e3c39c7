package api

import (
	"errors"
	"net/url"
	"testing"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// onePlot is a view of a single plot.
func onePlot() *tiles.View {
	far := 2.0
	p := land.Plot{ID: 1, Park: "test", Version: 1, Area: 20000, Boundary: geo.MultiPolygon{{{{113.45, 22.99}, {113.451, 22.99}, {113.451, 22.991}, {113.45, 22.991}, {113.45, 22.99}}}}}
	p.Attributes = land.Attributes{PlotNo: "A", Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Available}
	p.FARMax = &far
	return tiles.NewView(land.Register{Seq: 1, Parks: []land.Park{{Code: "test", Boundary: p.Boundary, PlaneCRS: geo.GK114}}}, plotset.Of([]land.Plot{p}))
}

// FuzzQuery holds the reading of query strings to its promises: whatever a client
// sends is understood or refused by a parameter's name, in two languages, and what
// is understood can be asked. It begins with testdata/fuzz/FuzzQuery.
func FuzzQuery(f *testing.F) {
	view := onePlot()
	known := append(append([]string{"max_plots", "tolerance_pct"}, pagingNames...), append(door.MomentNames, searchNames...)...)
	f.Fuzz(func(t *testing.T, text string) {
		q, err := door.ReadQuery(text, known...)
		if refused(t, err) {
			return
		}
		if _, err := door.Moment(q); err != nil {
			refused(t, err)
		}
		chosen, err := search(q, view)
		if !refused(t, err) {
			matched := view.Count(chosen)
			if matched > 1 {
				t.Errorf("%d of one plot match", matched)
			}
			page, err := pageOf(q)
			if !refused(t, err) {
				view.Find(chosen, page)
				goOn(t, q, page)
			}
			if limit, err := streamLimit(q); !refused(t, err) && limit < 1 {
				t.Errorf("a stream of %d", limit)
			}
		}
		copied := url.Values{} // a fit completes it
		for name, values := range q {
			copied[name] = values
		}
		fit, err := parseFit(copied, view)
		if !refused(t, err) {
			if offered := view.Fit(fit.search, fit.at, fit.need, fit.limit); len(offered.Offers) > 1 {
				t.Errorf("%d offers of one plot", len(offered.Offers))
			}
		}
	})
}

// goOn reads back the cursor of a page.
func goOn(t *testing.T, q url.Values, page tiles.Page) {
	t.Helper()
	at := tiles.Place{Values: make([]tiles.Value, len(page.Order)), ID: 7}
	next := url.Values{"cursor": {door.WriteCursor(q, pageNames, &at)}}
	for name, values := range q {
		if name != "cursor" {
			next[name] = values
		}
	}
	if back, err := door.ReadCursor(next, pageNames, page.Order); err != nil || back == nil || back.ID != 7 || len(back.Values) != len(page.Order) {
		t.Errorf("%v, %v", back, err)
	}
}

// refused says whether there is an error, which names what it is about.
func refused(t *testing.T, err error) bool {
	t.Helper()
	if err == nil {
		return false
	}
	p := problemOf(err)
	var parameter *door.ParameterError
	var chosen *door.FilterError
	if !errors.As(err, &parameter) && !errors.As(err, &chosen) || p.Status != 400 || p.DetailZh == "" || len(p.Errors) == 0 || p.Errors[0].Field == "" || p.Errors[0].MessageZh == "" {
		t.Errorf("%T %v is told as %+v", err, err, p)
	}
	return true
}

// FuzzAction holds the reading of steps of cases to its promises: a body is refused
// by a member in both languages, or asks for amounts that are none below nothing.
func FuzzAction(f *testing.F) {
	today, err := land.ParseDate("2026-03-02")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{}`, `{"document_no":"用字第440115202600012号","document_day":"2026-03-01","reason":"x","opinion":"y","winner":"z"}`,
		`{"contract":{"agreed_start":"2026-04-01","agreed_completion":"2028-04-01","price_wan":1234.567891},"fee_wan":246.9}`,
		`{"quota":[{"kind":"new","mu":30,"farmland_mu":20,"unused_mu":10},{"kind":"scale","ha":2}]}`, `{"quota":null,"contract":null}`, `{"fee_wan":1e99}`, `{"document_no":"\u0000"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var b actionBody
		err := unmarshal(body, &b)
		var act land.CaseAct
		if err == nil {
			act, err = b.act("propose", today)
		}
		if err != nil {
			if p := problemOf(err); p.Status != 422 || len(p.Errors) == 0 || p.Errors[0].Field == "" || p.Errors[0].MessageZh == "" {
				t.Fatalf("%v is told as %+v", err, p)
			}
			return
		}
		if act.Fee < 0 || act.Fee > land.MostWan || act.Contract != nil && (act.Contract.Price < 0 || act.Contract.Price > land.MostWan) {
			t.Fatalf("%+v", act)
		}
		for _, claim := range act.Quota {
			if claim.Total < 0 || claim.Account.Kind == "" {
				t.Fatalf("%+v", claim)
			}
		}
	})
}
