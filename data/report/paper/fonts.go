// Package paper sets printed pages: what tables and map sheets share of fonts,
// sizes of paper and PDF documents. Lengths are millimetres from a page's upper
// left corner, type sizes points.
package paper

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/dikuai/dikuai/geo"
)

// DefaultFonts are the font files that pages are set in where nobody names
// others: Chinese of Debian's fonts-droid-fallback, which has no Latin letters
// or figures, and those of fonts-dejavu-core.
var DefaultFonts = strings.Join([]string{
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
}, string(os.PathListSeparator))

// A Chinese character's box above and below the base line, as parts of its size.
const (
	Ascent  = 0.88
	Descent = 0.12
)

// missing stands for characters that no face has (〓, the printers' geta).
const missing = '〓'

// Fonts are the faces that pages are set in. A character is set in the first
// face that has it. They are never changed and serve any number of documents.
type Fonts struct{ faces []face }

// FontError says that a font file cannot be used.
type FontError struct {
	Path  string
	Cause error
}

// Words tell the error in both languages.
func (e *FontError) Words() geo.Words {
	return geo.Say(
		"字体 %s 无法使用（%s）：请安装 Debian 软件包 fonts-droid-fallback 与 fonts-dejavu-core，或用 DIKUAI_FONT 指定 TrueType 字体文件（多个以 %q 隔开）",
		"the font %s cannot be used (%s): install Debian's packages fonts-droid-fallback and fonts-dejavu-core, or name TrueType files by DIKUAI_FONT (several parted by %q)",
		e.Path, geo.WordsOf(e.Cause), string(os.PathListSeparator))
}

func (e *FontError) Error() string { return e.Words().En }

func (e *FontError) Unwrap() error { return e.Cause }

// OpenFonts reads TrueType files in order of preference, parted as in PATH;
// empty: DefaultFonts. The first must have Chinese. A file that is missing or
// no TrueType font is a *FontError.
func OpenFonts(paths string) (*Fonts, error) {
	if paths == "" {
		paths = DefaultFonts
	}
	fonts := &Fonts{}
	for i, path := range filepath.SplitList(paths) {
		file, err := os.ReadFile(path)
		if err != nil {
			return nil, &FontError{path, err}
		}
		f, err := readFace(file)
		if err != nil {
			return nil, &FontError{path, err}
		}
		f.family = fmt.Sprintf("face%d", i+1)
		if _, latin := f.widths['0']; !latin {
			delete(f.widths, ' ') // the space is that of the letters about it
		}
		fonts.faces = append(fonts.faces, f)
	}
	if len(fonts.faces) == 0 {
		return nil, &FontError{paths, geo.Say("没有指定文件", "no file is named")}
	}
	for _, r := range "地0A." {
		if !fonts.Has(r) {
			return nil, &FontError{paths, geo.Say("没有字符 %q", "no character %q", r)}
		}
	}
	return fonts, nil
}

// Shelf opens fonts when they are first wanted and keeps them.
type Shelf struct {
	paths string
	mu    sync.Mutex
	fonts *Fonts
}

// NewShelf is a shelf of the fonts that OpenFonts opens from paths.
func NewShelf(paths string) *Shelf { return &Shelf{paths: paths} }

// Fonts opens the fonts, or gives those that are open. What failed once is
// tried again, for fonts may be installed meanwhile.
func (s *Shelf) Fonts() (*Fonts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fonts != nil {
		return s.fonts, nil
	}
	var err error
	s.fonts, err = OpenFonts(s.paths)
	return s.fonts, err
}

// Has tells whether a face has the character.
func (f *Fonts) Has(r rune) bool {
	for _, face := range f.faces {
		if _, ok := face.widths[r]; ok {
			return true
		}
	}
	return false
}

// glyph finds the face and the character by which r is printed.
func (f *Fonts) glyph(r rune) (*face, rune) {
	for _, r := range [...]rune{r, missing} {
		for i := range f.faces {
			if _, ok := f.faces[i].widths[r]; ok {
				return &f.faces[i], r
			}
		}
	}
	return &f.faces[0], '0' // which OpenFonts made sure of in some face
}

// Width measures one line of text at a size in points; millimetres.
func (f *Fonts) Width(text string, size float64) float64 {
	thousandths := 0
	for _, r := range text {
		face, r := f.glyph(r)
		thousandths += face.widths[r]
	}
	return float64(thousandths) / 1000 * size * Point
}

// run is text in one face.
type run struct {
	face *face
	text string
}

// runs part a line of text by the faces that print it.
func (f *Fonts) runs(text string) []run {
	var runs []run
	var last *face
	var b strings.Builder
	for _, r := range text {
		face, r := f.glyph(r)
		if face != last && b.Len() > 0 {
			runs = append(runs, run{last, b.String()})
			b.Reset()
		}
		last = face
		b.WriteRune(r)
	}
	if b.Len() > 0 {
		runs = append(runs, run{last, b.String()})
	}
	return runs
}
