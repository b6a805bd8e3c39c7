package report

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// pdfStamp finds the stamp among the document's properties, where it is the first
// of the keywords, in UTF-16.
func pdfStamp(file []byte) (string, error) {
	_, found, ours := bytes.Cut(file, inUTF16(stampPrefix))
	if !ours {
		return "", errNoStamp
	}
	var b strings.Builder
	b.WriteString(stampPrefix)
	for len(found) >= 2 && found[0] == 0 && found[1] > ' ' && found[1] < 0x7F {
		b.WriteByte(found[1])
		found = found[2:]
	}
	return b.String(), nil
}

func inUTF16(s string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return b
}

var (
	pdfStream  = regexp.MustCompile(`(?s)stream\r?\n(.*?)\nendstream`)
	pdfShown   = regexp.MustCompile(`(?s)\(((?:[^\\()]|\\.)*)\) Tj`)
	pdfEscapes = strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")", `\r`, "\r")
)

// pdfPages are the texts that a document of ours shows, page by page.
func pdfPages(file []byte) ([]string, error) {
	var pages []string
	for _, stream := range pdfStream.FindAllSubmatch(file, -1) {
		inflated, err := zlib.NewReader(bytes.NewReader(stream[1]))
		if err != nil {
			continue // a stream of another kind
		}
		content, err := io.ReadAll(io.LimitReader(inflated, largestInside))
		if err != nil {
			return nil, err
		}
		var shown strings.Builder
		for _, text := range pdfShown.FindAllSubmatch(content, -1) {
			shown.WriteString(fromUTF16(pdfEscapes.Replace(string(text[1]))))
		}
		if shown.Len() > 0 {
			pages = append(pages, shown.String())
		}
	}
	return pages, nil
}

func fromUTF16(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(units))
}

// pdfDifferences holds the texts of a document's pages to those of the table as
// it is printed now. Where a page's text is as long as it should be, every text
// that differs is told; else what lies between the page's first and last fault.
func pdfDifferences(file []byte, p *pdfTable, right []byte) ([]Difference, error) {
	pages, err := pdfPages(file)
	if err != nil {
		return nil, err
	}
	truth, err := pdfPages(right)
	if err != nil {
		return nil, err
	}
	if len(pages) != len(truth) {
		return []Difference{{geo.Say("页数", "the number of pages"), strconv.Itoa(len(pages)), strconv.Itoa(len(truth))}}, nil
	}
	var all []Difference
	texts := p.printed
	for n := range pages {
		last := 0
		for last < len(texts) && texts[last].page == n+1 {
			last++
		}
		if pages[n] != truth[n] {
			all = append(all, pageDifferences([]rune(pages[n]), []rune(truth[n]), texts[:last], p.table)...)
		}
		texts = texts[last:]
	}
	return all, nil
}

// pageDifferences cuts a page's text as its printed texts are long.
func pageDifferences(page, truth []rune, texts []pdfText, t Table) []Difference {
	var all []Difference
	if len(page) == len(truth) {
		for _, text := range texts {
			n := min(utf8.RuneCountInString(text.text), len(truth))
			if got, want := string(page[:n]), string(truth[:n]); got != want {
				all = append(all, Difference{t.placeWords(text.at), got, want})
			}
			page, truth = page[n:], truth[n:]
		}
		return all
	}
	same := 0
	for same < min(len(page), len(truth)) && page[same] == truth[same] {
		same++
	}
	end := 0 // runes that are the same at the end
	for end < min(len(page), len(truth))-same && page[len(page)-1-end] == truth[len(truth)-1-end] {
		end++
	}
	from, to := 0, 0
	var at place
	for _, text := range texts {
		n := utf8.RuneCountInString(text.text)
		if to+n <= same {
			from, to = to+n, to+n
			continue
		}
		if from == to {
			at = text.at
		}
		if to += n; to >= len(truth)-end {
			break
		}
	}
	return []Difference{{t.placeWords(at), string(page[from : len(page)-(len(truth)-to)]), string(truth[from:to])}}
}
