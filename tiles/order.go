package tiles

import (
	"cmp"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Place is where a page ends: the values of its last plot and its number. What
// comes after it is the same whichever plots came or went before it.
type Place struct {
	Values []Value
	ID     land.PlotID
}

// Value is a property's value: a number or a text, if Set. Days are counted from
// 1970-01-01.
type Value struct {
	Set    bool    `json:"s,omitempty"`
	Number float64 `json:"n,omitempty"`
	Text   string  `json:"t,omitempty"`
}

// Sortable lists the properties by which plots can be ordered.
func Sortable() []string {
	var names []string
	for _, f := range land.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// comparison orders plots by steps, then by number.
type comparison []step

type step struct {
	read func(plotset.Ref) Value
	down bool
}

func comparing(order []land.Order) comparison {
	c := make(comparison, len(order))
	for i, o := range order {
		c[i] = step{reader(filterFields[o.Property]), o.Down}
	}
	return c
}

func reader(f field) func(plotset.Ref) Value {
	switch f.Type {
	case cql2.TypeNumber, cql2.TypeInteger:
		return func(r plotset.Ref) Value {
			n, ok := f.Number(r)
			return Value{Set: ok, Number: n}
		}
	case cql2.TypeDate:
		return func(r plotset.Ref) Value {
			day, ok := f.Day(r)
			return Value{Set: ok, Number: float64(day)}
		}
	}
	return func(r plotset.Ref) Value {
		s, ok := f.Text(r)
		return Value{Set: ok, Text: s}
	}
}

// read appends a plot's values.
func (c comparison) read(r plotset.Ref, to []Value) []Value {
	for _, s := range c {
		to = append(to, s.read(r))
	}
	return to
}

func (c comparison) compare(a, b keyed) int {
	return c.order(a.values, a.id, b.values, b.id)
}

func (c comparison) order(a []Value, idA land.PlotID, b []Value, idB land.PlotID) int {
	for i, s := range c {
		if d := a[i].compare(b[i], s.down); d != 0 {
			return d
		}
	}
	return cmp.Compare(idA, idB)
}

// compare puts what has no value last, whichever way the others run.
func (v Value) compare(w Value, down bool) int {
	switch {
	case !v.Set || !w.Set:
		return cmp.Compare(v.none(), w.none())
	case down:
		v, w = w, v
	}
	return cmp.Or(cmp.Compare(v.Number, w.Number), cmp.Compare(v.Text, w.Text))
}

func (v Value) none() int {
	if v.Set {
		return 0
	}
	return 1
}

func (c comparison) place(e keyed) *Place {
	return &Place{Values: e.values, ID: e.id}
}
