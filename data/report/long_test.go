package report

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// many is a register whose plots have their places as ids.
type many struct{ inMemory }

func (m many) Plots(_ context.Context, keys []land.PlotKey, _ bool) ([]land.Plot, error) {
	found := make([]land.Plot, len(keys))
	for i, k := range keys {
		found[i] = m.now.Plots[k.ID-1]
	}
	return found, nil
}

func manyPlots(n int) many {
	r := rand.New(rand.NewSource(3))
	reg := Register{Parks: []land.Park{{Code: "a", NameZh: "甲园区", PlaneCRS: geo.GK114}, {Code: "b", NameZh: "乙园区", PlaneCRS: geo.GK114}, {Code: "c", NameZh: "丙园区", PlaneCRS: geo.GK114}}}
	for i := range n {
		far := float64(r.Intn(50)) / 10
		reg.Plots = append(reg.Plots, land.Plot{ID: land.PlotID(i + 1), Park: reg.Parks[i%2].Code, Version: 1, Area: randomArea(r),
			Attributes: land.Attributes{PlotNo: fmt.Sprint("N-", n-i), Use: use(land.GB50137, "M1"), Status: land.Planned, Controls: land.Controls{FARMax: &far}}})
	}
	return many{memory(reg, Register{})}
}

func TestLongTablesAddUpAsPrinted(t *testing.T) {
	t.Parallel()
	kind, err := Lookup("plots")
	if err != nil {
		t.Fatal(err)
	}
	long, err := kind.Make(t.Context(), manyPlots(mostHeld+10), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if long.Long == nil || len(long.Rows) > 0 {
		t.Fatalf("%d rows are held", len(long.Rows))
	}
	held, err := long.hold()
	if err != nil {
		t.Fatal(err)
	}
	if len(held.Rows) != long.Long.Rows || len(held.Rows) != mostHeld+10+3+1 {
		t.Errorf("%d rows, %d were said", len(held.Rows), long.Long.Rows)
	}
	summed := held
	summed.Rows = nil
	for _, row := range held.Rows {
		row.Cells = append([]Cell{}, row.Cells...)
		summed.Rows = append(summed.Rows, row)
	}
	summed.addUp()
	for i, row := range held.Rows {
		for c := range row.Cells {
			if row.Cells[c] != summed.Rows[i].Cells[c] {
				t.Fatalf("row %d has %v, its rows add up to %v", i, row.Cells[c], summed.Rows[i].Cells[c])
			}
		}
		if i > 0 && i < mostHeld/2 && row.Kind == Body && comparePlotNo(held.Rows[i-1].Cells[2].Text, row.Cells[2].Text) > 0 {
			t.Fatalf("%s comes before %s", held.Rows[i-1].Cells[2], row.Cells[2])
		}
	}
	var streamed, whole bytes.Buffer
	if err := errors.Join(CSV(&streamed, long), CSV(&whole, held)); err != nil || !bytes.Equal(streamed.Bytes(), whole.Bytes()) {
		t.Errorf("a long table is printed otherwise than a held one (%v)", err)
	}
	var book bytes.Buffer
	if err := XLSX(&book, long); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len()))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := fs.ReadFile(archive, "xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, sum := range []string{"ROUND(SUM(G4:G10008),2)", "ROUND(SUM(G10010:G20014),2)", "ROUND(SUM(G4:G10008,G10010:G20014),2)"} {
		if !bytes.Contains(sheet, []byte(sum)) {
			t.Errorf("no cell is %s", sum)
		}
	}
}

func TestTooLongTablesAreRefused(t *testing.T) {
	t.Parallel()
	long := Table{Columns: []Column{{Key: "no"}}, Long: &Long{1_048_575, func(func(Row, error) bool) {}}}
	json, err := LookupFormat("json", nil)
	if err != nil {
		t.Fatal(err)
	}
	var invalid *land.InvalidError
	if err := json.Print(io.Discard, long); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "xlsx, csv") {
		t.Errorf("as JSON: %v", err)
	}
	if err := XLSX(io.Discard, long); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "csv") {
		t.Errorf("as a workbook: %v", err)
	}
}

func TestFaultsEndALongTable(t *testing.T) {
	t.Parallel()
	fault := errors.New("connection lost")
	long := Table{Columns: []Column{{Key: "no"}}, Long: &Long{2, func(yield func(Row, error) bool) {
		_ = yield(Row{Cells: []Cell{countCell(1)}}, nil) && yield(Row{}, fault)
	}}}
	for name, write := range map[string]func(io.Writer, Table) error{"csv": CSV, "xlsx": XLSX} {
		if err := write(io.Discard, long); !errors.Is(err, fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkLongTable(b *testing.B) {
	kind, err := Lookup("plots")
	if err != nil {
		b.Fatal(err)
	}
	from := manyPlots(50_000)
	for name, write := range map[string]func(io.Writer, Table) error{"xlsx": XLSX, "csv": CSV} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				t, err := kind.Make(b.Context(), from, Options{})
				if err == nil {
					err = write(io.Discard, t)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/50_000, "µs/row")
		})
	}
}
