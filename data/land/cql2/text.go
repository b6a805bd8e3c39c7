package cql2

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// ParseText reads the text encoding. Its errors are *SyntaxError.
//
// Beyond the standard's grammar it reads ILIKE, which compares with case folded,
// S_DWITHIN(a, b, metres) and properties that are predicates by themselves; and
// words such as DATE and POINT are property names where no bracket follows.
func (l Limits) ParseText(s string) (e Expr, err error) {
	lex := lexer{source: s}
	if len(s) > l.Text {
		return nil, lex.fault(0, geo.Say("条件有 %d 字节，至多 %d", "the filter has %d bytes, and %d are allowed", len(s), l.Text))
	}
	if i := invalidText(s); i >= 0 {
		return nil, lex.fault(i, geo.Say("此处不是 UTF-8 文字", "the filter is not UTF-8 text here"))
	}
	p := &textParser{lexer: lex, ledger: ledger{Limits: l}}
	defer func() {
		if fault := recover(); fault != nil {
			syntax, ok := fault.(*SyntaxError)
			if !ok {
				panic(fault)
			}
			e, err = nil, syntax
		}
	}()
	p.advance()
	e = p.expression()
	if p.tok.kind != endOfText {
		p.expected(geo.Say("AND、OR、运算符或结尾", "AND, OR, an operator or the end"))
	}
	if deep := l.tooDeep(e, 1); deep != nil {
		return nil, deep.At().fault(geo.Say("表达式嵌套超过 %d 层", "expressions lie more than %d deep in each other", l.Depth))
	}
	return e, nil
}

// invalidText is the offset of what PostgreSQL too would not take for text, or -1.
func invalidText(s string) int {
	for i, r := range s {
		if r == 0 {
			return i
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// textParser descends the grammar; it throws *SyntaxError.
type textParser struct {
	lexer
	ledger
	tok   token
	depth int
}

func (p *textParser) advance() {
	tok, fault := p.token()
	if fault != nil {
		panic(fault)
	}
	p.tok = tok
}

func (p *textParser) failAt(at int, said geo.Words) {
	panic(p.fault(at, said))
}

// expected throws, naming what stands in the place instead.
func (p *textParser) expected(what geo.Words) {
	found := geo.Names("“" + clip(p.source[p.tok.at:p.tok.after]) + "”")
	if p.tok.kind == endOfText {
		found = geo.Say("结尾", "the end")
	}
	p.failAt(p.tok.at, geo.Say("此处应为%s，却是%s", "expected %s, found %s", what, found))
}

// pos takes a part of the expression into account.
func (p *textParser) pos(at int) Pos {
	if fault := p.ledger.node(); fault != (geo.Words{}) {
		p.failAt(at, fault)
	}
	return Pos{at, &p.source}
}

// enter bounds the parser's own recursion, by brackets and operators before
// their operand; each level of an expression takes at most two.
func (p *textParser) enter() func() {
	if p.depth++; p.depth > 2*p.Depth+2 {
		p.failAt(p.tok.at, geo.Say("表达式嵌套超过 %d 层", "expressions lie more than %d deep in each other", p.Depth))
	}
	return func() { p.depth-- }
}

func (p *textParser) is(s string) bool { return p.tok.kind == symbol && p.tok.text == s }

func (p *textParser) isWord(w string) bool {
	return p.tok.kind == word && strings.EqualFold(p.tok.text, w)
}

func (p *textParser) take(s string) bool {
	if p.is(s) {
		p.advance()
		return true
	}
	return false
}

func (p *textParser) takeWord(w string) bool {
	if p.isWord(w) {
		p.advance()
		return true
	}
	return false
}

func (p *textParser) want(s string) {
	if !p.take(s) {
		p.expected(geo.Names("“" + s + "”"))
	}
}

func (p *textParser) expression() Expr {
	return p.joined("or", func() Expr { return p.joined("and", p.factor) })
}

func (p *textParser) joined(op string, part func() Expr) Expr {
	at := p.tok.at
	first := part()
	if !p.isWord(op) {
		return first
	}
	all := &Logic{Pos: p.pos(at), Op: op, Args: []Expr{first}}
	for p.takeWord(op) {
		all.Args = append(all.Args, part())
	}
	return all
}

func (p *textParser) factor() Expr {
	if at := p.tok.at; p.takeWord("NOT") {
		defer p.enter()()
		return &Not{p.pos(at), p.factor()}
	}
	return p.predicate()
}

func (p *textParser) predicate() Expr {
	at := p.tok.at
	left := p.sum()
	if p.tok.kind == symbol && slices.Contains(comparisons, p.tok.text) {
		op := p.tok.text
		p.advance()
		return &Compare{p.pos(at), op, left, p.sum()}
	}
	if p.takeWord("IS") {
		not := p.takeWord("NOT")
		if !p.takeWord("NULL") {
			p.expected(geo.Say("NULL", "NULL"))
		}
		return p.negated(not, at, &IsNull{p.pos(at), left})
	}
	not := p.takeWord("NOT")
	switch {
	case p.takeWord("LIKE"):
		return p.negated(not, at, &Like{p.pos(at), left, p.sum()})
	case p.isWord("ILIKE"):
		fold := p.pos(p.tok.at)
		p.advance()
		return p.negated(not, at, &Like{p.pos(at), &Fold{p.pos(at), "casei", left}, &Fold{fold, "casei", p.sum()}})
	case p.takeWord("BETWEEN"):
		low := p.sum()
		if !p.takeWord("AND") {
			p.expected(geo.Say("AND 和 BETWEEN 的上限", "AND and the upper end of BETWEEN"))
		}
		return p.negated(not, at, &Between{p.pos(at), left, low, p.sum()})
	case p.takeWord("IN"):
		in := &In{Pos: p.pos(at), Value: left}
		p.want("(")
		in.List = p.list(")", func() Expr {
			before := p.nodes
			member := p.sum()
			p.listMember(before, member)
			return member
		})
		return p.negated(not, at, in)
	case not:
		p.expected(geo.Say("LIKE、BETWEEN 或 IN", "LIKE, BETWEEN or IN"))
	}
	return left
}

func (p *textParser) negated(not bool, at int, e Expr) Expr {
	if not {
		return &Not{p.pos(at), e}
	}
	return e
}

// list reads at least one item up to the closing symbol.
func (p *textParser) list(end string, item func() Expr) []Expr {
	var items []Expr
	for {
		at := p.tok.at
		items = append(items, item())
		if len(items) > p.List {
			p.failAt(at, geo.Say("列表超过 %d 项", "the list has more than %d members", p.List))
		}
		if p.take(end) {
			return items
		}
		if !p.take(",") {
			p.expected(geo.Say("“,”或“%s”", "“,” or “%s”", end))
		}
	}
}
