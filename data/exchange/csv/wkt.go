package csv

import (
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// appendWKT appends a polygon as well-known text (ISO 19125-1), x before y in the
// shortest decimals that identify each coordinate.
func appendWKT(dst []byte, p geo.MultiPolygon) []byte {
	dst = append(dst, "MULTIPOLYGON ("...)
	for i, polygon := range p {
		dst = append(comma(dst, i), '(')
		for j, ring := range polygon {
			dst = append(comma(dst, j), '(')
			for k, q := range ring {
				dst = geo.AppendShortest(comma(dst, k), q[0])
				dst = geo.AppendShortest(append(dst, ' '), q[1])
			}
			dst = append(dst, ')')
		}
		dst = append(dst, ')')
	}
	return append(dst, ')')
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

var (
	errNotArea error = geo.Say("文字不是 WKT 的 POLYGON 或 MULTIPOLYGON", "the text is not a POLYGON or MULTIPOLYGON in WKT")
	errNesting error = geo.Say("WKT 的括号与其类型不符", "the brackets of the WKT do not fit its type")
)

// cursor reads well-known text.
type cursor struct {
	text string
	at   int
}

// parseWKT reads a POLYGON or MULTIPOLYGON; Z and M are dropped. An EMPTY one is
// a polygon without parts.
func parseWKT(text string) (geo.MultiPolygon, error) {
	c := &cursor{text: text}
	kind := strings.ToUpper(c.word())
	switch strings.ToUpper(c.peekWord()) {
	case "Z", "M", "ZM":
		c.word()
	case "EMPTY":
		return nil, nil
	}
	var p geo.MultiPolygon
	var err error
	switch strings.TrimSuffix(strings.TrimSuffix(kind, "M"), "Z") {
	case "POLYGON":
		var polygon geo.Polygon
		polygon, err = c.polygon()
		p = geo.MultiPolygon{polygon}
	case "MULTIPOLYGON":
		err = c.list(func() error {
			polygon, err := c.polygon()
			p = append(p, polygon)
			return err
		})
	default:
		return nil, errNotArea
	}
	if err == nil && c.next() != 0 {
		err = errNesting
	}
	return p, err
}

// next is the next byte that is no blank, 0 at the end.
func (c *cursor) next() byte {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\n', '\r':
			c.at++
		default:
			return b
		}
	}
	return 0
}

func (c *cursor) word() string {
	c.next()
	start := c.at
	for c.at < len(c.text) && (c.text[c.at]|0x20) >= 'a' && (c.text[c.at]|0x20) <= 'z' {
		c.at++
	}
	return c.text[start:c.at]
}

func (c *cursor) peekWord() string {
	at := c.at
	defer func() { c.at = at }()
	return c.word()
}

// list calls element for each element between brackets.
func (c *cursor) list(element func() error) error {
	if c.next() != '(' {
		return errNesting
	}
	for {
		c.at++ // the bracket or comma
		if err := element(); err != nil {
			return err
		}
		switch c.next() {
		case ',':
		case ')':
			c.at++
			return nil
		default:
			return errNesting
		}
	}
}

func (c *cursor) polygon() (geo.Polygon, error) {
	var polygon geo.Polygon
	err := c.list(func() error {
		var ring geo.Ring
		err := c.list(func() error {
			q, err := c.point()
			ring = append(ring, q)
			return err
		})
		polygon = append(polygon, ring)
		return err
	})
	return polygon, err
}

// point reads x and y and drops what more numbers follow.
func (c *cursor) point() (geo.Point, error) {
	var q geo.Point
	for n := 0; ; n++ {
		b := c.next()
		if n >= len(q) && (b == ',' || b == ')') {
			return q, nil
		}
		start := c.at
		for c.at < len(c.text) && strings.IndexByte("+-.0123456789eE", c.text[c.at]) >= 0 {
			c.at++
		}
		if start == c.at {
			return q, errNesting
		}
		v, err := strconv.ParseFloat(c.text[start:c.at], 64)
		if err != nil {
			return q, geo.Say("坐标 %.40q 不是数", "coordinate %.40q is not a number", c.text[start:c.at])
		}
		if n < len(q) {
			q[n] = v
		}
	}
}
