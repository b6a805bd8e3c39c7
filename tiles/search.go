package tiles

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Search is a query that is ready to be run on any view. Safe for concurrent use.
type Search struct {
	// Key tells the search from all others, so that a view counts what matches but
	// once; without one it counts each time.
	Key string

	text     func(string) bool        // says whether a text holds the one that is looked for; nil without one
	ofUse    func(land.UseCode) bool  // nil when it asks for no use
	ofKind   []func(plotset.Ref) bool // the same for all plots of a kind
	ofPlot   []func(plotset.Ref) bool // the cheaper first, exact geometry last
	box      plotset.Box              // the smallest of those that plots must meet
	others   []plotset.Box            // the rest of them
	confined bool
	empty    bool // nothing can match
}

// NewSearch prepares a query and a filter, which may be nil. Its error is
// cql2.Faults where the polygon to lie within is not valid.
func NewSearch(q land.Query, f *Filter) (*Search, error) {
	s := &Search{}
	if len(q.Uses) > 0 {
		s.ofUse = q.SelectsUse
	}
	if len(q.Parks)+len(q.Statuses) > 0 {
		s.ofKind = append(s.ofKind, func(r plotset.Ref) bool { return q.SelectsOf(r.Kind().Park, r.Kind().Status) })
	}
	s.number(&s.ofKind, "far_max", q.FARMax)
	s.number(&s.ofKind, "height_max_m", q.Height)
	if !q.AreaMu.IsOpen() {
		s.ofPlot = append(s.ofPlot, func(r plotset.Ref) bool { return q.AreaMu.Holds(float64(r.CentiMu())/100, true) })
	}
	s.number(&s.ofPlot, "gfa_max_m2", q.GFAMax)
	if q.Text != "" {
		s.text = holding(q.Text)
		s.ofPlot = append(s.ofPlot, func(r plotset.Ref) bool { return s.text(r.Number()) || s.text(r.Name()) || s.text(r.Holder()) })
	}
	if f != nil {
		if f.ofKind != nil {
			s.ofKind = append(s.ofKind, holds(f.ofKind))
		}
		if f.ofPlot != nil {
			s.ofPlot = append(s.ofPlot, holds(f.ofPlot))
		}
		if b, ok := f.Bound(); ok {
			s.confine(b)
		}
	}
	if q.Bound != nil {
		s.confine(*q.Bound)
		s.ofPlot = append(s.ofPlot, meets(*q.Bound))
	}
	if q.Near != nil {
		at := &cql2.Geometry{Shape: q.Near.At}
		if err := s.relate(&cql2.Near{Left: boundary, Right: at, Metres: q.Near.Metres}); err != nil {
			return nil, err
		}
	}
	if q.Within != nil {
		var shape orb.Geometry = q.Within
		if len(q.Within) == 1 {
			shape = q.Within[0]
		}
		if err := s.relate(&cql2.Spatial{Op: "s_within", Left: boundary, Right: &cql2.Geometry{Shape: shape}}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

var boundary = &cql2.Property{Name: "geometry"}

func (s *Search) number(tests *[]func(plotset.Ref) bool, property string, r land.Range) {
	if r.IsOpen() {
		return
	}
	read := filterFields[property].Number
	*tests = append(*tests, func(p plotset.Ref) bool { return r.Holds(read(p)) })
}

// confine adds a box that plots must meet.
func (s *Search) confine(b orb.Bound) {
	if b.Min[0] > b.Max[0] || b.Min[1] > b.Max[1] {
		s.empty = true
		return
	}
	box := plotset.BoxOf(b)
	switch {
	case !s.confined:
		s.box, s.confined = box, true
		return
	case areaOf(box) < areaOf(s.box):
		s.box, box = box, s.box
	}
	s.others = append(s.others, box)
}

func areaOf(b plotset.Box) float64 {
	return float64(b.Max.X-b.Min.X) * float64(b.Max.Y-b.Min.Y)
}

// relate adds a spatial predicate of CQL2.
func (s *Search) relate(e cql2.Expr) error {
	if err := cql2.Check(e, Queryables()); err != nil {
		return err
	}
	matches, err := cql2.Compile(e, filterFields)
	if err != nil {
		return err
	}
	if b, ok := cql2.Bound(e); ok {
		s.confine(b)
	}
	s.ofPlot = append(s.ofPlot, holds(matches))
	return nil
}

func holds(matches func(plotset.Ref) cql2.Truth) func(plotset.Ref) bool {
	return func(r plotset.Ref) bool { return matches(r) == cql2.True }
}

// meets asks whether a boundary has a point in common with a box; only near the
// box's edges is the boundary itself looked at.
func meets(b orb.Bound) func(plotset.Ref) bool {
	const margin = 2 // by which BoxOf and the plot's box may be off, in units of the world
	inner := plotset.BoxOf(b)
	thin := inner.Max.X-inner.Min.X <= 2*margin || inner.Max.Y-inner.Min.Y <= 2*margin
	inner.Min.X, inner.Min.Y = inner.Min.X+margin, inner.Min.Y+margin
	inner.Max.X, inner.Max.Y = inner.Max.X-margin, inner.Max.Y-margin
	return func(r plotset.Ref) bool {
		if !thin {
			if r.Box().Within(inner) {
				return true
			}
			for _, p := range r.Shape().Points {
				if p := (plotset.Point{X: p[0], Y: p[1]}); (plotset.Box{Min: p, Max: p}).Within(inner) {
					return true
				}
			}
		}
		return geo.Meets(r.Boundary(), b)
	}
}

// holding asks whether a text holds another, in whatever case.
func holding(text string) func(string) bool {
	text = strings.ToLower(text)
	switch {
	case strings.ToUpper(text) == text: // Chinese, digits
		return func(s string) bool { return strings.Contains(s, text) }
	case strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }):
		return func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	}
	rare := "" // its longest stretch without letters, which is sooner found not to be there
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return 'a' <= r && r <= 'z' }) {
		if len(part) > len(rare) {
			rare = part
		}
	}
	return func(s string) bool { return strings.Contains(s, rare) && containsASCII(s, text) }
}

