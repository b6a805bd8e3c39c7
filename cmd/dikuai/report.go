package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/data/report/sheet"
	"github.com/dikuai/dikuai/tiles"
)

// reportFlags are the parameters of tables, as flags.
var reportFlags = []struct{ name, usage string }{
	{"at", "day as of which the table is made, such as 2018-06-30; empty: today"},
	{"known-at", "moment of knowledge, such as 2018-07-01T08:00:00+08:00; empty: now"},
	{"measure", "plane or ellipsoid; empty: plane"},
	{"filter", "CQL2 text that plots must fulfil, such as \"area_mu > 20 AND status = 'available'\""},
	{"year", "supply, lineage, quota: this year alone"},
	{"kind", "quota: these kinds alone, with commas"},
	{"scheme", fmt.Sprintf("balance: classification in which all plots are told, %s or %s; empty: each plot in its own", land.GB50137, land.MNR2023)},
	{"against", "balance: day to compare with"},
	{"crs", "boundary: plane of the coordinates, such as EPSG:4526; empty: the park's own"},
}

func writeReport(ctx context.Context, args []string, stdout io.Writer) error {
	if slices.ContainsFunc(args, sheet.Named) {
		return writeSheet(ctx, args, stdout)
	}
	if slices.Contains(args, packName) {
		return writePack(ctx, args, stdout)
	}
	flags := newFlags("report", "TABLE [flags]; tables are "+strings.Join(report.Names(), ", ")+"; and sheets, each with --help: "+strings.Join(sheet.Names(), ", ")+"; and "+packName)
	home := flags.home()
	var parks, plots list
	flags.Var(&parks, "park", "code of a park; may be repeated; none: all parks")
	font := flags.font()
	flags.Var(&plots, "plot", "id of a plot, or several with commas; may be repeated; none: all plots")
	format := flags.String("format", "csv", formatNames())
	out := flags.String("out", "", "file to write; empty: standard output")
	texts := map[string]*string{}
	for _, f := range reportFlags {
		texts[strings.ReplaceAll(f.name, "-", "_")] = flags.String(f.name, "", f.usage)
	}
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 {
		return fmt.Errorf("%w: say report TABLE", errMisuse)
	}
	q := url.Values{}
	for name, text := range texts {
		if *text != "" {
			q.Set(name, *text)
		}
	}
	if len(parks) > 0 {
		q["park"] = parks
	}
	if len(plots) > 0 {
		q["plot"] = plots
	}
	asked, err := api.NewReport(words[0], *format, q, paper.NewShelf(*font))
	if err != nil {
		return fmt.Errorf("%w: %w", errMisuse, err)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		write := func(w io.Writer) error {
			_, err := asked.Write(ctx, w, reportDesk(db))
			return err
		}
		if *out == "" {
			return write(stdout)
		}
		return writeWhole(*out, write)
	})
}

// reportDesk lets this program make tables of all that the register holds.
func reportDesk(db *postgis.DB) api.ReportDesk {
	return api.ReportDesk{
		DB: db, Actor: land.Actor{Name: "dikuai report", Role: land.Admin},
		View: func(ctx context.Context, m land.Moment) (*tiles.View, error) { return tiles.Load(ctx, db, m) },
	}
}

// font is a flag: what documents are set in.
func (f *flagSet) font() *string {
	return f.String("font", "", "TrueType files that PDF documents are set in, parted as in PATH, one of them with Chinese; empty: Debian's fonts-droid-fallback and fonts-dejavu-core")
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats(nil) {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// writeWhole writes a file beside its place and moves it there when it is
// whole, so that nobody ever finds half of it.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".dikuai-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
