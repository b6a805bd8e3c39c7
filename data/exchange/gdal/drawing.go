package gdal

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/exchange/dxf"
	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// drawing gathers a drawing's closed polylines and texts; which text stands in
// which polyline is known only at the end.
type drawing struct {
	kinds  map[string]string // of entities, by handle
	plots  []drawnPlot
	labels []label
}

type drawnPlot struct {
	row      int
	texts    map[string]string
	boundary geo.MultiPolygon
	numbered bool // by a text on the layer of plot numbers
}

func (p *drawnPlot) layer() string { return p.texts["Layer"] }

type label struct {
	text, layer string
	at          geo.Point
}

// add takes one entity. Open polylines are faults; other entities but texts are
// remarked and left.
func (d *drawing) add(log *intake.Log, row int, crs geo.CRS, g orb.Geometry, texts map[string]string) {
	kind := d.kind(g, texts)
	polyline := kind == "LWPOLYLINE" || kind == "POLYLINE"
	where := geo.Say("句柄 %s，图层 %q", "handle %s, layer %q", texts["EntityHandle"], texts["Layer"])
	switch g := g.(type) {
	case orb.LineString:
		closed := len(g) > 2 && g[0] == g[len(g)-1]
		switch {
		case polyline && closed:
			d.plots = append(d.plots, drawnPlot{row: row, texts: texts, boundary: geo.MultiPolygon{{geo.Ring(g)}}})
		case polyline && len(g) > 0:
			log.Add(land.Finding{Code: "2103", Severity: land.Block, Row: row, Place: intake.Locate(crs, g[0])}.Saying(
				geo.Say("多段线（%s）未闭合", "the polyline (%s) is open", where), geo.Say("请闭合，或从图中删去", "close it, or take it out of the drawing")))
		case closed:
			log.Add(land.Finding{Code: "2113", Severity: land.Block, Row: row, Place: intake.Locate(crs, g[0])}.Saying(
				geo.Say("闭合曲线（%s，%s）不是多段线", "the closed curve (%s, %s) is no polyline", where, kind), geo.Say("请以直边多段线画界址", "draw the boundary as a polyline with straight edges")))
		default:
			d.left(log, row, where, kind)
		}
	case orb.Point:
		if text := strings.TrimSpace(decodeSigns(texts["Text"])); text != "" {
			d.labels = append(d.labels, label{text, texts["Layer"], g})
		}
	default:
		d.left(log, row, where, kind)
	}
}

var signCode = regexp.MustCompile(`%%\d{3}`)

// decodeSigns puts the signs for which AutoCAD's texts have codes, such as %%037.
func decodeSigns(text string) string {
	return signCode.ReplaceAllStringFunc(text, func(code string) string {
		n, err := strconv.ParseUint(code[2:], 10, 8)
		if err != nil || n < ' ' || n > '~' {
			return code
		}
		return string(rune(n))
	})
}

// kind is an entity's kind by its handle, else by GDAL's subclass markers; an
// old drawing may have neither, and then only a line of two points is certain to
// be no polyline.
func (d *drawing) kind(g orb.Geometry, texts map[string]string) string {
	if kind, ok := d.kinds[texts["EntityHandle"]]; ok {
		return kind
	}
	line, isLine := g.(orb.LineString)
	switch classes := texts["SubClasses"]; {
	case strings.HasSuffix(classes, "Polyline"):
		return "POLYLINE"
	case classes != "":
		return classes
	case isLine && len(line) > 2:
		return "POLYLINE"
	}
	return "LINE"
}

func (d *drawing) left(log *intake.Log, row int, where geo.Words, kind string) {
	log.Tally(land.Finding{Code: "2101", Severity: land.Inform, Row: row}.Saying(
		geo.Say("图元（%s，%s）不是多段线，未读取", "the entity (%s, %s) is no polyline and was not read", where, kind), geo.Words{}))
}

// finish makes plots of what was gathered.
func (d *drawing) finish(log *intake.Log, columns *intake.Columns) {
	d.cut(log)
	for i := range d.plots {
		d.name(&d.plots[i], log, columns)
	}
	d.join()
}

