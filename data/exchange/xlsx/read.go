package xlsx

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// AttributeRow is one plot's row of a workbook: the version that was edited, and
// the text of every property that has a column and may be set. An empty text
// clears the property.
type AttributeRow struct {
	ID         land.PlotID
	Version    int
	PlotNo     string
	Properties map[string]string
	Row        int // of the sheet, from 1
}

// ReadAttributes reads an edited workbook: the first sheet that is headed by id,
// whose first row names the columns by the properties' names. Columns that the
// register computes are passed over. A fault names its row and column; all
// together are one *land.InvalidError, and there are then no rows. Remarks do not
// refuse the workbook. Whether the plots exist and their versions are the newest
// is the register's matter; an id or version that the workbook was not made with
// is a fault. Other errors are of r.
func ReadAttributes(r io.Reader) (rows []AttributeRow, remarks []land.Finding, err error) {
	return readAttributes(r, largestParts)
}

// readAttributes unpacks at most so many bytes.
func readAttributes(r io.Reader, most int64) (rows []AttributeRow, remarks []land.Finding, err error) {
	rd := &reader{seen: map[land.PlotID]int{}}
	if rd.book, err = openWorkbook(r, most); err == nil {
		err = rd.read()
	}
	switch {
	case errors.Is(err, errWorkbook):
		rd.log.Add(land.Finding{Code: "1101", Severity: land.Block}.Saying(geo.WordsOf(err), geo.Say("请重新另存为 .xlsx", "save it again as .xlsx")))
	case err != nil:
		return nil, nil, fmt.Errorf("reading workbook: %w", err)
	case len(rd.rows) == 0 && rd.log.Faults() == 0:
		rd.log.Add(land.Finding{Code: "2101", Severity: land.Block}.Saying(
			geo.Say("工作表中没有地块", "the sheet has no row with a plot"), geo.Say("请编辑从登记库下载的工作簿", "edit a workbook that was taken out of the register")))
	}
	if err := rd.log.Err(); err != nil {
		return nil, rd.log.Notes(), err
	}
	return rd.rows, rd.log.Notes(), nil
}

type reader struct {
	book    *workbook
	log     intake.Log
	columns map[int]*land.Field // by column, from 0
	places  map[string]int      // columns by property
	origin  map[land.PlotID]int // versions that the workbook was made with; nil: not known
	seen    map[land.PlotID]int // rows by plot
	rows    []AttributeRow
}

func (r *reader) read() error {
	sheet, err := r.find()
	if err != nil {
		return err
	}
	if err := r.readOrigin(); err != nil {
		return err
	}
	first := true
	return r.book.rows(sheet, func(number int, cells []cell) (bool, error) {
		if first {
			first = false
			return r.head(number, cells), nil
		}
		if len(r.rows) == MaxRows {
			r.log.Add(land.Finding{Code: "1101", Severity: land.Block, Row: number}.Saying(
				geo.Say("工作表超过 %d 行", "the sheet has more than %d rows", MaxRows), geo.Say("请分批提交", "hand the plots in in parts")))
			return false, nil
		}
		if !r.chinese(cells) {
			r.row(number, cells)
		}
		return true, nil
	})
}

// find gives the first sheet that is headed by id, not counting the hidden one.
func (r *reader) find() (sheetPart, error) {
	for _, s := range r.book.sheets {
		if s.name == originSheet {
			continue
		}
		headed := false
		err := r.book.rows(s, func(_ int, cells []cell) (bool, error) {
			headed = slices.ContainsFunc(cells, func(c cell) bool { return strings.EqualFold(strings.TrimSpace(c.text), "id") })
			return false, nil
		})
		if err != nil || headed {
			return s, err
		}
	}
	return sheetPart{}, damaged("没有工作表在第一行有 id 列", "no sheet has a column id in its first row")
}

// readOrigin reads which ids and versions the workbook was made with.
func (r *reader) readOrigin() error {
	at := slices.IndexFunc(r.book.sheets, func(s sheetPart) bool { return s.name == originSheet })
	if at < 0 {
		return nil
	}
	r.origin = map[land.PlotID]int{}
	return r.book.rows(r.book.sheets[at], func(_ int, cells []cell) (bool, error) {
		if len(cells) == 2 && cells[0].kind == numberCell {
			id, _ := strconv.ParseInt(cells[0].text, 10, 64)
			version, _ := strconv.Atoi(cells[1].text)
			r.origin[land.PlotID(id)] = version
		}
		return len(r.origin) < MaxRows, nil
	})
}

// head matches the headings; without id and version nothing can be read.
func (r *reader) head(number int, cells []cell) bool {
	r.columns, r.places = map[int]*land.Field{}, map[string]int{}
	var unknown []string
	for _, c := range cells {
		f, ok := land.LookupField(c.text)
		if !ok {
			unknown = append(unknown, shorten(c.text))
			continue
		}
		if other, twice := r.places[f.Name]; twice {
			r.fault("1108", number, c.column, f.Name,
				geo.Say("%s 列和 %s 列的表头都是 %s", "columns %s and %s are both headed %s", columnName(other), columnName(c.column), f.Name),
				geo.Say("请只留一列", "leave one of them"))
			return false
		}
		r.columns[c.column], r.places[f.Name] = f, c.column
	}
	for _, name := range []string{"id", "version"} {
		if _, ok := r.places[name]; !ok {
			r.log.Add(land.Finding{Code: "1107", Severity: land.Block, Row: number, Field: name}.Saying(
				geo.Say("没有表头为 %s 的列", "no column is headed %s", name), geo.Say("请保留下载时的 id 和 version 列", "leave the columns id and version as they were taken out")))
			return false
		}
	}
	if len(unknown) > 0 {
		r.log.Add(land.Finding{Code: "1108", Severity: land.Inform, Row: number}.Saying(intake.NotRead(unknown[:min(len(unknown), 20)]), geo.Words{}))
	}
	return true
}

