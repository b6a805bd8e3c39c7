package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Kinds of table by name, in the order in which they are offered.
var tables = []struct {
	name string
	make func(Register, Options) Table
}{
	{"overview", Overview},
	{"balance", Balance},
	{"plots", Plots},
}

// Names lists the tables that Build makes.
func Names() []string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.name
	}
	return names
}

// Build makes the named table. An unknown name is a *land.InvalidError that
// lists the choices; a snapshot that does not hold together is refused.
func Build(name string, reg Register, opt Options) (Table, error) {
	for _, t := range tables {
		if t.name != name {
			continue
		}
		if err := reg.check(); err != nil {
			return Table{}, fmt.Errorf("table %s: %w", name, err)
		}
		return t.make(reg, opt), nil
	}
	return Table{}, land.Invalid("table", geo.Say("没有报表 %q", "there is no table %q", name), geo.Say("可用：%s", "use one of %s", strings.Join(Names(), ", ")))
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
