package cql2

// when compiles an operand that is a day or a time, counted in days or else in
// microseconds.
func (c *compiler[T]) when(e Expr, byDay bool) value[T, Instant] {
	scale := func(i Instant) Instant { return i }
	if byDay {
		scale = Instant.day
	}
	switch e := e.(type) {
	case *Date:
		return constantOf[T](scale(Instant(e.Day)*microsPerDay), true)
	case *Timestamp:
		return constantOf[T](scale(e.Instant), true)
	case *Property:
		f := c.fields[e.Name]
		if f.Type == TypeDate {
			day := f.Day
			return value[T, Instant]{read: func(row T) (Instant, bool) {
				d, ok := day(row)
				return Instant(d), ok
			}}
		}
		read := f.Time
		if byDay {
			return value[T, Instant]{read: func(row T) (Instant, bool) {
				t, ok := read(row)
				return InstantOf(t).day(), ok
			}}
		}
		return value[T, Instant]{read: func(row T) (Instant, bool) {
			t, ok := read(row)
			return InstantOf(t), ok
		}}
	}
	panic("cql2: not a day or time")
}

// span is a closed interval; an instant is one in which both ends are the same.
type span struct{ start, end Instant }

func (c *compiler[T]) span(e Expr, byDay bool) func(T) (span, bool) {
	interval, ok := e.(*Interval)
	if !ok {
		at := c.when(e, byDay)
		if at.constant {
			k := span{at.is, at.is}
			return func(T) (span, bool) { return k, true }
		}
		return func(row T) (span, bool) {
			v, ok := at.read(row)
			return span{v, v}, ok
		}
	}
	start, end := constantOf[T](always, true), constantOf[T](never, true)
	if interval.Start != nil {
		start = c.when(interval.Start, byDay)
	}
	if interval.End != nil {
		end = c.when(interval.End, byDay)
	}
	if start.constant && end.constant {
		k := span{start.is, end.is}
		return func(T) (span, bool) { return k, true }
	}
	return func(row T) (span, bool) {
		a, ok := start.read(row)
		if !ok {
			return span{}, false
		}
		b, ok := end.read(row)
		return span{a, b}, ok
	}
}

func (c *compiler[T]) temporal(e *Temporal) func(T) Truth {
	byDay := c.byDay(e.Left, e.Right)
	left, right, test := c.span(e.Left, byDay), c.span(e.Right, byDay), temporalTest(e.Op)
	return func(row T) Truth {
		a, ok := left(row)
		if !ok {
			return Unknown
		}
		b, ok := right(row)
		if !ok {
			return Unknown
		}
		return truth(test(a, b))
	}
}

// temporalTest follows the standard's tables 5 and 6 (OWL-Time).
func temporalTest(op string) func(a, b span) bool {
	switch op {
	case "t_after":
		return func(a, b span) bool { return a.start > b.end }
	case "t_before":
		return func(a, b span) bool { return a.end < b.start }
	case "t_disjoint":
		return func(a, b span) bool { return a.start > b.end || a.end < b.start }
	case "t_equals":
		return func(a, b span) bool { return a == b }
	case "t_intersects":
		return func(a, b span) bool { return !(a.start > b.end || a.end < b.start) }
	case "t_contains":
		return func(a, b span) bool { return a.start < b.start && a.end > b.end }
	case "t_during":
		return func(a, b span) bool { return a.start > b.start && a.end < b.end }
	case "t_finishedby":
		return func(a, b span) bool { return a.start < b.start && a.end == b.end }
	case "t_finishes":
		return func(a, b span) bool { return a.start > b.start && a.end == b.end }
	case "t_meets":
		return func(a, b span) bool { return a.end == b.start }
	case "t_metby":
		return func(a, b span) bool { return a.start == b.end }
	case "t_overlappedby":
		return func(a, b span) bool { return a.start > b.start && a.start < b.end && a.end > b.end }
	case "t_overlaps":
		return func(a, b span) bool { return a.start < b.start && a.end > b.start && a.end < b.end }
	case "t_startedby":
		return func(a, b span) bool { return a.start == b.start && a.end > b.end }
	}
	return func(a, b span) bool { return a.start == b.start && a.end < b.end } // t_starts
}
