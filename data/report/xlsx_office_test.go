package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// recalculating tells LibreOffice to work formulas out instead of showing what a
// file says that they come to.
const recalculating = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// office converts a workbook with LibreOffice.
func office(t *testing.T, book []byte, kind string) []byte {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (Debian's libreoffice-calc) is not installed")
	}
	dir := t.TempDir()
	for path, content := range map[string][]byte{"profile/user/registrymodifications.xcu": []byte(recalculating), "table.xlsx": book} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(program, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", kind, "--outdir", dir, filepath.Join(dir, "table.xlsx")).CombinedOutput()
	if err != nil {
		t.Fatalf("soffice: %v: %s", err, out)
	}
	ending, _, _ := strings.Cut(kind, ":")
	made, err := os.ReadFile(filepath.Join(dir, "table."+ending))
	if err != nil {
		t.Fatalf("soffice made no file: %s", out)
	}
	return made
}

func TestOfficeComesToThePrintedSums(t *testing.T) {
	for _, name := range Names() {
		table, err := Build(name, parkOf(t, 120), Options{})
		if err != nil {
			t.Fatal(err)
		}
		told := table
		told.Rows = nil
		for _, row := range table.Rows {
			row.Cells = append([]Cell{}, row.Cells...)
			for c, column := range table.Columns {
				if row.Kind != Body && column.Additive && row.Cells[c].Kind != None && len(row.Sums) > 0 {
					row.Cells[c].Value.Units++ // so that only a sum worked out anew is right
				}
			}
			told.Rows = append(told.Rows, row)
		}
		_, book := workbook(t, told)
		lines := csv.NewReader(bytes.NewReader(office(t, book, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")))
		lines.FieldsPerRecord = -1
		shown, err := lines.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		first := (&sheet{table: table}).headRows()
		for r, row := range table.Rows {
			for c, cell := range row.Cells {
				if got := strings.TrimSpace(strings.ReplaceAll(shown[first+r][c], ",", "")); cell.Kind != Text && got != cell.String() {
					t.Errorf("%s row %d, %s comes to %s, want %s", name, r, table.Columns[c].Key, got, cell)
				}
			}
		}
	}
}

func TestOfficePrintsTheWorkbook(t *testing.T) {
	table := Plots(parkOf(t, 120), Options{})
	_, book := workbook(t, table)
	doc := office(t, book, "pdf")
	text := poppler(t, doc, "pdftotext", "-layout")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, page := range pages {
		for _, want := range []string{"地块名称", "数据日期：2016年6月30日", dataNature, "校验码 " + table.Checksum()[:16]} {
			if !strings.Contains(squeeze(page), squeeze(want)) {
				t.Errorf("page %d of %d lacks %s", i+1, len(pages), want)
			}
		}
	}
	if info := poppler(t, doc, "pdfinfo"); !strings.Contains(info, "(A3)") || len(pages) < 2 {
		t.Errorf("the workbook is printed on %d pages: %s", len(pages), info)
	}
}
