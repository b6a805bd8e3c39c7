package cql2

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

type tokenKind int

const (
	endOfText tokenKind = iota
	word                // identifier or keyword
	quoted              // "identifier"
	text                // 'literal'
	number              // unsigned
	symbol              // = <> < > <= >= + - * / % ^ ( ) ,
)

type token struct {
	kind  tokenKind
	text  string // the word, name, literal or symbol
	value float64
	at    int // offset
	after int // offset behind it
}

// lexer cuts text into tokens.
type lexer struct {
	source string
	next   int // offset
}

func (l *lexer) fault(at int, said geo.Words) *SyntaxError {
	return Pos{at, &l.source}.fault(said)
}

func (l *lexer) token() (token, *SyntaxError) {
	l.skipSpace()
	at := l.next
	if at == len(l.source) {
		return token{kind: endOfText, at: at, after: at}, nil
	}
	r, size := utf8.DecodeRuneInString(l.source[at:])
	switch {
	case r == '\'':
		return l.literal()
	case r == '"':
		return l.quotedName()
	case isDigit(r) || r == '.' && at+1 < len(l.source) && isDigit(rune(l.source[at+1])):
		return l.number()
	case startsName(r):
		end := at
		for end < len(l.source) {
			r, size := utf8.DecodeRuneInString(l.source[end:])
			if !continuesName(r) {
				break
			}
			end += size
		}
		l.next = end
		return token{kind: word, text: l.source[at:end], at: at, after: end}, nil
	}
	for _, s := range [...]string{"<>", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", ","} {
		if strings.HasPrefix(l.source[at:], s) {
			l.next += len(s)
			return token{kind: symbol, text: s, at: at, after: l.next}, nil
		}
	}
	if strings.HasPrefix(l.source[at:], "!=") {
		return token{}, l.fault(at, geo.Say("“不等于”写作 <>", "“not equal” is written <>"))
	}
	return token{}, l.fault(at, geo.Say("%q 在此处不是 CQL2 的字符", "%q is not a character of CQL2 here", l.source[at:at+size]))
}

func (l *lexer) skipSpace() {
	for l.next < len(l.source) {
		r, size := utf8.DecodeRuneInString(l.source[l.next:])
		if !isSpace(r) {
			return
		}
		l.next += size
	}
}

var escapes = map[byte]byte{'\'': '\'', '\\': '\\', 'a': '\a', 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}

// literal reads '…' in which a quotation mark is written ” or \' and a backslash
// \\; the letters of escapes stand for control characters. Before any other
// character a backslash is itself, so that LIKE patterns can have \% and \_.
func (l *lexer) literal() (token, *SyntaxError) {
	at := l.next
	var b strings.Builder
	for i := at + 1; i < len(l.source); i++ {
		c := l.source[i]
		switch {
		case c == '\'' && i+1 < len(l.source) && l.source[i+1] == '\'':
			i++
			b.WriteByte('\'')
		case c == '\'':
			l.next = i + 1
			return token{kind: text, text: b.String(), at: at, after: l.next}, nil
		case c == '\\' && i+1 < len(l.source) && escapes[l.source[i+1]] != 0:
			i++
			b.WriteByte(escapes[l.source[i]])
		default:
			b.WriteByte(c)
		}
	}
	return token{}, l.fault(at, geo.Say("此处开始的文字没有结尾的 '", "the text that begins here has no closing '"))
}

func (l *lexer) quotedName() (token, *SyntaxError) {
	at := l.next
	var b strings.Builder
	for i := at + 1; i < len(l.source); i++ {
		switch {
		case l.source[i] != '"':
			b.WriteByte(l.source[i])
		case i+1 < len(l.source) && l.source[i+1] == '"':
			i++
			b.WriteByte('"')
		case b.Len() == 0:
			return token{}, l.fault(at, geo.Say("引号内应为字段名", "expected the name of a property between the quotation marks"))
		default:
			l.next = i + 1
			return token{kind: quoted, text: b.String(), at: at, after: l.next}, nil
		}
	}
	return token{}, l.fault(at, geo.Say("此处开始的名称没有结尾的 \"；文字写在单引号之间", "the name that begins here has no closing \"; texts are written between single quotation marks"))
}

func (l *lexer) number() (token, *SyntaxError) {
	at, i := l.next, l.next
	digits := func() {
		for i < len(l.source) && isDigit(rune(l.source[i])) {
			i++
		}
	}
	digits()
	if i < len(l.source) && l.source[i] == '.' {
		i++
		digits()
	}
	if i < len(l.source) && (l.source[i] == 'e' || l.source[i] == 'E') {
		mark := i
		i++
		if i < len(l.source) && (l.source[i] == '+' || l.source[i] == '-') {
			i++
		}
		first := i
		if digits(); i == first {
			i = mark
		}
	}
	v, err := strconv.ParseFloat(l.source[at:i], 64)
	if err != nil || math.IsInf(v, 0) {
		return token{}, l.fault(at, geo.Say("数 %s 过大", "%s is too large a number", clip(l.source[at:i])))
	}
	if r, _ := utf8.DecodeRuneInString(l.source[i:]); i < len(l.source) && startsName(r) {
		return token{}, l.fault(i, geo.Say("此处应为运算符，或数到此为止", "expected an operator or the end of the number"))
	}
	l.next = i
	return token{kind: number, text: l.source[at:i], value: v, at: at, after: i}, nil
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isSpace(r rune) bool {
	switch r {
	case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return '\t' <= r && r <= '\r' || 0x2000 <= r && r <= 0x200A
}

// nameStarts are the ranges of identifierStart in the standard's grammar.
var nameStarts = [...][2]rune{{':', ':'}, {'_', '_'}, {'A', 'Z'}, {'a', 'z'}, {0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF},
	{0x370, 0x37D}, {0x37F, 0x1FFE}, {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
	{0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}}

func startsName(r rune) bool {
	for _, span := range nameStarts {
		if span[0] <= r && r <= span[1] {
			return r != utf8.RuneError && !isSpace(r)
		}
	}
	return false
}

func continuesName(r rune) bool {
	return startsName(r) || r == '.' || isDigit(r) || 0x300 <= r && r <= 0x36F || 0x203F <= r && r <= 0x2040
}
