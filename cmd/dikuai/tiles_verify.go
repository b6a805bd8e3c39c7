package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/mvt"
	"github.com/dikuai/dikuai/tiles/pmtiles"
)

const (
	tileMargin = 64 // units beyond a tile's side that this program draws
	faultsTold = 10
)

// verified is what verify has seen.
type verified struct {
	File        string      `json:"file"`
	Tiles       uint64      `json:"tiles"`
	Contents    uint64      `json:"contents"`
	MinZoom     int         `json:"min_zoom"`
	MaxZoom     int         `json:"max_zoom"`
	Bytes       int64       `json:"bytes"`
	TileBytes   uint64      `json:"tile_bytes"` // of all contents, decompressed
	Largest     int         `json:"largest"`    // bytes of the largest content, decompressed
	LargestTile string      `json:"largest_tile"`
	Features    int64       `json:"features"`
	Vertices    int64       `json:"vertices"`
	Seq         land.Seq    `json:"register_seq,omitempty"`
	Day         string      `json:"day,omitempty"`
	Faults      int         `json:"faults"`
	First       []tileFault `json:"first_faults"`
}

type tileFault struct {
	Rule string `json:"rule"`
	Tile string `json:"tile,omitempty"`
	Text string `json:"text"`
}

func verifyTiles(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("tiles verify", "FILE.pmtiles [flags]")
	workers := flags.Int("workers", 0, "tiles to look at at once; 0: one a processor")
	asJSON := flags.Bool("json", false, "print a JSON object")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 || *workers < 0 {
		return fmt.Errorf("%w: say tiles verify FILE.pmtiles", errMisuse)
	}
	v, err := verifyArchive(ctx, words[0], *workers)
	if err != nil {
		return err
	}
	if *asJSON {
		if err := json.NewEncoder(stdout).Encode(v); err != nil {
			return err
		}
	} else {
		for _, f := range v.First {
			fmt.Fprintln(stdout, f)
		}
		fmt.Fprintf(stdout, "%s: %d tiles of zoom %d to %d, %d of them different, %s; %d features, %d vertices; the largest tile is %s with %s; %d faults\n",
			v.File, v.Tiles, v.MinZoom, v.MaxZoom, v.Contents, sizeText(uint64(v.Bytes)), v.Features, v.Vertices, v.LargestTile, sizeText(uint64(v.Largest)), v.Faults)
	}
	if v.Faults > 0 {
		return fmt.Errorf("%s has %d fault(s)", v.File, v.Faults)
	}
	return nil
}

func verifyArchive(ctx context.Context, path string, workers int) (verified, error) {
	v := verified{File: path, First: []tileFault{}}
	f, err := os.Open(path)
	if err != nil {
		return v, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return v, err
	}
	if !info.Mode().IsRegular() {
		return v, fmt.Errorf("%s is not a file", path)
	}
	var features, vertices, looked atomic.Int64
	pace := newPace("verified", "tiles")
	defer pace.end()
	if a, err := pmtiles.Open(f, info.Size()); err == nil {
		pace.all = int(a.Header.Contents)
		if told, ok := aboutOf(a); ok {
			v.Seq, v.Day = told.Seq, told.Day
		}
	}
	report, err := pmtiles.Verify(contextReader{ctx, f}, info.Size(), pmtiles.Checks{Workers: workers, Tile: func(tile []byte) error {
		r := mvt.Rules{Margin: tileMargin}.Inspect(tile)
		features.Add(int64(r.Features))
		vertices.Add(int64(r.Vertices))
		pace.show(int(looked.Add(1)))
		if r.Faults != nil {
			return r.Faults
		}
		return nil
	}})
	if err != nil {
		return v, err
	}
	h := report.Header
	v.Tiles, v.Contents, v.MinZoom, v.MaxZoom, v.Bytes = report.Tiles, report.Contents, int(h.MinZoom), int(h.MaxZoom), info.Size()
	v.TileBytes, v.Largest = report.Bytes, report.Largest
	if report.Contents > 0 {
		v.LargestTile = report.LargestTile.String()
	}
	v.Features, v.Vertices = features.Load(), vertices.Load()
	v.Faults = len(report.Faults) + report.More
	for _, fault := range report.Faults[:min(len(report.Faults), faultsTold)] {
		v.First = append(v.First, tileFaultOf(fault))
	}
	return v, nil
}

func tileFaultOf(f *pmtiles.Fault) tileFault {
	told := tileFault{Rule: string(f.Rule), Text: f.Text}
	if f.Tile != nil {
		told.Tile = f.Tile.String()
	}
	var inside *mvt.Fault
	if errors.As(f.Err, &inside) {
		told.Rule = string(inside.Rule)
	}
	return told
}

func (f tileFault) String() string {
	if f.Tile == "" {
		return f.Rule + ": " + f.Text
	}
	return "tile " + f.Tile + ": " + f.Rule + ": " + f.Text
}

// contextReader reads until its context ends.
type contextReader struct {
	ctx context.Context
	r   io.ReaderAt
}

func (c contextReader) ReadAt(b []byte, at int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.ReadAt(b, at)
}
