package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// maxUnknown bounds the names of unknown columns that are kept to be told.
const maxUnknown = 100

// Columns matches the columns of a file to the properties of a plot: first as
// land.Handling.Map says, then by the property's name, short name or customary
// Chinese name. A source in the map that begins with "=" is no column but a
// constant for every plot: "=A35" mapped to land_use makes every plot A35,
// whatever the file says.
type Columns struct {
	log       *Log
	mapped    map[string]*mapping // by lower-case column name
	constants map[string]string   // by property
	ignored   map[string]bool     // lower-case names that are the format's own bookkeeping
	resolved  map[string]match    // by column name as the file writes it
	unknown   map[string]bool

	best       map[string]candidate // of a row, by property
	properties map[string]string    // of a row
}

// candidate is a column that may set a property.
type candidate struct {
	match
	column string
}

type mapping struct {
	column, property string
	seen             bool
}

// match says which property a column sets; the lower rank wins where several
// columns set the same one.
type match struct {
	property string
	rank     int
}

const (
	rankMapped = iota
	rankName
	rankShort
	rankCustomary
)

// NewColumns prepares the matching. A property in the map that is not known, is
// computed by the register, or is named twice is a fault. Columns named in
// ignored are passed over without remark.
func NewColumns(h land.Handling, log *Log, ignored ...string) *Columns {
	c := &Columns{
		log:       log,
		mapped:    map[string]*mapping{},
		constants: map[string]string{},
		ignored:   map[string]bool{},
		resolved:  map[string]match{},
		unknown:   map[string]bool{},

		best:       map[string]candidate{},
		properties: map[string]string{},
	}
	for _, name := range ignored {
		c.ignored[strings.ToLower(name)] = true
	}
	taken := map[string]string{}
	for _, source := range sortedKeys(h.Map) {
		name := h.Map[source]
		f, ok := land.LookupField(name)
		switch {
		case !ok:
			c.refuse(name, geo.Say("列 %q 对应到 %q，但地块没有该字段", "column %q is mapped to %q, which is no property of a plot", source, name), settable())
			continue
		case f.Set == nil:
			c.refuse(name, geo.Say("列 %q 对应到 %s，该字段由登记库自行计算", "column %q is mapped to %s, which the register computes itself", source, f.Name), settable())
			continue
		}
		if other, twice := taken[f.Name]; twice {
			c.refuse(f.Name, geo.Say("列 %q 和 %q 都对应到 %s", "columns %q and %q are both mapped to %s", other, source, f.Name), geo.Say("请只对应其中一列", "map one of them"))
			continue
		}
		taken[f.Name] = source
		if constant, ok := strings.CutPrefix(source, "="); ok {
			c.constants[f.Name] = constant
			continue
		}
		c.mapped[strings.ToLower(source)] = &mapping{column: source, property: f.Name}
	}
	return c
}

func (c *Columns) refuse(field string, message, remedy geo.Words) {
	c.log.Add(land.Finding{Code: "1108", Severity: land.Block, Field: field}.Saying(message, remedy))
}

// settable says to what a column may be mapped.
func settable() geo.Words {
	var names []string
	for _, f := range land.Fields() {
		if f.Set != nil {
			names = append(names, f.Name)
		}
	}
	return geo.Say("可对应到 %s", "map to one of %s", strings.Join(names, ", "))
}

// Constant gives the text that every plot has for a property.
func (c *Columns) Constant(property string) (string, bool) {
	text, ok := c.constants[property]
	return text, ok
}

// Assigned says whether the map gives a property a constant or a column.
func (c *Columns) Assigned(property string) bool {
	if _, ok := c.constants[property]; ok {
		return true
	}
	for _, m := range c.mapped {
		if m.property == property {
			return true
		}
	}
	return false
}

