package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// piece is a text that a printed table says, at its address in the file. Value is
// what is compared; empty: the text.
type piece struct {
	address string
	place   place
	text    string
	value   string
}

func (p piece) compared() string {
	if p.value != "" {
		return p.value
	}
	return p.text
}

// readers read what the files of a format say. A file that is cut short or none of
// the format is an error. PDF is read otherwise.
var readers = map[string]func(file []byte, t Table) ([]piece, error){
	"xlsx": xlsxPieces, "csv": csvPieces, "json": jsonPieces, "html": htmlPieces,
}

// stamps read the stamp of a file.
var stamps = map[string]func(file []byte) (string, error){
	"xlsx": xlsxStamp, "json": jsonStamp, "html": htmlStamp, "pdf": pdfStamp,
}

// Recognize tells a printed table's format, and its stamp; CSV has none.
func Recognize(file []byte) (format string, stamp Stamp, err error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\ufeff")), " \t\r\n")
	switch {
	case bytes.HasPrefix(file, []byte("%PDF-")):
		format = "pdf"
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		format = "xlsx"
	case bytes.HasPrefix(text, []byte("{")):
		format = "json"
	case bytes.HasPrefix(text, []byte("<")):
		format = "html"
	case bytes.HasPrefix(file, []byte("\ufeff")) || bytes.ContainsRune(text, ','):
		return "csv", Stamp{}, nil
	default:
		return "", Stamp{}, errNoStamp
	}
	told, err := stamps[format](file)
	if err != nil {
		return format, Stamp{}, errNoStamp
	}
	stamp, err = ParseStamp(told)
	return format, stamp, err
}

func csvPieces(file []byte, t Table) ([]piece, error) {
	lines := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	lines.FieldsPerRecord = -1
	var all []piece
	for n := 0; ; n++ {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		for c, field := range fields {
			at := place{inHeading, 0, c}
			if n > 0 {
				at = place{inCell, n - 1, c}
			}
			all = append(all, piece{address: fmt.Sprintf("%d,%d", n, c), place: at, text: field})
		}
	}
}

func jsonStamp(file []byte) (string, error) {
	var doc jsonTable
	if err := json.Unmarshal(bytes.TrimPrefix(file, []byte("\ufeff")), &doc); err != nil {
		return "", err
	}
	return doc.Stamp, nil
}

// jsonPieces are the values of a document by their paths. A number is compared
// by its value, for programs that write a document again write 9.00 as 9.
func jsonPieces(file []byte, t Table) ([]piece, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	d.UseNumber()
	w := &jsonWalk{decoder: d, table: t}
	if err := w.value(nil); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return w.pieces, nil
}

type jsonWalk struct {
	decoder *json.Decoder
	table   Table
	pieces  []piece
}

// deepest is how far values of a table lie within each other, and some.
const deepest = 8

func (w *jsonWalk) value(path []string) error {
	token, err := w.decoder.Token()
	if err != nil {
		return err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		p := piece{address: strings.Join(path, "/"), place: w.place(path), text: fmt.Sprint(token)}
		switch token := token.(type) {
		case nil:
			p.text, p.value = Cell{}.String(), "null"
		case string:
			p.value = "text " + token
		case json.Number:
			p.value = "number " + plainNumber(token.String())
		}
		w.pieces = append(w.pieces, p)
		return nil
	}
	if len(path) > deepest {
		return errors.New("it is nested too deep")
	}
	for n := 0; w.decoder.More(); n++ {
		step := strconv.Itoa(n)
		if delim == '{' {
			key, err := w.decoder.Token()
			if err != nil {
				return err
			}
			step = fmt.Sprint(key)
		}
		if err := w.value(append(path, step)); err != nil {
			return err
		}
	}
	_, err = w.decoder.Token()
	return err
}

// place is where the value of a path stands in the table.
func (w *jsonWalk) place(path []string) place {
	if len(path) < 2 {
		return place{part: inHead}
	}
	n, _ := strconv.Atoi(path[1]) // of an array, whose steps are numbers
	switch {
	case path[0] == "rows" && len(path) == 3:
		return place{inCell, n, max(0, w.table.column(path[2]))}
	case path[0] == "columns":
		return place{inHeading, 0, n}
	case path[0] == "notes":
		return place{inNote, n, 0}
	}
	return place{part: inHead}
}

// plainNumber is a decimal number without zeros at its end.
func plainNumber(s string) string {
	if strings.ContainsRune(s, '.') && !strings.ContainsAny(s, "eE") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
