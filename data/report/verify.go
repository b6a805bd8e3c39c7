package report

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// State is what a printed table is found to be.
type State string

// The states of a printed table.
const (
	Current State = "current" // it says what the register said, and still says
	Stale   State = "stale"   // it says what the register said; the register says otherwise today
	Altered State = "altered" // it does not say what the register said
	Foreign State = "foreign" // it is no table of this register
)

// Words are the state's Chinese name and its word.
func (s State) Words() geo.Words {
	return geo.Words{Zh: map[State]string{Current: "真实，现势", Stale: "真实，已过时", Altered: "已被改动", Foreign: "非本库报表"}[s], En: string(s)}
}

// Difference is a place of a table where a file and the register differ.
type Difference struct {
	Place    geo.Words
	Printed  string // in the file; empty where the file lacks it
	Register string // as the register has it; empty where it has none
}

// Verdict is what was found of a printed table.
type Verdict struct {
	State       State
	Format      string
	Stamp       Stamp
	Differences []Difference // from the register then, if altered, or today, if stale
	Remark      geo.Words    // why a file is foreign, or that it was saved again
}

// Verifier holds printed tables to the register. Make makes the table of a stamp
// as it was known at the stamp's change, or of today as it is known now. What the
// register does not have is a *land.NotFoundError or *land.InvalidError.
type Verifier struct {
	Fonts *paper.Shelf
	Make  func(ctx context.Context, s Stamp, today bool) (Table, error)
}

// Verify prints the table of a stamp again and compares: with the same change and
// fonts, the same bytes come out. Where they differ it is told what does. A file
// that another program saved again holds if all that it says is the same; of a
// page or document that may look otherwise that cannot be said.
func (v Verifier) Verify(ctx context.Context, file []byte, format string, stamp Stamp) (Verdict, error) {
	verdict := Verdict{Format: format, Stamp: stamp}
	then, err := v.Make(ctx, stamp, false)
	if reason, none := lacking(err); none {
		verdict.State, verdict.Remark = Foreign, reason
		return verdict, nil
	}
	if err != nil {
		return verdict, err
	}
	if err := v.compare(&verdict, file, then); err != nil || verdict.State == Altered {
		return verdict, err
	}
	today, err := v.Make(ctx, stamp, true)
	if err != nil {
		return verdict, err
	}
	verdict.State = Current
	if verdict.Differences = moved(then, today); len(verdict.Differences) > 0 {
		verdict.State = Stale
	}
	return verdict, nil
}

// lacking says that the register has nothing of the kind.
func lacking(err error) (geo.Words, bool) {
	var missing *land.NotFoundError
	var invalid *land.InvalidError
	if errors.As(err, &missing) || errors.As(err, &invalid) {
		return geo.WordsOf(err), true
	}
	return geo.Words{}, false
}

// compare holds a file to the table that it should print.
func (v Verifier) compare(verdict *Verdict, file []byte, t Table) error {
	right, differences, err := v.print(verdict.Format, t)
	if err != nil || bytes.Equal(file, right) {
		return err
	}
	found, err := differences(file)
	switch {
	case err != nil:
		found = []Difference{{Place: geo.Say("文件已损坏：%s", "the file is damaged: %s", geo.WordsOf(err))}}
	case len(found) == 0 && (verdict.Format == "html" || verdict.Format == "pdf"):
		found = []Difference{{Place: geo.Say("文字相同，但文件的其他部分不同，版面可能被改动", "the texts are the same, but the file is not: it may look otherwise")}}
	case len(found) == 0:
		verdict.Remark = geo.Say("内容相同；文件经其他程序重新保存", "it says the same; another program saved the file again")
		return nil
	}
	verdict.State, verdict.Differences = Altered, found
	return nil
}

// print prints the table, and gives the way to hold a file to the print.
func (v Verifier) print(format string, t Table) ([]byte, func(file []byte) ([]Difference, error), error) {
	var right bytes.Buffer
	if format == "pdf" {
		fonts, err := v.Fonts.Fonts()
		if err != nil {
			return nil, nil, err
		}
		p := printTable(t, fonts)
		_, err = p.WriteTo(&right)
		return right.Bytes(), func(file []byte) ([]Difference, error) { return pdfDifferences(file, p, right.Bytes()) }, err
	}
	f, err := LookupFormat(format, v.Fonts)
	if err != nil {
		return nil, nil, err
	}
	err = f.Write(&right, t)
	return right.Bytes(), func(file []byte) ([]Difference, error) {
		read := readers[format]
		truth, err := read(right.Bytes(), t)
		if err != nil {
			return nil, err
		}
		said, err := read(file, t)
		return t.differences(said, truth), err
	}, err
}

// differences compares what a file says with the truth, by address.
func (t Table) differences(said, truth []piece) []Difference {
	var all []Difference
	found := map[string]piece{}
	for _, p := range said {
		if _, twice := found[p.address]; twice {
			all = append(all, Difference{t.placeWords(p.place), p.text, ""})
		}
		found[p.address] = p
	}
	for _, right := range truth {
		p, there := found[right.address]
		delete(found, right.address)
		if there && p.compared() == right.compared() {
			continue
		}
		d := Difference{t.placeWords(right.place), p.text, right.text}
		if there && p.text == right.text { // the number or formula behind it differs
			d.Printed, d.Register = strings.ReplaceAll(p.value, "\x00", " "), strings.ReplaceAll(right.value, "\x00", " ")
		}
		all = append(all, d)
	}
	for _, p := range said {
		if _, more := found[p.address]; more {
			all = append(all, Difference{t.placeWords(p.place), p.text, ""})
			delete(found, p.address)
		}
	}
	return all
}
