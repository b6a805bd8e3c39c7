package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// Bounds of what is looked at: the columns of a sheet, and the bytes of a cell's
// text, of which Excel holds 32,767 characters.
const (
	maxColumns = 500
	maxText    = 4 * 32_767
)

// cell is one cell that holds something.
type cell struct {
	column  int // from 0
	kind    cellKind
	text    string
	day     bool // the number is shown as a day
	formula bool
}

type cellKind int

const (
	textCell cellKind = iota
	numberCell
	booleanCell
	errorCell
)

// rows calls row for each row of a sheet that holds something, numbered from 1,
// until it says stop. The cells are valid during the call.
func (b *workbook) rows(s sheetPart, row func(number int, cells []cell) (more bool, err error)) error {
	if _, ok := b.parts[strings.ToLower(s.path)]; !ok {
		return damaged("缺少工作表 %q", "the sheet %q is missing", s.name)
	}
	number := 0
	var cells []cell
	return b.part(s.path, func(d *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local != "row" {
			return true, nil
		}
		number++
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 {
			number = n
		}
		var err error
		if cells, err = b.cells(d, cells[:0]); err != nil {
			return false, err
		}
		if len(cells) == 0 {
			return true, nil
		}
		return row(number, cells)
	})
}

// cells reads to the end of a row.
func (b *workbook) cells(d *xml.Decoder, cells []cell) ([]cell, error) {
	column := -1
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return cells, nil
		case xml.StartElement:
			if t.Name.Local != "c" {
				if err := d.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			column++
			if at, ok := columnOf(attribute(t, "r")); ok {
				column = at
			}
			c, err := b.cell(d, t)
			if err != nil {
				return nil, err
			}
			c.column = column
			if c.text != "" || c.formula {
				if column >= maxColumns || len(cells) == maxColumns {
					return nil, damaged("超过 %d 列", "it has more than %d columns", maxColumns)
				}
				cells = append(cells, c)
			}
		}
	}
}

// columnOf is the column of a reference such as AB12, from 0.
func columnOf(reference string) (int, bool) {
	n := 0
	for i := 0; i < len(reference) && i < 3; i++ {
		letter := reference[i]
		if letter < 'A' || letter > 'Z' {
			break
		}
		n = 26*n + int(letter-'A') + 1
	}
	return n - 1, n > 0
}

// columnName is the reverse of columnOf.
func columnName(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// cell reads to the end of a cell.
func (b *workbook) cell(d *xml.Decoder, start xml.StartElement) (cell, error) {
	var c cell
	kind := attribute(start, "t")
	inline := ""
	for {
		token, err := d.Token()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if kind == "inlineStr" {
				c.text = inline
			}
			return b.settle(c, kind, attribute(start, "s"))
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				c.formula = true
				err = d.Skip()
			case "v":
				c.text, err = content(d)
			case "is":
				inline, err = richText(d)
			default:
				err = d.Skip()
			}
			if err != nil {
				return c, err
			}
		}
	}
}

// content reads to the end of an element without children.
func content(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			return text.String(), nil
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return "", err
			}
		}
	}
}

// settle says what a cell holds by its type and style.
func (b *workbook) settle(c cell, kind, style string) (cell, error) {
	switch kind {
	case "s":
		at, err := strconv.Atoi(strings.TrimSpace(c.text))
		if err != nil || at < 0 || at >= len(b.shared) {
			return c, damaged("单元格引用了不存在的文字 %.20q", "a cell refers to text %.20q, which is not there", c.text)
		}
		c.text = b.shared[at]
		if len(c.text) > maxText {
			return c, damaged("单元格文字有 %d 字节", "a cell's text has %d bytes", len(c.text))
		}
	case "inlineStr", "str", "d":
	case "b":
		c.kind = booleanCell
	case "e":
		c.kind = errorCell
	default:
		c.kind, c.text = numberCell, strings.TrimSpace(c.text)
		if at, err := strconv.Atoi(style); err == nil && at >= 0 && at < len(b.days) {
			c.day = b.days[at]
		}
	}
	return c, nil
}
