// Package intake is what the readers of plot files share: the log of what is
// wrong with a file, the matching of its columns to the properties of a plot,
// the cleaning of rings, and the ranges in which coordinates may lie.
package intake

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// MaxFindings bounds the faults, and apart from them the remarks, that are told
// of one file; the rest is counted.
const MaxFindings = 1000

// Log gathers the findings of one file. The zero value is ready.
type Log struct {
	faults, notes         []land.Finding
	moreFaults, moreNotes int
	tallies               map[string]*tally
	order                 []string
}

type tally struct {
	first land.Finding
	more  int
}

// Add records a finding.
func (l *Log) Add(f land.Finding) {
	list, more := &l.notes, &l.moreNotes
	if f.Severity == land.Block {
		list, more = &l.faults, &l.moreFaults
	}
	if len(*list) == MaxFindings {
		*more++
		return
	}
	*list = append(*list, f)
}

// Tally records a remark that is likely to repeat: the first of its code and
// field is told in full, the others are counted on it.
func (l *Log) Tally(f land.Finding) {
	key := f.Code + " " + f.Field
	if t, ok := l.tallies[key]; ok {
		t.more++
		return
	}
	if l.tallies == nil {
		l.tallies = map[string]*tally{}
	}
	l.tallies[key] = &tally{first: f}
	l.order = append(l.order, key)
}

// Faults counts the blocking findings so far.
func (l *Log) Faults() int { return len(l.faults) + l.moreFaults }

// Finish ends the reading of a file: a delivery with its remarks, or a
// *land.InvalidError with everything found when something blocks. A file
// without a single plot is a fault.
func (l *Log) Finish(d land.Delivery) (land.Delivery, error) {
	if d.Plots == 0 && l.Faults() == 0 {
		l.Add(land.Finding{Code: "2101", Severity: land.Block}.Saying(
			geo.Say("文件中没有地块", "the file holds no plot (地块)"), geo.Say("请提交至少有一个多边形的文件", "deliver a file with at least one polygon")))
	}
	d.Notes = l.Notes()
	if l.Faults() == 0 {
		return d, nil
	}
	faults := byRow(l.faults)
	if l.moreFaults > 0 {
		faults = append(faults, land.Finding{Severity: land.Block}.Saying(geo.Say("另有 %d 处错误", "and %d more faults", l.moreFaults), geo.Words{}))
	}
	return d, &land.InvalidError{Findings: append(faults, d.Notes...)}
}

// Notes gives the remarks that do not block, in the order of their rows.
func (l *Log) Notes() []land.Finding {
	notes := slices.Clone(l.notes)
	for _, key := range l.order {
		t := l.tallies[key]
		f := t.first
		if t.more > 0 {
			f = f.Saying(f.Said().Then(geo.Say("（另有 %d 处类似）", " (and %d more like it)", t.more)), f.Advised())
		}
		notes = append(notes, f)
	}
	notes = byRow(notes)
	if l.moreNotes > 0 {
		notes = append(notes, land.Finding{Severity: land.Inform}.Saying(geo.Say("另有 %d 条提示", "and %d more remarks", l.moreNotes), geo.Words{}))
	}
	return notes
}

// Err is a *land.InvalidError with the faults so far, or nil.
func (l *Log) Err() error {
	if l.Faults() == 0 {
		return nil
	}
	return &land.InvalidError{Findings: byRow(l.faults)}
}

func byRow(f []land.Finding) []land.Finding {
	f = slices.Clone(f)
	slices.SortStableFunc(f, func(a, b land.Finding) int { return cmp.Compare(a.Row, b.Row) })
	return f
}

// Locate gives a point of crs, x before y, as the lon/lat place of a finding;
// nil when the system is not known or the point lies nowhere on earth.
func Locate(crs geo.CRS, p geo.Point) *geo.Point {
	if crs == 0 {
		return nil
	}
	q, err := geo.Transform(p, crs, geo.CGCS2000)
	if err != nil || !(q[0] >= -180 && q[0] <= 180 && q[1] >= -90 && q[1] <= 90) {
		return nil
	}
	return &q
}
