package gdal

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// drawingColumns are what GDAL tells of every entity of a drawing.
var drawingColumns = []string{"layer", "paperspace", "subclasses", "linetype", "entityhandle", "text", "block", "attributetag"}

// curves are entities that GDAL gives as many short straight edges.
var curves = []string{"CIRCLE", "ELLIPSE", "SPLINE", "ARC", "HELIX"}

// scanner walks a DXF file, which is pairs of lines: a group code and its value.
type scanner struct {
	lines *bufio.Scanner
	row   int
	utf8  bool // every value so far is UTF-8
}

func (s *scanner) pair() (code int, value string, ok bool) {
	if !s.lines.Scan() {
		return 0, "", false
	}
	code, err := strconv.Atoi(string(bytes.TrimSpace(s.lines.Bytes())))
	if err != nil || !s.lines.Scan() {
		return 0, "", false
	}
	s.row += 2
	s.utf8 = s.utf8 && utf8.Valid(s.lines.Bytes())
	return code, string(bytes.TrimSpace(s.lines.Bytes())), true
}

// prepareDrawing links a DXF file into dir after scanning it. Its texts are UTF-8
// if they decode strictly as that, else GB18030: what code page the header names
// says little about drawings made in China, so GDAL is told to leave the bytes.
func prepareDrawing(file, dir string) (source, error) {
	s := source{path: filepath.Join(dir, "input.dxf"), encoding: "UTF-8", ignored: drawingColumns, latin1: true, env: []string{"DXF_ENCODING=ISO-8859-1"}}
	if err := link(file, s.path); err != nil {
		return s, err
	}
	kinds, utf, err := scanDrawing(s.path)
	s.kinds = kinds
	if !utf {
		s.encoding, s.decoder = "GB18030", simplifiedchinese.GB18030.NewDecoder()
	}
	return s, err
}

// scanDrawing gives the kind of each entity by its handle, and refuses what GDAL
// would turn into short straight edges in silence: polylines with arcs (凸度,
// group 42 of LWPOLYLINE and VERTEX), and curves without a handle to know them by.
func scanDrawing(file string) (kinds map[string]string, utf bool, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	s := &scanner{lines: bufio.NewScanner(f), utf8: true}
	s.lines.Buffer(make([]byte, 1<<16), 1<<20)
	kinds = map[string]string{}
	var log intake.Log
	var section, kind, handle, layer string
	arc := false // the polyline's first arc has been told
	nameless := 0
	for {
		code, value, ok := s.pair()
		if !ok {
			break
		}
		switch {
		case code == 0 && value == "VERTEX", code == 0 && value == "SEQEND":
			kind = value
		case code == 0:
			if section == "ENTITIES" && handle == "" && slices.Contains(curves, kind) {
				nameless++
			}
			kind, handle, layer, arc = value, "", "", false
		case code == 2 && kind == "SECTION":
			section = value
		case kind == "VERTEX" && code != 42, section != "ENTITIES":
		case code == 5:
			handle = value
			kinds[handle] = kind
		case code == 8:
			layer = value
		case code == 42 && (kind == "LWPOLYLINE" || kind == "VERTEX") && !arc:
			if bulge, err := strconv.ParseFloat(value, 64); err == nil && bulge != 0 {
				arc = true
				log.Add(land.Finding{Code: "2113", Severity: land.Block, Row: s.row,
					Message: fmt.Sprintf("the polyline with handle %s on layer %q has an arc (bulge %v)", handle, strings.ToValidUTF8(layer, "\uFFFD"), bulge),
					Remedy:  "replace arcs by boundary points (界址点), chords within 0.01 m"})
			}
		}
	}
	if nameless > 0 {
		log.Add(land.Finding{Code: "2113", Severity: land.Block, Message: fmt.Sprintf("the drawing has %d curves without a handle, which cannot be told from polylines", nameless), Remedy: "save the drawing as DXF 2000 or later, or take the curves out"})
	}
	if section == "" {
		return nil, false, refuse("1101", "the file is no DXF text file", "save the drawing as ASCII DXF")
	}
	return kinds, s.utf8, log.Err()
}

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
}

type label struct {
	text string
	at   geo.Point
}

// add takes one entity. Open polylines are faults; other entities but texts are
// remarked and left.
func (d *drawing) add(log *intake.Log, row int, crs geo.CRS, g orb.Geometry, texts map[string]string) {
	kind := d.kind(g, texts)
	polyline := kind == "LWPOLYLINE" || kind == "POLYLINE"
	where := fmt.Sprintf("handle %s, layer %q", texts["EntityHandle"], texts["Layer"])
	switch g := g.(type) {
	case orb.LineString:
		closed := len(g) > 2 && g[0] == g[len(g)-1]
		switch {
		case polyline && closed:
			d.plots = append(d.plots, drawnPlot{row, texts, geo.MultiPolygon{{geo.Ring(g)}}})
		case polyline && len(g) > 0:
			log.Add(land.Finding{Code: "2103", Severity: land.Block, Row: row, Message: fmt.Sprintf("the polyline (%s) is open", where), Remedy: "close it, or take it out of the drawing", Place: intake.Locate(crs, g[0])})
		case closed:
			log.Add(land.Finding{Code: "2113", Severity: land.Block, Row: row, Message: fmt.Sprintf("the closed curve (%s, %s) is no polyline", where, kind), Remedy: "draw the boundary as a polyline with straight edges", Place: intake.Locate(crs, g[0])})
		default:
			d.left(log, row, where, kind)
		}
	case orb.Point:
		if text := strings.TrimSpace(texts["Text"]); text != "" {
			d.labels = append(d.labels, label{text, g})
		}
	default:
		d.left(log, row, where, kind)
	}
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

func (d *drawing) left(log *intake.Log, row int, where, kind string) {
	log.Tally(land.Finding{Code: "2101", Severity: land.Inform, Row: row, Message: fmt.Sprintf("the entity (%s, %s) is no polyline and was not read", where, kind)})
}

// name gives each plot the texts within it: one that reads as a land-use code is
// its use, and if just one other remains, that is its number. A layer that is
// named by a code gives the use of plots without such a text.
func (d *drawing) name(log *intake.Log, columns *intake.Columns) {
	for i := range d.plots {
		p := &d.plots[i]
		bound := p.boundary.Bound()
		var numbers []string
		use := ""
		for _, l := range d.labels {
			if !bound.Contains(l.at) || !planar.MultiPolygonContains(p.boundary, l.at) {
				continue
			}
			if _, _, err := land.ParseUse(l.text, ""); err == nil {
				use = l.text
			} else if !slices.Contains(numbers, l.text) {
				numbers = append(numbers, l.text)
			}
		}
		if _, _, err := land.ParseUse(p.texts["Layer"], ""); use == "" && err == nil {
			use = p.texts["Layer"]
		}
		if use != "" && !columns.Assigned("land_use") {
			p.texts["land_use"] = use
		}
		switch {
		case columns.Assigned("plot_no"):
		case len(numbers) == 1:
			p.texts["plot_no"] = numbers[0]
		case len(numbers) > 1:
			log.Add(land.Finding{Code: "1107", Severity: land.Warn, Row: p.row, Field: "plot_no",
				Message: fmt.Sprintf("several texts stand in the plot with handle %s: %s; none was taken for its number", p.texts["EntityHandle"], strings.Join(numbers[:min(len(numbers), 10)], ", ")),
				Remedy:  "leave one text, the 地块编号, in each plot"})
		}
	}
}
