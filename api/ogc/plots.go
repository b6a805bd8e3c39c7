package ogc

import (
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// plots are the plots of the register, or of one park.
type plots struct {
	park land.ParkCode // empty: of all
}

func (plots) fields() []field { return plotFields }

// plotFields are the properties of land.Fields.
var plotFields = func() []field {
	queryable := tiles.Queryables()
	var all []field
	for _, f := range land.Fields() {
		q, ok := queryable.Lookup(f.Name)
		if !ok {
			continue
		}
		all = append(all, field{name: f.Name, zh: f.Zh, en: f.En, kind: q.Type, enum: q.Enum, unit: plotUnits[f.Name], role: plotRoles[f.Name], readOnly: f.Set == nil && f.Name != "park"})
	}
	return all
}()

// plotUnits are the units of plots' properties (UCUM).
var plotUnits = map[string]string{
	"area_m2": "m2", "area_ellipsoid_m2": "m2", "stated_area_m2": "m2", "gfa_max_m2": "m2",
	"density_max_pct": "%", "green_min_pct": "%", "height_max_m": "m",
}

// plotRoles are the roles of plots' properties (Part 5).
var plotRoles = map[string]string{"id": "id", "valid_from": "primary-interval-start"}

func (p plots) find(v *tiles.View, s selection) (found, error) {
	query := land.Query{Bound: s.area.box}
	if p.park != "" {
		query.Parks = []land.ParkCode{p.park}
	}
	var filter *tiles.Filter
	if e := s.predicate(); e != nil {
		var err error
		if filter, err = tiles.FilterOf(e); err != nil {
			return found{}, err
		}
	}
	search, err := tiles.NewSearch(query, filter)
	if err != nil {
		return found{}, err
	}
	search.Key = s.key
	page := v.Find(search, tiles.Page{Order: s.order, After: s.after, Limit: s.limit})
	f := found{matched: page.Matched, next: page.Next, items: make([]feature, len(page.Plots))}
	for i, r := range page.Plots {
		f.items[i] = foundPlot{r, v}
	}
	return f, nil
}

func (p plots) get(v *tiles.View, id string) (feature, bool) {
	number, ok := plotID(id)
	if !ok {
		return nil, false
	}
	plot, ok := v.Plot(number)
	return featureOf(v, &plot), ok && (p.park == "" || plot.Park == p.park)
}

// plotID reads a plot's number from its address, where it stands in one way only.
func plotID(text string) (land.PlotID, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return land.PlotID(id), err == nil && strconv.FormatInt(id, 10) == text
}

// plotFeature is a plot as an item.
type plotFeature struct {
	*land.Plot
	demonstration bool // of a park whose layout is drawn for show
}

func featureOf(v *tiles.View, p *land.Plot) plotFeature {
	park, _ := v.Park(p.Park)
	return plotFeature{p, park.Demonstration}
}

// foundPlot is a plot on a page of items.
type foundPlot struct {
	plotset.Ref
	view *tiles.View
}

func (p foundPlot) whole() plotFeature {
	plot := p.Plot()
	return featureOf(p.view, &plot)
}

func (p foundPlot) number() int64              { return int64(p.ID()) }
func (p foundPlot) id() string                 { return strconv.FormatInt(int64(p.ID()), 10) }
func (p foundPlot) title() string              { return p.Number() }
func (p foundPlot) boundary() geo.MultiPolygon { return p.Boundary() }
func (p foundPlot) shown() bool                { return p.whole().shown() }
func (p foundPlot) color() string              { return p.whole().color() }
func (p foundPlot) texts() []string            { return p.whole().texts() }

func (p foundPlot) appendID(dst []byte) []byte { return strconv.AppendInt(dst, int64(p.ID()), 10) }

func (p foundPlot) appendProperties(dst []byte) []byte { return p.whole().appendProperties(dst) }

func (p plotFeature) number() int64              { return int64(p.ID) }
func (p plotFeature) id() string                 { return strconv.FormatInt(int64(p.ID), 10) }
func (p plotFeature) title() string              { return p.PlotNo }
func (p plotFeature) boundary() geo.MultiPolygon { return p.Boundary }
func (p plotFeature) shown() bool                { return p.demonstration }

func (p plotFeature) color() string {
	use, _ := land.LookupUse(p.Use)
	return use.Color
}

func (p plotFeature) appendID(dst []byte) []byte { return strconv.AppendInt(dst, int64(p.ID), 10) }

func (p plotFeature) appendProperties(dst []byte) []byte {
	return geojson.AppendProperties(dst, p.Plot)
}

func (p plotFeature) texts() []string {
	fields := land.Fields()
	all := make([]string, len(fields))
	for i := range fields {
		switch v := fields[i].Get(p.Plot).(type) {
		case string:
			all[i] = v
		case int64:
			all[i] = strconv.FormatInt(v, 10)
		case float64:
			all[i] = strconv.FormatFloat(v, 'f', -1, 64)
			if strings.Contains(fields[i].Name, "area") { // as tables print them
				all[i] = geo.FormatFixed(v, geo.SquareMetreDecimals)
			}
		}
	}
	return all
}
