package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/data/report/sheet"
)

// writeSheet draws a map sheet.
func writeSheet(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("report", "SHEET [flags]; sheets are "+strings.Join(sheet.Names(), " (of a --plot) and ")+" (of a --park)")
	home := flags.home()
	plot := flags.Int64("plot", 0, "plot-map: the plot's number in the register")
	park := flags.String("park", "", "park-map: code of the park")
	scaleText := flags.String("scale", "", "scale, such as 1:1000; empty: the largest that fits")
	paperName := flags.String("paper", "", "A4 or A3; empty: what the scale takes")
	font := flags.font()
	formatName := flags.String("format", "pdf", "pdf, png or dxf")
	at := flags.String("at", "", "day as of which the sheet is drawn, such as 2018-06-30; empty: today")
	out := flags.String("out", "", "file to write; empty: standard output")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 || (words[0] == sheet.PlotMapName) != (*plot != 0) || (words[0] == sheet.ParkMapName) != (*park != "") {
		return fmt.Errorf("%w: say report plot-map --plot ID or report park-map --park CODE", errMisuse)
	}
	format, err := sheet.LookupFormat(*formatName)
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	var options sheet.Options
	if options.Scale, err = sheet.ParseScale(words[0], *scaleText); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if options.Paper, err = sheet.ParsePaper(*paperName); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	var moment land.Moment
	if moment.At, err = land.ParseDate(*at); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	fonts, err := paper.OpenFonts(*font)
	if err != nil {
		return err
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		var drawn *sheet.Sheet
		if words[0] == sheet.PlotMapName {
			drawn, err = plotMap(ctx, db, fonts, land.PlotID(*plot), moment, options)
		} else {
			drawn, err = parkMap(ctx, db, fonts, land.ParkCode(*park), moment, options)
		}
		if err != nil {
			return err
		}
		write := func(w io.Writer) error { return format.Write(ctx, w, drawn) }
		if *out == "" {
			return write(stdout)
		}
		return writeWhole(*out, write)
	})
}

func plotMap(ctx context.Context, db *postgis.DB, fonts *paper.Fonts, id land.PlotID, m land.Moment, o sheet.Options) (*sheet.Sheet, error) {
	versions, err := db.History(ctx, id)
	if err != nil {
		return nil, err
	}
	register, err := db.Load(ctx, m, versions[len(versions)-1].Park)
	if err != nil {
		return nil, err
	}
	for _, p := range register.Plots {
		if p.ID == id {
			return sheet.PlotMap(fonts, sheet.PlotSubject{Park: register.Parks[0], Plot: p, Around: register.Plots, At: register.At, Seq: register.Seq}, o)
		}
	}
	return nil, &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
}

func parkMap(ctx context.Context, db *postgis.DB, fonts *paper.Fonts, code land.ParkCode, m land.Moment, o sheet.Options) (*sheet.Sheet, error) {
	register, err := db.Load(ctx, m, code)
	if err != nil {
		return nil, err
	}
	return sheet.ParkMap(fonts, register, o)
}
