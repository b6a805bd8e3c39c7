package main

import (
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report/paper"
)

// packName is the word for an approval pack among tables and sheets.
const packName = "pack"

// writePack writes the approval pack of some plots.
func writePack(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("report", "pack --plot ID,ID --out FILE.zip [flags]")
	home := flags.home()
	var plots list
	flags.Var(&plots, "plot", "id of a plot, or several with commas; may be repeated; at most 50")
	font := flags.font()
	at := flags.String("at", "", "day as of which the pack is made, such as 2018-06-30; empty: today")
	known := flags.String("known-at", "", "moment of knowledge, such as 2018-07-01T08:00:00+08:00; empty: now")
	out := flags.String("out", "", "file to write")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 || *out == "" {
		return fmt.Errorf("%w: say report pack --plot ID,ID --out FILE.zip", errMisuse)
	}
	asked, err := api.NewPack(url.Values{"plot": plots, "at": {*at}, "known_at": {*known}}, paper.NewShelf(*font))
	if err != nil {
		return fmt.Errorf("%w: %w", errMisuse, err)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		return writeWhole(*out, func(w io.Writer) error {
			_, err := asked.Write(ctx, w, reportDesk(db))
			return err
		})
	})
}
