package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// longestValue bounds the bytes of a property's text; the register takes 200
// characters.
const longestValue = 4096

// value is a cell as the text of a property. A number that is stored as text is
// read and said to be so; why tells why a cell does not read.
func (b *workbook) value(c cell, kind land.Kind) (text string, numberAsText bool, why string) {
	switch {
	case c.formula:
		return "", false, "the cell holds a formula, not a value"
	case c.kind == errorCell:
		return "", false, "the cell holds the error " + c.text
	case c.kind == booleanCell:
		return "", false, "the cell holds TRUE or FALSE"
	case len(c.text) > longestValue:
		return "", false, "the text is too long"
	}
	switch kind {
	case land.Day:
		return b.day(c)
	case land.Integer, land.Number:
		return number(c, kind)
	}
	if c.kind == numberCell {
		if c.day {
			return "", false, "the cell holds a day, where a text is wanted"
		}
		return number(c, land.Number)
	}
	if strings.ContainsFunc(c.text, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return "", false, "the text has a line break or control character"
	}
	return strings.TrimSpace(c.text), false, ""
}

// number reads a number without the binary noise with which Excel stores it.
func number(c cell, kind land.Kind) (text string, asText bool, why string) {
	text = strings.TrimSpace(c.text)
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		return "", false, ""
	case c.day:
		return "", false, "the cell holds a day, where a number is wanted"
	case err != nil || math.IsInf(v, 0) || math.IsNaN(v):
		return "", false, "the text " + strconv.Quote(shorten(text)) + " is not a number"
	case kind == land.Integer && (v != math.Trunc(v) || math.Abs(v) >= 1<<53):
		return "", false, text + " is not a whole number"
	}
	const digits = 15 // as many as Excel shows
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64), c.kind == textCell, ""
}

// day reads a day: as text, or as Excel counts them.
func (b *workbook) day(c cell) (text string, asText bool, why string) {
	if c.kind == textCell {
		text = strings.TrimSpace(c.text)
		for _, layout := range []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日"} {
			if t, err := time.Parse(layout, text); err == nil {
				return t.Format(time.DateOnly), false, ""
			}
		}
		if text == "" {
			return "", false, ""
		}
		return "", false, "the text " + strconv.Quote(shorten(text)) + " is not a day"
	}
	v, err := strconv.ParseFloat(c.text, 64)
	switch {
	case !c.day || err != nil:
		return "", false, "the number " + shorten(c.text) + " is not shown as a day"
	case v != math.Trunc(v):
		return "", false, "the cell holds a time of day beside the day"
	case v < 61 || v > 2_958_465: // Excel has a 29 February 1900; its last day is in 9999
		return "", false, "the day is out of range"
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if b.year4 {
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return epoch.AddDate(0, 0, int(v)).Format(time.DateOnly), false, ""
}

func shorten(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
