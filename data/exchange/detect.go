package exchange

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/exchange/csv"
	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/exchange/xlsx"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Detect tells a file's format by its content, else by its extension. A file
// that is none of the formats gives a *land.InvalidError.
func Detect(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	name := strings.ToLower(filepath.Base(path))
	if info.IsDir() {
		if strings.HasSuffix(name, ".gdb") {
			return gdal.FileGDB, nil
		}
		return "", unknown()
	}
	head, err := beginning(path)
	if err != nil {
		return "", err
	}
	format := byContent(head)
	if format == "" && bytes.HasPrefix(head, []byte("PK")) {
		format = byEntries(path)
	}
	if format != "" {
		return format, nil
	}
	for _, f := range Formats() {
		for _, ext := range f.Extensions {
			if strings.HasSuffix(name, ext) {
				return f.Name, nil
			}
		}
	}
	return "", unknown()
}

func unknown() error {
	return &land.InvalidError{Findings: []land.Finding{land.Finding{Code: "1101", Severity: land.Block}.Saying(
		geo.Say("无法识别文件格式", "the file's format is not recognised"),
		geo.Say("请提交 %s 之一，或指明格式", "deliver one of %s, or name the format", names(readable)))}}
}

func beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 4096))
}

// Marks of a boundary-point file, in UTF-8 and GBK.
var boundaryMarks = [][]byte{
	[]byte("属性描述"), []byte("地块坐标"),
	[]byte("\xCA\xF4\xD0\xD4\xC3\xE8\xCA\xF6"), []byte("\xB5\xD8\xBF\xE9\xD7\xF8\xB1\xEA"),
	[]byte(",@\n"), []byte(",@\r"),
}

func byContent(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n")
	first, second, _ := bytes.Cut(text, []byte{'\n'})
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return gdal.GeoPackage
	case bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0A}): // ESRI Shapefile Technical Description: file code 9994
		return gdal.Shapefile
	case bytes.HasPrefix(head, []byte("AutoCAD Binary DXF")),
		string(bytes.TrimSpace(first)) == "0" && bytes.HasPrefix(bytes.TrimSpace(second), []byte("SECTION")):
		return gdal.DXF
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte{0x1E}):
		return geojson.Name
	case bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text, []byte("<kml")):
		return gdal.KML
	}
	for _, mark := range boundaryMarks {
		if bytes.Contains(head, mark) {
			return boundary.Name
		}
	}
	for _, heading := range bytes.Split(bytes.TrimSpace(first), []byte(",")) {
		if strings.EqualFold(string(bytes.Trim(heading, `" `)), "wkt") {
			return csv.Name
		}
	}
	return ""
}

// byEntries tells a zip file by what is in it; its soundness is the reader's
// matter.
func byEntries(path string) string {
	z, err := zip.OpenReader(path)
	if err != nil {
		return ""
	}
	defer z.Close()
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case strings.HasSuffix(name, ".shp"):
			return gdal.Shapefile
		case strings.Contains(name, ".gdb/"):
			return gdal.FileGDB
		case strings.HasSuffix(name, ".kml"):
			return gdal.KML
		case name == "xl/workbook.xml":
			return xlsx.Name
		}
	}
	return ""
}
