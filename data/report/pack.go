package report

import (
	"archive/zip"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"hash"
	"html/template"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

//go:embed pack.html.tmpl
var packText string

var packTemplate = template.Must(template.New("pack").Parse(packText))

// Names in a pack that stand at its end.
const (
	packIndex = "index.html"
	packSums  = "SHA256SUMS"
)

// Pack is an approval pack (审批材料包): files about some plots, all of one state of
// the register.
type Pack struct {
	Title         geo.Words
	AsOf          land.Date
	Seq           land.Seq // 变更号
	Demonstration bool     // some of the land is a layout drawn for show
	Case          string   // number and title of the case; empty: the plots are chosen
	Plots         []string // 地块编号
	Parts         []Part
}

// Part is a file of a pack.
type Part struct {
	Name  string // of the file, in ASCII
	Title geo.Words
	Write func(io.Writer) error
}

// packed is what is known of a part when it is written.
type packed struct {
	Part
	Bytes int64
	Sum   string // SHA-256, hexadecimal
}

// Kind is the file's ending.
func (p packed) Kind() string { return strings.ToUpper(strings.TrimPrefix(path.Ext(p.Name), ".")) }

// Size is how large the file is, for a reader.
func (p packed) Size() string {
	const kibi = 1 << 10
	if p.Bytes < kibi {
		return strconv.FormatInt(p.Bytes, 10) + " B"
	}
	return strconv.FormatInt((p.Bytes+kibi-1)/kibi, 10) + " KiB"
}

// WritePack writes a pack as a zip file: the parts by their names, a page that lists
// them, and the sums of all as sha256sum checks them. The same parts give the same
// bytes: files are dated by the pack's day.
func WritePack(w io.Writer, p Pack) error {
	archive := zip.NewWriter(w)
	add := func(part Part) (packed, error) {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: p.AsOf.Time()})
		if err != nil {
			return packed{}, err
		}
		sum := &summed{to: entry, hash: sha256.New()}
		if err := part.Write(sum); err != nil {
			return packed{}, fmt.Errorf("%s: %w", part.Name, err)
		}
		return packed{part, sum.bytes, fmt.Sprintf("%x", sum.hash.Sum(nil))}, nil
	}
	var all []packed
	for _, part := range slices.SortedFunc(slices.Values(p.Parts), func(a, b Part) int { return cmp.Compare(a.Name, b.Name) }) {
		one, err := add(part)
		if err != nil {
			return err
		}
		all = append(all, one)
	}
	index, err := add(Part{Name: packIndex, Write: func(w io.Writer) error {
		return packTemplate.Execute(w, packPage{Pack: p, Files: all, Mark: demonstrationMark, Register: registerName})
	}})
	if err != nil {
		return err
	}
	if _, err := add(Part{Name: packSums, Write: func(w io.Writer) error {
		for _, one := range append(all, index) {
			if _, err := fmt.Fprintf(w, "%s  %s\n", one.Sum, one.Name); err != nil {
				return err
			}
		}
		return nil
	}}); err != nil {
		return err
	}
	return archive.Close()
}

type packPage struct {
	Pack
	Files          []packed
	Mark, Register geo.Words
}

// summed adds up what is written through it.
type summed struct {
	to    io.Writer
	hash  hash.Hash
	bytes int64
}

func (s *summed) Write(b []byte) (int, error) {
	n, err := s.to.Write(b)
	s.hash.Write(b[:n])
	s.bytes += int64(n)
	return n, err
}
