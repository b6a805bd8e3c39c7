package ogc

import (
	"strconv"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/tiles"
)

// column is a property of a table's items, and how it is read: by one of the
// functions.
type column[T any] struct {
	field
	text   func(T) string
	number func(T) (float64, bool)
	truth  func(T) bool
	day    func(T) land.Date
}

func textColumn[T any](name, zh, en string, read func(T) string) column[T] {
	return column[T]{field: field{name: name, zh: zh, en: en, kind: cql2.TypeString}, text: read}
}

func numberColumn[T any](name, zh, en, unit string, read func(T) (float64, bool)) column[T] {
	return column[T]{field: field{name: name, zh: zh, en: en, kind: cql2.TypeNumber, unit: unit}, number: read}
}

func wholeColumn[T any](name, zh, en string, read func(T) int) column[T] {
	c := numberColumn(name, zh, en, "", func(of T) (float64, bool) { return float64(read(of)), true })
	c.kind = cql2.TypeInteger
	return c
}

func truthColumn[T any](name, zh, en string, read func(T) bool) column[T] {
	return column[T]{field: field{name: name, zh: zh, en: en, kind: cql2.TypeBoolean}, truth: read}
}

func dayColumn[T any](name, zh, en string, read func(T) land.Date) column[T] {
	return column[T]{field: field{name: name, zh: zh, en: en, kind: cql2.TypeDate}, day: read}
}

// as is the column with a role.
func (c column[T]) as(role string) column[T] {
	c.role = role
	return c
}

// reader reads the column for filters.
func (c column[T]) reader() cql2.Field[row[T]] {
	f := cql2.Field[row[T]]{Type: c.kind}
	switch {
	case c.text != nil:
		f.Text = func(r row[T]) (string, bool) {
			s := c.text(r.of)
			return s, s != ""
		}
	case c.truth != nil:
		f.Bool = func(r row[T]) (bool, bool) { return c.truth(r.of), true }
	case c.day != nil:
		f.Day = func(r row[T]) (cql2.Day, bool) {
			d := c.day(r.of)
			return cql2.DayOf(d.Time()), !d.IsZero()
		}
	default:
		f.Number = func(r row[T]) (float64, bool) { return c.number(r.of) }
	}
	return f
}

// valueOf is a row's value for ordering.
func (c column[T]) valueOf(r row[T]) tiles.Value {
	if c.number != nil {
		n, set := c.number(r.of)
		return tiles.Value{Set: set, Number: n}
	}
	s := c.shown(r.of)
	return tiles.Value{Set: s != "", Text: s}
}

// shown is the value as text, empty where there is none.
func (c column[T]) shown(of T) string {
	switch {
	case c.text != nil:
		return c.text(of)
	case c.truth != nil:
		return strconv.FormatBool(c.truth(of))
	case c.day != nil:
		return c.day(of).String()
	}
	n, set := c.number(of)
	if !set {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// append writes the value as JSON.
func (c column[T]) append(dst []byte, of T) []byte {
	switch text := c.shown(of); {
	case text == "":
		return append(dst, "null"...)
	case c.kind == cql2.TypeString || c.kind == cql2.TypeDate:
		return geojson.AppendString(dst, text)
	default:
		return append(dst, text...)
	}
}
