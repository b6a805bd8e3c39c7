package land

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Severity tells what a finding means for the act in which it arose.
type Severity string

// A blocking finding refuses the whole act; a warning needs a reason; the rest informs.
const (
	Block  Severity = "error"
	Warn   Severity = "warning"
	Inform Severity = "info"
)

// Finding is one fault or remark, told so that a person can go to the place and
// put it right. Row is the line of a text file or the number of a feature, from
// 1; 0 where neither applies. Geometry is the offending piece in EPSG:4490,
// lon/lat, where there is one.
type Finding struct {
	Code     string           // the check's number, such as "2104"
	Severity Severity         //
	Row      int              // line or feature number
	PlotID   PlotID           // of a plot of the register, else 0
	PlotNo   string           // 地块编号
	Field    string           // property, such as "land_use"
	Message  string           // what is wrong, with the values
	Remedy   string           // what would be right
	Geometry geo.MultiPolygon // where
	Place    *geo.Point       // where, when a point says it better; EPSG:4490 lon/lat
	Mend     geo.MultiPolygon // the boundary as it could safely be mended, for a person to agree to; EPSG:4490
}

// String is the finding on one line.
func (f Finding) String() string {
	var b strings.Builder
	if f.Row > 0 {
		fmt.Fprintf(&b, "row %d: ", f.Row)
	}
	if f.PlotNo != "" {
		fmt.Fprintf(&b, "plot %s: ", f.PlotNo)
	}
	if f.Field != "" {
		fmt.Fprintf(&b, "%s: ", f.Field)
	}
	b.WriteString(f.Message)
	if f.Place != nil {
		fmt.Fprintf(&b, " at %.8f, %.8f", f.Place[0], f.Place[1])
	}
	if f.Remedy != "" {
		b.WriteString("; " + f.Remedy)
	}
	return b.String()
}

// InvalidError refuses an act whose input breaks a rule; it names every fault.
type InvalidError struct{ Findings []Finding }

func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Invalid refuses one field.
func Invalid(field, message, remedy string) error {
	return &InvalidError{[]Finding{{Severity: Block, Field: field, Message: message, Remedy: remedy}}}
}

// ConflictError refuses an act that the register's present state forbids.
type ConflictError struct{ Message, Remedy string }

func (e *ConflictError) Error() string {
	if e.Remedy == "" {
		return e.Message
	}
	return e.Message + "; " + e.Remedy
}

// NotFoundError says that the register holds no such thing.
type NotFoundError struct{ What, Name string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no %s %s", e.What, e.Name) }

// ForbiddenError says that the actor's role or park does not allow the act.
type ForbiddenError struct{ Message string }

func (e *ForbiddenError) Error() string { return e.Message }

// ErrStale says that the plot has been changed since the version that the
// caller read.
var ErrStale = errors.New("the plot has a newer version than the one you read")
