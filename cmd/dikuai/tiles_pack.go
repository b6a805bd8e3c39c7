package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/pmtiles"
)

const (
	maxPackZoom     = tiles.MaxZoom
	defaultPackZoom = 16 // a plot of 20 m is 130 units of a tile wide; maps enlarge the rest
)

// packing is one call of tiles pack.
type packing struct {
	db      *postgis.DB
	out     string
	since   string // an archive to take over what did not change
	at      land.Date
	maxZoom int
	workers int
	stdout  io.Writer
	asJSON  bool

	view  *tiles.View
	about about
	drawn atomic.Int64
}

func packTiles(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("tiles pack", "--out FILE.pmtiles [--since OLD.pmtiles] [flags]")
	home := flags.home()
	out := flags.String("out", "", "archive to write; one that was left unfinished is gone on with")
	since := flags.String("since", "", "archive of an earlier pack, may be that of --out: tiles that did not change are taken from it")
	maxZoom := flags.Int("max-zoom", defaultPackZoom, fmt.Sprintf("deepest zoom to pack, 0 to %d", maxPackZoom))
	at := flags.String("at", "", "day as of which the register is packed, such as 2018-06-30; empty: today")
	workers := flags.Int("workers", 0, "tiles to draw at once; 0: one a processor")
	asJSON := flags.Bool("json", false, "print a JSON object")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) > 0 || *out == "" {
		return fmt.Errorf("%w: say tiles pack --out FILE.pmtiles", errMisuse)
	}
	if *maxZoom < 0 || *maxZoom > maxPackZoom {
		return fmt.Errorf("%w: --max-zoom is 0 to %d", errMisuse, maxPackZoom)
	}
	if *workers < 0 {
		return fmt.Errorf("%w: --workers cannot be negative", errMisuse)
	}
	p := &packing{out: *out, since: *since, maxZoom: *maxZoom, workers: *workers, stdout: stdout, asJSON: *asJSON}
	if p.workers == 0 {
		p.workers = runtime.GOMAXPROCS(0)
	}
	if p.at, err = land.ParseDate(*at); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		p.db = db
		return p.run(ctx)
	})
}

func (p *packing) run(ctx context.Context) error {
	started := time.Now()
	var err error
	if p.view, err = tiles.Load(ctx, p.db, land.Moment{At: p.at}); err != nil {
		return err
	}
	if p.view.Seq == 0 {
		return errors.New("the register is empty: there is nothing to pack")
	}
	if p.about, err = p.describe(ctx); err != nil {
		return err
	}
	old, changed, whyFull, err := p.takeUp(ctx)
	if err != nil {
		return err
	}
	if old != nil {
		defer old.Close()
	}
	if whyFull != "" && !p.asJSON {
		fmt.Fprintf(p.stdout, "packing in full: %s\n", whyFull)
	}
	if old == nil { // otherwise few are needed, and worked out as they are
		p.view.Plots.Label(ctx, p.workers)
	}
	w, err := pmtiles.Resume(p.out, p.options())
	if err != nil {
		return err
	}
	ids := p.ids()
	if old != nil {
		ids = p.changedIDs(changed)
	}
	pace := newPace("packed", "tiles")
	defer pace.end()
	pace.expect(ids, w.Next())
	encode := func(ctx context.Context, id pmtiles.ID) ([]byte, error) {
		defer pace.show(int(p.drawn.Add(1)))
		return p.encode(ctx, id)
	}
	if old != nil {
		err = pmtiles.Repack(ctx, w, old, ids, p.workers, encode)
	} else {
		err = pmtiles.Pack(ctx, w, ids, p.workers, encode)
	}
	resumed := w.Resumed()
	var h pmtiles.Header
	if err == nil {
		h, err = w.Finish()
	}
	pace.end()
	if err != nil {
		err = errors.Join(err, w.Close())
		if ctx.Err() != nil {
			err = fmt.Errorf("stopped after %d tiles; the same command goes on from there: %w", w.Tiles(), ctx.Err())
		}
		return err
	}
	return p.tell(h, packResult{Resumed: resumed, Full: whyFull, Seconds: time.Since(started).Seconds()})
}

// encode draws a tile as the archive holds it; nothing where nothing lies.
func (p *packing) encode(_ context.Context, id pmtiles.ID) ([]byte, error) {
	z, x, y := id.ZXY()
	body := tiles.Encode(p.view, maptile.New(x, y, maptile.Zoom(z)), nil)
	if len(body) == 0 {
		return nil, nil
	}
	return tiles.Compress(body), nil
}

// ids are the tiles in which something may lie.
func (p *packing) ids() iter.Seq[pmtiles.ID] {
	return walk(p.maxZoom, struct{}{}, func(t maptile.Tile, s struct{}) (struct{}, bool) { return s, p.view.Holds(t) })
}

// about says in an archive's metadata, under aboutKey, of what it is a pack. Two
// archives that say the same are the same.
type about struct {
	Encoding      int      `json:"encoding"`
	MaxZoom       int      `json:"max_zoom"`
	At            string   `json:"at,omitempty"` // the day that was asked for
	Seq           land.Seq `json:"register_seq"`
	Hash          string   `json:"register_hash"` // of that change in the log
	Day           string   `json:"day"`
	Demonstration bool     `json:"demonstration"`
	Parts         []part   `json:"parts"`
}