// containsASCII looks for a text of lower-case ASCII in another of either case.
func containsASCII(s, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		j := 0
		for j < len(lower) {
			c := s[i+j]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c != lower[j] {
				break
			}
			j++
		}
		if j == len(lower) {
			return true
		}
	}
	return false
}

// selection asks whether plots of a set match; it is for one goroutine.
func (s *Search) selection(plots *plotset.Set) func(plotset.Ref) bool {
	uses := anyPlot
	if s.ofUse != nil {
		var asked []bool
		for _, use := range plots.Uses() {
			asked = append(asked, s.ofUse(use))
		}
		uses = func(r plotset.Ref) bool { return asked[r.UseNumber()] }
	}
	kinds := anyPlot // not even the plot's record is read
	if len(s.ofKind) > 0 {
		kinds = ofKind(func(r plotset.Ref) bool { return all(s.ofKind, r) })
	}
	texts := s.textsBeside()
	return func(r plotset.Ref) bool {
		for i := range s.others {
			if !r.Box().Meets(s.others[i]) {
				return false
			}
		}
		return uses(r) && texts(r) && kinds(r) && all(s.ofPlot, r)
	}
}

func anyPlot(plotset.Ref) bool { return true }

// textsBeside asks whether a plot or one beside it may have the text, for plots
// beside each other once.
func (s *Search) textsBeside() func(plotset.Ref) bool {
	if s.text == nil {
		return anyPlot
	}
	var last plotset.Ref
	var may bool
	return func(r plotset.Ref) bool {
		if !r.Beside(last) {
			texts, holders := r.Texts()
			last, may = r, s.text(texts) || slices.ContainsFunc(holders, s.text)
		}
		return may
	}
}

func all(tests []func(plotset.Ref) bool, r plotset.Ref) bool {
	for _, test := range tests {
		if !test(r) {
			return false
		}
	}
	return true
}

// ofKind asks a question of plots' kinds, each kind once.
func ofKind(ask func(plotset.Ref) bool) func(plotset.Ref) bool {
	var answers []byte // by the kind's index: not asked, no, yes
	return func(r plotset.Ref) bool {
		k := r.Kind()
		if k.Index >= len(answers) {
			answers = append(answers, make([]byte, k.Index+1-len(answers))...)
		}
		if answers[k.Index] == 0 {
			answers[k.Index] = 1
			if ask(r) {
				answers[k.Index] = 2
			}
		}
		return answers[k.Index] == 2
	}
}

// matchesKind says whether plots of the plot's kind may match.
func (s *Search) matchesKind(r plotset.Ref) bool {
	return (s.ofUse == nil || s.ofUse(r.Kind().Use)) && all(s.ofKind, r)
}

// each calls visit for every plot that matches, in no order that is promised.
func (v *View) each(s *Search, visit func(plotset.Ref)) {
	if s.empty {
		return
	}
	selects := s.selection(v.Plots)
	yield := func(r plotset.Ref) bool {
		if selects(r) {
			visit(r)
		}
		return true
	}
	if s.confined {
		v.Plots.Search(s.box, yield)
	} else {
		v.Plots.All(yield)
	}
}
