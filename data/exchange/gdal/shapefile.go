package gdal

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/geo"
)

// Parts of a Shapefile: those it must have and those that are read if present.
var (
	shapeParts    = []string{".shp", ".shx", ".dbf"}
	shapeOptional = []string{".prj", ".cpg"}
)

// shapefile checks the parts that stand in dir under the given stem: none
// missing, none cut off, all of the same number of records, polygons only. Then
// it decides on the encoding of the attributes.
func shapefile(dir, stem string) (source, error) {
	var missing []string
	for _, ext := range shapeParts {
		if _, err := os.Stat(filepath.Join(dir, stem+ext)); err != nil {
			missing = append(missing, ext)
		}
	}
	if len(missing) > 0 {
		return source{}, refuse("1101", geo.Say("Shapefile 缺少 %s", "the Shapefile lacks its %s", geo.Words{Zh: strings.Join(missing, "、"), En: strings.Join(missing, " and ")}), geo.Say("请把 .shp、.shx、.dbf、.prj、.cpg 一起压缩提交", "deliver .shp, .shx, .dbf, .prj and .cpg together, zipped"))
	}
	shapes, err := checkShapes(filepath.Join(dir, stem))
	if err != nil {
		return source{}, err
	}
	table, err := os.Open(filepath.Join(dir, stem+".dbf"))
	if err != nil {
		return source{}, err
	}
	defer table.Close()
	header, err := readTableHeader(table)
	if err != nil {
		return source{}, err
	}
	if header.records != shapes {
		return source{}, refuse("1101", geo.Say(".shx 有 %d 个图形，.dbf 有 %d 条记录", "the .shx has %d shapes but the .dbf %d records", shapes, header.records), geo.Say("请重新导出 Shapefile", "export the Shapefile again"))
	}
	s := source{path: filepath.Join(dir, stem+".shp"), ignored: esriBookkeeping, openOptions: []string{"-oo", "ENCODING="}}
	declared, err := os.ReadFile(filepath.Join(dir, stem+".cpg"))
	if err != nil && !os.IsNotExist(err) {
		return source{}, err
	}
	s.encoding, s.decoder = namedEncoding(string(declared))
	if s.encoding == "" {
		if s.encoding, s.decoder, err = header.detect(table); err != nil {
			return source{}, err
		}
	}
	return s, nil
}

// esriBookkeeping are columns that ArcGIS keeps for itself.
var esriBookkeeping = []string{"fid", "ogc_fid", "objectid", "shape_leng", "shape_area", "shape_length"}

// checkShapes compares the lengths that the headers of .shp and .shx declare
// with the files', and gives the number of shapes (ESRI Shapefile Technical
// Description, 1998: lengths in 16-bit words at byte 24, type at byte 32).
func checkShapes(stem string) (int64, error) {
	var shapes int64
	for _, ext := range []string{".shp", ".shx"} {
		f, err := os.Open(stem + ext)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return 0, err
		}
		var header [100]byte
		if _, err := io.ReadFull(f, header[:]); err != nil || binary.BigEndian.Uint32(header[:]) != 9994 {
			return 0, refuse("1101", geo.Say("%s 不是 Shapefile 的部件或被截断", "the %s is no Shapefile part or was cut off", ext), shapesAgain)
		}
		if declared := 2 * int64(binary.BigEndian.Uint32(header[24:])); info.Size() < declared {
			return 0, refuse("1101", geo.Say("%s 被截断：声明 %d 字节，实有 %d 字节", "the %s was cut off: it declares %d bytes and has %d", ext, declared, info.Size()), shapesAgain)
		} else if ext == ".shx" {
			shapes = (declared - 100) / 8
		}
		switch kind := binary.LittleEndian.Uint32(header[32:]); kind {
		case 5, 15, 25: // Polygon, PolygonZ, PolygonM
		default:
			return 0, refuse("2101", geo.Say("Shapefile 存放的是%s，不是面", "the Shapefile holds %s and no polygons", shapeKind(kind)), givePolygons)
		}
	}
	return shapes, nil
}

