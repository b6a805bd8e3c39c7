package land

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// Severity tells what a finding means for the act in which it arose.
type Severity string

// A blocking finding refuses the whole act; a warning needs a reason; the rest informs.
const (
	Block  Severity = "error"
	Warn   Severity = "warning"
	Inform Severity = "info"
)

// Words are the severity's Chinese name and its word.
func (s Severity) Words() geo.Words {
	return geo.Words{Zh: map[Severity]string{Block: "错误", Warn: "警告", Inform: "提示"}[s], En: string(s)}
}

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
	Geometry geo.MultiPolygon // where
	Place    *geo.Point       // where, when a point says it better; EPSG:4490 lon/lat
	Mend     geo.MultiPolygon // the boundary as it could safely be mended, for a person to agree to; EPSG:4490

	Message, MessageZh string // what is wrong, with the values
	Remedy, RemedyZh   string // what would be right

	// Measured and Limit are what the check measured and what it held that to, in
	// Unit: "m", "m2", "deg", or empty for a ratio or a count. They are nil where a
	// check measures nothing.
	Measured, Limit *float64
	Unit            string
}

// Saying is the finding with what is wrong and what would be right.
func (f Finding) Saying(message, remedy geo.Words) Finding {
	f.Message, f.MessageZh, f.Remedy, f.RemedyZh = message.En, message.Zh, remedy.En, remedy.Zh
	return f
}

// Measuring is the finding with what was measured and the limit to it, unless
// that is no number.
func (f Finding) Measuring(measured, limit float64, unit string) Finding {
	if math.IsNaN(measured) || math.IsInf(measured, 0) {
		return f
	}
	f.Measured, f.Limit, f.Unit = &measured, &limit, unit
	return f
}

// Said is what the finding says is wrong, and Advised what would be right.
func (f Finding) Said() geo.Words    { return geo.Words{Zh: f.MessageZh, En: f.Message} }
func (f Finding) Advised() geo.Words { return geo.Words{Zh: f.RemedyZh, En: f.Remedy} }

// FindingOf is a fault of the plane as a finding, its place and land left out.
func FindingOf(f topology.Fault) Finding {
	told := Finding{
		Code: f.Code, Severity: Severity(f.Severity), Field: "geometry",
		Message: f.Message, MessageZh: f.MessageZh, Remedy: f.Remedy, RemedyZh: f.RemedyZh,
	}
	if f.Limit != 0 {
		told = told.Measuring(f.Measured, f.Limit, f.Unit)
	}
	return told
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

// Chinese is the finding on one line in Chinese.
func (f Finding) Chinese() string {
	var b strings.Builder
	if f.Row > 0 {
		fmt.Fprintf(&b, "第 %d 行：", f.Row)
	}
	if f.PlotNo != "" {
		fmt.Fprintf(&b, "地块 %s：", f.PlotNo)
	}
	if field, ok := LookupField(f.Field); ok {
		b.WriteString(field.Zh + "：")
	} else if f.Field != "" && f.Field != "geometry" {
		b.WriteString(f.Field + "：")
	}
	b.WriteString(cmp.Or(f.MessageZh, f.Message))
	if f.Place != nil {
		fmt.Fprintf(&b, "，位于 %.8f，%.8f", f.Place[0], f.Place[1])
	}
	if remedy := cmp.Or(f.RemedyZh, f.Remedy); remedy != "" {
		b.WriteString("；" + remedy)
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

// Words tell the error in both languages.
func (e *InvalidError) Words() geo.Words {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.Chinese()
	}
	return geo.Words{Zh: strings.Join(lines, "\n"), En: e.Error()}
}

// Invalid refuses one field. A plain string is told as it is in both languages.
func Invalid[T string | geo.Words](field string, message, remedy T) error {
	return &InvalidError{[]Finding{Finding{Severity: Block, Field: field}.Saying(words(message), words(remedy))}}
}

func words[T string | geo.Words](said T) geo.Words {
	if w, both := any(said).(geo.Words); both {
		return w
	}
	return geo.Names(any(said).(string))
}

// ConflictError refuses an act that the register's present state forbids. Field is
// the member at fault, where one is.
type ConflictError struct {
	Message, MessageZh string
	Remedy, RemedyZh   string
	Field              string
}

// Conflict refuses an act for what the register holds.
func Conflict(message, remedy geo.Words) error {
	return ConflictOn("", message, remedy)
}

// ConflictOn refuses an act for what the register holds, by one of its members.
func ConflictOn(field string, message, remedy geo.Words) error {
	return &ConflictError{message.En, message.Zh, remedy.En, remedy.Zh, field}
}

func (e *ConflictError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *ConflictError) Words() geo.Words {
	said := geo.Words{Zh: cmp.Or(e.MessageZh, e.Message), En: e.Message}
	if e.Remedy == "" {
		return said
	}
	return geo.Say("%s；%s", "%s; %s", said, geo.Words{Zh: cmp.Or(e.RemedyZh, e.Remedy), En: e.Remedy})
}

// NotFoundError says that the register holds no such thing.
type NotFoundError struct{ What, Name string }

func (e *NotFoundError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *NotFoundError) Words() geo.Words {
	what := geo.Words{Zh: thingsZh[e.What], En: e.What}
	if what.Zh == "" {
		what.Zh = e.What
	}
	return geo.Say("没有%s %s", "there is no %s %s", what, e.Name)
}

// thingsZh is what is looked for, in Chinese.
var thingsZh = map[string]string{"plot": "地块", "park": "园区", "import": "导入", "control layer": "管控图层", "demonstration layout": "示范布局", "search": "保存的查询", "webhook": "通知", "key": "密钥", "case": "案件", "document": "材料", "delegation": "委托", "calendar": "日历", "change": "变更"}

// ForbiddenError says that the actor's role or park does not allow the act.
type ForbiddenError struct{ Message geo.Words }

func (e *ForbiddenError) Error() string { return e.Message.En }

// Words tell the error in both languages.
func (e *ForbiddenError) Words() geo.Words { return e.Message }

// ErrNoSuchState says that the register never was in a state that a program
// remembers of it: it is another register, or was put back to an earlier one.
var ErrNoSuchState error = geo.Say("台账从未处于该状态", "the register never was in that state")

// ErrManyChanged says that so much changed that reading everything is quicker.
var ErrManyChanged error = geo.Say("变更过多", "too much has changed since")

// ErrStale says that the plot or the case has been changed since the version that
// the caller read.
var ErrStale error = geo.Say("该版本已不是最新", "there is a newer version than the one you read")
