package tiles

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/tiles/plotset"
)

func TestEveryPropertyCanBeFiltered(t *testing.T) {
	t.Parallel()
	for _, f := range land.Fields() {
		if filterFields[f.Name].Type == "" {
			t.Errorf("filters cannot read %s", f.Name)
		}
	}
	if len(Queryables()) != len(filterFields) {
		t.Errorf("%d queryables, %d fields", len(Queryables()), len(filterFields))
	}
}

func TestFiltersSelectPlots(t *testing.T) {
	t.Parallel()
	v := viewOf(t, square, "POLYGON((113.452 22.98,113.454 22.98,113.454 22.982,113.452 22.982,113.452 22.98))")
	second := plotOf(t, v, 2)
	second.Status, second.FARMax, second.Holder, second.Area = land.Supplied, nil, "某公司", 20000
	second.ValidFrom, second.SuppliedOn = dayOf(t, "2018-06-30"), dayOf(t, "2018-07-01")
	v, _ = v.With(land.Delta{Seq: 8, Parks: parksOf(v), Plots: []land.Plot{second}})
	for filter, want := range map[string][]land.PlotID{
		"land_use = 'A35'":                                     {1, 2},
		"status = 'available' AND area_mu > 10":                {1},
		"area_mu BETWEEN 20 AND 40":                            {2},
		"far_max IS NULL":                                      {2},
		"far_max > 2 OR holder LIKE '某%'":                      {1, 2},
		"supplied_on = DATE('2018-07-01')":                     {2},
		"T_AFTER(valid_from, DATE('2018-06-01'))":              {2},
		"S_INTERSECTS(geometry, POINT(113.451 22.981))":        {1},
		"id IN (2, 3)":                                         {2},
		"NOT (plot_no = 'A')":                                  {2},
		"S_WITHIN(geometry, BBOX(113.4519, 22.9, 113.5, 23))":  {2},
		"S_TOUCHES(geometry, BBOX(113.454, 22.98, 113.5, 23))": {2},
	} {
		f, err := ParseFilter(filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		var got []land.PlotID
		v.Plots.Ascend(0, func(r plotset.Ref) bool {
			if f.Selects(r) {
				got = append(got, r.ID())
			}
			return true
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", filter, got, want)
		}
	}
	tile := tileAt(113.451, 22.981, 15)
	f, err := ParseFilter("status='supplied'")
	if err != nil {
		t.Fatal(err)
	}
	drawn := decode(t, Encode(v, tile, f.Selects))
	if got := drawn["plots"].Features; len(got) != 1 || got[0].ID != float64(2) {
		t.Errorf("drew %v", got)
	}
	if all := Encode(v, tile, nil); bytes.Equal(all, Encode(v, tile, f.Selects)) || !bytes.Equal(all, Encode(v, tile, func(plotset.Ref) bool { return true })) {
		t.Error("selecting nothing and everything are mixed up")
	}
	var faults cql2.Faults
	if _, err := ParseFilter("colour = 'red'"); !errors.As(err, &faults) || faults[0].Column != 1 {
		t.Errorf("%v", err)
	}
	var syntax *cql2.SyntaxError
	if _, err := ParseFilter("area_mu >"); !errors.As(err, &syntax) {
		t.Errorf("%v", err)
	}
}
