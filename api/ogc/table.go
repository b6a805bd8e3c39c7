package ogc

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// table is a source whose items are so few that they are gone through one by one.
type table[T any] struct {
	rows    func(v *tiles.View, box *orb.Bound) []row[T] // those that may meet a box, nil is anywhere
	columns []column[T]
	key     string         // the column that is a row's part of its address
	name    string         // the column by which people call it
	fill    func(T) string // its colour on a map
	shown   func(T) bool   // whether it is drawn for show
}

// row is an item of a table.
type row[T any] struct {
	table *table[T]
	of    T
	n     int64 // the order of rows
	shape geo.MultiPolygon
}

func (t *table[T]) column(name string) column[T] {
	return t.columns[slices.IndexFunc(t.columns, func(c column[T]) bool { return c.name == name })]
}

func (t *table[T]) fields() []field {
	all := make([]field, len(t.columns))
	for i, c := range t.columns {
		all[i] = c.field
		all[i].readOnly = true
	}
	return all
}

func (t *table[T]) find(v *tiles.View, s selection) (found, error) {
	matches := func(row[T]) cql2.Truth { return cql2.True }
	if e := s.predicate(); e != nil {
		readers := map[string]cql2.Field[row[T]]{"geometry": {
			Type:     cql2.TypeGeometry,
			Geometry: func(r row[T]) orb.Geometry { return r.shape },
			Areas:    func(r row[T]) orb.MultiPolygon { return r.shape },
		}}
		for _, c := range t.columns {
			readers[c.name] = c.reader()
		}
		var err error
		if matches, err = cql2.Compile(e, readers); err != nil {
			return found{}, err
		}
	}
	var f found
	var kept []ranked[T]
	for _, r := range t.rows(v, s.area.box) {
		if s.area.box != nil && !geo.Meets(r.shape, *s.area.box) || matches(r) != cql2.True {
			continue
		}
		f.matched++
		k := ranked[T]{row: r}
		for _, step := range s.order {
			k.values = append(k.values, t.column(step.Property).valueOf(r))
		}
		if s.after == nil || compare(s, k.values, k.n, s.after.Values, int64(s.after.ID)) > 0 {
			kept = append(kept, k)
		}
	}
	slices.SortFunc(kept, func(a, b ranked[T]) int { return compare(s, a.values, a.n, b.values, b.n) })
	if len(kept) > s.limit {
		kept = kept[:s.limit]
		last := kept[s.limit-1]
		f.next = placeOf(last.values, last.n)
	}
	for _, k := range kept {
		f.items = append(f.items, k.row)
	}
	return f, nil
}

// ranked is a row with its values of the properties that it is ordered by.
type ranked[T any] struct {
	row[T]
	values []tiles.Value
}

func (t *table[T]) get(v *tiles.View, id string) (feature, bool) {
	for _, r := range t.rows(v, nil) {
		if r.id() == id {
			return r, true
		}
	}
	return nil, false
}

func (r row[T]) number() int64              { return r.n }
func (r row[T]) id() string                 { return r.table.column(r.table.key).shown(r.of) }
func (r row[T]) title() string              { return cmp.Or(r.table.column(r.table.name).shown(r.of), r.id()) }
func (r row[T]) boundary() geo.MultiPolygon { return r.shape }
func (r row[T]) color() string              { return r.table.fill(r.of) }
func (r row[T]) shown() bool                { return r.table.shown(r.of) }

func (r row[T]) appendID(dst []byte) []byte {
	return r.table.column(r.table.key).append(dst, r.of)
}

func (r row[T]) appendProperties(dst []byte) []byte {
	dst = append(dst, '{')
	for i, c := range r.table.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(geojson.AppendString(dst, c.name), ':')
		dst = c.append(dst, r.of)
	}
	return append(dst, '}')
}

func (r row[T]) texts() []string {
	all := make([]string, len(r.table.columns))
	for i, c := range r.table.columns {
		all[i] = c.shown(r.of)
	}
	return all
}
