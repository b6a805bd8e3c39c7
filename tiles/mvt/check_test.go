package mvt

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

var square = draw(Polygons, box(10, 10, 100))

// fair are valid tiles.
var fair = map[string][]byte{
	"a square":                 polygon(box(0, 0, 4096)),
	"a square with a hole":     polygon(box(0, 0, 100), reversed(box(10, 10, 50))),
	"two squares, one holed":   polygon(box(0, 0, 10), box(11, 11, 9), reversed(box(13, 13, 4))), // 4.3.5.6
	"a hole touching outside":  polygon(box(0, 0, 100), reversed([]Point{{0, 50}, {20, 40}, {20, 60}})),
	"a hole on all corners":    polygon(box(0, 0, 100), reversed([]Point{{50, 0}, {100, 50}, {50, 100}, {0, 50}})),
	"the world":                polygon([]Point{{math.MinInt32 + 1, math.MinInt32 + 1}, {0, math.MinInt32 + 1}, {0, 0}, {math.MinInt32 + 1, 0}}),
	"a point":                  layerOf(featureOf(Points, []uint32{9, 50, 34})),                                     // 4.3.5.1
	"points":                   layerOf(featureOf(Points, []uint32{17, 10, 14, 3, 9})),                              // 4.3.5.2
	"the same point twice":     layerOf(featureOf(Points, draw(Points, []Point{{1, 1}, {1, 1}}))),                   // not forbidden
	"a line":                   layerOf(featureOf(Lines, []uint32{9, 4, 4, 18, 0, 16, 16, 0})),                      // 4.3.5.3
	"lines":                    layerOf(featureOf(Lines, []uint32{9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8})), // 4.3.5.4
	"a triangle":               layerOf(featureOf(Polygons, []uint32{9, 6, 12, 18, 10, 12, 24, 44, 15})),            // 4.3.5.5
	"an unknown field":         join(layerOf(featureOf(Polygons, square, number(9, 1)), number(16, 5)), message(17, []byte("x"))),
	"values of all types":      layerOf(featureOf(Polygons, square, packed(featureTags, 0, 0, 1, 1, 2, 6)), key("a"), key("b"), key("c"), textValue("v"), message(layerValues, tag(valueFloat, wire32), make([]byte, 4)), message(layerValues, tag(valueDouble, wire64), make([]byte, 8)), message(layerValues, number(valueInt, 1)), message(layerValues, number(valueUint, 1)), message(layerValues, number(valueSint, 1)), message(layerValues, number(valueBool, 1))),
	"two layers":               join(layerOf(featureOf(Polygons, square)), message(tileLayers, number(layerVersion, 2), message(layerName, []byte("other")), number(layerExtent, 512), featureOf(Polygons, square))),
	"the same id in two":       join(layerOf(featureOf(Polygons, square, number(featureID, 7))), message(tileLayers, number(layerVersion, 2), message(layerName, []byte("other")), number(layerExtent, 512), featureOf(Polygons, square, number(featureID, 7)))),
	"features before the head": message(tileLayers, featureOf(Polygons, square, packed(featureTags, 0, 0)), textValue("v"), key("k"), number(layerExtent, 4096), message(layerName, []byte("land")), number(layerVersion, 2)),
}

func TestValidTilesPass(t *testing.T) {
	t.Parallel()
	for name, tile := range fair {
		if err := (Rules{Margin: Anywhere, Simple: name != "a hole on all corners"}).Check(tile); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Decode(tile); err != nil {
			t.Errorf("%s is not decoded: %v", name, err)
		}
	}
}

func TestFieldsOfOthersAreCounted(t *testing.T) {
	t.Parallel()
	if r := (Rules{}).Inspect(fair["an unknown field"]); r.Unknown != 3 || r.Faults != nil {
		t.Errorf("%+v", r)
	}
}

