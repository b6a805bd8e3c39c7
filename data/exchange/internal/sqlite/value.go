package sqlite

import "strconv"

// Kind is the storage class of a value.
type Kind int

// The storage classes.
const (
	Null Kind = iota
	Integer
	Real
	Blob
	Text
)

// Value is a value of a row; it holds only as long as the row.
type Value struct {
	Kind    Kind
	Integer int64
	Real    float64
	bytes   []byte
}

// Bytes are a text's or a blob's.
func (v Value) Bytes() []byte { return v.bytes }

// Text is the value as text; null is empty.
func (v Value) Text() string {
	switch v.Kind {
	case Integer:
		return strconv.FormatInt(v.Integer, 10)
	case Real:
		return strconv.FormatFloat(v.Real, 'g', -1, 64)
	}
	if v.Kind == Null {
		return ""
	}
	return string(v.bytes)
}
