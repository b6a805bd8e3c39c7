package mvt

import (
	"fmt"
	"strings"
)

// Rule names what a tile breaks.
type Rule string

// Rules of the wire form (protocol buffers, vector_tile.proto).
const (
	WireTruncated Rule = "wire-truncated" // a varint, number or length reaches past the end
	WireVarint    Rule = "wire-varint"    // a varint of more than 64 bits
	WireType      Rule = "wire-type"      // a wire type that tiles have no use for
	WireField     Rule = "wire-field"     // a field number that cannot be
	FieldType     Rule = "field-type"     // a known field in another wire type
	FieldTwice    Rule = "field-twice"    // a field that occurs once occurs again
	NotPacked     Rule = "not-packed"     // tags or geometry number by number
	Uint32        Rule = "uint32"         // a number beyond 32 bits
	UTF8          Rule = "utf-8"          // a text that is none
)

// Rules of tiles, layers, keys and values (4.1).
const (
	TileEmpty  Rule = "tile-empty"  // no layer
	Version    Rule = "version"     // absent, or not 2
	LayerName  Rule = "layer-name"  // absent or empty
	LayerTwice Rule = "layer-twice" // another layer's name
	Extent     Rule = "extent"      // absent, zero or beyond 31 bits
	LayerEmpty Rule = "layer-empty" // no feature
	KeyTwice   Rule = "key-twice"
	ValueTwice Rule = "value-twice"
	ValueOne   Rule = "value-one" // a value that is none or several
)

// Rules of features (4.2, 4.4).
const (
	IDTwice      Rule = "id-twice"      // another feature of the layer has the id
	GeometryType Rule = "geometry-type" // absent or not a point, line or polygon
	NoGeometry   Rule = "no-geometry"   // absent or empty
	TagOdd       Rule = "tag-odd"       // a key without a value
	TagRange     Rule = "tag-range"     // no such key or value
	TagTwice     Rule = "tag-twice"     // a key given twice
)

// Rules of geometry (4.3).
const (
	CommandID      Rule = "command-id"      // not MoveTo, LineTo or ClosePath (4.3.1)
	CommandCount   Rule = "command-count"   // none, or not as the type allows (4.3.4)
	CommandOrder   Rule = "command-order"   // not as the type allows (4.3.4)
	ParameterLost  Rule = "parameter-lost"  // fewer than the command's count (4.3.2)
	ParameterRange Rule = "parameter-range" // -2^31 (4.3.2)
	CursorOverflow Rule = "cursor-overflow" // beyond 32 bits
	SegmentZero    Rule = "segment-zero"    // a line to where it began (4.3.3.2)
	Margin         Rule = "margin"          // a point farther out than allowed
)

// Rules of polygons' rings (4.3.4.4).
const (
	RingClosed  Rule = "ring-closed"  // the first point again at the end
	RingPoints  Rule = "ring-points"  // fewer than three places
	RingArea    Rule = "ring-area"    // none
	RingFirst   Rule = "ring-first"   // begins with an interior ring
	HoleOutside Rule = "hole-outside" // not enclosed by its exterior ring
	RingCrosses Rule = "ring-crosses" // itself; asked if Rules.Simple
	RingTouches Rule = "ring-touches" // itself; asked if Rules.Simple
	RingsCross  Rule = "rings-cross"  // of one polygon; asked if Rules.Simple
	Complex     Rule = "complex"      // rings too entangled to be looked at
)

// Fault is one place where a tile breaks a rule.
type Fault struct {
	Rule    Rule
	Layer   string // its name, or #n for the n-th from 0 that has none; "" for the tile
	Feature int    // place among the layer's features from 0; -1 for the layer itself
	ID      uint64 // the feature's id, 0 without
	Path    int    // ring, line or group of points from 0; -1 for the feature itself
	Point   Point  // where on the path
	Offset  int    // byte of the tile near which it was seen
	Text    string
}

func (f *Fault) Error() string {
	var b strings.Builder
	if f.Layer != "" {
		fmt.Fprintf(&b, "layer %s, ", f.Layer)
	}
	if f.Feature >= 0 {
		fmt.Fprintf(&b, "feature %d (id %d), ", f.Feature, f.ID)
	}
	if f.Path >= 0 {
		fmt.Fprintf(&b, "path %d at (%d,%d), ", f.Path, f.Point.X, f.Point.Y)
	}
	fmt.Fprintf(&b, "byte %d: %s: %s", f.Offset, f.Rule, f.Text)
	return b.String()
}

// flaw is a fault whose layer and feature are not known yet.
func flaw(rule Rule, offset int, format string, args ...any) *Fault {
	return &Fault{Rule: rule, Feature: -1, Path: -1, Offset: offset, Text: fmt.Sprintf(format, args...)}
}

// Faults are what is wrong with a tile; there is at least one.
type Faults []*Fault

func (f Faults) Error() string {
	if len(f) == 1 {
		return f[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", f[0], len(f)-1)
}

// Unwrap lets errors.As find a *Fault.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i := range f {
		errs[i] = f[i]
	}
	return errs
}
