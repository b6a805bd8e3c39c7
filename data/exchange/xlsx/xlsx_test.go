package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// workbookOf is a workbook of two plots as Write makes it.
func workbookOf(t testing.TB) []byte {
	t.Helper()
	far, density := 2.55, 35.0
	plot := func(id int, no string) *land.Plot {
		p := &land.Plot{ID: land.PlotID(id), Park: "test", Version: id}
		p.PlotNo, p.Name, p.Holder = no, "=甲", "'😀\"、"
		p.Use, p.Status = land.UseCode{Scheme: land.GB50137, Code: "A35"}, land.Planned
		p.FARMax, p.DensityMax, p.Area = &far, &density, 20000.00004
		p.SuppliedOn, _ = land.ParseDate("2016-12-16")
		return p
	}
	var out bytes.Buffer
	err := Write(&out, outlet.Options{Title: "番禺园区地块", Demonstration: true}, func(yield func(*land.Plot, error) bool) {
		_ = yield(plot(7, "007"), nil) && yield(plot(8, "008"), nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// column gives the letter of a property's column.
func column(t *testing.T, property string) string {
	t.Helper()
	for i, f := range land.Fields() {
		if f.Name == property {
			return columnName(i)
		}
	}
	t.Fatalf("no property %s", property)
	return ""
}

// edited changes a workbook as an office program would.
func edited(t *testing.T, raw []byte, change func(f *excelize.File, sheet string) error) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := change(f, f.GetSheetName(0)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tell reads a workbook and gives its rows and what was found, as field@row.
func tell(raw []byte) ([]AttributeRow, string, error) {
	rows, found, err := ReadAttributes(bytes.NewReader(raw))
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		found, err = append(found, invalid.Findings...), nil
	}
	var all []string
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s@%d", f.Field, f.Row))
	}
	return rows, strings.Join(all, " "), err
}

func TestAnEditedWorkbookIsRead(t *testing.T) {
	t.Parallel()
	raw := edited(t, workbookOf(t), func(f *excelize.File, sheet string) error {
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			return err
		}
		name, date, far, holder, use := column(t, "name"), column(t, "supplied_on"), column(t, "far_max"), column(t, "holder"), column(t, "land_use_2023")
		return errors.Join(
			f.SetCellStr(sheet, name+"3", "=SUM(1)"),
			f.SetCellValue(sheet, date+"3", time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)), f.SetCellStyle(sheet, date+"3", date+"3", day),
			f.SetCellValue(sheet, far+"3", 0.1+0.2),
			f.SetCellValue(sheet, holder+"3", nil),
			f.SetCellValue(sheet, use+"3", 1001),
			f.SetCellStr(sheet, date+"4", "2016年5月20日"),
			f.SetCellStr(sheet, far+"4", " 2.5 "))
	})
	rows, told, err := tell(raw)
	if err != nil || told != "far_max@4" || len(rows) != 2 {
		t.Fatalf("%v %s %v", rows, told, err)
	}
	first := rows[0].Properties
	if rows[0].ID != 7 || rows[0].Version != 7 || rows[0].PlotNo != "007" || rows[0].Row != 3 ||
		first["name"] != "=SUM(1)" || first["supplied_on"] != "2020-02-29" || first["far_max"] != "0.3" || first["holder"] != "" || first["land_use_2023"] != "1001" || first["density_max_pct"] != "35" {
		t.Errorf("%+v", rows[0])
	}
	if _, there := first["area_m2"]; there {
		t.Error("a computed property was read")
	}
	if second := rows[1].Properties; second["supplied_on"] != "2016-05-20" || second["far_max"] != "2.5" || second["holder"] != "'😀\"、" || second["name"] != "=甲" {
		t.Errorf("%+v", rows[1])
	}
}

func TestFaultsAreTold(t *testing.T) {
	t.Parallel()
	raw := workbookOf(t)
	set := func(property, row string, value any) func(*excelize.File, string) error {
		return func(f *excelize.File, sheet string) error {
			return f.SetCellValue(sheet, column(t, property)+row, value)
		}
	}
	formula := func(property, row string) func(*excelize.File, string) error {
		return func(f *excelize.File, sheet string) error {
			return f.SetCellFormula(sheet, column(t, property)+row, "1+1")
		}
	}
	dated := func(property, row string, value any) func(*excelize.File, string) error {
		return func(f *excelize.File, sheet string) error {
			style, err := f.NewStyle(&excelize.Style{NumFmt: 22})
			at := column(t, property) + row
			return errors.Join(err, f.SetCellValue(sheet, at, value), f.SetCellStyle(sheet, at, at, style))
		}
	}
	for _, c := range []struct {
		name   string
		change func(*excelize.File, string) error
		want   string
	}{
		{"a changed id", set("id", "3", 9), "id@3"},
		{"no id", set("id", "3", nil), "id@3"},
		{"an id of words", set("id", "3", "seven"), "id@3"},
		{"a broken id", set("id", "3", 7.5), "id@3"},
		{"an id twice", set("id", "4", 7), "id@4"},
		{"a changed version", set("version", "4", 9), "version@4"},
		{"a new row", func(f *excelize.File, sheet string) error {
			return f.SetCellStr(sheet, column(t, "plot_no")+"5", "009")
		}, "id@5"},
		{"a formula", formula("far_max", "3"), "far_max@3"},
		{"a formula of text", formula("name", "4"), "name@4"},
		{"a number of words", set("far_max", "3", "二点五"), "far_max@3"},
		{"a number with its unit", set("height_max_m", "3", "50米"), "height_max_m@3"},
		{"a number where a day is", set("supplied_on", "3", 42510), "supplied_on@3"},
		{"a day where a number is", dated("far_max", "3", 42510), "far_max@3"},
		{"a day where a text is", dated("name", "3", 42510), "name@3"},
		{"a time of day", dated("supplied_on", "3", 42510.5), "supplied_on@3"},
		{"no such day", set("supplied_on", "4", "2016-02-30"), "supplied_on@4"},
		{"a truth", set("name", "4", true), "name@4"},
		{"a line break", set("name", "4", "a\nb"), "name@4"},
		{"no such status", set("status", "4", "sold"), "status@4"},
		{"no such code", set("land_use", "4", "X9"), "land_use@4"},
		{"two faults", func(f *excelize.File, sheet string) error {
			return errors.Join(set("status", "4", "sold")(f, sheet), set("far_max", "3", "x")(f, sheet))
		}, "far_max@3 status@4"},
		{"a heading twice", set("name", "1", "holder"), "holder@1"},
		{"no version", set("version", "1", "other"), "version@1"},
		{"no id column", set("id", "1", "nummer"), "@0"},
		{"an unknown column", set("area_mu", "1", "注"), "@1"},
	} {
		if rows, told, err := tell(edited(t, raw, c.change)); err != nil || told != c.want {
			t.Errorf("%s: %v %s %v, want %s", c.name, rows, told, err, c.want)
		}
	}
}

func TestWhatIsNoWorkbookIsRefused(t *testing.T) {
	t.Parallel()
	pack := func(parts ...string) []byte {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for i := 0; i < len(parts); i += 2 {
			w, err := z.Create(parts[i])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, parts[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	const most = 1 << 20
	const book = `<workbook xmlns:r="r"><sheets><sheet name="a" r:id="x"/></sheets></workbook>`
	const links = `<Relationships><Relationship Id="x" Target="worksheets/a.xml"/></Relationships>`
	sheet := func(rows string) []byte {
		return pack("xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", links, "xl/worksheets/a.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
	}
	const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="str"><v>version</v></c></row>`
	cut := workbookOf(t)
	for name, raw := range map[string][]byte{
		"nothing":           nil,
		"text":              []byte("id,version"),
		"cut off":           cut[:len(cut)/2],
		"an empty archive":  pack(),
		"no sheet":          pack("xl/workbook.xml", book),
		"open elements":     pack("xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", links, "xl/worksheets/a.xml", "<worksheet><sheetData><row><c"),
		"no such text":      sheet(`<row><c t="s"><v>3</v></c></row>`),
		"far columns":       sheet(head + `<row><c r="XFD2"><v>3</v></c></row>`),
		"many cells":        sheet(head + `<row>` + strings.Repeat(`<c r="A2"><v>3</v></c>`, maxColumns+1) + `</row>`),
		"a bomb of blanks":  sheet(head + strings.Repeat(" ", most)),
		"a bomb of rows":    sheet(head + strings.Repeat(`<row><c r="A1"><v>1</v></c></row>`, most/30)),
		"headings only":     sheet(head),
		"entities":          pack("xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "b">]><workbook>&a;</workbook>`),
		"links that escape": pack("xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="x" Target="../../../etc/passwd"/></Relationships>`),
	} {
		rows, _, err := readAttributes(bytes.NewReader(raw), most)
		var invalid *land.InvalidError
		if !errors.As(err, &invalid) || rows != nil {
			t.Errorf("%s: %v %v", name, rows, err)
		}
	}
	rows, told, err := tell(sheet(head + `<row><c><v>7</v></c><c><v>1</v></c></row>`))
	if err != nil || told != "" || len(rows) != 1 || rows[0].Row != 2 {
		t.Errorf("the least workbook: %v %s %v", rows, told, err)
	}
}

func TestTheWorkbookGuidesItsEditor(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(workbookOf(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	if sheet != demonstrationSheet {
		t.Errorf("the sheet is named %s", sheet)
	}
	for i, field := range land.Fields() {
		at := columnName(i)
		name, _ := f.GetCellValue(sheet, at+"1")
		zh, _ := f.GetCellValue(sheet, at+"2")
		id, err := f.GetCellStyle(sheet, at+"3")
		if err != nil || name != field.Name || zh != field.Zh {
			t.Errorf("column %s is headed %s %s", at, name, zh)
		}
		style, err := f.GetStyle(id)
		if err != nil || style.Protection == nil || style.Protection.Locked != (field.Set == nil) {
			t.Errorf("%s: %+v %v", field.Name, style, err)
		}
	}
	if protection, err := f.GetSheetProtection(sheet); err != nil || protection.Password != "" {
		t.Errorf("%+v %v", protection, err)
	}
	lists, err := f.GetDataValidations(sheet)
	if err != nil || len(lists) != 2 {
		t.Errorf("%v %v", lists, err)
	}
	if visible, err := f.GetSheetVisible(originSheet); err != nil || visible {
		t.Errorf("sheet %s shows: %v", originSheet, err)
	}
}

// FuzzReadSheet holds the reading of a sheet to its promises; the archive around
// it is whole, so that every input reaches the cells.
func FuzzReadSheet(f *testing.F) {
	archive, err := zip.NewReader(bytes.NewReader(workbookOf(f)), int64(len(workbookOf(f))))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"} {
		part, err := archive.Open(name)
		if err != nil {
			f.Fatal(err)
		}
		raw, err := io.ReadAll(part)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, raw)
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		for _, part := range archive.File {
			if part.Name != name {
				if err := z.Copy(part); err != nil {
					t.Fatal(err)
				}
			}
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name})
		if err != nil {
			return
		}
		if _, err := w.Write(content); err != nil {
			return
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		promise(t, out.Bytes())
	})
}

// FuzzReadWorkbook gives the reader any bytes for a file.
func FuzzReadWorkbook(f *testing.F) {
	f.Add(workbookOf(f))
	f.Fuzz(func(t *testing.T, raw []byte) { promise(t, raw) })
}

func promise(t *testing.T, raw []byte) {
	t.Helper()
	rows, _, err := ReadAttributes(bytes.NewReader(raw))
	var invalid *land.InvalidError
	if err != nil && !errors.As(err, &invalid) || err == nil && len(rows) == 0 {
		t.Fatalf("%v %v", rows, err)
	}
	seen := map[land.PlotID]bool{}
	for _, r := range rows {
		if r.ID <= 0 || r.Version <= 0 || r.Row < 1 || seen[r.ID] {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
}
