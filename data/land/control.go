package land

import (
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// ControlCode names a control layer (管控图层), such as "farmland-2022".
type ControlCode string

var controlCode = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// ControlID is a control feature's number in the register, the same in every
// door and tile. Each version of a layer has features of its own.
type ControlID int64

// ControlLayer is a control layer as one version of it says: polygons that a
// project must be checked against. A new delivery of a layer is its next
// version; what the public sees and projects are checked against is the
// published one. Areas are sums over the features.
type ControlLayer struct {
	Code           ControlCode
	Kind           ControlKind
	NameZh, NameEn string
	Source         string // 来源, who drew it
	DocumentNo     string // 批准文号
	ValidFrom      Date   // the first day on which it holds
	ValidTo        Date   // the last one; zero: until something takes its place
	Demonstration  bool   // drawn for show, not surveyed
	Version        int
	Published      int // the version that is published, 0 for none
	Features       int
	Area           geo.SquareMetres // plane area in EPSG:4547
	AreaEllipsoid  geo.SquareMetres // on the CGCS2000 ellipsoid
	RecordedAt     time.Time
}

// ControlFeature is one polygon of a control layer.
type ControlFeature struct {
	ID            ControlID
	Layer         *ControlLayer // the version that it belongs to, shared and never changed
	Code          string        // 要素编号
	Name          string
	Attributes    map[string]any   // what else the file says, under the names of plot properties
	Boundary      geo.MultiPolygon // EPSG:4490, lon/lat
	Area          geo.SquareMetres // plane area in EPSG:4547
	AreaEllipsoid geo.SquareMetres // on the CGCS2000 ellipsoid
}

// HeightMax is the height in metres up to which may be built, where the feature
// sets one (限高/净空).
func (f ControlFeature) HeightMax() (metres float64, set bool) {
	metres, set = f.Attributes[heightMax].(float64)
	return metres, set
}

const heightMax = "height_max_m"

// ValidOn says whether the layer holds on a day.
func (l ControlLayer) ValidOn(d Date) bool {
	return !l.ValidFrom.After(d) && (l.ValidTo.IsZero() || !d.After(l.ValidTo))
}

// Complete fills in what a delivery may leave out: a layer holds from today and
// has its Chinese name in English too.
func (l *ControlLayer) Complete(today Date) {
	if l.ValidFrom.IsZero() {
		l.ValidFrom = today
	}
	if l.NameEn == "" {
		l.NameEn = l.NameZh
	}
}

// Validate refuses a layer whose code, kind, names or days are not usable; the
// error is an *InvalidError with every fault.
func (l ControlLayer) Validate() error {
	var found []Finding
	add := func(field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: field}.Saying(message, remedy))
	}
	if !controlCode.MatchString(string(l.Code)) {
		add("code", geo.Say("图层代码 %s 不可用", "layer code %s is not usable", quote(string(l.Code))),
			geo.Say("请用不超过 64 个小写字母、数字、- 和 _，以字母开头，例如 farmland-2022", "use up to 64 lower-case letters, digits, - and _, beginning with a letter, such as farmland-2022"))
	}
	if _, known := LookupControlKind(l.Kind); !known {
		message, remedy := unknownKind(string(l.Kind))
		add("kind", message, remedy)
	}
	if l.NameZh == "" {
		add("name", geo.Say("图层没有名称", "the layer has no name"), geo.Say("请给出名称，例如“永久基本农田（2022）”", "give one such as 永久基本农田（2022）"))
	}
	for _, t := range []struct{ field, text string }{{"name", l.NameZh}, {"name_en", l.NameEn}, {"source", l.Source}, {"document_no", l.DocumentNo}} {
		if message, bad := faultOfText(t.text); bad {
			add(t.field, message, atMost(maxText))
		}
	}
	if !l.ValidTo.IsZero() && l.ValidFrom.After(l.ValidTo) {
		add("valid_to", geo.Say("%s 早于图层的生效日期 %s", "%s is before %s, from which the layer holds", l.ValidTo, l.ValidFrom),
			geo.Say("请填更晚的日期，或留空", "give a later day, or none"))
	}
	return Refuse(found)
}

func faultOfText(text string) (fault geo.Words, bad bool) {
	switch {
	case !utf8.ValidString(text) || hasControl(text):
		return textUnreadable, true
	case utf8.RuneCountInString(text) > maxText:
		return textTooLong, true
	}
	return geo.Words{}, false
}

// ControlDraft is a polygon of a layer as a file delivers it: its number and
// name, and what else the file says. The rules for a plot's attributes do not
// hold for it; a height limit needs its height.
func ControlDraft(kind ControlKind, d Draft) (ControlFeature, []Finding) {
	f := ControlFeature{Code: d.PlotNo, Name: d.Name, Attributes: map[string]any{}}
	p := Plot{Attributes: d.Attributes}
	for _, field := range fields {
		if field.Set == nil || field.Name == "plot_no" || field.Name == "name" {
			continue
		}
		if v := field.Get(&p); v != nil && v != "" {
			f.Attributes[field.Name] = v
		}
	}
	var found []Finding
	for _, t := range []struct{ field, text string }{{"plot_no", f.Code}, {"name", f.Name}} {
		if message, bad := faultOfText(t.text); bad {
			found = append(found, Finding{Code: "1108", Severity: Block, Row: d.Row, Field: t.field}.Saying(message, atMost(maxText)))
		}
	}
	height, set := f.HeightMax()
	switch {
	case kind == HeightLimit && !set:
		found = append(found, Finding{Code: "1107", Severity: Block, Row: d.Row, PlotNo: f.Code, Field: heightMax}.Saying(
			geo.Say("限高要素没有高度", "the height limit has no height"),
			geo.Say("请在 height_max_m 列以米给出，或把文件的列对应到它", "deliver it in metres in a column height_max_m, or map the file's column to it")))
	case set && !(height >= 0):
		found = append(found, Finding{Code: "4109", Severity: Block, Row: d.Row, PlotNo: f.Code, Field: heightMax}.Saying(
			geo.Say("%v 超出范围", "%v is out of range", height), geo.Say("请填离地高度（米）", "give metres above the ground")))
	}
	return f, found
}

// ControlImport asks for a file's polygons to be taken in as a layer's next
// version, all or none.
type ControlImport struct {
	Layer   ControlLayer // what is said of it; version, areas and times are the register's
	New     bool         // refuse a code that there is already
	Publish bool         // publish the version at once
	DryRun  bool         // do everything, then undo it
	Reason  string
	File    HandedIn
}

// ControlResult tells what an import of a layer did, or would do.
type ControlResult struct {
	Layer    ControlLayer // as it holds afterwards
	Day      Date         // on which it was taken in
	File     string
	Delivery Delivery
	MaxShift float64 // m, the longest way a vertex moved onto the 0.001 m grid
	DryRun   bool
	Faults   []Finding // why it was refused; then nothing was written
	Change   Seq       // 0 when nothing was written
}
