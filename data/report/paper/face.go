package paper

import (
	"encoding/binary"
	"math"

	"github.com/dikuai/dikuai/geo"
)

// face is one TrueType font: its file and the widths of its characters.
type face struct {
	family string // its name in a document
	file   []byte
	widths map[rune]int // of characters that it has, in 1/1000 of the size
}

// readFace reads the tables of a TrueType file that tell which characters it
// has and how wide they are (cmap format 4, hmtx; ISO/IEC 14496-22). A font
// without TrueType outlines is refused, for it could not be embedded.
func readFace(file []byte) (face, error) {
	tables, err := tablesOf(file)
	if err != nil {
		return face{}, err
	}
	for _, name := range []string{"head", "hhea", "hmtx", "maxp", "cmap", "glyf", "loca"} {
		if _, ok := tables[name]; !ok {
			return face{}, geo.Say("没有 TrueType 字体的表 %q", "no table %q of a TrueType font", name)
		}
	}
	perEm := tables["head"].uint16(18)
	measured := tables["hhea"].uint16(34)
	glyphs := tables["maxp"].uint16(4)
	if perEm == 0 || measured == 0 || measured > glyphs || len(tables["hmtx"]) < 4*measured {
		return face{}, geo.Say("字宽表自相矛盾", "its tables of widths do not hold together")
	}
	encoding, err := tables["cmap"].encoding()
	if err != nil {
		return face{}, err
	}
	f := face{file: file, widths: map[rune]int{}}
	err = encoding.each(func(r rune, glyph int) {
		if glyph > 0 && glyph < glyphs {
			advance := tables["hmtx"].uint16(4 * min(glyph, measured-1))
			f.widths[r] = int(math.Round(float64(advance) * 1000 / float64(perEm)))
		}
	})
	return f, err
}

// table is a part of a font file. Reading beyond its end gives 0.
type table []byte

func (t table) uint16(at int) int {
	if at < 0 || at+2 > len(t) {
		return 0
	}
	return int(binary.BigEndian.Uint16(t[at:]))
}

func (t table) uint32(at int) int { return t.uint16(at)<<16 | t.uint16(at+2) }

// from is the table from a place on; empty beyond its end.
func (t table) from(at int) table { return t[min(max(at, 0), len(t)):] }

func tablesOf(file []byte) (map[string]table, error) {
	t := table(file)
	if version := t.uint32(0); version != 0x00010000 && version != 0x74727565 { // 1.0, "true"
		return nil, geo.Say("不是 TrueType 文件", "no TrueType file")
	}
	tables := map[string]table{}
	for i := range t.uint16(4) {
		record := t.from(12 + 16*i)
		start, length := record.uint32(8), record.uint32(12)
		if len(record) < 16 || start+length > len(file) {
			return nil, geo.Say("文件不完整", "it is cut short")
		}
		tables[string(record[:4])] = t[start : start+length]
	}
	return tables, nil
}

// encoding finds the table from Unicode to glyphs.
func (t table) encoding() (table, error) {
	for i := range t.uint16(2) {
		record := t.from(4 + 8*i)
		platform, kind := record.uint16(0), record.uint16(2)
		unicode := platform == 0 || platform == 3 && kind == 1
		if found := t.from(record.uint32(4)); unicode && found.uint16(0) == 4 {
			return found, nil
		}
	}
	return nil, geo.Say("没有 Unicode 字符表（cmap 格式 4）", "no table of Unicode characters (cmap format 4)")
}

// each gives every character of a cmap of format 4 with its glyph.
func (t table) each(character func(r rune, glyph int)) error {
	twice := t.uint16(6) // twice the number of segments
	ends, starts := 14, 16+twice
	deltas, offsets := starts+twice, starts+2*twice
	if twice%2 != 0 || offsets+twice > len(t) {
		return geo.Say("字符表不完整", "its table of characters is cut short")
	}
	for i := 0; i < twice; i += 2 {
		offset := t.uint16(offsets + i)
		for r := t.uint16(starts + i); r <= t.uint16(ends+i) && r < 0xFFFF; r++ {
			glyph := r
			if offset != 0 {
				if glyph = t.uint16(offsets + i + offset + 2*(r-t.uint16(starts+i))); glyph == 0 {
					continue
				}
			}
			character(rune(r), (glyph+t.uint16(deltas+i))&0xFFFF)
		}
	}
	return nil
}
