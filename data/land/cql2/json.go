package cql2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// ParseJSON reads the JSON encoding. Its errors are *SyntaxError.
func (l Limits) ParseJSON(data []byte) (e Expr, err error) {
	p := &jsonParser{source: string(data), ledger: ledger{Limits: l}}
	defer func() {
		if fault := recover(); fault != nil {
			syntax, ok := fault.(*SyntaxError)
			if !ok {
				panic(fault)
			}
			e, err = nil, syntax
		}
	}()
	if len(data) > l.JSON {
		p.fail(0, geo.Say("条件有 %d 字节，至多 %d", "the filter has %d bytes, and %d are allowed", len(data), l.JSON))
	}
	if i := invalidText(p.source); i >= 0 {
		p.fail(i, geo.Say("此处不是 UTF-8 文字", "the filter is not UTF-8 text here"))
	}
	p.decoder = json.NewDecoder(bytes.NewReader(data))
	p.decoder.UseNumber()
	v := p.value(0)
	behind := p.start()
	if _, err := p.decoder.Token(); err != io.EOF {
		p.fail(behind, geo.Say("条件之后应即结束", "expected the end after the filter"))
	}
	e = p.expression(v)
	if deep := l.tooDeep(e, 1); deep != nil {
		return nil, deep.At().fault(geo.Say("表达式嵌套超过 %d 层", "expressions lie more than %d deep in each other", l.Depth))
	}
	return e, nil
}

// jsonValue is a value of the document and where it begins.
type jsonValue struct {
	at      int
	scalar  any // string, json.Number, bool or nil
	array   []jsonValue
	object  map[string]jsonValue
	isArray bool
}

// jsonParser reads the document into values, then the values into an
// expression; it throws *SyntaxError.
type jsonParser struct {
	source  string
	decoder *json.Decoder
	ledger
}

func (p *jsonParser) fail(at int, said geo.Words) {
	panic(Pos{at, &p.source}.fault(said))
}

func (p *jsonParser) pos(v jsonValue) Pos {
	if fault := p.ledger.node(); fault != (geo.Words{}) {
		p.fail(v.at, fault)
	}
	return Pos{v.at, &p.source}
}

// start is where the next token begins.
func (p *jsonParser) start() int {
	at := int(p.decoder.InputOffset())
	return at + len(p.source[at:]) - len(strings.TrimLeft(p.source[at:], " \t\r\n,:"))
}

func (p *jsonParser) value(depth int) jsonValue {
	at := p.start()
	// An operation takes two levels, a geometry at most six.
	if depth > 2*p.Depth+8 {
		p.fail(at, geo.Say("表达式嵌套超过 %d 层", "expressions lie more than %d deep in each other", p.Depth))
	}
	v := jsonValue{at: at}
	switch tok := p.token(at).(type) {
	case json.Delim:
		switch tok {
		case '[':
			v.isArray = true
			for p.decoder.More() {
				v.array = append(v.array, p.value(depth+1))
			}
		case '{':
			v.object = map[string]jsonValue{}
			for p.decoder.More() {
				at := p.start()
				name := p.token(at).(string)
				if _, twice := v.object[name]; twice {
					p.fail(at, geo.Say("成员 %q 重复", "the member %q is given twice", clip(name)))
				}
				v.object[name] = p.value(depth + 1)
			}
		}
		p.token(p.start())
	default:
		v.scalar = tok
	}
	return v
}

func (p *jsonParser) token(at int) json.Token {
	tok, err := p.decoder.Token()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		p.fail(len(p.source), geo.Say("JSON 不完整", "the JSON ends too early"))
	}
	if err != nil {
		p.fail(at, geo.Say("不是 JSON：%s", "this is not JSON: %s", strings.TrimPrefix(err.Error(), "json: ")))
	}
	return tok
}

func (p *jsonParser) expression(v jsonValue) Expr {
	switch s := v.scalar.(type) {
	case string:
		return &String{p.pos(v), p.string(v)}
	case bool:
		return &Bool{p.pos(v), s}
	case json.Number:
		return &Number{p.pos(v), p.number(v)}
	}
	if v.object == nil {
		p.fail(v.at, geo.Say("此处应为值，或含 op 和 args、property、date、timestamp、interval、bbox 或几何的对象", "expected a value, or an object with op and args, property, date, timestamp, interval, bbox or a geometry"))
	}
	for _, kind := range [...]struct {
		member string
		read   func(v, member jsonValue) Expr
	}{
		{"op", p.operation}, {"property", p.property}, {"date", p.date}, {"timestamp", p.timestamp},
		{"interval", p.interval}, {"bbox", p.bbox}, {"type", p.geometry},
	} {
		if kind.member == "bbox" && v.object["type"].scalar != nil {
			continue // a geometry with its box
		}
		if member, ok := v.object[kind.member]; ok {
			return kind.read(v, member)
		}
	}
	p.fail(v.at, geo.Say("此处应为含 op 和 args、property、date、timestamp、interval、bbox 或几何的对象", "expected an object with op and args, property, date, timestamp, interval, bbox or a geometry"))
	return nil
}