// lame are tiles with one fault each.
var lame = []struct {
	rule Rule
	name string
	tile []byte
}{
	{WireTruncated, "a layer longer than the tile", layerOf(featureOf(Polygons, square))[:20]},
	{WireTruncated, "a tag that does not end", join(polygon(box(0, 0, 9)), []byte{0x80})},
	{WireTruncated, "half a double", layerOf(featureOf(Polygons, square), message(layerValues, tag(valueDouble, wire64), make([]byte, 4)))},
	{WireTruncated, "half a float", layerOf(featureOf(Polygons, square), message(layerValues, tag(valueFloat, wire32), make([]byte, 2)))},
	{WireTruncated, "a parameter that does not end", layerOf(message(layerFeatures, number(featureType, 1), message(featureGeometry, []byte{9, 2, 0x80})))},
	{WireVarint, "a number of 70 bits", join(polygon(box(0, 0, 9)), tag(16, wireVarint), []byte(strings.Repeat("\xff", 10)), []byte{1})},
	{WireType, "a group", join(polygon(box(0, 0, 9)), tag(16, 3))},
	{WireType, "wire type 7", join(polygon(box(0, 0, 9)), tag(16, 7))},
	{WireField, "field 0", join(polygon(box(0, 0, 9)), []byte{0, 0})},
	{FieldType, "a layer that is a number", join(polygon(box(0, 0, 9)), number(tileLayers, 1))},
	{FieldType, "a name that is a number", message(tileLayers, number(layerVersion, 2), number(layerName, 2), number(layerExtent, 4096), featureOf(Polygons, square))},
	{FieldType, "a double written as a varint", layerOf(featureOf(Polygons, square), message(layerValues, number(valueDouble, 1)))},
	{FieldTwice, "two names", layerOf(message(layerName, []byte("again")), featureOf(Polygons, square))},
	{FieldTwice, "two ids", layerOf(featureOf(Polygons, square, number(featureID, 1), number(featureID, 2)))},
	{FieldTwice, "geometry in two pieces", layerOf(featureOf(Polygons, square, packed(featureGeometry, square...)))},
	{NotPacked, "tags one by one", layerOf(featureOf(Polygons, square, number(featureTags, 0), number(featureTags, 0)), key("k"), textValue("v"))},
	{Uint32, "a parameter of 33 bits", layerOf(message(layerFeatures, number(featureType, 1), message(featureGeometry, []byte{9, 2, 0xff, 0xff, 0xff, 0xff, 0x1f})))},
	{UTF8, "a name in GBK", message(tileLayers, number(layerVersion, 2), message(layerName, []byte("\xb5\xd8\xbf\xe9")), number(layerExtent, 4096), featureOf(Polygons, square))},
	{UTF8, "a key in GBK", layerOf(featureOf(Polygons, square), key("\xb5\xd8"))},
	{UTF8, "a value in GBK", layerOf(featureOf(Polygons, square), textValue("\xb5\xd8"))},

	{TileEmpty, "nothing", nil},
	{TileEmpty, "only fields of others", number(16, 1)},
	{Version, "version 1", message(tileLayers, number(layerVersion, 1), message(layerName, []byte("land")), number(layerExtent, 4096), featureOf(Polygons, square))},
	{Version, "no version", message(tileLayers, message(layerName, []byte("land")), number(layerExtent, 4096), featureOf(Polygons, square))},
	{LayerName, "no name", message(tileLayers, number(layerVersion, 2), number(layerExtent, 4096), featureOf(Polygons, square))},
	{LayerName, "an empty name", message(tileLayers, number(layerVersion, 2), message(layerName), number(layerExtent, 4096), featureOf(Polygons, square))},
	{LayerTwice, "a layer twice", join(polygon(box(0, 0, 9)), polygon(box(0, 0, 9)))},
	{Extent, "no extent", message(tileLayers, number(layerVersion, 2), message(layerName, []byte("land")), featureOf(Polygons, square))},
	{Extent, "extent 0", message(tileLayers, number(layerVersion, 2), message(layerName, []byte("land")), number(layerExtent, 0), featureOf(Polygons, square))},
	{LayerEmpty, "no feature", layerOf()},
	{KeyTwice, "a key twice", layerOf(featureOf(Polygons, square), key("k"), key("k"))},
	{ValueTwice, "a value twice", layerOf(featureOf(Polygons, square), textValue("v"), textValue("v"))},
	{ValueTwice, "an integer twice, once written longer", layerOf(featureOf(Polygons, square), message(layerValues, number(valueInt, 1)), message(layerValues, tag(valueInt, wireVarint), []byte{0x81, 0}))},
	{ValueOne, "a value without any", layerOf(featureOf(Polygons, square), message(layerValues))},
	{ValueOne, "a value of two types", layerOf(featureOf(Polygons, square), message(layerValues, number(valueInt, 1), number(valueUint, 1)))},

	{IDTwice, "an id twice", layerOf(featureOf(Polygons, square, number(featureID, 9)), featureOf(Polygons, square, number(featureID, 3)), featureOf(Polygons, square, number(featureID, 9)))},
	{GeometryType, "no type", layerOf(message(layerFeatures, packed(featureGeometry, square...)))},
	{GeometryType, "an unknown type", layerOf(featureOf(Unknown, square))},
	{GeometryType, "type 4", layerOf(featureOf(4, square))},
	{NoGeometry, "no geometry", layerOf(message(layerFeatures, number(featureType, 3)))},
	{NoGeometry, "empty geometry", layerOf(featureOf(Polygons, nil))},
	{TagOdd, "a key without a value", layerOf(featureOf(Polygons, square, packed(featureTags, 0)), key("k"), textValue("v"))},
	{TagRange, "no such key", layerOf(featureOf(Polygons, square, packed(featureTags, 1, 0)), key("k"), textValue("v"))},
	{TagRange, "no such value", layerOf(featureOf(Polygons, square, packed(featureTags, 0, 1)), key("k"), textValue("v"))},
	{TagTwice, "a key of a feature twice", layerOf(featureOf(Polygons, square, packed(featureTags, 0, 0, 0, 1)), key("k"), textValue("v"), textValue("w"))},

	{CommandID, "command 3", layerOf(featureOf(Points, []uint32{command(3, 1), 2, 2}))},
	{CommandCount, "MoveTo none times", layerOf(featureOf(Points, []uint32{command(moveTo, 0)}))},
	{CommandCount, "two MoveTo of a line", layerOf(featureOf(Lines, []uint32{command(moveTo, 2), 2, 2, 2, 2, command(lineTo, 1), 2, 2}))},
	{CommandCount, "a ring with one LineTo", layerOf(featureOf(Polygons, []uint32{command(moveTo, 1), 2, 2, command(lineTo, 1), 2, 2, command(closePath, 1)}))},
	{CommandCount, "ClosePath twice", layerOf(featureOf(Polygons, append(slices.Clone(square[:len(square)-1]), command(closePath, 2))))},
	{CommandOrder, "LineTo of points", layerOf(featureOf(Points, []uint32{command(moveTo, 1), 2, 2, command(lineTo, 1), 2, 2}))},
	{CommandOrder, "two MoveTo of points", layerOf(featureOf(Points, []uint32{command(moveTo, 1), 2, 2, command(moveTo, 1), 2, 2}))},
	{CommandOrder, "a line begun by LineTo", layerOf(featureOf(Lines, []uint32{command(lineTo, 1), 2, 2}))},
	{CommandOrder, "a line of MoveTo alone", layerOf(featureOf(Lines, []uint32{command(moveTo, 1), 2, 2}))},
	{CommandOrder, "ClosePath of a line", layerOf(featureOf(Lines, []uint32{command(moveTo, 1), 2, 2, command(lineTo, 1), 2, 2, command(closePath, 1)}))},
	{CommandOrder, "LineTo after LineTo", layerOf(featureOf(Polygons, []uint32{command(moveTo, 1), 2, 2, command(lineTo, 2), 20, 0, 0, 20, command(lineTo, 2), 3, 0, 0, 3, command(closePath, 1)}))},
	{CommandOrder, "a ring that is not closed", layerOf(featureOf(Polygons, square[:len(square)-1]))},
	{ParameterLost, "no y", layerOf(featureOf(Points, []uint32{command(moveTo, 1), 2}))},
	{ParameterLost, "2^29-1 points of which one is there", layerOf(featureOf(Points, []uint32{command(moveTo, 1<<29-1), 2, 2}))},
	{ParameterRange, "-2^31", layerOf(featureOf(Points, []uint32{command(moveTo, 1), math.MaxUint32, 2}))},
	{CursorOverflow, "2^31", layerOf(featureOf(Points, []uint32{command(moveTo, 2), zigzag(math.MaxInt32), 0, 2, 0}))},
	{SegmentZero, "a line to where it is", layerOf(featureOf(Lines, draw(Lines, []Point{{1, 1}, {2, 2}, {2, 2}})))},
	{SegmentZero, "a point of a ring twice", polygon([]Point{{0, 0}, {9, 0}, {9, 0}, {9, 9}})},
	{Margin, "a point at 4161", layerOf(featureOf(Points, draw(Points, []Point{{0, 0}, {4161, 0}})))},
	{Margin, "a ring from -65", polygon(box(-65, 0, 100))},

	{RingClosed, "the first point again", polygon([]Point{{0, 0}, {9, 0}, {9, 9}, {0, 0}})},
	{RingPoints, "there and back", polygon([]Point{{0, 0}, {9, 0}, {0, 0}, {9, 0}})},
	{RingArea, "three points on a line", polygon([]Point{{0, 0}, {9, 0}, {4, 0}})},
	{RingArea, "a bow tie of equal halves", polygon([]Point{{0, 0}, {10, 10}, {10, 0}, {0, 10}})},
	{RingFirst, "a hole first", polygon(reversed(box(0, 0, 9)))},
	{HoleOutside, "a hole beside", polygon(box(0, 0, 9), reversed(box(20, 0, 9)))},
	{HoleOutside, "a hole half out", polygon(box(0, 0, 9), reversed(box(5, 5, 9)))},
	{HoleOutside, "a hole in the next part", polygon(box(0, 0, 9), reversed(box(22, 2, 4)), box(20, 0, 9))},
	{HoleOutside, "a notch's own corners", polygon([]Point{{0, 0}, {30, 0}, {30, 30}, {20, 30}, {20, 10}, {10, 10}, {10, 30}, {0, 30}}, reversed([]Point{{10, 10}, {20, 10}, {20, 30}, {10, 30}}))},
	{HoleOutside, "an exterior ring the wrong way about", polygon(box(0, 0, 9), reversed(box(100, 100, 9)))},
	{RingCrosses, "a bow tie of unequal halves", polygon([]Point{{0, 0}, {10, 10}, {10, 0}, {0, 20}})},
	{RingTouches, "a ring through its own corner", polygon([]Point{{0, 0}, {20, 0}, {20, 20}, {10, 0}, {0, 20}})},
	{RingTouches, "a ring through one place twice", polygon([]Point{{0, 0}, {20, 0}, {10, 10}, {20, 20}, {0, 20}, {10, 10}})},
	{RingTouches, "a spike", polygon([]Point{{0, 0}, {20, 0}, {30, 0}, {20, 0}, {20, 20}, {0, 20}})},
	{RingsCross, "a star of hole in a star", polygon(box(0, 0, 99), reversed(box(10, 10, 30)), reversed(box(20, 20, 30)))},
}

