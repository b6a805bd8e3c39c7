package api

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/exchange/geojson"
)

// magics are what files of a type begin with.
var magics = []struct{ begins, mediaType string }{
	{"%PDF-", "application/pdf"},
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
	{"II*\x00", "image/tiff"},
	{"MM\x00*", "image/tiff"},
	{"AC10", "image/vnd.dwg"},
}

// packages are what is in archives of a type.
var packages = []struct{ holds, mediaType string }{
	{"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	{"OFD.xml", "application/ofd"},
}

// sniff tells what a file is by its bytes, whatever it is called; "" is a file of a
// type that is not taken in.
func sniff(content []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(content, []byte(m.begins)) {
			return m.mediaType
		}
	}
	if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return sniffArchive(content)
	}
	text := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	switch {
	case !isText(text):
		return ""
	case isGeoJSON(text):
		return geoJSONType
	}
	return "text/plain"
}

// mostEntries bounds the files of an archive that are looked at.
const mostEntries = 10_000

// sniffArchive tells an archive by the names of what it holds; nothing is unpacked.
func sniffArchive(content []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(archive.File) > mostEntries {
		return ""
	}
	for _, f := range archive.File {
		for _, p := range packages {
			if f.Name == p.holds {
				return p.mediaType
			}
		}
	}
	return "application/zip"
}

// isText says whether a file is text, in UTF-8 or GB 18030.
func isText(content []byte) bool {
	if !utf8.Valid(content) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return false
		}
		content = decoded
	}
	return !bytes.ContainsFunc(content, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n\f", r) })
}

// isGeoJSON says whether a text is a GeoJSON object.
func isGeoJSON(content []byte) bool {
	var object struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(content, &object) != nil {
		return false
	}
	switch object.Type {
	case "FeatureCollection", "Feature":
		return true
	}
	_, _, _, err := geojson.DecodeGeometry(content, 0)
	return err == nil
}

// longestFileName bounds a name, in characters.
const longestFileName = 120

// fileName makes a name that is safe to save under of one that a client chose: the
// last part of its path, without what steers a terminal or turns writing about, and
// without what some file systems do not take. What is left of no name is "file".
func fileName(given string) string {
	given = strings.ToValidUTF8(given, "_")
	if i := strings.LastIndexAny(given, `/\`); i >= 0 {
		given = given[i+1:]
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, given)
	name = strings.Trim(name, " .")
	if runes := []rune(name); len(runes) > longestFileName {
		end := []rune(path.Ext(name))
		if len(end) > 10 {
			end = nil
		}
		name = strings.TrimRight(string(runes[:longestFileName-len(end)]), " .") + string(end)
	}
	if name == "" {
		return "file"
	}
	return name
}
