package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"
)

func htmlPageOf(t *testing.T, table Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// texts are the texts of a page's elements of one name, in order, without what
// is said again in English.
func texts(t *testing.T, page, element string) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	var all []string
	depth, english := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == element {
				all, depth = append(all, ""), depth+1
			}
			if english > 0 || slices.Contains(token.Attr, xml.Attr{Name: xml.Name{Local: "lang"}, Value: "en"}) {
				english++
			}
		case xml.EndElement:
			if token.Name.Local == element {
				depth--
			}
			english = max(0, english-1)
		case xml.CharData:
			if depth > 0 && english == 0 {
				all[len(all)-1] += strings.TrimSpace(string(token))
			}
		}
	}
}

func TestPageHoldsThePrintedFigures(t *testing.T) {
	for seed := range int64(12) {
		reg := randomRegister(rand.New(rand.NewSource(seed)))
		for _, name := range Names() {
			table, err := Build(name, reg, Options{})
			if err != nil {
				t.Fatal(err)
			}
			page := htmlPageOf(t, table)
			var names, figures []string
			for _, heads := range table.heads() {
				for _, h := range heads {
					names = append(names, strings.ReplaceAll(headText(h), "\n", ""))
				}
			}
			for _, row := range table.Rows {
				for i, cell := range row.Cells {
					if i < table.Lead {
						names = append(names, cell.String())
					} else {
						figures = append(figures, cell.String())
					}
				}
			}
			if got := texts(t, page, "th"); !slices.Equal(got, names) {
				t.Errorf("seed %d, %s names %q, want %q", seed, name, got, names)
			}
			if got := texts(t, page, "td"); !slices.Equal(got, figures) {
				t.Errorf("seed %d, %s holds %q, want %q", seed, name, got, figures)
			}
			if got := texts(t, page, "li"); !slices.Equal(got, table.Notes) {
				t.Errorf("seed %d, %s notes %q, want %q", seed, name, got, table.Notes)
			}
			if again := htmlPageOf(t, table); again != page {
				t.Errorf("seed %d, %s differs between two renderings", seed, name)
			}
		}
	}
}

func TestPageStandsByItself(t *testing.T) {
	reg := sample(t)
	reg.Parks[0].NameZh = `"><script>alert('x')</script>&amp;`
	table := Overview(reg, Options{})
	page := htmlPageOf(t, table)
	for _, foreign := range []string{"<script", "http:", "https:", "src=", "@import", "url("} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page has %s", foreign)
		}
	}
	if got := texts(t, page, "th")[len(table.Columns)+5]; got != reg.Parks[0].NameZh {
		t.Errorf("the park is named %s", got)
	}
}

func TestPageSaysWhatItStandsOn(t *testing.T) {
	table := Overview(sample(t), Options{})
	page := htmlPageOf(t, table)
	for _, want := range []string{
		"数据日期", "2016年6月30日", "812", "EPSG:4547 平面面积", "番禺园区、南沙园区", "Panyu Park, Nansha Park", table.Checksum(), "校验码 " + table.Checksum()[:16],
		`role="note">` + demonstrationMark.Zh, demonstrationMark.En, `@top-center`, `size: A3 landscape`, `table-header-group`,
		`<th scope="colgroup" colspan="4">用地规模 <span lang="en">Extent</span>`, ` scope="row">`, "<tfoot>", `<tr class="total">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	reg := sample(t)
	reg.Parks[0].Demonstration = false
	if page := htmlPageOf(t, Overview(reg, Options{})); strings.Contains(page, "示范") {
		t.Error("surveyed land is marked as a demonstration")
	}
}