// chinese says whether a row is the one of Chinese headings.
func (r *reader) chinese(cells []cell) bool {
	return slices.ContainsFunc(cells, func(c cell) bool {
		f, ok := r.columns[c.column]
		return ok && f.Name == "id" && c.text == f.Zh
	})
}

func (r *reader) fault(code string, row, column int, field string, message, remedy geo.Words) {
	r.log.Add(land.Finding{Code: code, Severity: land.Block, Row: row, Field: field}.Saying(
		geo.Say("单元格 %s%d：%s", "cell %s%d: %s", columnName(column), row, message), remedy))
}

// row reads one row. Cells that are not there are empty.
func (r *reader) row(number int, cells []cell) {
	texts := map[string]string{}
	sound := true
	for _, c := range cells {
		f, ok := r.columns[c.column]
		if !ok || f.Set == nil && f.Name != "id" && f.Name != "version" {
			continue
		}
		text, asText, why := r.book.value(c, f.Kind)
		if why != (geo.Words{}) {
			r.fault("1108", number, c.column, f.Name, why, remedy(f.Kind))
			sound = false
			continue
		}
		if asText {
			r.log.Tally(land.Finding{Code: "1108", Severity: land.Inform, Row: number, Field: f.Name}.Saying(
				geo.Say("单元格 %s%d：数 %s 存为文字，已读取", "cell %s%d: the number %s is stored as text; it was read", columnName(c.column), number, text), geo.Words{}))
		}
		texts[f.Name] = text
	}
	if !sound || len(texts) == 0 {
		return
	}
	row := AttributeRow{PlotNo: texts["plot_no"], Properties: map[string]string{}, Row: number}
	if !r.identify(&row, texts) {
		return
	}
	for name := range r.places {
		if f, _ := land.LookupField(name); f.Set != nil {
			row.Properties[name] = texts[name]
		}
	}
	if r.check(row) {
		r.rows = append(r.rows, row)
	}
}

func remedy(kind land.Kind) geo.Words {
	switch kind {
	case land.Day:
		return geo.Say("日期请写成 2016-05-20", "write a day as 2016-05-20")
	case land.Text:
		return geo.Say("请写一行文字", "write a text of one line")
	}
	return geo.Say("请填数值；公式请粘贴为值", "write a plain number; paste formulas as values")
}

// identify reads which version of which plot a row is.
func (r *reader) identify(row *AttributeRow, texts map[string]string) bool {
	id, idErr := strconv.ParseInt(texts["id"], 10, 64)
	version, versionErr := strconv.Atoi(texts["version"])
	row.ID, row.Version = land.PlotID(id), version
	at, keep := row.Row, geo.Say("请保持下载时的 id 和 version；新地块请以带界址的格式提交", "leave id and version as they were taken out; a new plot comes with its boundary in another format")
	made, known := r.origin[row.ID]
	first, twice := r.seen[row.ID]
	switch {
	case idErr != nil || id <= 0:
		r.fault("1107", at, r.places["id"], "id", geo.Say("%q 不是地块的 id", "%q is not the id of a plot", texts["id"]), keep)
	case versionErr != nil || version <= 0:
		r.fault("1107", at, r.places["version"], "version", geo.Say("%q 不是地块的版本", "%q is not the version of a plot", texts["version"]), keep)
	case twice:
		r.fault("1107", at, r.places["id"], "id", geo.Say("id %d 已在第 %d 行", "id %d stands in row %d already", id, first), geo.Say("每个地块只留一行", "leave one row a plot"))
	case r.origin != nil && !known:
		r.fault("1107", at, r.places["id"], "id", geo.Say("id %d 不在工作簿下载时的地块中", "id %d is none that the workbook was made with", id), keep)
	case r.origin != nil && made != version:
		r.fault("1107", at, r.places["version"], "version", geo.Say("版本被改为 %d，原为 %d", "version %d was changed; it was %d", version, made), keep)
	default:
		r.seen[row.ID] = at
		return true
	}
	return false
}

// check tries the properties on a plot without any.
func (r *reader) check(row AttributeRow) bool {
	properties := row.Properties
	if _, ok := r.places["land_use_scheme"]; !ok { // a code's scheme is then the plot's own
		properties = map[string]string{}
		for name, text := range row.Properties {
			if name != "land_use" {
				properties[name] = text
			}
		}
	}
	var a land.Attributes
	faults, _ := land.SetProperties(&a, properties)
	for _, f := range faults {
		r.fault(f.Code, row.Row, r.places[f.Field], f.Field, f.Said(), f.Advised())
	}
	return len(faults) == 0
}