// cut takes the polylines on a layer of holes out of the smallest plot around
// them on the layer without the suffix.
func (d *drawing) cut(log *intake.Log) {
	var plots, holes []drawnPlot
	for _, p := range d.plots {
		if strings.HasSuffix(p.layer(), dxf.HoleSuffix) {
			holes = append(holes, p)
		} else {
			plots = append(plots, p)
		}
	}
	d.plots = plots
	for _, hole := range holes {
		ring := hole.boundary[0][0]
		var around *drawnPlot
		least := 0.0
		for i := range plots {
			p := &plots[i]
			outer := p.boundary[0][0]
			if p.layer()+dxf.HoleSuffix != hole.layer() || !outer.Bound().Contains(ring.Bound().Min) || !outer.Bound().Contains(ring.Bound().Max) ||
				!ringContains(outer, ring) {
				continue
			}
			if area := math.Abs(geo.SignedArea(outer)); around == nil || area < least {
				around, least = p, area
			}
		}
		if around == nil {
			log.Add(land.Finding{Code: "2101", Severity: land.Block, Row: hole.row}.Saying(
				geo.Say("图层 %[2]q 上句柄为 %[1]s 的内环不在其图层的任何地块中", "the hole with handle %[1]s on layer %[2]q lies in no plot of its layer", hole.texts["EntityHandle"], hole.layer()),
				geo.Say("请在不带 %s 的图层上画出其外围的地块", "draw the plot around it on the layer without %s", dxf.HoleSuffix)))
			continue
		}
		around.boundary[0] = append(around.boundary[0], ring)
	}
}

// ringContains says whether all points of inner lie in outer or on it.
func ringContains(outer, inner geo.Ring) bool {
	return !slices.ContainsFunc(inner, func(q geo.Point) bool { return !planar.RingContains(outer, q) })
}

// name gives a plot the texts within it. One on the layer of plot numbers is its
// number. Of the others, one that reads as a land-use code is its use, and if
// just one remains, that is its number. A layer that is named by a code gives the
// use of a plot without such a text.
func (d *drawing) name(p *drawnPlot, log *intake.Log, columns *intake.Columns) {
	scheme, _ := columns.Constant("land_use_scheme")
	isUse := func(text string) bool {
		_, _, err := land.ParseUse(text, land.Scheme(scheme))
		return err == nil
	}
	bound := p.boundary.Bound()
	var numbers []string
	use := ""
	for _, l := range d.labels {
		if !bound.Contains(l.at) || !planar.MultiPolygonContains(p.boundary, l.at) {
			continue
		}
		switch {
		case l.layer == dxf.NumberLayer:
			if !p.numbered {
				numbers, p.numbered = nil, true
			}
			if !slices.Contains(numbers, l.text) {
				numbers = append(numbers, l.text)
			}
		case isUse(l.text):
			use = l.text
		case !p.numbered && !slices.Contains(numbers, l.text):
			numbers = append(numbers, l.text)
		}
	}
	if use == "" && isUse(p.layer()) {
		use = p.layer()
	}
	if use != "" && !columns.Assigned("land_use") {
		p.texts["land_use"] = use
	}
	switch {
	case columns.Assigned("plot_no"):
	case len(numbers) == 1:
		p.texts["plot_no"] = numbers[0]
	case len(numbers) > 1:
		log.Add(land.Finding{Code: "1107", Severity: land.Warn, Row: p.row, Field: "plot_no"}.Saying(
			geo.Say("句柄为 %s 的地块中有多个文字：%s；均未作为编号", "several texts stand in the plot with handle %s: %s; none was taken for its number", p.texts["EntityHandle"], strings.Join(numbers[:min(len(numbers), 10)], ", ")),
			geo.Say("每个地块中请只留一个文字，即地块编号", "leave one text, the 地块编号, in each plot")))
	}
}

// join makes one plot of the parts that bear the same number on the layer of
// plot numbers and lie on the same layer.
func (d *drawing) join() {
	type key struct{ number, layer string }
	first := map[key]int{}
	joined := d.plots[:0]
	for _, p := range d.plots {
		k := key{p.texts["plot_no"], p.layer()}
		at, seen := first[k]
		switch {
		case !p.numbered || k.number == "":
			joined = append(joined, p)
		case seen:
			joined[at].boundary = append(joined[at].boundary, p.boundary...)
		default:
			first[k] = len(joined)
			joined = append(joined, p)
		}
	}
	d.plots = joined
}
