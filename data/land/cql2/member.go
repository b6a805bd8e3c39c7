package cql2

// in finds a value among constants by a table and among the rest one by one.
// With no match it is unknown when a member is.
func (c *compiler[T]) in(e *In) func(T) Truth {
	switch family(c.typeOf(e.Value)) {
	case TypeNumber:
		v := c.number(e.Value)
		return membership(e, func(m Expr) (value[T, float64], func(T) Truth) {
			k := c.number(m)
			return k, compareOrdered("=", v, k)
		}, table(v.read))
	case TypeDate:
		byDay := c.byDay(append([]Expr{e.Value}, e.List...)...)
		v := c.when(e.Value, byDay)
		return membership(e, func(m Expr) (value[T, Instant], func(T) Truth) {
			k := c.when(m, byDay)
			return k, compareOrdered("=", v, k)
		}, table(v.read))
	case TypeString:
		v := c.text(e.Value)
		lookup := table(v.read)
		if v.fold != 0 {
			lookup = foldedTable(v)
		}
		return membership(e, func(m Expr) (value[T, string], func(T) Truth) {
			k := c.text(m)
			return k.value, compareTexts("=", v, k)
		}, lookup)
	}
	v := c.compile(e.Value)
	var members []func(T) Truth
	for _, m := range e.List {
		members = append(members, c.compile(m))
	}
	return func(row T) Truth {
		t, greatest := v(row), False
		for _, m := range members {
			greatest = max(greatest, t*m(row)) // alike is TRUE, unknown is 0
		}
		return greatest
	}
}

// membership looks constants up and compares with the other members.
func membership[T any, V comparable](e *In, member func(Expr) (value[T, V], func(T) Truth), lookup func(map[V]struct{}) func(T) Truth) func(T) Truth {
	known := map[V]struct{}{}
	var parts []func(T) Truth
	for _, m := range e.List {
		k, equal := member(m)
		if k.constant && k.known {
			known[k.is] = struct{}{}
		} else {
			parts = append(parts, equal)
		}
	}
	if len(known) > 0 {
		parts = append([]func(T) Truth{lookup(known)}, parts...)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return anyOf(parts)
}

// table finds a value among a few one by one, among more by hashing.
func table[T any, V comparable](read func(T) (V, bool)) func(map[V]struct{}) func(T) Truth {
	return func(known map[V]struct{}) func(T) Truth {
		const few = 4
		if len(known) > few {
			return func(row T) Truth {
				v, ok := read(row)
				if !ok {
					return Unknown
				}
				_, found := known[v]
				return truth(found)
			}
		}
		var all []V
		for v := range known {
			all = append(all, v)
		}
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			for _, k := range all {
				if v == k {
					return True
				}
			}
			return False
		}
	}
}

func foldedTable[T any](v textValue[T]) func(map[string]struct{}) func(T) Truth {
	read, fold := v.read, v.fold
	return func(known map[string]struct{}) func(T) Truth {
		return func(row T) Truth {
			s, ok := read(row)
			if !ok {
				return Unknown
			}
			var buffer [foldedSize]byte
			_, found := known[string(appendFolded(buffer[:0], s, fold))]
			return truth(found)
		}
	}
}
