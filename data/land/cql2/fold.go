package cql2

import (
	"unicode"
	"unicode/utf8"
)

// folding is what is made alike in a text.
type folding uint8

const (
	foldCase folding = 1 << iota
	foldAccents
)

// appendFolded appends a text in which what folding names is made alike.
func appendFolded(to []byte, s string, f folding) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return appendFoldedRunes(to, s[i:], f)
		}
		if f&foldCase != 0 && 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}

func appendFoldedRunes(to []byte, s string, f folding) []byte {
	for _, r := range s {
		if f&foldAccents != 0 {
			if r = withoutAccent(r); 0x300 <= r && r <= 0x36F {
				continue // a combining mark
			}
		}
		if f&foldCase != 0 {
			if r == 'ß' || r == 'ẞ' {
				to = append(to, "ss"...)
				continue
			}
			r = withoutCase(r)
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}

// withoutCase is one character for all that differ in case only, σ and ς too.
func withoutCase(r rune) rune {
	if r >= 0x2E80 && r < 0xA000 {
		return r // Chinese has no case
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return unicode.ToLower(least)
}

func withoutAccent(r rune) rune {
	if r < 0xC0 || r >= 0x2000 && r != 0x212A && r != 0x212B {
		return r
	}
	if base, ok := accents[r]; ok {
		return base
	}
	return r
}
