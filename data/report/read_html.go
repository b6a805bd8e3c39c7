package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// pageDecoder reads a page as XML; ours is well-formed, and what another program
// wrote is read as far as it goes.
func pageDecoder(file []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	return d
}

func htmlStamp(file []byte) (string, error) {
	for d := pageDecoder(file); ; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "meta" && attribute(start, "name") == stampName {
			return attribute(start, "content"), nil
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// told are the elements of a page that say something.
var told = []string{"title", "p", "h1", "dt", "dd", "th", "td", "h2", "li", "footer"}

// htmlPieces are the texts of a page's elements, numbered by kind.
func htmlPieces(file []byte, t Table) ([]piece, error) {
	w := &htmlWalk{counts: map[string]int{}, row: -1}
	d := pageDecoder(file)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return w.pieces, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			w.begin(token)
		case xml.EndElement:
			w.end(token.Name.Local)
		case xml.CharData:
			if len(w.open) > 0 {
				w.pieces[w.open[len(w.open)-1]].text += string(token)
			}
		}
	}
}

type htmlWalk struct {
	pieces      []piece
	open        []int // pieces whose elements are open
	counts      map[string]int
	body        bool // beyond the column heads
	row, column int
}

func (w *htmlWalk) begin(e xml.StartElement) {
	name := e.Name.Local
	switch name {
	case "tbody":
		w.body = true
	case "tr":
		w.column = -1
		if w.body {
			w.row++
		}
	}
	if !slices.Contains(told, name) {
		return
	}
	at := place{part: inHead}
	switch name {
	case "th", "td":
		w.column++
		at = place{inHeading, 0, w.column}
		if w.body {
			at = place{inCell, w.row, w.column}
		}
	case "li":
		at = place{inNote, w.counts["li"], 0}
	case "footer":
		at = place{part: inFoot}
	}
	w.counts[name]++
	w.open = append(w.open, len(w.pieces))
	w.pieces = append(w.pieces, piece{address: fmt.Sprintf("%s %d", name, w.counts[name]), place: at})
}

func (w *htmlWalk) end(name string) {
	if !slices.Contains(told, name) || len(w.open) == 0 {
		return
	}
	p := &w.pieces[w.open[len(w.open)-1]]
	p.text = strings.Join(strings.Fields(p.text), " ")
	w.open = w.open[:len(w.open)-1]
}
