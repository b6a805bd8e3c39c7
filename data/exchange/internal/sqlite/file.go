// Package sqlite reads the rows of tables in a SQLite 3 database file (SQLite
// Database File Format, sqlite.org/fileformat.html), as far as the features of
// a GeoPackage need it: no indexes, no log beside the file, UTF-8 text. What it
// is not made for is an error, before any row is read.
package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// ErrDamaged marks a file that does not hold together.
var ErrDamaged = errors.New("the SQLite file is damaged")

// ErrUnsupported marks what this reader is not made for.
var ErrUnsupported = errors.New("the SQLite file is of a kind that is not read here")

// File is an open database.
type File struct {
	data   io.ReaderAt
	page   int    // bytes of a page
	usable int    // of them, less what is reserved at its end
	pages  uint32 // in the file
}

const (
	headerSize = 100 // of the file, before the first page's own header
	maxDepth   = 20  // of a tree
	maxRecord  = 160 << 20
)

// Open reads a database's header. size is the file's in bytes.
func Open(data io.ReaderAt, size int64) (*File, error) {
	var h [headerSize]byte
	if _, err := data.ReadAt(h[:], 0); err != nil || string(h[:16]) != "SQLite format 3\x00" {
		return nil, ErrDamaged
	}
	f := &File{data: data, page: int(binary.BigEndian.Uint16(h[16:]))}
	if f.page == 1 {
		f.page = 1 << 16
	}
	f.usable = f.page - int(h[20])
	if f.page < 512 || f.page&(f.page-1) != 0 || f.usable < 480 {
		return nil, ErrDamaged
	}
	if encoding := binary.BigEndian.Uint32(h[56:]); h[19] > 2 || encoding != 1 {
		return nil, ErrUnsupported
	}
	f.pages = uint32(min(size/int64(f.page), math.MaxUint32))
	return f, nil
}

// Table finds a table by its name and gives the page of its rows and its
// columns.
func (f *File) Table(name string) (root uint32, columns []Column, err error) {
	var sql string
	err = f.Rows(1, func(_ int64, row []Value) error { // type, name, tbl_name, rootpage, sql
		if len(row) >= 5 && row[0].Text() == "table" && row[1].Text() == name {
			root, sql = uint32(row[3].Integer), row[4].Text()
		}
		return nil
	})
	if err == nil && root == 0 {
		err = ErrUnsupported // it may be a view
	}
	if err == nil {
		columns, err = parseColumns(sql)
	}
	return root, columns, err
}

// Rows calls row for each row of the table whose tree begins at a page, in the
// order of their rowids. The values hold only during the call; columns that the
// row was written without are missing at their end.
func (f *File) Rows(root uint32, row func(id int64, values []Value) error) error {
	w := &walk{File: f, row: row}
	return w.node(root, 0)
}

type walk struct {
	*File
	row     func(id int64, values []Value) error
	seen    uint32           // pages so far
	buffers [maxDepth][]byte // a page of each depth
	payload []byte
	values  []Value
}

func (w *walk) read(number uint32, page []byte) error {
	w.seen++
	if number == 0 || number > w.pages || w.seen > w.pages { // a tree that comes back to itself
		return ErrDamaged
	}
	if _, err := w.data.ReadAt(page, int64(number-1)*int64(w.page)); err != nil {
		return fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	return nil
}

// node reads a page of a table's tree and all below it.
func (w *walk) node(number uint32, depth int) error {
	const interior, leaf = 0x05, 0x0d
	if depth == maxDepth {
		return ErrDamaged
	}
	if w.buffers[depth] == nil {
		w.buffers[depth] = make([]byte, w.page)
	}
	page := w.buffers[depth]
	if err := w.read(number, page); err != nil {
		return err
	}
	h := 0
	if number == 1 {
		h = headerSize
	}
	kind, cells := page[h], int(binary.BigEndian.Uint16(page[h+3:]))
	pointers := h + 8
	if kind == interior {
		pointers = h + 12
	}
	if kind != interior && kind != leaf || pointers+2*cells > w.usable {
		return ErrDamaged
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(page[pointers+2*i:]))
		if at+4 > w.usable {
			return ErrDamaged
		}
		var err error
		if kind == interior {
			err = w.node(binary.BigEndian.Uint32(page[at:]), depth+1)
		} else {
			err = w.cell(page[at:w.usable])
		}
		if err != nil {
			return err
		}
	}
	if kind == interior {
		return w.node(binary.BigEndian.Uint32(page[h+8:]), depth+1)
	}
	return nil
}

// cell reads a row: the size of its record, its rowid, and the record, the rest
// of which may be on a chain of pages.
func (w *walk) cell(cell []byte) error {
	size, n := varint(cell)
	id, m := varint(cell[n:])
	cell = cell[n+m:]
	if n == 0 || m == 0 || size < 0 || size > maxRecord {
		return ErrDamaged
	}
	local := w.local(int(size))
	if local == int(size) {
		if local > len(cell) {
			return ErrDamaged
		}
		return w.record(id, cell[:local])
	}
	if local+4 > len(cell) {
		return ErrDamaged
	}
	w.payload = append(w.payload[:0], cell[:local]...)
	next := binary.BigEndian.Uint32(cell[local:])
	page := make([]byte, w.page)
	for len(w.payload) < int(size) {
		if err := w.read(next, page); err != nil {
			return err
		}
		next = binary.BigEndian.Uint32(page)
		w.payload = append(w.payload, page[4:min(w.usable, 4+int(size)-len(w.payload))]...)
	}
	return w.record(id, w.payload)
}

// local is how much of a record of a size lies in the tree's own page (section
// 1.6, "Cell payload").
func (w *walk) local(size int) int {
	most := w.usable - 35
	if size <= most {
		return size
	}
	least := (w.usable-12)*32/255 - 23
	if k := least + (size-least)%(w.usable-4); k <= most {
		return k
	}
	return least
}

// record splits a record into its values (section 2.1, "Record format").
func (w *walk) record(id int64, data []byte) error {
	size, n := varint(data)
	if n == 0 || size < int64(n) || size > int64(len(data)) {
		return ErrDamaged
	}
	head, body := data[n:size], data[size:]
	w.values = w.values[:0]
	for len(head) > 0 {
		kind, n := varint(head)
		if n == 0 {
			return ErrDamaged
		}
		head = head[n:]
		v, length := Value{}, 0
		switch {
		case kind >= 12:
			v.Kind, length = Kind(kind%2)+Blob, int((kind-12)/2)
		case kind >= 8 && kind <= 9:
			v.Kind, v.Integer = Integer, kind-8
		case kind >= 1 && kind <= 7:
			v.Kind, length = Integer, []int{0, 1, 2, 3, 4, 6, 8, 8}[kind]
		case kind != 0:
			return ErrDamaged
		}
		if length < 0 || length > len(body) {
			return ErrDamaged
		}
		v.bytes, body = body[:length], body[length:]
		if v.Kind == Integer && length > 0 {
			v.Integer = int64(int8(v.bytes[0]))
			for _, b := range v.bytes[1:] {
				v.Integer = v.Integer<<8 | int64(b)
			}
		}
		if kind == 7 {
			v.Kind, v.Real = Real, math.Float64frombits(uint64(v.Integer))
		}
		w.values = append(w.values, v)
	}
	return w.row(id, w.values)
}

// varint reads a number of one to nine bytes, big end first; n is 0 where it is
// cut off.
func varint(data []byte) (v int64, n int) {
	for i, b := range data[:min(9, len(data))] {
		if i == 8 {
			return v<<8 | int64(b), 9
		}
		v = v<<7 | int64(b&0x7f)
		if b < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
