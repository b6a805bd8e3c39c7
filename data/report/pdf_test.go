package report

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

func fonts(t testing.TB) *paper.Fonts {
	t.Helper()
	f, err := paper.OpenFonts("")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func document(t testing.TB, table Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, table, fonts(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// poppler is what a program of poppler-utils says of a document.
func poppler(t *testing.T, doc []byte, program string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.pdf")
	if err := os.WriteFile(path, doc, 0o644); err != nil {
		t.Fatal(err)
	}
	args = append(args, path)
	if program == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// parkOf is a demonstration park with so many plots, some of them with long names.
func parkOf(t testing.TB, plots int) Register {
	reg := sample(t)
	reg.Parks = reg.Parks[:1]
	reg.Parks[0].Area = 0
	r := rand.New(rand.NewSource(int64(plots)))
	made := reg.Plots[:6]
	reg.Plots = nil
	for i := range plots {
		p := made[r.Intn(len(made))]
		p.Park = "panyu"
		p.ID = land.PlotID(i + 1)
		p.PlotNo = fmt.Sprintf("PY-%03d", i+1)
		p.Name = []string{"检测楼", "国家食品检验检测公共服务平台及配套实验室一期工程", "Supercalifragilisticexpialidocious-Laboratory", ""}[r.Intn(4)]
		p.Area = geo.SquareMetres(float64(r.Intn(90_000_000)) / 1000)
		p.AreaEllipsoid = p.Area
		reg.Parks[0].Area += p.Area
		reg.Plots = append(reg.Plots, p)
	}
	return reg
}

func TestDocumentHoldsEveryFigure(t *testing.T) {
	for _, plots := range []int{0, 1, 120, 5000} {
		for _, name := range Names() {
			table, err := Build(name, parkOf(t, plots), Options{})
			if err != nil {
				t.Fatal(err)
			}
			text := poppler(t, document(t, table), "pdftotext", "-layout")
			lines := strings.Split(text, "\n")
			found := 0
			for r, row := range table.Rows {
				var figures []string
				for _, cell := range row.Cells {
					if cell.Kind == Number || cell.Kind == Integer {
						figures = append(figures, cell.String())
					}
				}
				for found < len(lines) && !inOrder(lines[found], figures) {
					found++
				}
				if found == len(lines) {
					t.Fatalf("%s of %d plots has no line with the figures of row %d, %v", name, plots, r, figures)
				}
				found++
			}
			pages := strings.Count(text, "\f")
			for _, every := range []string{demonstrationMark.Zh, demonstrationMark.En, "校验码 " + table.Checksum()[:16], "数据日期 2016年6月30日", fmt.Sprintf("共 %d 页", pages), fmt.Sprintf(" of %d", pages)} {
				if got := strings.Count(squeeze(text), squeeze(every)); got != pages {
					t.Errorf("%s of %d plots has %q on %d of %d pages", name, plots, every, got, pages)
				}
			}
		}
	}
}

// squeeze takes out spaces, which pdftotext keeps or not by their width.
func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

func inOrder(line string, figures []string) bool {
	for _, figure := range figures {
		_, rest, found := strings.Cut(line, figure)
		if !found {
			return false
		}
		line = rest
	}
	return true
}

func TestDocumentRepeatsTheHeads(t *testing.T) {
	table := Plots(parkOf(t, 120), Options{})
	text := poppler(t, document(t, table), "pdftotext", "-layout")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("120 plots are on %d pages", len(pages))
	}
	for i, page := range pages {
		wanted := []string{"番禺园区地块控制指标一览表", fmt.Sprintf("第 %d 页", i+1), fmt.Sprintf("page %d of", i+1)}
		if strings.Contains(squeeze(page), "番禺园区PY-") {
			wanted = append(wanted, "地块名称", "Plot name")
		}
		for _, want := range wanted {
			if !strings.Contains(squeeze(page), squeeze(want)) {
				t.Errorf("page %d lacks %s", i+1, want)
			}
		}
	}
}

func TestDocumentIsTheSameBytesEachTime(t *testing.T) {
	for _, name := range Names() {
		table, err := Build(name, sample(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(document(t, table), document(t, table)) {
			t.Errorf("%s differs between two renderings", name)
		}
	}
}

func TestDocumentSaysWhatItIs(t *testing.T) {
	table := Balance(sample(t), Options{})
	doc := document(t, table)
	info := poppler(t, doc, "pdfinfo")
	for _, want := range []string{"用地平衡表", "Land-use balance", table.Stamp().String(), dataNature, "(A4)", "Page size:       841.89 x 595.28"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo says %s without %q", info, want)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(poppler(t, doc, "pdffonts")), "\n")[2:] {
		if !strings.Contains(line, "yes no  yes") {
			t.Errorf("the font %q is not embedded with its characters", line)
		}
	}
	if info := poppler(t, document(t, Plots(sample(t), Options{})), "pdfinfo"); !strings.Contains(info, "(A3)") {
		t.Errorf("twenty columns are on %s", info)
	}
}

func TestNothingIsClipped(t *testing.T) {
	reg := parkOf(t, 40)
	reg.Plots[3].Name = strings.Repeat("Donaudampfschifffahrt", 30)
	reg.Plots[4].Setbacks = strings.Repeat("西侧道路红线后退 10 米，", 400)
	reg.Plots[5].PlotNo = "PY-" + strings.Repeat("0123456789", 5)
	table := Plots(reg, Options{})
	p := printTable(table, fonts(t))
	cells := map[place]string{}
	for _, printed := range p.printed {
		if printed.at.part != inCell {
			continue
		}
		cells[printed.at] += printed.text
		if room := p.widths[printed.at.column] - 2*pdfPad; p.Fonts().Width(printed.text, p.size) > room+1e-6 {
			t.Errorf("%q is wider than its column", printed.text)
		}
	}
	for r, row := range table.Rows {
		for c, cell := range row.Cells {
			if got := cells[place{inCell, r, c}]; squeeze(got) != squeeze(cell.String()) {
				t.Errorf("row %d, %s is printed %q, want %q", r, table.Columns[c].Key, got, cell)
			}
		}
	}
}

func TestCharactersThatTheFontLacksAreTold(t *testing.T) {
	reg := sample(t)
	reg.Plots[0].Name = "𠮷田大厦"
	text := poppler(t, document(t, Plots(reg, Options{})), "pdftotext", "-layout")
	for _, want := range []string{"〓田大厦", "字体中没有的字印作“〓”：U+20BB7", "Characters that the font lacks are printed as 〓: U+20BB7"} {
		if !strings.Contains(text, want) {
			t.Errorf("the document does not say %s", want)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	f := fonts(b)
	for _, plots := range []int{0, 120, 5000} {
		table := Plots(parkOf(b, plots), Options{})
		b.Run(fmt.Sprintf("plots=%d", plots), func(b *testing.B) {
			for b.Loop() {
				if err := PDF(io.Discard, table, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
