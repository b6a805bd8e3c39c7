package report

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// ledger is a register with a past: what it held at each change.
type ledger map[land.Seq]Register

func (l ledger) verifier() Verifier {
	return Verifier{Fonts: paper.NewShelf(""), Make: func(_ context.Context, s Stamp, today bool) (Table, error) {
		seq := s.Seq
		if today {
			for last := range l {
				seq = max(seq, last)
			}
		}
		reg, ok := l[seq]
		if !ok {
			return Table{}, &land.NotFoundError{What: "change", Name: "9"}
		}
		reg.Parks = nil
		for _, code := range s.Parks {
			for _, p := range l[seq].Parks {
				if p.Code == code {
					reg.Parks = append(reg.Parks, p)
				}
			}
		}
		if len(reg.Parks) < len(s.Parks) {
			return Table{}, &land.NotFoundError{What: "park", Name: string(s.Parks[0])}
		}
		reg.Plots = nil
		for _, p := range l[seq].Plots {
			if (Register{Parks: reg.Parks, Plots: []land.Plot{p}}).check() == nil {
				reg.Plots = append(reg.Plots, p)
			}
		}
		return Build(s.Table, reg, Options{Measure: s.Measure})
	}}
}

// written prints a table in a format.
func written(t testing.TB, table Table, format string) []byte {
	t.Helper()
	f, err := LookupFormat(format, paper.NewShelf(""))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// verified recognizes a file and holds it to the ledger; of CSV it is told the stamp.
func verified(t *testing.T, l ledger, file []byte, told Stamp) Verdict {
	t.Helper()
	format, stamp, err := Recognize(file)
	if err != nil {
		t.Fatal(err)
	}
	if format == "csv" {
		stamp = told
	}
	verdict, err := l.verifier().Verify(context.Background(), file, format, stamp)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

var everyFormat = []string{"xlsx", "csv", "json", "html", "pdf"}

func TestTrueTablesAreCurrentUntilTheRegisterMoves(t *testing.T) {
	before := sample(t)
	after := sample(t)
	after.Seq, after.At = 813, day(t, "2016-07-02")
	after.Plots[0].Area = 5100
	after.Plots = append(after.Plots[:4], after.Plots[5:]...)
	for _, name := range Names() {
		for _, measure := range []Measure{Plane, Ellipsoid} {
			table, err := Build(name, before, Options{Measure: measure})
			if err != nil {
				t.Fatal(err)
			}
			for _, format := range everyFormat {
				file := written(t, table, format)
				if v := verified(t, ledger{812: before}, file, table.Stamp()); v.State != Current || len(v.Differences) > 0 || v.Format != format || v.Stamp.String() != table.Stamp().String() {
					t.Errorf("%s as %s is %+v", name, format, v)
				}
				v := verified(t, ledger{812: before, 813: after}, file, table.Stamp())
				if v.State != Stale && (name != "plots" || measure != Ellipsoid) {
					t.Errorf("%s as %s is %+v", name, format, v)
				}
			}
		}
	}
	table := Plots(before, Options{})
	v := verified(t, ledger{812: before, 813: after}, written(t, table, "json"), Stamp{})
	told := map[string]string{}
	for _, d := range v.Differences {
		told[d.Place.Zh] = d.Printed + " → " + d.Register
	}
	for place, want := range map[string]string{
		"第 6 行“番禺园区 PY-10 =HYPERLINK(\"x\")”的“用地面积(m²)”": "5000.34 → 5100.00",
		"第 11 行“合计 8 块”的“用地面积(m²)”":                      "30000.02 → 28099.34",
	} {
		if told[place] != want {
			t.Errorf("%s: %q, want %q of %v", place, told[place], want, told)
		}
	}
	if got, ok := told["“番禺园区 PY-3 配套商业”一行"]; !ok || !strings.HasSuffix(got, " → ") {
		t.Errorf("the row that is gone is told as %q of %v", got, told)
	}
}

func TestAnAlteredDigitIsFound(t *testing.T) {
	reg := sample(t)
	table := Plots(reg, Options{})
	replaced := func(file []byte, old, new string) []byte {
		if bytes.Count(file, []byte(old)) != 1 {
			t.Fatalf("%q is there %d times", old, bytes.Count(file, []byte(old)))
		}
		return bytes.Replace(file, []byte(old), []byte(new), 1)
	}
	for format, alter := range map[string]func([]byte) []byte{
		"csv":  func(f []byte) []byte { return replaced(f, "3333.33,", "3833.33,") },
		"json": func(f []byte) []byte { return replaced(f, `"area_m2":3333.33`, `"area_m2":3833.33`) },
		"html": func(f []byte) []byte { return replaced(f, ">3333.33<", ">3833.33<") },
		"pdf":  func(f []byte) []byte { return retouched(t, f, "3333.33", "3833.33") },
		"xlsx": func(f []byte) []byte {
			return resaved(t, f, func(book *excelize.File, sheet string) {
				if err := book.SetCellValue(sheet, "G12", 3833.33); err != nil {
					t.Fatal(err)
				}
			})
		},
	} {
		file := written(t, table, format)
		v := verified(t, ledger{812: reg}, alter(file), table.Stamp())
		if v.State != Altered || len(v.Differences) != 1 {
			t.Fatalf("%s with another digit is %+v", format, v)
		}
		d := v.Differences[0]
		if got := strings.ReplaceAll(d.Printed+" "+d.Register, ",", ""); got != "3833.33 3333.33" || !strings.Contains(d.Place.Zh, "“南沙园区 NS-1 认证大厦”的“用地面积(m²)”") || !strings.Contains(d.Place.En, "Area (m²)") {
			t.Errorf("%s with another digit differs at %+v", format, d)
		}
	}
}

func TestOtherAlterationsAreFound(t *testing.T) {
	reg := sample(t)
	table := Plots(reg, Options{})
	for _, c := range []struct {
		what, format string
		alter        func([]byte) []byte
		told         string
	}{
		{"a longer figure", "pdf", func(f []byte) []byte { return retouched(t, f, "3333.33", "13333.33") }, "认证大厦"},
		{"a text", "pdf", func(f []byte) []byte { return retouched(t, f, "认证", "检测") }, "地块名称"},
		{"something drawn over", "pdf", func(f []byte) []byte { return append(f, "\n% more"...) }, "版面"},
		{"the day in the head", "html", func(f []byte) []byte {
			return bytes.Replace(f, []byte("2016年6月30日"), []byte("2016年6月29日"), 1)
		}, "表头"},
		{"a style", "html", func(f []byte) []byte {
			return bytes.Replace(f, []byte("th, td {"), []byte("td { display: none } th {"), 1)
		}, "版面"},
		{"a note", "html", func(f []byte) []byte { return bytes.Replace(f, []byte("2000/3 m²"), []byte("666 m²"), 1) }, "注 1"},
		{"a heading", "csv", func(f []byte) []byte { return bytes.Replace(f, []byte("容积率"), []byte("密度"), 1) }, "列名“容积率”"},
		{"a row more", "csv", func(f []byte) []byte { return append(f, "9,x\r\n"...) }, "表外"},
		{"a row less", "csv", func(f []byte) []byte { return f[:bytes.LastIndex(f[:len(f)-2], []byte("\n"))+1] }, "合计"},
		{"a quote that does not end", "csv", func(f []byte) []byte { return append(f, `"`...) }, "损坏"},
		{"the checksum", "json", func(f []byte) []byte {
			return bytes.Replace(f, []byte(table.Checksum()), []byte(strings.Repeat("0", 64)), 1)
		}, "表头"},
		{"a number as a text", "json", func(f []byte) []byte {
			return bytes.Replace(f, []byte(`"area_m2":3333.33`), []byte(`"area_m2":"3333.33"`), 1)
		}, "认证大厦"},
		{"a member twice", "json", func(f []byte) []byte {
			return bytes.Replace(f, []byte(`"area_m2":3333.33`), []byte(`"area_m2":3333.33,"area_m2":3333.33`), 1)
		}, "认证大厦"},
		{"a formula", "xlsx", func(f []byte) []byte {
			return resaved(t, f, func(book *excelize.File, sheet string) {
				if err := book.SetCellFormula(sheet, "G15", "SUM(G5:G10)"); err != nil {
					t.Fatal(err)
				}
			})
		}, "合计"},
		{"the format of a number", "xlsx", func(f []byte) []byte {
			return resaved(t, f, func(book *excelize.File, sheet string) {
				format := "#,##0"
				style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
				if err != nil || book.SetCellStyle(sheet, "G12", "G12", style) != nil {
					t.Fatal(err)
				}
			})
		}, "认证大厦"},
		{"a sheet more", "xlsx", func(f []byte) []byte {
			return resaved(t, f, func(book *excelize.File, _ string) {
				if _, err := book.NewSheet("more"); err != nil || book.SetCellValue("more", "A1", 5) != nil {
					t.Fatal(err)
				}
			})
		}, "页脚"},
	} {
		v := verified(t, ledger{812: reg}, c.alter(written(t, table, c.format)), table.Stamp())
		if v.State != Altered || !strings.Contains(v.Differences[0].Place.Zh, c.told) {
			t.Errorf("%s with %s altered is %+v", c.format, c.what, v)
		}
	}
}

func TestFilesThatWereSavedAgainHold(t *testing.T) {
	reg := sample(t)
	table := Plots(reg, Options{})
	var indented bytes.Buffer
	if err := json.Indent(&indented, written(t, table, "json"), "", "  "); err != nil {
		t.Fatal(err)
	}
	short := bytes.Replace(indented.Bytes(), []byte("9.00"), []byte("9.0"), 1)
	for what, file := range map[string][]byte{
		"indented":             short,
		"with plain line ends": bytes.ReplaceAll(written(t, table, "csv"), []byte("\r\n"), []byte("\n")),
		"from another program": resaved(t, written(t, table, "xlsx"), func(*excelize.File, string) {}),
	} {
		if v := verified(t, ledger{812: reg}, file, table.Stamp()); v.State != Current || v.Remark.Zh == "" {
			t.Errorf("a file %s is %+v", what, v)
		}
	}
	if v := verified(t, ledger{812: reg}, office(t, written(t, table, "xlsx"), "xlsx"), Stamp{}); v.State != Current {
		t.Errorf("a workbook that LibreOffice saved is %+v", v)
	}
}

func TestFilesOfOthersAreForeign(t *testing.T) {
	reg := sample(t)
	var book bytes.Buffer
	if err := excelize.NewFile().Write(&book); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"", "text", "{}", "<html></html>", "%PDF-1.4", "PK\x03\x04", book.String(), `{"stamp":"dikuai:table="}`} {
		if format, stamp, err := Recognize([]byte(file)); err == nil {
			t.Errorf("%.20q is %s, %+v", file, format, stamp)
		}
	}
	table := Plots(reg, Options{})
	table.Head.Seq = 9
	if v := verified(t, ledger{812: reg}, written(t, table, "pdf"), Stamp{}); v.State != Foreign || v.Remark.Zh == "" {
		t.Errorf("a table of another register is %+v", v)
	}
}

func TestClosestTableOfACSVFile(t *testing.T) {
	reg := sample(t)
	v := ledger{812: reg}.verifier()
	var stamps []Stamp
	for _, name := range Names() {
		for _, parks := range [][]land.ParkCode{{"panyu", "nansha"}, {"panyu"}, {"nansha"}, {"none"}} {
			stamps = append(stamps, Stamp{Table: name, Parks: parks, At: reg.At, Seq: 812})
		}
	}
	for _, want := range stamps {
		if want.Parks[0] == "none" {
			continue
		}
		table, err := v.Make(context.Background(), want, false)
		if err != nil {
			t.Fatal(err)
		}
		file := bytes.Replace(written(t, table, "csv"), []byte("10.00"), []byte("19.00"), 1)
		if got, found, err := v.Closest(context.Background(), file, stamps); err != nil || !found || got.Table != want.Table || len(got.Parks) != len(want.Parks) || got.Parks[0] != want.Parks[0] {
			t.Errorf("a file of %v is taken for %v (%v)", want, got, err)
		}
	}
	if got, found, err := v.Closest(context.Background(), []byte("a,b\n1,2\n"), stamps); found || err != nil {
		t.Errorf("a strange file is taken for %v (%v)", got, err)
	}
}

// resaved changes a workbook and saves it.
func resaved(t *testing.T, file []byte, change func(book *excelize.File, sheet string)) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	change(book, book.GetSheetName(0))
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), 0) // and be it as much as a byte
}

