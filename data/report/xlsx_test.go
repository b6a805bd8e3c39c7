package report

import (
	"bytes"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func workbook(t *testing.T, table Table) (*excelize.File, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := XLSX(&b, table); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, b.Bytes()
}

func TestWorkbookHoldsThePrintedFigures(t *testing.T) {
	for seed := range int64(12) {
		reg := randomRegister(rand.New(rand.NewSource(seed)))
		for _, name := range Names() {
			table, err := Build(name, reg, Options{})
			if err != nil {
				t.Fatal(err)
			}
			f, _ := workbook(t, table)
			checkWorkbook(t, f, table, seed)
		}
	}
}

func checkWorkbook(t *testing.T, f *excelize.File, table Table, seed int64) {
	t.Helper()
	name := f.GetSheetName(0)
	first := (&sheet{table: table}).headRows() + 1
	for i, row := range table.Rows {
		for c, cell := range row.Cells {
			at, _ := excelize.CoordinatesToCellName(c+1, first+i)
			raw, err := f.GetCellValue(name, at, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if cell.Kind != Integer && cell.Kind != Number {
				if raw != cell.String() {
					t.Errorf("seed %d, %s %s holds %q, want %q", seed, table.Name, at, raw, cell)
				}
				continue
			}
			if v, err := strconv.ParseFloat(raw, 64); err != nil || v != cell.Value.Float() {
				t.Errorf("seed %d, %s %s holds %s, want %s", seed, table.Name, at, raw, cell)
			}
			shown, _ := f.GetCellValue(name, at)
			if strings.TrimSpace(strings.ReplaceAll(shown, ",", "")) != cell.String() {
				t.Errorf("seed %d, %s %s shows %q, want %s", seed, table.Name, at, shown, cell)
			}
			formula, _ := f.GetCellFormula(name, at)
			if wanted := row.Kind != Body && len(row.Sums) > 0; wanted != (formula != "") {
				t.Errorf("seed %d, %s %s has formula %q", seed, table.Name, at, formula)
			}
			if formula == "" {
				continue
			}
			computed, err := f.CalcCellValue(name, at, excelize.Options{RawCellValue: true})
			if v, _ := strconv.ParseFloat(computed, 64); err != nil || v != cell.Value.Float() {
				t.Errorf("seed %d, %s %s = %s computes to %s (%v), want %s", seed, table.Name, at, formula, computed, err, cell)
			}
		}
	}
}

func TestWorkbookIsTheSameBytesEachTime(t *testing.T) {
	for _, name := range Names() {
		table, err := Build(name, sample(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, one := workbook(t, table)
		_, two := workbook(t, table)
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs between two renderings", name)
		}
	}
}

func TestWorkbookIsReadyToPrint(t *testing.T) {
	table, err := Build("plots", sample(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, _ := workbook(t, table)
	sheet := f.GetSheetName(0)
	if layout, _ := f.GetPageLayout(sheet); *layout.Size != 8 || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("page is %d %s", *layout.Size, *layout.Orientation)
	}
	if running, _ := f.GetHeaderFooter(sheet); !strings.Contains(running.OddHeader, dataNature) || !strings.Contains(running.OddFooter, dataNature) {
		t.Errorf("header and footer are %+v", running)
	}
	if names := f.GetDefinedName(); len(names) != 1 || names[0].RefersTo != "'地块控制指标一览表'!$1:$4" {
		t.Errorf("print titles are %+v", names)
	}
	if panes, _ := f.GetPanes(sheet); !panes.Freeze || panes.XSplit != 4 || panes.YSplit != 4 {
		t.Errorf("panes are %+v", panes)
	}
	title, _ := f.GetCellValue(sheet, "A1")
	stand, _ := f.GetCellValue(sheet, "A2")
	mark, _ := f.GetCellValue(sheet, "A3")
	if title != "地块控制指标一览表" || !strings.Contains(stand, "数据日期：2016年6月30日") || !strings.Contains(stand, "812") || !strings.Contains(stand, "EPSG:4547 平面面积") || !strings.Contains(mark, dataNature) {
		t.Errorf("sheet begins with %q, %q, %q", title, stand, mark)
	}
}

func TestSheetNamesThatExcelTakes(t *testing.T) {
	if got := sheetName("某'园区'[核心/区]:" + strings.Repeat("长", 40)); got != "某_园区__核心_区__"+strings.Repeat("长", 19) {
		t.Errorf("sheet is named %q", got)
	}
}
