package mvt

// Tile is what a vector tile holds.
type Tile struct{ Layers []Layer }

// Layer is a named set of features (4.1).
type Layer struct {
	Name     string
	Version  int
	Extent   int // units along the tile's side
	Features []Feature
}

// Feature is a thing with geometry and attributes (4.2).
type Feature struct {
	ID         uint64 // 0 without
	HasID      bool
	Type       Type
	Paths      [][]Point      // the points together, lines, or open rings; none of an unknown type
	Attributes map[string]any // string, bool, int64, uint64, float32 or float64
}

// Layer finds a layer by name; nil when there is none.
func (t Tile) Layer(name string) *Layer {
	for i := range t.Layers {
		if t.Layers[i].Name == name {
			return &t.Layers[i]
		}
	}
	return nil
}

// Polygons are a polygon feature's rings grouped: of each, the exterior ring
// and then its holes (4.3.4.4). Rings without area are left out.
func (f Feature) Polygons() [][][]Point {
	if f.Type != Polygons {
		return nil
	}
	var polygons [][][]Point
	for _, ring := range f.Paths {
		switch s := areaSign(ring); {
		case s > 0:
			polygons = append(polygons, [][]Point{ring})
		case s < 0 && len(polygons) > 0:
			last := &polygons[len(polygons)-1]
			*last = append(*last, ring)
		}
	}
	return polygons
}

// Decode reads a tile. What Check finds wrong is read all the same if it can be;
// otherwise the error is the *Fault that stops it.
func Decode(tile []byte) (Tile, error) {
	t, fault := decode(tile)
	if fault != nil {
		return Tile{}, fault
	}
	return t, nil
}

func decode(tile []byte) (t Tile, fault *Fault) {
	r := reader{tile, 0, len(tile)}
	for {
		f, more, fault := r.next()
		if fault != nil || !more {
			return t, fault
		}
		if f.number != tileLayers {
			continue
		}
		if fault = f.is(wireBytes); fault != nil {
			return t, fault
		}
		l, fault := decodeLayer(tile, f.bytes)
		if fault != nil {
			fault.Layer = l.Name
			return t, fault
		}
		t.Layers = append(t.Layers, l)
	}
}

func decodeLayer(tile []byte, at span) (Layer, *Fault) {
	h, fault := readHead(at.reader(tile))
	l := Layer{Name: h.nameText, Version: int(min(h.versionNumber, 1<<31)), Extent: int(min(h.extentUnits, 1<<31))}
	if fault != nil {
		return l, fault
	}
	if len(h.badValues) > 0 {
		return l, h.badValues[0]
	}
	values := make([]any, len(h.values))
	for i, v := range h.values {
		values[i] = v.any()
	}
	var s shape
	for r := at.reader(tile); len(l.Features) < h.features; {
		g, _, _ := r.next() // readHead has found it sound
		if g.number != layerFeatures {
			continue
		}
		f, fault := decodeFeature(tile, g.bytes, &h, values, &s)
		if fault != nil {
			fault.Feature, fault.ID = len(l.Features), f.ID
			return l, fault
		}
		l.Features = append(l.Features, f)
	}
	return l, nil
}

func decodeFeature(tile []byte, at span, h *head, values []any, s *shape) (Feature, *Fault) {
	g, fault := readFeature(at.reader(tile))
	f := Feature{ID: g.id, HasID: g.hasID}
	if fault != nil {
		return f, fault
	}
	if g.kind <= uint64(Polygons) {
		f.Type = Type(g.kind)
	}
	f.Attributes = map[string]any{}
	fault = eachTag(tile, g.tags, h, func(key, value uint32) *Fault {
		f.Attributes[h.keys[key]] = values[value]
		return nil
	})
	if fault != nil || f.Type == Unknown {
		return f, fault
	}
	if fault = s.read(f.Type, g.geometry.reader(tile)); fault != nil {
		return f, fault
	}
	points := make([]Point, len(s.points))
	copy(points, s.points)
	for i, from := 0, 0; i < s.paths(); i++ {
		f.Paths = append(f.Paths, points[from:s.ends[i]:s.ends[i]])
		from = s.ends[i]
	}
	return f, nil
}
