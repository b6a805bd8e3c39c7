package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/dikuai/dikuai/data/land"
)

const (
	grey     = "#E7E6E6"
	darkGrey = "#BFBFBF"
)

// looks makes the styles: headings, grey and locked columns that the register
// computes, and open ones. Texts and days are cells of text, so that a
// spreadsheet program leaves "01" and "=1" as they are typed.
func (b *builder) looks() error {
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	var err error
	if b.heading, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: fill(darkGrey), Protection: &excelize.Protection{Locked: true}}); err != nil {
		return err
	}
	const general, text = 0, 49 // Excel's numbers of these formats
	for _, f := range b.fields {
		style := &excelize.Style{NumFmt: text, Protection: &excelize.Protection{Locked: f.Set == nil}}
		if f.Kind == land.Integer || f.Kind == land.Number {
			style.NumFmt = general
		}
		if f.Set == nil {
			style.Fill = fill(grey)
		}
		id, err := b.file.NewStyle(style)
		if err != nil {
			return err
		}
		b.styles = append(b.styles, id)
	}
	return nil
}

// lists freezes the headings, locks what is not to be edited, without a
// password, and gives status and scheme their choices.
func (b *builder) lists() error {
	if err := b.file.SetPanes(b.sheet, &excelize.Panes{Freeze: true, XSplit: 3, YSplit: firstRow - 1, TopLeftCell: fmt.Sprintf("D%d", firstRow), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := b.file.ProtectSheet(b.sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatCells: true, FormatColumns: true, FormatRows: true, DeleteRows: true, AutoFilter: true}); err != nil {
		return err
	}
	var statuses []string
	for _, s := range land.Statuses() {
		statuses = append(statuses, string(s.Status))
	}
	choices := map[string][]string{
		"status":          statuses,
		"land_use_scheme": {string(land.GB50137), string(land.MNR2023), string(land.GZ2019)},
	}
	for i, f := range b.fields {
		words, ok := choices[f.Name]
		if !ok {
			continue
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		list := excelize.NewDataValidation(true)
		list.Sqref = fmt.Sprintf("%s%d:%s%d", column, firstRow, column, firstRow+MaxRows-1)
		if err := list.SetDropList(words); err != nil {
			return err
		}
		list.SetError(excelize.DataValidationErrorStyleStop, f.Zh, "请从列表中选择")
		if err := b.file.AddDataValidation(b.sheet, list); err != nil {
			return err
		}
	}
	return nil
}