// string is a text that PostgreSQL too would take.
func (p *jsonParser) string(v jsonValue) string {
	s, ok := v.scalar.(string)
	if !ok {
		p.fail(v.at, geo.Say("此处应为文字", "expected a string"))
	}
	if strings.ContainsRune(s, 0) {
		p.fail(v.at, geo.Say("文字中不能有 NUL 字符", "a text has no NUL character"))
	}
	return s
}

func (p *jsonParser) number(v jsonValue) float64 {
	n, ok := v.scalar.(json.Number)
	if !ok {
		p.fail(v.at, geo.Say("此处应为数", "expected a number"))
	}
	f, err := n.Float64()
	if err != nil {
		p.fail(v.at, geo.Say("数 %s 过大", "%s is too large a number", clip(string(n))))
	}
	return f
}

func (p *jsonParser) property(v, name jsonValue) Expr {
	s := p.string(name)
	if s == "" {
		p.fail(name.at, geo.Say("此处应为字段名", "expected the name of a property"))
	}
	return &Property{p.pos(v), s}
}

func (p *jsonParser) date(v, day jsonValue) Expr {
	d, err := parseDay(p.string(day))
	if err != nil {
		p.fail(day.at, geo.WordsOf(err))
	}
	return &Date{p.pos(v), d}
}

func (p *jsonParser) timestamp(v, instant jsonValue) Expr {
	i, err := parseInstant(p.string(instant))
	if err != nil {
		p.fail(instant.at, geo.WordsOf(err))
	}
	return &Timestamp{p.pos(v), i}
}

func (p *jsonParser) interval(v, ends jsonValue) Expr {
	if len(ends.array) != 2 {
		p.fail(ends.at, geo.Say("此处应为区间的两端", "expected the two ends of the interval"))
	}
	return &Interval{p.pos(v), p.end(ends.array[0]), p.end(ends.array[1])}
}

func (p *jsonParser) end(v jsonValue) Expr {
	if s, ok := v.scalar.(string); ok {
		if s == ".." {
			return nil
		}
		e, err := parseWhen(p.pos(v), s)
		if err != nil {
			p.fail(v.at, geo.Say("%s，也不是表示开端的 \"..\"", "%s, nor \"..\" for an open end", geo.WordsOf(err)))
		}
		return e
	}
	e := p.expression(v)
	switch e.(type) {
	case *Property, *Call, *Date, *Timestamp:
		return e
	}
	p.fail(v.at, geo.Say("此处应为 \"2016-05-20\" 之类的文字、\"..\" 或字段", "expected a string such as \"2016-05-20\", \"..\" or a property"))
	return nil
}

func (p *jsonParser) operation(v, name jsonValue) Expr {
	op := p.string(name)
	args, ok := v.object["args"]
	if !ok || !args.isArray {
		p.fail(v.at, geo.Say("op 旁应有数组 args", "expected args, an array, beside op"))
	}
	if len(args.array) > p.List {
		p.fail(args.at, geo.Say("列表超过 %d 项", "the list has more than %d members", p.List))
	}
	if build, ok := p.operators()[strings.ToLower(op)]; ok {
		return build(v, strings.ToLower(op), args)
	}
	if op == "" {
		p.fail(name.at, geo.Say("此处应为运算符或函数的名称", "expected the name of an operator or a function"))
	}
	return &Call{p.pos(v), op, p.several(args, 0, p.List)}
}

// isOperator says whether a name in JSON is an operator's.
func isOperator(name string) bool {
	_, ok := new(jsonParser).operators()[strings.ToLower(name)]
	return ok
}

type builder func(v jsonValue, op string, args jsonValue) Expr

