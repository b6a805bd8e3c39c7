package geojson

import (
	"strconv"

	"github.com/dikuai/dikuai/geo"
)

// cursor reads coordinate arrays out of JSON text whose syntax has been checked.
// encoding/json would take null for 0 in an array of numbers, and is slow.
type cursor struct {
	text []byte
	at   int
}

var errNesting error = geo.Say("坐标的嵌套与其类型不符", "the coordinates are not nested as its type asks")

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

// array calls element for each element of an array.
func (c *cursor) array(element func() error) error {
	if c.next() != '[' {
		return errNesting
	}
	c.at++
	if c.next() == ']' {
		c.at++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		switch c.next() {
		case ',':
			c.at++
		case ']':
			c.at++
			return nil
		default:
			return errNesting
		}
	}
}

func (c *cursor) number() (float64, error) {
	c.next()
	start := c.at
	for c.at < len(c.text) {
		if b := c.text[c.at]; b != '-' && b != '+' && b != '.' && b != 'e' && b != 'E' && (b < '0' || b > '9') {
			break
		}
		c.at++
	}
	if start == c.at {
		return 0, errNesting
	}
	v, err := strconv.ParseFloat(string(c.text[start:c.at]), 64)
	if err != nil {
		return 0, geo.Say("坐标 %s 超出范围", "coordinate %s is out of range", c.text[start:c.at])
	}
	return v, nil
}

// point reads a position; height and what else follows x and y is dropped.
func (c *cursor) point() (geo.Point, error) {
	var p geo.Point
	n := 0
	err := c.array(func() error {
		v, err := c.number()
		if n < len(p) {
			p[n] = v
		}
		n++
		return err
	})
	if err == nil && n < len(p) {
		err = geo.Say("一个位置有 %d 个数，需要两个", "a position has %d numbers where it needs two", n)
	}
	return p, err
}

func (c *cursor) ring() (geo.Ring, error) {
	var r geo.Ring
	err := c.array(func() error {
		p, err := c.point()
		r = append(r, p)
		return err
	})
	return r, err
}

func (c *cursor) polygon() (geo.Polygon, error) {
	var p geo.Polygon
	err := c.array(func() error {
		r, err := c.ring()
		p = append(p, r)
		return err
	})
	return p, err
}

func (c *cursor) multiPolygon() (geo.MultiPolygon, error) {
	var m geo.MultiPolygon
	err := c.array(func() error {
		p, err := c.polygon()
		m = append(m, p)
		return err
	})
	return m, err
}