// Attributes reads one row, as texts by column; blank texts set nothing. What
// does not read is a fault of that row.
func (c *Columns) Attributes(row int, texts map[string]string) land.Attributes {
	best, properties := c.best, c.properties // of the row
	clear(best)
	clear(properties)
	for column, text := range texts {
		m := c.resolve(column)
		blank := strings.TrimSpace(text) == ""
		if m.property == "" || blank && m.rank != rankMapped {
			continue
		}
		old, taken := best[m.property]
		if !taken || m.rank < old.rank || m.rank == old.rank && column < old.column {
			best[m.property] = candidate{m, column}
		}
	}
	for property, from := range best {
		if text := texts[from.column]; strings.TrimSpace(text) != "" {
			properties[property] = text
		}
	}
	for property, text := range c.constants {
		if own, ok := properties[property]; ok && own != text {
			c.log.Tally(land.Finding{Severity: land.Inform, Row: row, Field: property}.Saying(
				geo.Say("按要求以 %q 代替文件中的 %q", "%q takes the place of the file's own %q, as asked", text, own), geo.Words{}))
		}
		properties[property] = text
	}
	return c.set(row, properties)
}

func (c *Columns) set(row int, properties map[string]string) land.Attributes {
	plotNo := strings.TrimSpace(properties["plot_no"])
	var garbled []string
	for property, text := range properties {
		if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
			garbled = append(garbled, property)
		}
	}
	slices.Sort(garbled)
	for _, property := range garbled {
		text := properties[property]
		c.log.Add(land.Finding{Code: "1101", Severity: land.Block, Row: row, Field: property}.Saying(
			geo.Say("文字 %q 无法解码", "the text %q does not decode", strings.ToValidUTF8(text, "\uFFFD")),
			geo.Say("请检查文件编码，或文字是否被截断", "check the file's encoding, or a text that was cut off")))
		delete(properties, property)
	}
	var a land.Attributes
	faults, _ := land.SetProperties(&a, properties)
	for _, f := range faults {
		f.Row, f.PlotNo = row, plotNo
		switch f.Field {
		case "land_use", "land_use_2023":
			f.Code = "4102"
			f = f.Saying(f.Said(), geo.Say(`请使用字典中的代码，或用 --map "=A35=land_use" 给所有地块同一代码`, `use a code of the dictionary, or give every plot one with --map "=A35=land_use"`))
		case "status":
			f.Code = "4111"
		}
		c.log.Add(f)
	}
	return a
}

func (c *Columns) resolve(column string) match {
	m, ok := c.resolved[column]
	if ok {
		return m
	}
	name := strings.ToLower(strings.TrimSpace(column))
	f, known := land.LookupField(name)
	switch mapped := c.mapped[name]; {
	case mapped != nil:
		mapped.seen = true
		m = match{mapped.property, rankMapped}
	case c.ignored[name]:
	case !known:
		if len(c.unknown) < maxUnknown {
			c.unknown[column] = true
		}
	case strings.EqualFold(f.Name, name):
		m = match{f.Name, rankName}
	case strings.EqualFold(f.Short, name):
		m = match{f.Name, rankShort}
	default:
		m = match{f.Name, rankCustomary}
	}
	if len(c.resolved) < 100*maxUnknown { // a hostile file may give each row names of its own
		c.resolved[column] = m
	}
	return m
}

// Finish records which columns were not read, and which of the map the file
// does not have.
func (c *Columns) Finish() {
	for _, name := range sortedKeys(c.mapped) {
		if m := c.mapped[name]; !m.seen {
			c.log.Add(land.Finding{Code: "1107", Severity: land.Warn, Field: m.property}.Saying(
				geo.Say("文件没有对应到 %[2]s 的列 %[1]q", "the file has no column %[1]q, which is mapped to %[2]s", m.column, m.property),
				geo.Say("请检查列名的写法", "check the spelling of the column")))
		}
	}
	if len(c.unknown) > 0 {
		c.log.Add(land.Finding{Code: "1108", Severity: land.Inform}.Saying(
			NotRead(sortedKeys(c.unknown)),
			geo.Say("如需读取，请用 --map 列名=字段 对应", "to read one, map it with --map COLUMN=PROPERTY")))
	}
}

// NotRead says which columns were passed over.
func NotRead(columns []string) geo.Words {
	return geo.Say("以下列不是地块的字段，未读取：%s", "columns that are no property of a plot were not read: %s", strings.Join(columns, ", "))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
