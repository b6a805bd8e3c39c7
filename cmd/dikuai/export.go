package main

import (
	"context"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

func exportPlots(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("export", "--park CODE --format F [flags]")
	home := flags.home()
	park := flags.String("park", "", "code of the park")
	formatName := flags.String("format", "", exchange.WrittenNames())
	crs := flags.String("crs", "", "reference system of the coordinates, such as EPSG:4547; empty: the format's own")
	encoding := flags.String("encoding", "", "utf-8 or gbk, of shapefile and boundary-txt; empty: utf-8 for the one, gbk for the other")
	chinese := flags.Bool("chinese", false, "csv: Chinese headings in place of the properties' names")
	at := flags.String("at", "", "day as of which the plots are taken, such as 2018-06-30; empty: today")
	out := flags.String("out", "", "file to write; empty: standard output")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 0 || *park == "" || *formatName == "" {
		return fmt.Errorf("%w: say export --park CODE --format F", errMisuse)
	}
	format, err := exchange.LookupWritten(*formatName)
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	options := exchange.Options{Encoding: *encoding, Chinese: *chinese}
	if *crs != "" {
		if options.CRS, err = geo.ParseCRS(*crs); err != nil {
			return fmt.Errorf("%w: %v", errMisuse, err)
		}
	}
	var moment land.Moment
	if moment.At, err = land.ParseDate(*at); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if err := format.Check(options); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if *out == "" && !format.IsText() {
		return fmt.Errorf("%w: %s is not text; name a file with --out, such as --out %s%s", errMisuse, format.Name, *park, format.Extensions[0])
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		register, err := db.Load(ctx, moment, land.ParkCode(*park))
		if err != nil {
			return err
		}
		write := func(w io.Writer) error {
			return exchange.WriteRegister(ctx, w, format.Name, options, register)
		}
		if *out == "" {
			return write(stdout)
		}
		return writeWhole(*out, write)
	})
}
