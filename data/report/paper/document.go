package paper

import (
	"bytes"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Meta says what a document is. Made is the moment that it tells as its making:
// of two documents with the same content and Meta, every byte is the same.
type Meta struct {
	Title, Subject, Keywords string
	Made                     time.Time
}

// Document is a PDF document in the making. Lines and colours are drawn by the
// embedded writer, whose unit is the millimetre; text by Text, which knows the
// faces. The zero Document is of no use: Fonts.NewDocument makes them.
type Document struct {
	*fpdf.Fpdf
	fonts *Fonts
}

// NewDocument begins a document without pages. Of the fonts it will hold the
// characters that it uses.
func (f *Fonts) NewDocument(meta Meta) *Document {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm"})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(meta.Made)
	pdf.SetModificationDate(meta.Made)
	pdf.SetTitle(meta.Title, true)
	pdf.SetSubject(meta.Subject, true)
	pdf.SetKeywords(meta.Keywords, true)
	pdf.SetCreator("dikuai", true)
	pdf.SetLang("zh-CN")
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	for _, face := range f.faces {
		pdf.AddUTF8FontFromBytes(face.family, "", bytes.Clone(face.file)) // which the writer scribbles on
	}
	return &Document{pdf, f}
}

// AddPage begins a page.
func (d *Document) AddPage(page Page) {
	d.AddPageFormat("P", fpdf.SizeType{Wd: page.Width, Ht: page.Height})
}

// Align says which end of a text stands at its place.
type Align int

// Ways to align text.
const (
	Left Align = iota
	Centre
	Right
)

// Text prints one line at a size in points, its base line at y and its beginning,
// middle or end at x. A character that no face has is printed as 〓.
func (d *Document) Text(x, y, size float64, align Align, text string) {
	switch align {
	case Centre:
		x -= d.fonts.Width(text, size) / 2
	case Right:
		x -= d.fonts.Width(text, size)
	}
	for _, r := range d.fonts.runs(text) {
		d.SetFont(r.face.family, "", size)
		d.Fpdf.Text(x, y, r.text)
		x += d.fonts.Width(r.text, size)
	}
}

// Fonts are what the document is set in.
func (d *Document) Fonts() *Fonts { return d.fonts }

// WriteTo ends the document and writes it.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	err := d.Output(counted)
	return counted.n, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