const aboutKey = "dikuai"

// part is a tiles.Part; the box is west, north, east, south in 2^-32 of the Web
// Mercator world's side.
type part struct {
	Name       string    `json:"name"`
	Digest     string    `json:"digest"`
	Box        [4]uint32 `json:"box"`
	MaxZoom    int       `json:"max_zoom"`
	Everywhere bool      `json:"everywhere,omitempty"`
}

func (p *packing) describe(ctx context.Context) (about, error) {
	a := about{Encoding: tiles.Encoding, MaxZoom: p.maxZoom, Seq: p.view.Seq, Day: p.view.Day.String()}
	if !p.at.IsZero() {
		a.At = p.at.String()
	}
	for _, park := range p.view.Parks {
		a.Demonstration = a.Demonstration || park.Demonstration
	}
	for _, s := range p.view.Parts() {
		a.Parts = append(a.Parts, part{s.Name, s.Digest, [4]uint32{s.Box.Min.X, s.Box.Min.Y, s.Box.Max.X, s.Box.Max.Y}, s.MaxZoom, s.Everywhere})
	}
	var err error
	a.Hash, err = p.hashOf(ctx, a.Seq)
	return a, err
}

// hashOf is the hash of a change, which stands for all that the register went
// through before it; empty when there is no such change.
func (p *packing) hashOf(ctx context.Context, seq land.Seq) (string, error) {
	changes, err := p.db.Changes(ctx, seq-1, 1)
	if err != nil || len(changes) == 0 || changes[0].Seq != seq {
		return "", err
	}
	return hex.EncodeToString(changes[0].Hash[:min(16, len(changes[0].Hash))]), nil
}

// options describe the archive.
func (p *packing) options() pmtiles.Options {
	d := tiles.Describe(p.view)
	m := pmtiles.Metadata{Name: d.Name, Description: d.Description, Attribution: d.Attribution, Type: "overlay", Version: d.Version, Extra: map[string]any{aboutKey: p.about}}
	for _, l := range d.VectorLayers {
		if l.MinZoom <= p.maxZoom {
			m.VectorLayers = append(m.VectorLayers, pmtiles.VectorLayer{ID: l.ID, Description: l.Description, Fields: l.Fields, MinZoom: l.MinZoom, MaxZoom: p.maxZoom})
		}
	}
	return pmtiles.Options{
		Type: pmtiles.MVT, Compression: pmtiles.Gzip,
		Bounds: d.Bounds, Center: [2]float64{d.Center[0], d.Center[1]}, CenterZoom: int(d.Center[2]),
		Metadata:    m,
		Fingerprint: fmt.Sprintf("register %d %s, encoding %d", p.about.Seq, p.about.Hash, p.about.Encoding),
	}
}

// aboutOf reads what an archive is a pack of; ok is false when it does not say.
func aboutOf(a *pmtiles.Archive) (told about, ok bool) {
	m, err := a.Metadata()
	if err != nil || m.Extra[aboutKey] == nil {
		return told, false
	}
	b, err := json.Marshal(m.Extra[aboutKey])
	if err == nil {
		err = json.Unmarshal(b, &told)
	}
	return told, err == nil
}

// packResult is what a pack did.
type packResult struct {
	File     string   `json:"file"`
	Tiles    uint64   `json:"tiles"`
	Contents uint64   `json:"contents"`
	MinZoom  int      `json:"min_zoom"`
	MaxZoom  int      `json:"max_zoom"`
	Bytes    uint64   `json:"bytes"`
	Seq      land.Seq `json:"register_seq"`
	Day      string   `json:"day"`
	Drawn    int64    `json:"drawn"`   // tiles that were drawn now, the empty ones too
	Resumed  uint64   `json:"resumed"` // tiles of an earlier pack that was cut off
	Full     string   `json:"full,omitempty"`
	Seconds  float64  `json:"seconds"`
}

func (p *packing) tell(h pmtiles.Header, done packResult) error {
	done.File, done.Tiles, done.Contents, done.MinZoom, done.MaxZoom = p.out, h.Tiles, h.Contents, int(h.MinZoom), int(h.MaxZoom)
	done.Bytes = h.MetadataOffset + h.MetadataLength // which come last
	done.Seq, done.Day, done.Drawn = p.about.Seq, p.about.Day, p.drawn.Load()
	if p.asJSON {
		return json.NewEncoder(p.stdout).Encode(done)
	}
	_, err := fmt.Fprintf(p.stdout, "%s: %d tiles of zoom %d to %d, %s, register as of change %d on %s; %d drawn, %d resumed, %.1f s\n",
		done.File, done.Tiles, done.MinZoom, done.MaxZoom, sizeText(done.Bytes), done.Seq, done.Day, done.Drawn, done.Resumed, done.Seconds)
	return err
}

func sizeText(bytes uint64) string {
	switch {
	case bytes < 1e6:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	case bytes < 1e9:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(bytes)/1e9)
}
