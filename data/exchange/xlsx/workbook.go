package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Bounds of a workbook that is read. Parts are read as streams, so that what it
// costs is its bytes, whatever cells they claim to be.
const (
	largestFile   = 64 << 20  // bytes as handed in
	largestParts  = 256 << 20 // bytes unpacked, all parts that are read
	maxEntries    = 1000
	maxSheets     = 100
	maxSharedText = 32 << 20 // bytes of shared texts
)

// errWorkbook marks what is the file's fault.
var errWorkbook error = geo.Say("文件不能作为 Excel 工作簿（.xlsx）读取", "the file does not read as an Excel workbook (.xlsx)")

// damagedError says what of a workbook does not read.
type damagedError struct{ what geo.Words }

func (e *damagedError) Error() string { return e.Words().En }

func (e *damagedError) Words() geo.Words { return geo.Say("%s：%s", "%s: %s", errWorkbook, e.what) }

func (e *damagedError) Unwrap() error { return errWorkbook }

func damaged(zh, en string, args ...any) error { return &damagedError{geo.Say(zh, en, args...)} }

// workbook is an opened file (ECMA-376): its parts by name, and what cells refer
// to.
type workbook struct {
	parts  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
	sheets []sheetPart
	shared []string
	days   []bool // by cell style: whether its number is a day
	year4  bool   // days are counted from 1904
}

type sheetPart struct{ name, path string }

func openWorkbook(r io.Reader, most int64) (*workbook, error) {
	raw, err := io.ReadAll(io.LimitReader(r, largestFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > largestFile {
		return nil, damaged("超过 %d MiB", "it is larger than %d MiB", largestFile>>20)
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, damaged("%v", "%v", err)
	}
	if len(archive.File) > maxEntries {
		return nil, damaged("有 %d 个部件", "it has %d parts", len(archive.File))
	}
	b := &workbook{parts: map[string]*zip.File{}, left: most}
	for _, f := range archive.File {
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	for _, step := range []func() error{b.readSheets, b.readShared, b.readStyles} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// part calls element for each start of an element in a part, until it says stop
// or the part ends. A part that is missing is empty.
func (b *workbook) part(name string, element func(d *xml.Decoder, e xml.StartElement) (more bool, err error)) error {
	f, ok := b.parts[strings.ToLower(name)]
	if !ok {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return damaged("%s：%v", "%s: %v", name, err)
	}
	defer in.Close()
	d := xml.NewDecoder(&budget{in, b})
	d.Strict = true
	for {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, errWorkbook):
			return err
		case err != nil:
			return damaged("%s：%v", "%s: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		more, err := element(d, start)
		var syntax *xml.SyntaxError
		switch {
		case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
			return damaged("%s：%v", "%s: %v", name, err)
		case err != nil || !more:
			return err
		}
	}
}

// budget counts what is unpacked.
type budget struct {
	io.Reader
	b *workbook
}

func (r *budget) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.b.left -= int64(n); r.b.left < 0 {
		return 0, damaged("解压后超过一次可读取的大小", "it unpacks to more than may be read at once")
	}
	if err != nil && err != io.EOF {
		err = damaged("%v", "%v", err)
	}
	return n, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// readSheets lists the sheets with their parts.
func (b *workbook) readSheets() error {
	targets := map[string]string{}
	err := b.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local == "Relationship" {
			target := attribute(e, "Target")
			if rooted, ok := strings.CutPrefix(target, "/"); ok {
				target = rooted
			} else {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = target
		}
		return len(targets) < maxEntries, nil
	})
	if err != nil {
		return err
	}
	err = b.part("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "workbookPr":
			v := attribute(e, "date1904")
			b.year4 = v == "1" || v == "true"
		case "sheet":
			b.sheets = append(b.sheets, sheetPart{attribute(e, "name"), targets[attribute(e, "id")]})
		}
		return len(b.sheets) < maxSheets, nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = damaged("没有工作表", "it has no sheets")
	}
	return err
}

// readShared reads the texts that cells refer to by number.
func (b *workbook) readShared() error {
	total := 0
	return b.part("xl/sharedStrings.xml", func(d *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local != "si" {
			return true, nil
		}
		text, err := richText(d)
		b.shared = append(b.shared, text)
		if total += len(text) + 16; total > maxSharedText {
			return false, damaged("文字超过 %d MiB", "its texts are longer than %d MiB", maxSharedText>>20)
		}
		return true, err
	})
}

// richText reads to the end of an element and gives the text in its runs, without
// the phonetic ones.
func richText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	depth, phonetic, inText := 1, 0, false
	for depth > 0 {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if t.Name.Local == "rPh" {
				phonetic = depth
			}
			inText = t.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// readStyles finds the cell styles whose numbers are days.
func (b *workbook) readStyles() error {
	days := map[string]bool{}
	within := ""
	return b.part("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "numFmt":
			if len(days) < maxEntries {
				days[attribute(e, "numFmtId")] = dayFormat(attribute(e, "formatCode"))
			}
		case "cellStyleXfs", "cellXfs":
			within = e.Name.Local
		case "xf":
			if id := attribute(e, "numFmtId"); within == "cellXfs" {
				own, custom := days[id]
				b.days = append(b.days, own || !custom && builtInDays[id])
			}
		case "cellStyles":
			return false, nil
		}
		return len(b.days) < 1<<16, nil
	})
}

// builtInDays are the numbers of Excel's own formats of days and times, those of
// Chinese Excel among them (ECMA-376, 18.8.30).
var builtInDays = func() map[string]bool {
	days := map[string]bool{}
	for _, run := range [][2]int{{14, 22}, {27, 36}, {45, 47}, {50, 58}} {
		for id := run[0]; id <= run[1]; id++ {
			days[fmt.Sprint(id)] = true
		}
	}
	return days
}()

// dayFormat says whether a number format shows days or times: it has one of their
// letters outside quotes and brackets.
func dayFormat(code string) bool {
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case !bracket && strings.ContainsRune("ymdhs", r):
			return true
		}
	}
	return false
}
