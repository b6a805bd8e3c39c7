package cql2

import (
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

func (p *textParser) sum() Expr  { return p.leftward(p.term, "+", "-") }
func (p *textParser) term() Expr { return p.leftward(p.power, "*", "/", "%", "div") }

func (p *textParser) leftward(part func() Expr, ops ...string) Expr {
	at := p.tok.at
	left := part()
	for {
		i := slices.IndexFunc(ops, func(op string) bool { return p.is(op) || p.isWord(op) })
		if i < 0 {
			return left
		}
		p.advance()
		left = &Arith{p.pos(at), ops[i], left, part()}
	}
}

func (p *textParser) power() Expr {
	at := p.tok.at
	left := p.signed()
	if p.take("^") {
		return &Arith{p.pos(at), "^", left, p.signed()}
	}
	return left
}

// signed reads an operand and its sign, which binds closer than any operator. A
// negated operand that is not a number is (-1 * operand), as in the standard's
// examples.
func (p *textParser) signed() Expr {
	at := p.tok.at
	if p.take("+") {
		if p.tok.kind != number {
			p.expected(geo.Say("数", "a number"))
		}
	}
	if !p.take("-") {
		return p.operand()
	}
	if p.tok.kind == number {
		e := &Number{p.pos(at), -p.tok.value}
		p.advance()
		return e
	}
	defer p.enter()()
	minus := &Number{p.pos(at), -1}
	return &Arith{p.pos(at), "*", minus, p.signed()}
}

func (p *textParser) operand() Expr {
	tok := p.tok
	switch tok.kind {
	case number:
		p.advance()
		return &Number{p.pos(tok.at), tok.value}
	case text:
		p.advance()
		return &String{p.pos(tok.at), tok.text}
	case quoted:
		p.advance()
		if !p.is("(") {
			return &Property{p.pos(tok.at), tok.text}
		}
		if isOperator(tok.text) {
			p.failAt(tok.at, geo.Say("%s 是运算符，不是函数", "%s is an operator, no function", tok.text))
		}
		return p.call(tok)
	case word:
		return p.named()
	case symbol:
		if p.take("(") {
			defer p.enter()()
			e := p.expression()
			if !p.take(")") {
				p.expected(geo.Say("“)”", "“)”"))
			}
			return e
		}
	}
	p.expected(geo.Say("字段、值或“(”", "a property, a value or “(”"))
	return nil
}

// reserved are the words that cannot be property names without quotation marks.
var reserved = []string{"AND", "OR", "NOT", "LIKE", "ILIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DIV"}

func (p *textParser) named() Expr {
	tok := p.tok
	upper := strings.ToUpper(tok.text)
	if slices.Contains(reserved, upper) {
		if upper != "TRUE" && upper != "FALSE" {
			p.expected(geo.Say("字段、值或“(”", "a property, a value or “(”"))
		}
		p.advance()
		return &Bool{p.pos(tok.at), upper == "TRUE"}
	}
	p.advance()
	if e := p.geometry(tok, upper); e != nil {
		return e
	}
	if !p.is("(") {
		return &Property{p.pos(tok.at), tok.text}
	}
	switch op := strings.ToLower(tok.text); {
	case upper == "DATE" || upper == "TIMESTAMP":
		return p.instant(tok, upper)
	case upper == "INTERVAL":
		return p.interval(tok)
	case op == "casei" || op == "accenti":
		args := p.arguments(1, p.sum)
		return &Fold{p.pos(tok.at), op, args[0]}
	case op == "s_dwithin":
		return p.near(tok)
	case slices.Contains(spatialOps, op):
		args := p.arguments(2, p.sum)
		return &Spatial{p.pos(tok.at), op, args[0], args[1]}
	case temporalOps[op] != "":
		args := p.arguments(2, p.sum)
		return &Temporal{p.pos(tok.at), op, args[0], args[1]}
	case arrayOps[op] != "":
		args := p.arguments(2, p.array)
		return &ArrayTest{p.pos(tok.at), op, args[0], args[1]}
	}
	return p.call(tok)
}

// arguments reads exactly n arguments in brackets.
func (p *textParser) arguments(n int, item func() Expr) []Expr {
	defer p.enter()()
	p.want("(")
	var args []Expr
	for i := range n {
		if i > 0 {
			p.want(",")
		}
		args = append(args, item())
	}
	p.want(")")
	return args
}

func (p *textParser) call(name token) Expr {
	defer p.enter()()
	c := &Call{Pos: p.pos(name.at), Name: name.text}
	p.want("(")
	if !p.take(")") {
		c.Args = p.list(")", p.expression)
	}
	return c
}

// array reads an operand of an array function.
func (p *textParser) array() Expr {
	if tok := p.tok; !p.is("(") {
		e := p.operand()
		if !standsForArray(e) {
			p.failAt(tok.at, geo.Say("此处应为数组，例如 ('a', 'b')，或字段", "expected an array such as ('a', 'b') or a property"))
		}
		return e
	}
	a := &Array{Pos: p.pos(p.tok.at)}
	p.advance()
	if !p.take(")") {
		a.Items = p.list(")", p.expression)
	}
	return a
}

func standsForArray(e Expr) bool {
	switch e.(type) {
	case *Property, *Call, *Array:
		return true
	}
	return false
}

func (p *textParser) near(name token) Expr {
	defer p.enter()()
	e := &Near{Pos: p.pos(name.at)}
	p.want("(")
	e.Left = p.sum()
	p.want(",")
	e.Right = p.sum()
	if !p.take(",") {
		p.expected(geo.Say("“,”和以米计的距离", "“,” and the distance in metres"))
	}
	if p.tok.kind != number {
		p.expected(geo.Say("以米计的距离（数）", "the distance in metres, a number"))
	}
	e.Metres = p.tok.value
	p.advance()
	p.want(")")
	return e
}

func (p *textParser) instant(name token, upper string) Expr {
	p.want("(")
	if p.tok.kind != text {
		p.expected(geo.Say("'2016-05-20' 之类的文字", "a text such as '2016-05-20'"))
	}
	at := p.tok.at
	var e Expr
	var err error
	if upper == "DATE" {
		d := &Date{Pos: p.pos(name.at)}
		d.Day, err = parseDay(p.tok.text)
		e = d
	} else {
		t := &Timestamp{Pos: p.pos(name.at)}
		t.Instant, err = parseInstant(p.tok.text)
		e = t
	}
	if err != nil {
		p.failAt(at, geo.WordsOf(err))
	}
	p.advance()
	p.want(")")
	return e
}

func (p *textParser) interval(name token) Expr {
	defer p.enter()()
	e := &Interval{Pos: p.pos(name.at)}
	p.want("(")
	e.Start = p.end()
	p.want(",")
	e.End = p.end()
	p.want(")")
	return e
}

// end reads one end of an interval, nil when open.
func (p *textParser) end() Expr {
	tok := p.tok
	if tok.kind == text {
		p.advance()
		if tok.text == ".." {
			return nil
		}
		e, err := parseWhen(p.pos(tok.at), tok.text)
		if err != nil {
			p.failAt(tok.at, geo.Say("%s，也不是表示开端的 '..'", "%s, nor '..' for an open end", geo.WordsOf(err)))
		}
		return e
	}
	e := p.sum()
	switch e.(type) {
	case *Property, *Call, *Date, *Timestamp:
		return e
	}
	p.failAt(tok.at, geo.Say("此处应为 '2016-05-20' 之类的文字、'..' 或字段", "expected a text such as '2016-05-20', '..' or a property"))
	return nil
}
