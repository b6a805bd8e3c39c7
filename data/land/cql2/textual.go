package cql2

import (
	"strings"
	"unicode/utf8"
)

// textValue is an operand that is text, to be compared with something made alike.
// A constant is folded already.
type textValue[T any] struct {
	value[T, string]
	fold folding
}

func (c *compiler[T]) text(e Expr) textValue[T] {
	switch e := e.(type) {
	case *String:
		return textValue[T]{constantOf[T](e.Value, true), 0}
	case *Property:
		return textValue[T]{value[T, string]{read: c.fields[e.Name].Text}, 0}
	case *Fold:
		v := c.text(e.Arg)
		f := foldCase
		if e.Op == "accenti" {
			f = foldAccents
		}
		if v.constant {
			return textValue[T]{constantOf[T](string(appendFolded(nil, v.is, f)), true), 0}
		}
		v.fold |= f
		return v
	}
	panic("cql2: not a text")
}

// foldedSize is the length of text that is folded without allocating.
const foldedSize = 128

func compareTexts[T any](op string, left, right textValue[T]) func(T) Truth {
	if left.constant {
		left, right, op = right, left, turned[op]
	}
	if left.fold|right.fold == 0 {
		return compareOrdered(op, left.value, right.value)
	}
	read, fold, test := left.read, left.fold, orderTest[int](op)
	if right.constant {
		k := right.is
		return func(row T) Truth {
			s, ok := read(row)
			if !ok {
				return Unknown
			}
			var buffer [foldedSize]byte
			return truth(test(order(appendFolded(buffer[:0], s, fold), k), 0))
		}
	}
	other, otherFold := right.read, right.fold
	return func(row T) Truth {
		s, ok := read(row)
		if !ok {
			return Unknown
		}
		t, ok := other(row)
		if !ok {
			return Unknown
		}
		var a, b [foldedSize]byte
		return truth(test(strings.Compare(string(appendFolded(a[:0], s, fold)), string(appendFolded(b[:0], t, otherFold))), 0))
	}
}

func order(b []byte, s string) int {
	switch {
	case string(b) < s:
		return -1
	case string(b) == s:
		return 0
	}
	return 1
}

func (c *compiler[T]) like(e *Like) func(T) Truth {
	value, pattern := c.text(e.Value), parsePattern(c.text(e.Pattern).is)
	read, fold := value.read, value.fold
	if fold == 0 {
		return func(row T) Truth {
			s, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(matches(pattern, s))
		}
	}
	return func(row T) Truth {
		s, ok := read(row)
		if !ok {
			return Unknown
		}
		var buffer [foldedSize]byte
		return truth(matches(pattern, appendFolded(buffer[:0], s, fold)))
	}
}

// pattern is a LIKE pattern: pieces with % between them.
type pattern []piece

// piece is text in which '_' stands for any character.
type piece []chunk

// chunk is plain text after so many characters, whichever.
type chunk struct {
	skip  int
	plain string
}

func parsePattern(s string) pattern {
	var all pattern
	var p piece
	var current chunk
	var plain strings.Builder
	flush := func() {
		current.plain = plain.String()
		if current.plain != "" || current.skip > 0 {
			p = append(p, current)
		}
		current = chunk{}
		plain.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s): // the next byte is plain
			i++
			plain.WriteByte(s[i])
		case c == '%':
			flush()
			all, p = append(all, p), nil
		case c == '_':
			if plain.Len() > 0 {
				flush()
			}
			current.skip++
		default:
			plain.WriteByte(c)
		}
	}
	flush()
	return append(all, p)
}

// matches anchors the first piece at the start and the last at the end, and
// finds the others as early as they come.
func matches[S string | []byte](p pattern, s S) bool {
	at := startsWith(p[0], s, 0)
	if len(p) == 1 || at < 0 {
		return at == len(s)
	}
	for _, middle := range p[1 : len(p)-1] {
		if at = find(middle, s, at); at < 0 {
			return false
		}
	}
	return endsWith(p[len(p)-1], s, at)
}

// startsWith is the end of a piece that begins at an offset, or -1.
func startsWith[S string | []byte](p piece, s S, at int) int {
	for _, c := range p {
		for range c.skip {
			if at >= len(s) {
				return -1
			}
			for at++; at < len(s) && !utf8.RuneStart(s[at]); {
				at++
			}
		}
		if len(s)-at < len(c.plain) || string(s[at:at+len(c.plain)]) != c.plain {
			return -1
		}
		at += len(c.plain)
	}
	return at
}

func find[S string | []byte](p piece, s S, from int) int {
	if len(p) == 0 {
		return from
	}
	if p[0].skip == 0 { // most begin with a plain character
		first := p[0].plain[0]
		for at := from; at < len(s); at++ {
			if s[at] == first {
				if end := startsWith(p, s, at); end >= 0 {
					return end
				}
			}
		}
		return -1
	}
	for at := from; at <= len(s); at++ {
		if at < len(s) && !utf8.RuneStart(s[at]) {
			continue
		}
		if end := startsWith(p, s, at); end >= 0 {
			return end
		}
	}
	return -1
}

func endsWith[S string | []byte](p piece, s S, from int) bool {
	if len(p) == 1 && p[0].skip == 0 { // its only place is known
		at := len(s) - len(p[0].plain)
		return at >= from && string(s[at:]) == p[0].plain
	}
	if len(p) == 0 {
		return true
	}
	for at := from; at <= len(s); at++ {
		if (at == len(s) || utf8.RuneStart(s[at])) && startsWith(p, s, at) == len(s) {
			return true
		}
	}
	return false
}
