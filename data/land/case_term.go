package land

import (
	"slices"
	"strconv"
	"sync"

	"github.com/dikuai/dikuai/geo"
)

// CaseTerm is how many working days (工作日) an office has for a kind of case, from
// its acceptance to its decision, and by the fast track (绿色通道). Legal says that a
// law sets Days; else they are the office's own.
type CaseTerm struct {
	Kind        CaseKind
	Days, Green int
	Source      geo.Words
	Legal       bool
}

var caseTerms = sync.OnceValue(func() []CaseTerm {
	var all []CaseTerm
	for _, r := range dictionaryRows("case_terms.csv") {
		days, err := strconv.Atoi(r[1])
		green, err2 := strconv.Atoi(r[2])
		if err != nil || err2 != nil {
			panic("case_terms.csv has a term that is no number") // it ships with the program
		}
		all = append(all, CaseTerm{CaseKind(r[0]), days, green, geo.Words{Zh: r[3], En: r[4]}, r[5] == "yes"})
	}
	return all
})

// CaseTerms lists the terms, one for every kind.
func CaseTerms() []CaseTerm { return slices.Clone(caseTerms()) }

// Term is the term of the case in working days, the fast track's where it goes by that.
func (c Case) Term() int {
	for _, t := range caseTerms() {
		if t.Kind == c.Kind {
			if c.Green {
				return t.Green
			}
			return t.Days
		}
	}
	return 0
}