func TestEachFaultIsNamed(t *testing.T) {
	t.Parallel()
	seen := map[Rule]bool{}
	for _, c := range lame {
		seen[c.rule] = true
		err := Rules{Margin: 64, Simple: true}.Check(c.tile)
		var faults Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s passes", c.name)
			continue
		}
		if len(faults) != 1 || faults[0].Rule != c.rule {
			t.Errorf("%s is not %s alone: %v", c.name, c.rule, faults)
		}
		if faults[0].Offset < 0 || faults[0].Offset > len(c.tile) {
			t.Errorf("%s is at byte %d", c.name, faults[0].Offset)
		}
	}
	for _, rule := range []Rule{WireTruncated, WireVarint, WireType, WireField, FieldType, FieldTwice, NotPacked, Uint32, UTF8,
		TileEmpty, Version, LayerName, LayerTwice, Extent, LayerEmpty, KeyTwice, ValueTwice, ValueOne, IDTwice, GeometryType,
		NoGeometry, TagOdd, TagRange, TagTwice, CommandID, CommandCount, CommandOrder, ParameterLost, ParameterRange, CursorOverflow,
		SegmentZero, Margin, RingClosed, RingPoints, RingArea, RingFirst, HoleOutside, RingCrosses, RingTouches, RingsCross} {
		if !seen[rule] {
			t.Errorf("no tile breaks %s", rule)
		}
	}
}

