package gdal

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
	scan, err := scanDrawing(s.path)
	s.kinds, s.crs = scan.kinds, scan.crs
	if !scan.utf8 {
		s.encoding, s.decoder = "GB18030", simplifiedchinese.GB18030.NewDecoder()
	}
	return s, err
}

// drawingScan is what a first look at a drawing tells.
type drawingScan struct {
	kinds map[string]string // of entities, by handle
	utf8  bool
	crs   geo.CRS // as a comment that dikuai wrote in the header says; else 0
}

// scanDrawing gives the kind of each entity by its handle, and refuses what GDAL
// would turn into short straight edges in silence: polylines with arcs (凸度,
// group 42 of LWPOLYLINE and VERTEX), and curves without a handle to know them by.
func scanDrawing(file string) (drawingScan, error) {
	f, err := os.Open(file)
	if err != nil {
		return drawingScan{}, err
	}
	defer f.Close()
	s := &scanner{lines: bufio.NewScanner(f), utf8: true}
	s.lines.Buffer(make([]byte, 1<<16), 1<<20)
	scan := drawingScan{kinds: map[string]string{}}
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
		case code == 999 && section == "HEADER":
			if name, ok := strings.CutPrefix(value, "crs: "); ok {
				scan.crs, _ = geo.ParseCRS(name)
			}
		case kind == "VERTEX" && code != 42, section != "ENTITIES":
		case code == 5:
			handle = value
			scan.kinds[handle] = kind
		case code == 8:
			layer = value
		case code == 42 && (kind == "LWPOLYLINE" || kind == "VERTEX") && !arc:
			if bulge, err := strconv.ParseFloat(value, 64); err == nil && bulge != 0 {
				arc = true
				log.Add(land.Finding{Code: "2113", Severity: land.Block, Row: s.row}.Saying(
					geo.Say("图层 %[2]q 上句柄为 %[1]s 的多段线有弧线（凸度 %[3]v）", "the polyline with handle %[1]s on layer %[2]q has an arc (bulge %[3]v)", handle, strings.ToValidUTF8(layer, "\uFFFD"), bulge), noArcs))
			}
		}
	}
	if nameless > 0 {
		log.Add(land.Finding{Code: "2113", Severity: land.Block}.Saying(
			geo.Say("图中有 %d 条曲线没有句柄，无法与多段线区分", "the drawing has %d curves without a handle, which cannot be told from polylines", nameless),
			geo.Say("请另存为 DXF 2000 或更高版本，或删去曲线", "save the drawing as DXF 2000 or later, or take the curves out")))
	}
	if section == "" {
		return scan, refuse("1101", geo.Say("文件不是 DXF 文本文件", "the file is no DXF text file"), geo.Say("请另存为 ASCII DXF", "save the drawing as ASCII DXF"))
	}
	scan.utf8 = s.utf8
	return scan, log.Err()
}
