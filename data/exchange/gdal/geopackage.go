package gdal

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// Names in a GeoPackage that WriteGeoPackage makes.
const (
	plotsLayer  = "plots"
	stylesLayer = "layer_styles" // where QGIS looks for a layer's default style
	geometry    = "geom"
)

// largestWritten bounds the files that are written, in bytes.
const largestWritten = 64 << 30

// WriteGeoPackage writes plots as a GeoPackage of one layer, plots, with a
// default style for QGIS in the planning colours and what the file is as its
// metadata. GDAL gets the plots as rows with their geometry as WKB, so that
// coordinates stay bit for bit. An error of plots is given back.
func WriteGeoPackage(ctx context.Context, w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	dir, err := os.MkdirTemp("", "dikuai-exchange-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	uses, err := writeRows(dir, o, plots)
	if err != nil {
		return err
	}
	if err := writeStyles(dir, uses, o.At); err != nil {
		return err
	}
	limits := Limits{Bytes: largestWritten}.withDefaults()
	t := tool{drivers: []string{"CSV", driverOf[GeoPackage]}, dir: dir, limits: limits, env: []string{"OGR_SQLITE_SYNCHRONOUS=OFF"}}
	if !o.At.IsZero() { // the same plots of the same day are the same bytes
		t.env = append(t.env, "OGR_CURRENT_DATE="+o.At.Time().Format("2006-01-02T15:04:05.000Z"))
	}
	file := filepath.Join(dir, "out.gpkg")
	args := []string{"-f", "GPKG", file, filepath.Join(dir, plotsLayer+".csv"), "-nln", plotsLayer, "-nlt", "MULTIPOLYGON", "-a_srs", o.CRS.String(),
		"-oo", "GEOM_POSSIBLE_NAMES=" + geometry, "-oo", "KEEP_GEOM_COLUMNS=NO", "-oo", "EMPTY_STRING_AS_NULL=YES",
		"-lco", "FID=fid", "-lco", "GEOMETRY_NAME=" + geometry, "-lco", "IDENTIFIER=" + o.Heading(), "-lco", "DESCRIPTION=" + description(o)}
	for _, m := range o.Members() {
		args = append(args, "-mo", m.Name+"="+m.Text)
	}
	if err := t.convert(ctx, args...); err != nil {
		return err
	}
	err = t.convert(ctx, "-update", "-f", "GPKG", file, filepath.Join(dir, stylesLayer+".csv"), "-nln", stylesLayer, "-nlt", "NONE", "-lco", "FID=id")
	if err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// convert runs ogr2ogr on files of ours, which therefore must read.
func (t tool) convert(ctx context.Context, args ...string) error {
	messages, err := t.start(ctx, func(out io.Reader) error { _, err := io.Copy(io.Discard, out); return err }, "ogr2ogr", args...)
	if err != nil {
		return fmt.Errorf("writing GeoPackage: %w", err)
	}
	if strings.Contains(messages, "ERROR ") {
		return fmt.Errorf("writing GeoPackage: %s", strings.TrimSpace(messages))
	}
	return nil
}

func description(o outlet.Options) string {
	var lines []string
	for _, m := range o.Members() {
		lines = append(lines, m.Zh+"："+m.Text)
	}
	return strings.Join(lines, "；")
}

// columnTypes are the words of a .csvt for the kinds of property.
var columnTypes = map[land.Kind]string{land.Text: "String", land.Integer: "Integer64", land.Number: "Real", land.Day: "Date"}

// writeRows writes the plots for GDAL and gives the land uses met.
func writeRows(dir string, o outlet.Options, plots iter.Seq2[*land.Plot, error]) ([]land.UseCode, error) {
	project, err := outlet.NewProjection(o.CRS)
	if err != nil {
		return nil, err
	}
	fields := land.Fields()
	var names, types []string
	for _, f := range fields {
		names, types = append(names, f.Name), append(types, columnTypes[f.Kind])
	}
	var uses []land.UseCode
	met := map[land.UseCode]bool{}
	err = writeTable(dir, plotsLayer, append(names, geometry), append(types, "String"), func(row func([]string) error) error {
		record := make([]string, 0, len(fields)+1)
		for p, err := range plots {
			if err != nil {
				return err
			}
			if !met[p.Use] {
				met[p.Use] = true
				uses = append(uses, p.Use)
			}
			record = record[:0]
			for i := range fields {
				record = append(record, outlet.Text(fields[i].Name, fields[i].Get(p)))
			}
			shape, err := wkb.Marshal(project(p.Boundary), binary.LittleEndian)
			if err != nil {
				return err
			}
			if err := row(append(record, hex.EncodeToString(shape))); err != nil {
				return err
			}
		}
		return nil
	})
	return uses, err
}

// writeTable writes a table and its column types as GDAL's CSV driver reads them.
func writeTable(dir, name string, columns, types []string, rows func(row func([]string) error) error) error {
	if err := os.WriteFile(filepath.Join(dir, name+".csvt"), []byte(strings.Join(types, ",")), 0o600); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, name+".csv"))
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(f, 1<<16)
	lines := csv.NewWriter(out)
	if err := errors.Join(lines.Write(columns), rows(lines.Write)); err != nil {
		return errors.Join(err, f.Close())
	}
	lines.Flush()
	return errors.Join(lines.Error(), out.Flush(), f.Close())
}
