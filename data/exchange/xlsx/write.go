// Package xlsx writes the attributes of plots as a workbook in which many can be
// edited at once, and reads such a workbook back. It holds no geometry.
package xlsx

import (
	"archive/zip"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Name is the format's name in the format table.
const Name = "xlsx"

// Sheets of the workbook. Which ids and versions it was made with stands in a
// hidden one, so that a changed id shows.
const (
	plotsSheet         = "地块"
	demonstrationSheet = "地块(示范布局)"
	notesSheet         = "说明"
	originSheet        = "register"
)

// MaxRows bounds the plots of one workbook, written or read.
const MaxRows = 50_000

// firstRow is the first plot's; above it stand the properties' names and their
// Chinese ones.
const firstRow = 3

// Write writes one row a plot under two rows of headings: the names of
// land.Fields and the Chinese ones. What the register computes itself, the id
// and the version among it, is grey and locked; status and land-use scheme are
// chosen from lists. An error of plots is given back; more than MaxRows plots
// are a *land.InvalidError.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &builder{file: f, fields: land.Fields(), sheet: plotsSheet}
	if o.Demonstration {
		b.sheet = demonstrationSheet
	}
	if err := b.begin(o); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	for p, err := range plots {
		if err != nil {
			return err
		}
		if b.rows == MaxRows {
			return land.Invalid("format", geo.Say("一个工作簿最多 %d 个地块", "a workbook holds at most %d plots", MaxRows), geo.Say("请以 csv 或 geopackage 输出", "take the plots out as csv or geopackage"))
		}
		if err := b.add(p); err != nil {
			return fmt.Errorf("xlsx: %w", err)
		}
	}
	if err := b.end(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return writeInOrder(w, f)
}

// writeInOrder writes a workbook with its parts in the order of their names. The
// library writes streamed sheets in whatever order its map has.
func writeInOrder(w io.Writer, f *excelize.File) error {
	packed, err := os.CreateTemp("", "dikuai-*.xlsx")
	if err != nil {
		return err
	}
	defer os.Remove(packed.Name())
	defer packed.Close()
	size, err := f.WriteTo(packed)
	if err != nil {
		return err
	}
	parts, err := zip.NewReader(packed, size)
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	ordered := zip.NewWriter(w)
	for _, part := range parts.File {
		if err := ordered.Copy(part); err != nil {
			return err
		}
	}
	return ordered.Close()
}

// builder is the workbook in the making.
type builder struct {
	file    *excelize.File
	fields  []land.Field
	sheet   string
	stream  *excelize.StreamWriter
	origin  *excelize.StreamWriter
	heading int
	styles  []int // of the columns
	rows    int
}

func (b *builder) begin(o outlet.Options) error {
	if err := b.file.SetSheetName("Sheet1", b.sheet); err != nil {
		return err
	}
	made := o.At.Time().Format("2006-01-02T15:04:05Z")
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: o.Heading(), Creator: "dikuai", LastModifiedBy: "dikuai", Language: "zh-CN", Created: made, Modified: made}); err != nil {
		return err
	}
	for _, step := range []func() error{b.looks, b.lists, func() error { return b.notes(o) }, b.open} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// open begins the streams of the plots and of what they were made with.
func (b *builder) open() (err error) {
	if _, err := b.file.NewSheet(originSheet); err != nil {
		return err
	}
	if err := b.file.SetSheetVisible(originSheet, false, true); err != nil {
		return err
	}
	if b.origin, err = b.file.NewStreamWriter(originSheet); err != nil {
		return err
	}
	if err := b.origin.SetRow("A1", []any{"id", "version"}); err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(b.sheet); err != nil {
		return err
	}
	for i, f := range b.fields {
		if err := b.stream.SetColWidth(i+1, i+1, columnWidth(f)); err != nil {
			return err
		}
	}
	for row, name := range []func(land.Field) string{func(f land.Field) string { return f.Name }, func(f land.Field) string { return f.Zh }} {
		cells := make([]any, len(b.fields))
		for i, f := range b.fields {
			cells[i] = excelize.Cell{StyleID: b.heading, Value: name(f)}
		}
		if err := b.stream.SetRow(fmt.Sprintf("A%d", row+1), cells); err != nil {
			return err
		}
	}
	return nil
}

func columnWidth(f land.Field) float64 {
	if f.Kind == land.Text {
		return 18
	}
	return 12
}

func (b *builder) add(p *land.Plot) error {
	cells := make([]any, len(b.fields))
	for i := range b.fields {
		f := &b.fields[i]
		cell := excelize.Cell{StyleID: b.styles[i]}
		switch v := f.Get(p).(type) {
		case float64:
			if d, ok := outlet.Decimals(f.Name); ok {
				v = geo.Round(v, d)
			}
			cell.Value = v
		case nil:
		default:
			cell.Value = v
		}
		cells[i] = cell
	}
	if err := b.stream.SetRow(fmt.Sprintf("A%d", firstRow+b.rows), cells); err != nil {
		return err
	}
	b.rows++
	return b.origin.SetRow(fmt.Sprintf("A%d", 1+b.rows), []any{int64(p.ID), p.Version})
}

// end closes the streams.
func (b *builder) end() error {
	for _, s := range []*excelize.StreamWriter{b.stream, b.origin} {
		if err := s.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// notes writes the sheet that tells what the workbook is and how it is edited.
func (b *builder) notes(o outlet.Options) error {
	if _, err := b.file.NewSheet(notesSheet); err != nil {
		return err
	}
	lines := [][]string{{o.Heading()}}
	for _, m := range o.Members() {
		lines = append(lines, []string{m.Zh, m.Text})
	}
	lines = append(lines,
		[]string{"填写", "灰色列由系统计算，不能修改；白色列可以修改，清空单元格即清除该属性。每行是一个地块的当前版本，删除的行不作修改，不能新增行。"},
		[]string{"日期", "写作 2016-05-20。"},
		[]string{"状态", strings.Join(statusWords(), "，")})
	for i, line := range lines {
		for j, text := range line {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := b.file.SetCellStr(notesSheet, cell, text); err != nil {
				return err
			}
		}
	}
	return b.file.SetColWidth(notesSheet, "B", "B", 100)
}

func statusWords() []string {
	var words []string
	for _, s := range land.Statuses() {
		words = append(words, string(s.Status)+" "+s.Zh)
	}
	return words
}
