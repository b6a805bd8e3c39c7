package report

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// largestInside bounds what a file unfolds to, in bytes.
const largestInside = 512 << 20

func openWorkbook(file []byte) (*excelize.File, error) {
	return excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: largestInside, UnzipXMLSizeLimit: largestInside})
}

func xlsxStamp(file []byte) (string, error) {
	book, err := openWorkbook(file)
	if err != nil {
		return "", err
	}
	defer book.Close()
	properties, err := book.GetCustomProps()
	if err != nil {
		return "", err
	}
	for _, p := range properties {
		if p.Name == stampName {
			return fmt.Sprint(p.Value), nil
		}
	}
	return "", errNoStamp
}

// xlsxPieces are the cells of all sheets: what they show, the number behind it,
// and the formula.
func xlsxPieces(file []byte, t Table) ([]piece, error) {
	book, err := openWorkbook(file)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	var all []piece
	for n, sheet := range book.GetSheetList() {
		formulas, err := sheetFormulas(file, n+1)
		if err != nil {
			return nil, err
		}
		shown, err := book.GetRows(sheet)
		if err != nil {
			return nil, err
		}
		raw, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		for r, row := range shown {
			for c, text := range row {
				name, err := excelize.CoordinatesToCellName(c+1, r+1)
				if err != nil {
					return nil, err
				}
				number := ""
				if r < len(raw) && c < len(raw[r]) {
					number = raw[r][c]
				}
				text, formula := strings.TrimSpace(text), formulas[name]
				if text == "" && number == "" && formula == "" {
					continue
				}
				at := place{part: inFoot}
				if n == 0 {
					at = t.placeInSheet(r, c)
				}
				all = append(all, piece{fmt.Sprintf("%d!%s", n+1, name), at, text, strings.Join([]string{text, number, formula}, "\x00")})
			}
		}
	}
	return all, nil
}

// placeInSheet is what stands in a row and column, from 0, of a workbook's sheet.
func (t Table) placeInSheet(row, column int) place {
	head := (&sheet{table: t}).headRows()
	heads := len(t.heads())
	switch {
	case row < head-heads:
		return place{part: inHead}
	case row < head:
		return place{inHeading, 0, column}
	case row < head+len(t.Rows):
		return place{inCell, row - head, column}
	case row < head+len(t.Rows)+len(t.Notes):
		return place{inNote, row - head - len(t.Rows), 0}
	}
	return place{part: inFoot}
}

// sheetFormulas are the formulas of a sheet by their cells, which excelize would
// look up one by one.
func sheetFormulas(file []byte, number int) (map[string]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	part, err := archive.Open(fmt.Sprintf("xl/worksheets/sheet%d.xml", number))
	if err != nil {
		return nil, err
	}
	defer part.Close()
	var sheet struct {
		Rows []struct {
			Cells []struct {
				Name    string `xml:"r,attr"`
				Formula string `xml:"f"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	if err := xml.NewDecoder(io.LimitReader(part, largestInside)).Decode(&sheet); err != nil {
		return nil, err
	}
	formulas := map[string]string{}
	for _, row := range sheet.Rows {
		for _, cell := range row.Cells {
			if cell.Formula != "" {
				formulas[cell.Name] = cell.Formula
			}
		}
	}
	return formulas, nil
}
