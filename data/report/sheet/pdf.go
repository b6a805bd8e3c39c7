package sheet

import (
	"io"
	"strconv"
	"time"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// PDF writes the sheet as a document of vectors, in which lengths on the map are
// true to scale. The same sheet gives the same bytes: the document's date is the
// day of its data.
func (s *Sheet) PDF(w io.Writer) error {
	doc := s.fonts.NewDocument(paper.Meta{
		Title: s.Title, Subject: s.subject(), Keywords: "sheet=" + s.Name + " number=" + s.Number + " scale=" + ratio(float64(s.Scale)) + " at=" + s.AsOf.String() + " register_seq=" + strconv.FormatInt(int64(s.Seq), 10) + " checksum=" + s.Checksum,
		Made: s.AsOf.Time().In(time.UTC),
	})
	for _, p := range s.Pages {
		doc.AddPage(p.Paper)
		onPaper := pdfPen{doc, func(q geo.Point) geo.Point { return q }}
		onPaper.draw(p.Marks)
	}
	_, err := doc.WriteTo(w)
	return err
}

func (s *Sheet) subject() string {
	text := s.CRS.Described().Zh + "（" + s.CRS.String() + "）" + ratio(float64(s.Scale))
	if s.Demonstration {
		text += "；" + demonstrationNote
	}
	return text
}

// pdfPen draws marks whose points lie somewhere on the paper.
type pdfPen struct {
	*paper.Document
	at func(geo.Point) geo.Point
}

func (p pdfPen) draw(marks []Mark) {
	for _, m := range marks {
		switch m := m.(type) {
		case *Line:
			p.path(m.Points, m.Closed)
			p.stroke(m.Pen)
			p.DrawPath("D")
		case *Area:
			for _, ring := range m.Rings {
				p.path(ring, true)
			}
			p.SetFillColor(rgb(m.Color))
			p.DrawPath("F*")
		case *Circle:
			p.circle(m)
		case *Text:
			p.text(m)
		case *Window:
			p.ClipRect(m.Frame.X, m.Frame.Y, m.Frame.W, m.Frame.H, false)
			pdfPen{p.Document, m.Paper}.draw(m.Marks)
			p.ClipEnd()
		}
	}
}

func (p pdfPen) path(points []geo.Point, closed bool) {
	for i, q := range points {
		q = p.at(q)
		if i == 0 {
			p.MoveTo(q[0], q[1])
		} else {
			p.LineTo(q[0], q[1])
		}
	}
	if closed {
		p.ClosePath()
	}
}

func (p pdfPen) stroke(pen Pen) {
	p.SetDrawColor(rgb(pen.Color))
	p.SetLineWidth(pen.Width)
	p.SetDashPattern(pen.Dash, 0)
}

func (p pdfPen) circle(c *Circle) {
	style := ""
	if c.Fill != "" {
		p.SetFillColor(rgb(c.Fill))
		style = "F"
	}
	if c.Pen.Width > 0 {
		p.stroke(c.Pen)
		style += "D"
	}
	q := p.at(c.At)
	p.Circle(q[0], q[1], c.Diameter/2, style)
}

func (p pdfPen) text(t *Text) {
	q := p.at(t.At)
	p.SetTextColor(rgb(t.Color))
	base := q[1] + t.Size*(paper.Ascent-paper.Descent)/2
	if t.Angle != 0 {
		p.TransformBegin()
		p.TransformRotate(t.Angle, q[0], q[1])
		defer p.TransformEnd()
	}
	p.Text(q[0], base, t.Size/paper.Point, t.Align, t.Text)
}

// rgb reads #RRGGBB; black where it is none.
func rgb(color string) (r, g, b int) {
	if len(color) != len("#RRGGBB") {
		return 0, 0, 0
	}
	n, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return 0, 0, 0
	}
	return int(n >> 16), int(n >> 8 & 0xFF), int(n & 0xFF)
}