func (p *jsonParser) operators() map[string]builder {
	two := func(make func(Pos, string, Expr, Expr) Expr, part func(jsonValue) Expr) builder {
		return func(v jsonValue, op string, args jsonValue) Expr {
			pos := p.pos(v)
			p.count(args, 2, 2)
			return make(pos, op, part(args.array[0]), part(args.array[1]))
		}
	}
	logic := func(v jsonValue, op string, args jsonValue) Expr {
		return &Logic{p.pos(v), op, p.several(args, 2, p.List)}
	}
	fold := func(v jsonValue, op string, args jsonValue) Expr {
		return &Fold{p.pos(v), op, p.several(args, 1, 1)[0]}
	}
	all := map[string]builder{
		"and": logic, "or": logic, "casei": fold, "accenti": fold,
		"not":    func(v jsonValue, _ string, args jsonValue) Expr { return &Not{p.pos(v), p.several(args, 1, 1)[0]} },
		"isnull": func(v jsonValue, _ string, args jsonValue) Expr { return &IsNull{p.pos(v), p.several(args, 1, 1)[0]} },
		"like":   two(func(at Pos, _ string, a, b Expr) Expr { return &Like{at, a, b} }, p.expression),
		"between": func(v jsonValue, _ string, args jsonValue) Expr {
			pos := p.pos(v)
			parts := p.several(args, 3, 3)
			return &Between{pos, parts[0], parts[1], parts[2]}
		},
		"in":        p.in,
		"s_dwithin": p.near,
	}
	add := func(ops []string, make func(Pos, string, Expr, Expr) Expr, part func(jsonValue) Expr) {
		for _, op := range ops {
			all[op] = two(make, part)
		}
	}
	add(comparisons, func(at Pos, op string, a, b Expr) Expr { return &Compare{at, op, a, b} }, p.expression)
	add(arithmetic, func(at Pos, op string, a, b Expr) Expr { return &Arith{at, op, a, b} }, p.expression)
	add(spatialOps, func(at Pos, op string, a, b Expr) Expr { return &Spatial{at, op, a, b} }, p.expression)
	add(sortedNames(temporalOps), func(at Pos, op string, a, b Expr) Expr { return &Temporal{at, op, a, b} }, p.expression)
	add(sortedNames(arrayOps), func(at Pos, op string, a, b Expr) Expr { return &ArrayTest{at, op, a, b} }, p.array)
	return all
}

func sortedNames(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (p *jsonParser) count(args jsonValue, least, most int) {
	if n := len(args.array); n < least || n > most {
		what := fmt.Sprint(least)
		if most > least {
			what = fmt.Sprintf("%d–%d", least, most)
		}
		p.fail(args.at, geo.Say("应有 %s 个参数，却有 %d 个", "expected %s arguments, found %d", what, n))
	}
}

func (p *jsonParser) several(args jsonValue, least, most int) []Expr {
	p.count(args, least, most)
	var parts []Expr
	for _, arg := range args.array {
		parts = append(parts, p.expression(arg))
	}
	return parts
}

func (p *jsonParser) in(v jsonValue, _ string, args jsonValue) Expr {
	p.count(args, 2, 2)
	in := &In{Pos: p.pos(v), Value: p.expression(args.array[0])}
	list := args.array[1]
	if !list.isArray || len(list.array) == 0 {
		p.fail(list.at, geo.Say("此处应为至少含一个值的数组", "expected an array of at least one value"))
	}
	if len(list.array) > p.List {
		p.fail(list.at, geo.Say("列表超过 %d 项", "the list has more than %d members", p.List))
	}
	for _, member := range list.array {
		before := p.nodes
		in.List = append(in.List, p.expression(member))
		p.listMember(before, in.List[len(in.List)-1])
	}
	return in
}

func (p *jsonParser) near(v jsonValue, _ string, args jsonValue) Expr {
	p.count(args, 3, 3)
	e := &Near{Pos: p.pos(v), Left: p.expression(args.array[0]), Right: p.expression(args.array[1]), Metres: p.number(args.array[2])}
	if e.Metres < 0 {
		p.fail(args.array[2].at, geo.Say("距离不能为负", "a distance is not negative"))
	}
	return e
}

func (p *jsonParser) array(v jsonValue) Expr {
	if !v.isArray {
		e := p.expression(v)
		if !standsForArray(e) {
			p.fail(v.at, geo.Say("此处应为数组或字段", "expected an array or a property"))
		}
		return e
	}
	if len(v.array) > p.List {
		p.fail(v.at, geo.Say("列表超过 %d 项", "the list has more than %d members", p.List))
	}
	return &Array{p.pos(v), p.several(v, 0, p.List)}
}
