package ogc

import (
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// source is what the items of a collection come from. Each has a boundary; its
// property geometry is not among the fields.
type source interface {
	// fields are the properties, in the order in which they are told.
	fields() []field
	// find chooses items of a view, whose filters have been checked.
	find(v *tiles.View, s selection) (found, error)
	// get finds one item by the number or code in its address.
	get(v *tiles.View, id string) (feature, bool)
}

// field is a property of items.
type field struct {
	name, zh, en string
	kind         cql2.Type
	enum         []string // the only values, where they are known
	unit         string   // UCUM
	role         string   // x-ogc-role of Part 5
	readOnly     bool     // the register computes it
}

// feature is one item.
type feature interface {
	// number tells items apart and orders those that nothing else does.
	number() int64
	// id is the item's own part of its address.
	id() string
	// title is what people call it.
	title() string
	boundary() geo.MultiPolygon // EPSG:4490 lon/lat
	// shown says that it is drawn for show, and not surveyed.
	shown() bool
	// color fills it on a map; empty where nothing names one.
	color() string
	// appendID and appendProperties write JSON.
	appendID(dst []byte) []byte
	appendProperties(dst []byte) []byte
	// texts are the values of the fields, empty where there is none.
	texts() []string
}

// selection asks for a page of items.
type selection struct {
	key     string // tells the selection, pages apart, from all others
	area    area
	filters []cql2.Expr // all of which must hold
	order   []land.Order
	after   *tiles.Place
	limit   int
}

// predicate is what all filters and the area ask for together; nil for nothing.
func (s selection) predicate() cql2.Expr {
	all := slices.Clone(s.filters)
	if s.area.match != nil {
		all = append(all, s.area.match)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return &cql2.Logic{Op: "and", Args: all}
}

// found is a page of items and where the next one begins.
type found struct {
	items   []feature
	matched int
	next    *tiles.Place
}

// queryables are the properties that filters may read: the fields, with geometry
// for the boundary.
func queryables(of source) cql2.Schema {
	schema := cql2.Schema{{Name: "geometry", Type: cql2.TypeGeometry, Zh: "界线", En: "boundary"}}
	for _, f := range of.fields() {
		schema = append(schema, cql2.Queryable{Name: f.name, Type: f.kind, Nullable: true, Enum: f.enum, Zh: f.zh, En: f.en})
	}
	return schema
}

// names are those of the fields.
func names(of source) []string {
	var all []string
	for _, f := range of.fields() {
		all = append(all, f.name)
	}
	return all
}
