package dxf

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// pen writes group codes with their values, one a line each, and counts handles.
type pen struct {
	w      *bufio.Writer
	handle int
}

func (p *pen) group(code int, value string) {
	p.w.WriteString(strconv.Itoa(code))
	p.w.WriteString("\r\n")
	p.w.WriteString(value)
	p.w.WriteString("\r\n")
}

// groups writes pairs of code and value: a string, a whole number, or metres to
// the millimetre.
func (p *pen) groups(pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		code := pairs[i].(int)
		switch v := pairs[i+1].(type) {
		case string:
			p.group(code, v)
		case int:
			p.group(code, strconv.Itoa(v))
		case float64:
			p.group(code, strconv.FormatFloat(v, 'f', 3, 64))
		}
	}
}

// entity begins an entity of model space with a handle of its own.
func (p *pen) entity(kind, layer, class string) {
	p.handle++
	p.groups(0, kind, 5, hex(p.handle), 330, modelSpace, 100, "AcDbEntity", 8, layer, 100, class)
}

func hex(handle int) string { return fmt.Sprintf("%X", handle) }

// polyline draws a line; of a closed one the last point is joined with the first.
func (p *pen) polyline(layer string, points []geo.Point, closed int) {
	p.entity("LWPOLYLINE", layer, "AcDbPolyline")
	p.groups(90, len(points), 70, closed)
	for _, q := range points {
		p.groups(10, q[0], 20, q[1])
	}
}

// text writes a text centred on a point and turned by degrees anticlockwise.
func (p *pen) text(layer string, at geo.Point, height, angle float64, text string) {
	p.entity("TEXT", layer, "AcDbText")
	p.groups(10, at[0], 20, at[1], 30, 0.0, 40, height, 1, plain(text), 50, angle, 7, "Standard",
		72, 1, 11, at[0], 21, at[1], 31, 0.0, 100, "AcDbText", 73, 2)
}

// plain keeps a text's signs from being read as codes: a caret begins a control
// character (^I is a tab) and is itself with a blank behind it; two percent signs
// begin a symbol and are written as codes of themselves.
func plain(text string) string {
	text = strings.NewReplacer("\r", " ", "\n", " ").Replace(text)
	text = strings.ReplaceAll(text, "^", "^ ")
	return strings.ReplaceAll(text, "%%", "%%037%%037")
}
