package csv

import (
	"strings"
	"unicode/utf8"
)

// A spreadsheet program runs a cell that begins like a formula, in half or full
// width. Such a text gets an apostrophe before it, and so does one that already
// has apostrophes before such a beginning, so that exactly one can be taken away
// again.

func guard(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formula(rest) {
		return rest
	}
	return s
}

// formula says whether a text, behind any apostrophes, begins like a formula.
func formula(s string) bool {
	s = strings.TrimLeft(s, "'")
	first, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}
