package cql2

// Truth is what a predicate says of a row: with a value missing it may be unknown.
type Truth int8

// The truth values, in the order in which AND takes the least and OR the greatest.
const (
	False Truth = iota - 1
	Unknown
	True
)

func (t Truth) String() string { return [...]string{"FALSE", "NULL", "TRUE"}[t+1] }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}
