package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// zoomChanges counts how tiles of a zoom differ.
type zoomChanges struct {
	Zoom    int    `json:"zoom"`
	Added   uint64 `json:"added"`
	Removed uint64 `json:"removed"`
	Altered uint64 `json:"altered"`
}

func (z *zoomChanges) add(k pmtiles.Kind, n uint64) {
	switch k {
	case pmtiles.Added:
		z.Added += n
	case pmtiles.Removed:
		z.Removed += n
	case pmtiles.Altered:
		z.Altered += n
	}
}

// tileChange is a tile that differs.
type tileChange struct {
	Tile   string `json:"tile"`
	Change string `json:"change"`
}

func diffTiles(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("tiles diff", "OLD.pmtiles NEW.pmtiles [flags]")
	asJSON := flags.Bool("json", false, "print a JSON object, with every tile that differs")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 2 {
		return fmt.Errorf("%w: say tiles diff OLD.pmtiles NEW.pmtiles", errMisuse)
	}
	from, err := openArchive(words[0])
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := openArchive(words[1])
	if err != nil {
		return err
	}
	defer to.Close()
	changes, zooms, err := differences(ctx, from, to)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeDifferences(stdout, words, changes, zooms)
	}
	for _, z := range zooms {
		fmt.Fprintf(stdout, "zoom %2d: %d altered, %d added, %d removed\n", z.Zoom, z.Altered, z.Added, z.Removed)
	}
	all := total(zooms)
	_, err = fmt.Fprintf(stdout, "%d tiles differ: %d altered, %d added, %d removed\n", all.Altered+all.Added+all.Removed, all.Altered, all.Added, all.Removed)
	return err
}

// differences are the runs of tiles that differ, and how many do at each zoom
// where any does.
func differences(ctx context.Context, from, to *pmtiles.Archive) (changes []pmtiles.Change, zooms []zoomChanges, err error) {
	for c, err := range pmtiles.Diff(from, to) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, nil, err
		}
		changes = append(changes, c)
		for first, end := c.ID, c.ID+pmtiles.ID(c.Run); first < end; {
			zoom := first.Zoom()
			last := min(end, pmtiles.At(zoom+1, 0, 0)) // a run may go on into the next zoom
			if len(zooms) == 0 || zooms[len(zooms)-1].Zoom != zoom {
				zooms = append(zooms, zoomChanges{Zoom: zoom})
			}
			zooms[len(zooms)-1].add(c.Kind, uint64(last-first))
			first = last
		}
	}
	return changes, zooms, nil
}

func total(zooms []zoomChanges) (all zoomChanges) {
	for _, z := range zooms {
		all.Added += z.Added
		all.Removed += z.Removed
		all.Altered += z.Altered
	}
	return all
}

// writeDifferences writes a JSON object without holding every tile of it.
func writeDifferences(w io.Writer, files []string, changes []pmtiles.Change, zooms []zoomChanges) error {
	if zooms == nil {
		zooms = []zoomChanges{}
	}
	all := total(zooms)
	head, err := json.Marshal(map[string]any{
		"from": files[0], "to": files[1], "zooms": zooms, "added": all.Added, "removed": all.Removed, "altered": all.Altered,
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, `%s,"tiles":[`, head[:len(head)-1]); err != nil {
		return err
	}
	between := ""
	for _, c := range changes {
		for id := range c.IDs() {
			one, err := json.Marshal(tileChange{id.String(), c.Kind.String()})
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s%s", between, one); err != nil {
				return err
			}
			between = ",\n"
		}
	}
	_, err = fmt.Fprintln(w, "]}")
	return err
}
