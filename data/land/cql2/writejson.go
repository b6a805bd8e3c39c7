package cql2

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/paulmach/orb"
)

// JSON writes an expression in the JSON encoding; ParseJSON reads it back.
func JSON(e Expr) []byte {
	w := &jsonWriter{}
	w.write(e)
	return w.Bytes()
}

type jsonWriter struct{ bytes.Buffer }

func (w *jsonWriter) write(e Expr) {
	switch e := e.(type) {
	case *Logic:
		w.operation(e.Op, e.Args...)
	case *Not:
		w.operation("not", e.Arg)
	case *Compare:
		w.operation(e.Op, e.Left, e.Right)
	case *Like:
		w.operation("like", e.Value, e.Pattern)
	case *Between:
		w.operation("between", e.Value, e.Low, e.High)
	case *In:
		w.operation("in", e.Value, &Array{Items: e.List})
	case *IsNull:
		w.operation("isNull", e.Arg)
	case *Spatial:
		w.operation(e.Op, e.Left, e.Right)
	case *Near:
		w.operation("s_dwithin", e.Left, e.Right, &Number{Value: e.Metres})
	case *Temporal:
		w.operation(temporalOps[e.Op], e.Left, e.Right)
	case *ArrayTest:
		w.operation(arrayOps[e.Op], e.Left, e.Right)
	case *Arith:
		w.operation(e.Op, e.Left, e.Right)
	case *Fold:
		w.operation(e.Op, e.Arg)
	case *Call:
		w.operation(e.Name, e.Args...)
	case *Array:
		w.array(e.Items)
	default:
		w.value(e)
	}
}

func (w *jsonWriter) operation(op string, args ...Expr) {
	w.WriteString(`{"op":`)
	w.string(op)
	w.WriteString(`,"args":`)
	w.array(args)
	w.WriteByte('}')
}

func (w *jsonWriter) array(items []Expr) {
	w.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			w.WriteByte(',')
		}
		w.write(item)
	}
	w.WriteByte(']')
}

// string writes a JSON string without the escapes that HTML would need.
func (w *jsonWriter) string(s string) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic(err) // a string always has an encoding
	}
	w.Truncate(w.Len() - 1) // the encoder's newline
}

func (w *jsonWriter) value(e Expr) {
	switch e := e.(type) {
	case *Property:
		w.WriteString(`{"property":`)
		w.string(e.Name)
		w.WriteByte('}')
	case *String:
		w.string(e.Value)
	case *Number:
		w.WriteString(formatNumber(e.Value))
	case *Bool:
		w.WriteString(strconv.FormatBool(e.Value))
	case *Date:
		w.WriteString(`{"date":"` + e.Day.String() + `"}`)
	case *Timestamp:
		w.WriteString(`{"timestamp":"` + e.Instant.String() + `"}`)
	case *Interval:
		w.WriteString(`{"interval":[`)
		w.end(e.Start)
		w.WriteByte(',')
		w.end(e.End)
		w.WriteString(`]}`)
	case *Geometry:
		if e.Box != nil {
			w.WriteString(`{"bbox":[` + joinNumbers(e.Box, ",") + `]}`)
			return
		}
		w.geometry(e.Shape)
	}
}

func (w *jsonWriter) end(e Expr) {
	switch e := e.(type) {
	case nil:
		w.WriteString(`".."`)
	case *Date:
		w.string(e.Day.String())
	case *Timestamp:
		w.string(e.Instant.String())
	default:
		w.write(e)
	}
}

func (w *jsonWriter) geometry(g orb.Geometry) {
	w.WriteString(`{"type":"` + g.GeoJSONType() + `",`)
	if all, ok := g.(orb.Collection); ok {
		w.WriteString(`"geometries":`)
		listed(w, all, w.geometry)
		w.WriteByte('}')
		return
	}
	w.WriteString(`"coordinates":`)
	switch g := g.(type) {
	case orb.Point:
		w.point(g)
	case orb.MultiPoint:
		w.path(g)
	case orb.LineString:
		w.path(g)
	case orb.MultiLineString:
		listed(w, g, func(l orb.LineString) { w.path(l) })
	case orb.Polygon:
		w.polygon(g)
	case orb.MultiPolygon:
		listed(w, g, w.polygon)
	}
	w.WriteByte('}')
}

func (w *jsonWriter) polygon(g orb.Polygon) { listed(w, g, func(r orb.Ring) { w.path(r) }) }

func (w *jsonWriter) path(points []orb.Point) { listed(w, points, w.point) }

func (w *jsonWriter) point(p orb.Point) { w.WriteString("[" + joinNumbers(p[:], ",") + "]") }

func listed[G any](w *jsonWriter, parts []G, write func(G)) {
	w.WriteByte('[')
	for i, part := range parts {
		if i > 0 {
			w.WriteByte(',')
		}
		write(part)
	}
	w.WriteByte(']')
}
