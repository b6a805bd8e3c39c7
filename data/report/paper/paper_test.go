package paper

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var made = time.Date(2018, 6, 30, 0, 0, 0, 0, time.UTC)

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := OpenFonts("")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sample(t testing.TB, f *Fonts) []byte {
	t.Helper()
	doc := f.NewDocument(Meta{Title: "地块红线图", Subject: "N-01", Keywords: "地块 红线", Made: made})
	doc.AddPage(A4)
	doc.Text(20, 30, 10.5, Left, "地块编号 N-01，面积 12345.67 m² 合 18.52 亩 ≤2.5 é")
	doc.AddPage(A3.Landscape())
	doc.Text(400, 30, 9, Right, "经办：𠮷")
	doc.Line(10, 10, 110, 10)
	var b bytes.Buffer
	if _, err := doc.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDocumentsAreTheSameToTheByte(t *testing.T) {
	f := fonts(t)
	want := sample(t, f)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if !bytes.Equal(sample(t, f), want) {
				t.Error("two documents of the same content differ")
			}
		})
	}
	all.Wait()
	if !bytes.Equal(sample(t, fonts(t)), want) {
		t.Error("a document in fonts opened anew differs")
	}
}

func TestDocumentsEmbedTheirFontsAndText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(path, sample(t, fonts(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	text := said(t, "pdftotext", "-layout", path, "-")
	for _, want := range []string{"地块编号 N-01，面积 12345.67 m² 合 18.52 亩 ≤2.5 é", "经办：〓"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text is %q without %q", text, want)
		}
	}
	lines := strings.Split(strings.TrimSpace(said(t, "pdffonts", path)), "\n")
	if len(lines) != 4 {
		t.Fatalf("fonts are %q", lines)
	}
	for _, line := range lines[2:] {
		if !strings.Contains(line, "Identity-H") || !strings.Contains(line, "yes no  yes") {
			t.Errorf("the font %q is not embedded with its characters", line)
		}
	}
	info := said(t, "pdfinfo", "-f", "1", "-l", "2", path)
	for _, want := range []string{"地块红线图", "地块 红线", "595.28 x 841.89 pts (A4)", "1190.55 x 841.89 pts (A3)"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo says %s without %q", info, want)
		}
	}
}

func said(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

func TestWidthsAreThoseOfTheDocument(t *testing.T) {
	f := fonts(t)
	doc := f.NewDocument(Meta{Made: made})
	doc.AddPage(A4)
	for _, text := range []string{"地块红线图", "12345.67 m²", "Wg jI"} {
		doc.SetFont(f.runs(text)[0].face.family, "", 12)
		if got, want := f.Width(text, 12), doc.GetStringWidth(text); got-want > 1e-9 || want-got > 1e-9 {
			t.Errorf("%q is %v mm wide, in the document %v", text, got, want)
		}
	}
	if got := f.Width("地", 1/Point); got != 1 {
		t.Errorf("a Chinese character of 1 mm is %v mm wide", got)
	}
}

func TestWrapping(t *testing.T) {
	f := fonts(t)
	const size = 1 / Point // a Chinese character is 1 mm wide
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"", 5, []string{""}},
		{"地块红线图", 10, []string{"地块红线图"}},
		{"地块红线图", 3, []string{"地块红", "线图"}},
		{"地块红，线图", 3, []string{"地块", "红，线", "图"}},
		{"地块（红线）图", 3.2, []string{"地块", "（红", "线）图"}},
		{"land use", 3, []string{"land", "use"}},
		{"用地R2地块", 4, []string{"用地R2", "地块"}},
		{"一\n二", 9, []string{"一", "二"}},
		{"1234567890", 3, []string{"1234", "5678", "90"}},
		{"地", 0.1, []string{"地"}},
	} {
		got := f.Wrap(c.text, size, c.width)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q in %v mm wraps to %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestWrappedLinesFitAndLoseNothing(t *testing.T) {
	f := fonts(t)
	text := "《广州市国土空间总体规划（2021—2035年）》 Guangzhou, plot N-01-02: 容积率≤2.5，建筑密度 35.0%，绿地率 ≥20.0%。"
	for width := 1.0; width < 80; width++ {
		lines := f.Wrap(text, 9, width)
		for _, line := range lines {
			if f.Width(line, 9) > max(width, 9*Point*2) && len(pieces(line)) > 1 {
				t.Errorf("line %q is wider than %v mm", line, width)
			}
		}
		squeezed := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeezed(strings.Join(lines, "")) != squeezed(text) {
			t.Errorf("in %v mm the text became %q", width, lines)
		}
	}
}

func TestFontsThatCannotBeUsedAreNamed(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.ttf")
	text := filepath.Join(t.TempDir(), "text.ttf")
	if err := os.WriteFile(text, []byte("no font"), 0o644); err != nil {
		t.Fatal(err)
	}
	latin := strings.Split(DefaultFonts, string(os.PathListSeparator))[1]
	for _, paths := range []string{none, text, latin, string(os.PathListSeparator)} {
		_, err := OpenFonts(paths)
		var refused *FontError
		if !errors.As(err, &refused) {
			t.Fatalf("%s: %v", paths, err)
		}
		for _, said := range []string{refused.Words().Zh, refused.Words().En} {
			if !strings.Contains(said, "fonts-droid-fallback") || !strings.Contains(said, "DIKUAI_FONT") {
				t.Errorf("the error says %q", said)
			}
		}
	}
}

func TestShelfTriesAgain(t *testing.T) {
	link := filepath.Join(t.TempDir(), "font.ttf")
	files := strings.Split(DefaultFonts, string(os.PathListSeparator))
	shelf := NewShelf(link + string(os.PathListSeparator) + files[1])
	if _, err := shelf.Fonts(); err == nil {
		t.Fatal("a missing font was opened")
	}
	if err := os.Symlink(files[0], link); err != nil {
		t.Fatal(err)
	}
	first, err := shelf.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := shelf.Fonts(); again != first || err != nil {
		t.Errorf("opened twice: %v", err)
	}
}

func FuzzReadFace(f *testing.F) {
	for i := range 64 {
		head := make([]byte, 12+16*7+i*8)
		copy(head, "\x00\x01\x00\x00\x00\x07")
		for j, name := range []string{"head", "hhea", "hmtx", "maxp", "cmap", "glyf", "loca"} {
			record := head[12+16*j:]
			copy(record, name)
			record[11], record[15] = byte(12+16*7), byte(i*8)
		}
		f.Add(head)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		read, err := readFace(file)
		if err != nil {
			return
		}
		for r, w := range read.widths {
			if r < 0 || r >= 0xFFFF || w < 0 {
				t.Errorf("%U is %d wide", r, w)
			}
		}
	})
}

func BenchmarkDocument(b *testing.B) {
	f := fonts(b)
	for b.Loop() {
		sample(b, f)
	}
}

func BenchmarkOpenFonts(b *testing.B) {
	for b.Loop() {
		fonts(b)
	}
}