func TestRulesBeyondTheSpecificationAreAsked(t *testing.T) {
	t.Parallel()
	for _, c := range lame {
		switch c.rule {
		case Margin, RingCrosses, RingTouches, RingsCross:
			if err := Check(c.tile); err != nil {
				t.Errorf("%s, not asked for: %v", c.name, err)
			}
		}
	}
}

func TestFaultsAreLocated(t *testing.T) {
	t.Parallel()
	err := Check(layerOf(featureOf(Polygons, square, number(featureID, 3)),
		featureOf(Polygons, draw(Polygons, box(0, 0, 9), reversed(box(20, 1, 9))), number(featureID, 8))))
	var f *Fault
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	want := Fault{Rule: HoleOutside, Layer: "land", Feature: 1, ID: 8, Path: 1, Point: Point{20, 10}, Offset: f.Offset, Text: f.Text}
	if *f != want {
		t.Errorf("%+v", f)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	var parts [][]byte
	for range 1000 {
		parts = append(parts, featureOf(Polygons, nil))
	}
	if r := (Rules{}).Inspect(layerOf(parts...)); len(r.Faults) != maxFaults || r.More != 1000-maxFaults || r.Features != 1000 {
		t.Errorf("%d faults and %d", len(r.Faults), r.More)
	}
}