func shapeKind(kind uint32) geo.Words {
	switch kind % 10 {
	case 1:
		if kind != 31 {
			return geo.Say("点", "points")
		}
		return geo.Say("多面体", "multipatches")
	case 3:
		return geo.Say("线", "lines")
	case 8:
		return geo.Say("点", "points")
	}
	return geo.Say("类型 %d 的图形", "shapes of type %d", kind)
}

// table is the header of a dBASE file.
type table struct {
	records, headerLength, recordLength int64
	names                               [][]byte
	texts                               [][2]int // start and end of text fields in a record
}

func readTableHeader(f *os.File) (table, error) {
	unread := func(why geo.Words) (table, error) {
		return table{}, refuse("1101", geo.Say(".dbf %s", "the .dbf %s", why), shapesAgain)
	}
	info, err := f.Stat()
	if err != nil {
		return table{}, err
	}
	var head [32]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return unread(geo.Say("被截断", "was cut off"))
	}
	t := table{records: int64(binary.LittleEndian.Uint32(head[4:])), headerLength: int64(binary.LittleEndian.Uint16(head[8:])), recordLength: int64(binary.LittleEndian.Uint16(head[10:]))}
	if t.headerLength < 33 || t.recordLength < 1 {
		return unread(geo.Say("不是 dBASE 表", "is no dBASE table"))
	}
	if need := t.headerLength + t.records*t.recordLength; info.Size() < need {
		return unread(geo.Say("被截断：声明 %d 字节，实有 %d 字节", "was cut off: it declares %d bytes and has %d", need, info.Size()))
	}
	fields := make([]byte, t.headerLength-32)
	if _, err := io.ReadFull(f, fields); err != nil {
		return unread(geo.Say("被截断", "was cut off"))
	}
	at := 1
	for len(fields) >= 32 && fields[0] != '\r' {
		name, _, _ := bytes.Cut(fields[:11], []byte{0})
		t.names = append(t.names, name)
		length := int(fields[16])
		if kind := fields[11]; kind == 'C' && at+length <= int(t.recordLength) {
			t.texts = append(t.texts, [2]int{at, at + length})
		}
		at += length
		fields = fields[32:]
	}
	return t, nil
}

// detect finds the encoding of a table without a .cpg: UTF-8 if every name and
// text decodes strictly as that, else GB18030, which holds GBK and GB2312. A
// last character cut by the field's width does not count.
func (t table) detect(f *os.File) (string, *encoding.Decoder, error) {
	utf := true
	for _, name := range t.names {
		utf = utf && validStart(name)
	}
	if _, err := f.Seek(t.headerLength, io.SeekStart); err != nil {
		return "", nil, err
	}
	r := io.LimitReader(f, t.records*t.recordLength)
	block := make([]byte, t.recordLength*max(1, (1<<20)/t.recordLength))
	for utf {
		n, err := io.ReadFull(r, block)
		for record := block[:n]; utf && len(record) >= int(t.recordLength); record = record[t.recordLength:] {
			for _, field := range t.texts {
				utf = utf && validStart(bytes.TrimRight(record[field[0]:field[1]], " \x00"))
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return "", nil, err
		}
	}
	if utf {
		return "UTF-8", nil, nil
	}
	return "GB18030", simplifiedchinese.GB18030.NewDecoder(), nil
}

// validStart says whether text is UTF-8 up to a character cut off at its end.
func validStart(text []byte) bool {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			return !utf8.FullRune(text)
		}
		text = text[size:]
	}
	return true
}

// namedEncoding reads a .cpg. Names that are not of Chinese practice, such as
// the ISO-8859-1 that tools write without thinking, leave it to detection.
func namedEncoding(cpg string) (string, *encoding.Decoder) {
	name := strings.ToUpper(strings.TrimSpace(strings.TrimPrefix(cpg, "\uFEFF")))
	name = strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)
	switch name {
	case "UTF8", "65001":
		return "UTF-8", nil
	case "GBK", "GB2312", "936", "CP936", "ANSI936", "OEM936", "MS936", "WINDOWS936", "EUCCN", "GB18030", "54936":
		return "GB18030", simplifiedchinese.GB18030.NewDecoder()
	}
	return "", nil
}
