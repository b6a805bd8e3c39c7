package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
)

func writeReport(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("report", "TABLE [flags]; tables are "+strings.Join(report.Names(), ", "))
	home := flags.home()
	var parks list
	flags.Var(&parks, "park", "code of a park; may be repeated; none: all parks")
	font := flags.font()
	formatName := flags.String("format", "csv", "xlsx, csv, json, html or pdf")
	measure := flags.String("measure", "plane", "plane or ellipsoid")
	at := flags.String("at", "", "day as of which the table is made, such as 2018-06-30; empty: today")
	out := flags.String("out", "", "file to write; empty: standard output")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 {
		return fmt.Errorf("%w: say report TABLE", errMisuse)
	}
	format, err := report.LookupFormat(*formatName, paper.NewShelf(*font))
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	var options report.Options
	if options.Measure, err = report.ParseMeasure(*measure); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	var moment land.Moment
	if moment.At, err = land.ParseDate(*at); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		codes := make([]land.ParkCode, len(parks))
		for i, p := range parks {
			codes[i] = land.ParkCode(p)
		}
		register, err := db.Load(ctx, moment, codes...)
		if err != nil {
			return err
		}
		table, err := report.Build(words[0], report.Register(register), options)
		if err != nil {
			return err
		}
		if *out == "" {
			return format.Write(stdout, table)
		}
		return writeWhole(*out, func(w io.Writer) error { return format.Write(w, table) })
	})
}

// font is a flag: what documents are set in.
func (f *flagSet) font() *string {
	return f.String("font", "", "TrueType files that PDF documents are set in, parted as in PATH, one of them with Chinese; empty: Debian's fonts-droid-fallback and fonts-dejavu-core")
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