// retouched changes a text in the pages of a document.
func retouched(t *testing.T, file []byte, old, new string) []byte {
	t.Helper()
	done := false
	file = pdfStream.ReplaceAllFunc(file, func(stream []byte) []byte {
		inflated, err := zlib.NewReader(bytes.NewReader(pdfStream.FindSubmatch(stream)[1]))
		if err != nil {
			return stream
		}
		content, err := io.ReadAll(inflated)
		if err != nil || !bytes.Contains(content, inUTF16(old)) || done {
			return stream
		}
		done = true
		var b bytes.Buffer
		b.WriteString("stream\n")
		w := zlib.NewWriter(&b)
		if _, err := w.Write(bytes.Replace(content, inUTF16(old), inUTF16(new), 1)); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		b.WriteString("\nendstream")
		return b.Bytes()
	})
	if !done {
		t.Fatalf("the document does not show %s", old)
	}
	return file
}

func FuzzReadTables(f *testing.F) {
	reg := Register{Seq: 1, Parks: []land.Park{{Code: "p", NameZh: "园区", PlaneCRS: geo.GK114}}}
	table := Balance(reg, Options{})
	shelf := paper.NewShelf("")
	fonts, err := shelf.Fonts()
	if err != nil {
		f.Fatal(err)
	}
	printed := printTable(table, fonts)
	var doc bytes.Buffer
	if _, err := printed.WriteTo(&doc); err != nil {
		f.Fatal(err)
	}
	truths := map[string][]piece{}
	for _, format := range everyFormat {
		file := written(f, table, format)
		if read := readers[format]; read != nil {
			if truths[format], err = read(file, table); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(file)
	}
	f.Add([]byte(`{"rows":[{"area_m2":1}],"columns":[[[[[[[[[[]]]]]]]]]],"notes":{"x":1}}`))
	f.Add([]byte("stream\nx\nendstream (\\) Tj"))
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _, _ = Recognize(file)
		for format, read := range readers {
			if said, err := read(file, table); err == nil {
				table.differences(said, truths[format])
			}
		}
		_, _ = pdfDifferences(file, printed, doc.Bytes())
	})
}
