package gdal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding"

	"github.com/dikuai/dikuai/geo"
)

// source is a file made ready for GDAL in the private directory.
type source struct {
	path        string
	openOptions []string
	env         []string
	encoding    string            // of the attributes
	decoder     *encoding.Decoder // nil: UTF-8
	latin1      bool              // GDAL took the file's bytes for ISO-8859-1
	ignored     []string          // columns that are the format's bookkeeping
	renamed     map[string]string // columns that were renamed for GDAL's sake
	kinds       map[string]string // of a drawing's entities, by handle
	crs         geo.CRS           // where GDAL does not tell it; else 0
}

// decode turns GDAL's bytes into text; what does not decode becomes U+FFFD.
func (s source) decode(raw []byte) string {
	if !s.latin1 {
		return s.decodeBytes(raw)
	}
	var text strings.Builder
	var own []byte
	for _, r := range string(raw) {
		if r < 0x100 {
			own = append(own, byte(r))
			continue
		}
		text.WriteString(s.decodeBytes(own)) // a letter beyond came from an escape, \U+XXXX
		text.WriteRune(r)
		own = own[:0]
	}
	text.WriteString(s.decodeBytes(own))
	return text.String()
}

func (s source) decodeBytes(raw []byte) string {
	if s.decoder != nil {
		if text, err := s.decoder.Bytes(raw); err == nil {
			return string(text)
		}
	}
	return strings.ToValidUTF8(string(raw), "\uFFFD")
}

// prepare brings a file into dir, where GDAL will work: taken out of its archive
// or linked, under a name of ours.
func prepare(format, file, dir string, limits Limits) (source, error) {
	info, err := os.Stat(file)
	if err != nil {
		return source{}, err
	}
	zipped, err := isZip(file, info)
	if err != nil {
		return source{}, err
	}
	switch format {
	case Shapefile:
		if zipped {
			err = unpackShapefile(file, dir, limits)
		} else {
			err = linkShapefile(file, dir)
		}
		if err != nil {
			return source{}, err
		}
		return shapefile(dir, "input")
	case FileGDB:
		to := filepath.Join(dir, "input.gdb")
		if zipped {
			err = unpackGeodatabase(file, to, limits)
		} else if info.IsDir() {
			err = link(file, to)
		} else {
			err = refuse("1101", geo.Say("文件地理数据库是文件夹", "a file geodatabase is a folder"), geo.Say("请压缩 .gdb 文件夹", "zip the .gdb folder"))
		}
		return source{path: to, encoding: "UTF-8", ignored: esriBookkeeping}, err
	case GeoPackage:
		to := filepath.Join(dir, "input.gpkg")
		return source{path: to, encoding: "UTF-8", ignored: esriBookkeeping}, link(file, to)
	case KML:
		return prepareKML(file, dir, zipped, limits)
	case DXF:
		return prepareDrawing(file, dir)
	}
	return source{}, fmt.Errorf("format %q is not read with GDAL", format)
}

func isZip(file string, info os.FileInfo) (bool, error) {
	if info.IsDir() {
		return false, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var mark [4]byte
	if _, err := io.ReadFull(f, mark[:]); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return string(mark[:2]) == "PK", nil
}

func link(file, to string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	return os.Symlink(abs, to)
}

// linkShapefile links the parts that stand beside a .shp, in any case.
func linkShapefile(file, dir string) error {
	stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	siblings, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return err
	}
	for _, e := range siblings {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if !strings.EqualFold(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())), stem) || !slices.Contains(slices.Concat(shapeParts, shapeOptional), ext) {
			continue
		}
		if err := link(filepath.Join(filepath.Dir(file), e.Name()), filepath.Join(dir, "input"+ext)); err != nil {
			return err
		}
	}
	return nil
}

// unpackShapefile takes the parts of the only polygon Shapefile out of an archive.
func unpackShapefile(file, dir string, limits Limits) error {
	a, err := openArchive(file, limits)
	if err != nil {
		return err
	}
	defer a.close()
	var found, polygons []entry
	for _, e := range a.files {
		if e.ext() != ".shp" {
			continue
		}
		found = append(found, e)
		if holdsPolygons(e) {
			polygons = append(polygons, e)
		}
	}
	if len(found) > 1 && len(polygons) > 0 {
		found = polygons
	}
	if len(found) != 1 {
		if len(found) == 0 {
			return refuse("1101", geo.Say("压缩包中没有 .shp", "the zip file has no .shp"), geo.Say("请把 .shp、.shx、.dbf、.prj、.cpg 一起压缩", "zip the .shp, .shx, .dbf, .prj and .cpg together"))
		}
		var names []string
		for _, e := range found {
			names = append(names, e.name)
		}
		return refuse("2101", geo.Say("压缩包中有多个 Shapefile：%s", "the zip file has several Shapefiles: %s", strings.Join(names, ", ")), onePlots)
	}
	stem := strings.TrimSuffix(found[0].name, path.Ext(found[0].name))
	for _, e := range a.files {
		if !strings.EqualFold(strings.TrimSuffix(e.name, path.Ext(e.name)), stem) || !slices.Contains(slices.Concat(shapeParts, shapeOptional), e.ext()) {
			continue
		}
		err := a.extract(e, filepath.Join(dir, "input"+e.ext()))
		if os.IsExist(err) {
			return refuse("1101", geo.Say("压缩包中有两个 %s", "the zip file has %s twice", e.name), zipAgain)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holdsPolygons looks at the shape type in a .shp's header.
func holdsPolygons(e entry) bool {
	f, err := e.file.Open()
	if err != nil {
		return false
	}
	defer f.Close()
	var header [36]byte
	_, err = io.ReadFull(f, header[:])
	return err == nil && header[32]%10 == 5
}

// unpackGeodatabase takes the only .gdb folder out of an archive.
func unpackGeodatabase(file, to string, limits Limits) error {
	a, err := openArchive(file, limits)
	if err != nil {
		return err
	}
	defer a.close()
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	folder := ""
	for _, e := range a.files {
		parent := path.Dir(e.name)
		if !strings.EqualFold(path.Ext(parent), ".gdb") {
			continue
		}
		if folder == "" {
			folder = parent
		}
		if parent != folder {
			return refuse("2101", geo.Say("压缩包中有多个地理数据库：%s、%s", "the zip file has several geodatabases: %s, %s", folder, parent), onePlots)
		}
		if err := a.extract(e, filepath.Join(to, filepath.Base(e.name))); err != nil {
			return err
		}
	}
	if folder == "" {
		return refuse("1101", geo.Say("压缩包中没有 .gdb 文件夹", "the zip file has no .gdb folder"), geo.Say("请压缩 .gdb 文件夹本身", "zip the .gdb folder itself"))
	}
	return nil
}
