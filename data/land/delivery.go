package land

import (
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Handling says how a file that was handed in is to be read.
type Handling struct {
	CRS geo.CRS           // overrides what the file says; 0 leaves it to the file
	Map map[string]string // column of the file to property of the plot
}

// Delivery tells what a reader found a file to be: its reference system and
// encoding, and the remarks that do not refuse it.
type Delivery struct {
	Format   string // as in the format table, such as "boundary-txt"
	CRS      geo.CRS
	Encoding string
	Plots    int
	Notes    []Finding
}

// SetProperties sets a draft's attributes from a file's columns or a client's
// members, all as text. It returns a blocking finding for every value that does
// not read, and the names that are no property of a plot.
func SetProperties(a *Attributes, properties map[string]string) (faults []Finding, unknown []string) {
	texts := make(map[*Field]string, len(properties))
	for name, text := range properties {
		f, ok := LookupField(name)
		if !ok {
			unknown = append(unknown, name)
			continue
		}
		texts[f] = text
	}
	slices.Sort(unknown)
	set := func(f *Field) {
		text, ok := texts[f]
		if !ok || f.Set == nil {
			return
		}
		if err := f.Set(a, text); err != nil {
			faults = append(faults, Finding{Code: "1108", Severity: Block, PlotNo: a.PlotNo, Field: f.Name}.Saying(geo.WordsOf(err), geo.Words{}))
		}
	}
	scheme, _ := LookupField("land_use_scheme")
	set(scheme) // before land_use, which is read in it
	for i := range fields {
		if f := &fields[i]; f != scheme && (f.Name != "land_use_2023" || strings.TrimSpace(texts[f]) != "") {
			set(f)
		}
	}
	return faults, unknown
}

// Complete fills in what a delivery may leave out: a new plot is planned, holds
// from today, and has the 2023 code that its own code becomes.
func (a *Attributes) Complete(today Date) {
	if a.Status == "" {
		a.Status = Planned
	}
	if a.ValidFrom.IsZero() {
		a.ValidFrom = today
	}
	if a.Use2023 == "" {
		a.Use2023 = Use2023(a.Use)
	}
}
