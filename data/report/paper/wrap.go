package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Characters that may not begin or end a line (避头尾, GB/T 15834-2011 §5.1).
const (
	notFirst = "，。、；：！？）〕」』》〉】”’…—～·,.;:!?)]}%‰°℃²³"
	notLast  = "（〔「『《〈【“‘([{¥￥№#"
)

// Wrap breaks text into lines no wider than width millimetres at a size in
// points. Lines break at newlines, at spaces and beside Chinese characters, not
// before closing or after opening punctuation; a word that alone is wider than
// the line is broken where it must be. There is always one line.
func (f *Fonts) Wrap(text string, size, width float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, f.wrapParagraph(paragraph, size, width)...)
	}
	return lines
}

func (f *Fonts) wrapParagraph(text string, size, width float64) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		if line != "" && f.Width(line+strings.TrimRight(piece, " "), size) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		if line == "" {
			piece = strings.TrimLeft(piece, " ")
		}
		for line += piece; f.Width(strings.TrimRight(line, " "), size) > width; {
			head := f.fitting(line, size, width)
			if head == line {
				break
			}
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, strings.TrimRight(line, " "))
}

// fitting is the longest beginning of a word that fits, at least a character.
func (f *Fonts) fitting(word string, size, width float64) string {
	for i := range word {
		_, first := utf8.DecodeRuneInString(word[i:])
		if i > 0 && f.Width(word[:i+first], size) > width {
			return word[:i]
		}
	}
	return word
}

// pieces part text where a line may break; spaces stay with what is before them.
func pieces(text string) []string {
	var all []string
	start := 0
	var last rune
	for i, r := range text {
		if i > start && breaks(last, r) {
			all = append(all, text[start:i])
			start = i
		}
		last = r
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// breaks tells whether a line may end after a and begin with b.
func breaks(a, b rune) bool {
	switch {
	case b == ' ', strings.ContainsRune(notFirst, b), strings.ContainsRune(notLast, a):
		return false
	case a == ' ':
		return true
	}
	return ideographic(a) || ideographic(b)
}

// ideographic tells whether r is a character of Chinese print, beside which a line may break.
func ideographic(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF
}
