package xlsx

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// longestValue bounds the bytes of a property's text; the register takes 200
// characters.
const longestValue = 4096

// value is a cell as the text of a property. A number that is stored as text is
// read and said to be so; why tells why a cell does not read.
func (b *workbook) value(c cell, kind land.Kind) (text string, numberAsText bool, why geo.Words) {
	switch {
	case c.formula:
		return "", false, geo.Say("单元格是公式，不是值", "the cell holds a formula, not a value")
	case c.kind == errorCell:
		return "", false, geo.Say("单元格是错误值 %s", "the cell holds the error %s", c.text)
	case c.kind == booleanCell:
		return "", false, geo.Say("单元格是 TRUE 或 FALSE", "the cell holds TRUE or FALSE")
	case len(c.text) > longestValue:
		return "", false, geo.Say("文字过长", "the text is too long")
	}
	switch kind {
	case land.Day:
		return b.day(c)
	case land.Integer, land.Number:
		return number(c, kind)
	}
	if c.kind == numberCell {
		if c.day {
			return "", false, geo.Say("单元格是日期，应为文字", "the cell holds a day, where a text is wanted")
		}
		return number(c, land.Number)
	}
	if strings.ContainsFunc(c.text, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return "", false, geo.Say("文字含换行或控制字符", "the text has a line break or control character")
	}
	return strings.TrimSpace(c.text), false, why
}

// number reads a number without the binary noise with which Excel stores it.
func number(c cell, kind land.Kind) (text string, asText bool, why geo.Words) {
	text = strings.TrimSpace(c.text)
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		return "", false, why
	case c.day:
		return "", false, geo.Say("单元格是日期，应为数", "the cell holds a day, where a number is wanted")
	case err != nil || math.IsInf(v, 0) || math.IsNaN(v):
		return "", false, geo.Say("文字 %q 不是数", "the text %q is not a number", shorten(text))
	case kind == land.Integer && (v != math.Trunc(v) || math.Abs(v) >= 1<<53):
		return "", false, geo.Say("%s 不是整数", "%s is not a whole number", text)
	}
	const digits = 15 // as many as Excel shows
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64), c.kind == textCell, why
}

// day reads a day: as text, or as Excel counts them.
func (b *workbook) day(c cell) (text string, asText bool, why geo.Words) {
	if c.kind == textCell {
		text = strings.TrimSpace(c.text)
		for _, layout := range []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日"} {
			if t, err := time.Parse(layout, text); err == nil {
				return t.Format(time.DateOnly), false, why
			}
		}
		if text == "" {
			return "", false, why
		}
		return "", false, geo.Say("文字 %q 不是日期", "the text %q is not a day", shorten(text))
	}
	v, err := strconv.ParseFloat(c.text, 64)
	switch {
	case !c.day || err != nil:
		return "", false, geo.Say("数 %s 不是日期格式", "the number %s is not shown as a day", shorten(c.text))
	case v != math.Trunc(v):
		return "", false, geo.Say("单元格除日期外还有时间", "the cell holds a time of day beside the day")
	case v < 61 || v > 2_958_465: // Excel has a 29 February 1900; its last day is in 9999
		return "", false, geo.Say("日期超出范围", "the day is out of range")
	}
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if b.year4 {
		epoch = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return epoch.AddDate(0, 0, int(v)).Format(time.DateOnly), false, why
}

func shorten(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
