package paper

// Page is a size of paper in millimetres.
type Page struct {
	Name          string // "A4", the same upright and across
	Width, Height float64
}

// Sizes of ISO 216, upright.
var (
	A4 = Page{"A4", 210, 297}
	A3 = Page{"A3", 297, 420}
)

// Landscape is the page across: wider than high.
func (p Page) Landscape() Page {
	if p.Width < p.Height {
		p.Width, p.Height = p.Height, p.Width
	}
	return p
}

// Point is the unit of type sizes in millimetres: 1/72 inch.
const Point = 25.4 / 72
