package gdal

import (
	"bufio"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// kmlColumns are those that GDAL gives every placemark.
var kmlColumns = []string{"description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude", "visibility", "draworder", "icon", "snippet", "id"}

// prepareKML brings a KML file, or the one in a KMZ, into dir. GDAL replaces
// Chinese letters in the names of extended data by strokes, so that such names
// are exchanged for others on the way and back when the features are read.
func prepareKML(file, dir string, zipped bool, limits Limits) (source, error) {
	s := source{path: filepath.Join(dir, "input.kml"), encoding: "UTF-8", ignored: kmlColumns, renamed: map[string]string{}}
	if zipped {
		inner := filepath.Join(dir, "packed.kml")
		if err := unpackKML(file, inner, limits); err != nil {
			return s, err
		}
		file = inner
	}
	in, err := os.Open(file)
	if err != nil {
		return s, err
	}
	defer in.Close()
	out, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return s, err
	}
	defer out.Close()
	if err := s.renameColumns(in, out); err != nil {
		return s, err
	}
	return s, out.Close()
}

func unpackKML(file, to string, limits Limits) error {
	a, err := openArchive(file, limits)
	if err != nil {
		return err
	}
	defer a.close()
	var found []entry
	for _, e := range a.files {
		if e.ext() == ".kml" {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return refuse("1101", geo.Say("KMZ 中有 %d 个 KML 文件", "the KMZ has %d KML files", len(found)), geo.Say("请提交只含一个的 KMZ", "deliver a KMZ with one"))
	}
	return a.extract(found[0], to)
}

var dataName = regexp.MustCompile(`<(?:\w+:)?(?:SimpleField|SimpleData|Data)\s[^<>]*?\bname\s*=\s*("[^"<>]*"|'[^'<>]*')[^<>]*>$`)

// maxColumns bounds the names that are exchanged.
const maxColumns = 1000

// renameColumns copies a KML file, giving names of extended data that are not
// ASCII a name that is.
func (s *source) renameColumns(in io.Reader, out io.Writer) error {
	r, w := bufio.NewReaderSize(in, 1<<16), bufio.NewWriter(out)
	aliases := map[string]string{}
	for {
		chunk, err := r.ReadString('>')
		if m := dataName.FindStringSubmatchIndex(chunk); m != nil {
			name := html.UnescapeString(chunk[m[2]+1 : m[3]-1])
			if strings.ContainsFunc(name, func(r rune) bool { return r > '~' }) {
				alias, ok := aliases[name]
				if !ok && len(aliases) < maxColumns {
					alias = fmt.Sprintf("dikuai_column_%d", len(aliases)+1)
					aliases[name], s.renamed[alias] = alias, name
				}
				if alias != "" {
					chunk = chunk[:m[2]+1] + alias + chunk[m[3]-1:]
				}
			}
		}
		if _, err := w.WriteString(chunk); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return w.Flush()
		}
		if err != nil {
			return err
		}
	}
}
