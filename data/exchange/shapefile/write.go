// Package shapefile writes plots as a zipped Shapefile (ESRI Shapefile Technical
// Description, 1998) with what its parts leave open: a .prj, a .cpg, and a
// README.txt that explains the short names. Coordinates are x before y.
package shapefile

import (
	"archive/zip"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// stem is the name of the parts.
const stem = "plots"

// TooLargeError says that plots do not fit the format, whose parts end at 2 GiB.
type TooLargeError struct{ Part string }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the %s would be larger than the 2 GiB that a Shapefile can have; take the plots out as GeoPackage", e.Part)
}

// Write writes plots as a zip file. Headers and field widths are known only at
// the end, so that shapes and texts wait in temporary files. Texts longer than
// 254 bytes are cut and letters that GBK lacks replaced; README.txt names the
// plots. An error of plots is given back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	project, err := outlet.NewProjection(o.CRS)
	if err != nil {
		return err
	}
	shapes, err := newShapes()
	if err != nil {
		return err
	}
	defer shapes.close()
	table, err := newTable(o)
	if err != nil {
		return err
	}
	defer table.close()
	for p, err := range plots {
		if err != nil {
			return err
		}
		if err := shapes.add(project(p.Boundary)); err != nil {
			return err
		}
		if err := table.add(p); err != nil {
			return err
		}
	}
	return pack(w, o, shapes, table)
}

func pack(w io.Writer, o outlet.Options, shapes *shapes, table *table) error {
	encoding := "UTF-8"
	if o.Encoding == outlet.GBK {
		encoding = "GBK"
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	archive := zip.NewWriter(w)
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{stem + ".shp", shapes.writeShapes},
		{stem + ".shx", shapes.writeIndex},
		{stem + ".dbf", table.write},
		{stem + ".prj", text(projection(o.CRS))},
		{stem + ".cpg", text(encoding)},
		{"README.txt", text("\uFEFF" + strings.ReplaceAll(readme(o, table), "\n", "\r\n"))},
	} {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: o.At.Time()})
		if err != nil {
			return err
		}
		if err := part.write(entry); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return archive.Close()
}
