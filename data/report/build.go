package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// TableKind is a table that can be asked for.
type TableKind struct {
	Name     string
	Takes    []string // parameters beside at and known_at
	Officers bool     // it tells what is not public
	Ended    bool     // plots that have ended may be chosen
	make     func(context.Context, Source, Options) (Table, error)
}

// kinds are in the order in which they are offered.
var kinds = []TableKind{
	{Name: "overview", Takes: []string{"park", "measure"}, make: overview},
	{Name: "balance", Takes: []string{"park", "plot", "filter", "measure", "scheme", "against"}, make: makeBalance},
	{Name: "plots", Takes: []string{"park", "plot", "filter", "measure"}, make: plots},
	{Name: "boundary", Takes: []string{"park", "plot", "filter", "measure", "crs"}, make: boundary},
	{Name: "lineage", Takes: []string{"park", "plot", "filter", "measure", "year"}, Ended: true, make: lineage},
	{Name: "supply", Takes: []string{"park", "plot", "filter", "measure", "year"}, make: supply},
	{Name: "quota", Takes: []string{"park", "year", "kind"}, Officers: true, make: quota},
	{Name: "quota-use", Takes: []string{"park", "year", "kind"}, Officers: true, make: quotaUse},
	{Name: "compliance", Takes: []string{"plot", "measure"}, make: compliance},
}

// Names lists the tables.
func Names() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

// Lookup finds a table. An unknown name is a *land.InvalidError that lists the
// choices.
func Lookup(name string) (TableKind, error) {
	i := slices.IndexFunc(kinds, func(k TableKind) bool { return k.Name == name })
	if i < 0 {
		return TableKind{}, land.Invalid("table", geo.Say("没有报表 %q", "there is no table %q", name), geo.Say("可用：%s", "use one of %s", strings.Join(Names(), ", ")))
	}
	return kinds[i], nil
}

// Make makes the table. A snapshot that does not hold together is refused. What a
// table that is too long to hold is made from must be there until it is printed.
func (k TableKind) Make(ctx context.Context, from Source, opt Options) (Table, error) {
	if err := checkParks(from.Register()); err != nil {
		return Table{}, fmt.Errorf("table %s: %w", k.Name, err)
	}
	t, err := k.make(ctx, from, opt)
	if err != nil {
		return Table{}, fmt.Errorf("table %s: %w", k.Name, err)
	}
	if opt.Choice != "" {
		t.note("本表只含所选地块：" + opt.Choice + "。")
	}
	return t, nil
}

// Format is one way to print a table.
type Format struct {
	Name        string // also the file name's ending
	ContentType string
	Write       func(io.Writer, Table) error
}

// Formats lists the ways to print a table. Documents are set in the fonts.
func Formats(fonts *paper.Shelf) []Format {
	return []Format{
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", XLSX},
		{"csv", "text/csv; charset=utf-8", CSV},
		{"json", "application/json", JSON},
		{"html", "text/html; charset=utf-8", HTML},
		{"pdf", "application/pdf", func(w io.Writer, t Table) error {
			opened, err := fonts.Fonts()
			if err != nil {
				return err
			}
			return PDF(w, t, opened)
		}},
	}
}

// longFormats can print tables of any length, row by row.
var longFormats = []string{"xlsx", "csv"}

// Print writes a table. One that is too long to hold is refused in formats that
// cannot do without holding it.
func (f Format) Print(w io.Writer, t Table) error {
	if t.Long != nil && !slices.Contains(longFormats, f.Name) {
		return land.Invalid("format", geo.Say("该表有 %d 行，%s 不能输出这样长的表", "the table has %d rows, which is too long for %s", t.Long.Rows, f.Name),
			geo.Say("请用 %s，或用 plot、filter 缩小范围", "use %s, or choose fewer plots by plot or filter", strings.Join(longFormats, ", ")))
	}
	return f.Write(w, t)
}

// LookupFormat finds a format; an unknown one is a *land.InvalidError that
// lists the choices.
func LookupFormat(name string, fonts *paper.Shelf) (Format, error) {
	var names []string
	for _, f := range Formats(fonts) {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, land.Invalid("format", geo.Say("没有格式 %q", "there is no format %q", name), geo.Say("可用：%s", "use one of %s", strings.Join(names, ", ")))
}
