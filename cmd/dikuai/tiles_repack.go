package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// area is a place in which tiles down to a zoom changed.
type area struct {
	box     plotset.Box
	maxZoom int
	held    bool // only tiles in which something still lies: what is gone has an area of its own
}

// changedIDs are the tiles in which areas can show.
func (p *packing) changedIDs(areas []area) iter.Seq[pmtiles.ID] {
	return walk(p.maxZoom, areas, func(t maptile.Tile, above []area) ([]area, bool) {
		var here []area
		for _, a := range above {
			if int(t.Z) <= a.maxZoom && tiles.Touched(t, a.box) && (!a.held || p.view.Holds(t)) {
				here = append(here, a)
			}
		}
		return here, len(here) > 0
	})
}

// A pack in full is quicker where this share of plots changed, or as many changed
// while their change's clock ran behind its neighbour's.
const (
	mostChanged = 4 // one in so many
	mostBehind  = 1000
)

// takeUp opens the archive whose tiles are taken over where nothing changed, and
// tells what changed since. There is none when none is named, or whyFull says why
// it does not serve.
func (p *packing) takeUp(ctx context.Context) (old *pmtiles.Archive, changed []area, whyFull string, err error) {
	if p.since == "" {
		return nil, nil, "", nil
	}
	old, err = openArchive(p.since)
	var fault *pmtiles.Fault
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, "there is no " + p.since, nil
	case errors.As(err, &fault):
		return nil, nil, err.Error(), nil
	case err != nil:
		return nil, nil, "", err
	}
	if whyFull, err = p.differs(ctx, old); err == nil && whyFull == "" {
		told, _ := aboutOf(old)
		changed, whyFull, err = p.changedSince(ctx, told)
	}
	if err != nil || whyFull != "" {
		return nil, nil, whyFull, errors.Join(err, old.Close())
	}
	return old, changed, "", nil
}

// differs says why an archive is no earlier pack of the same.
func (p *packing) differs(ctx context.Context, old *pmtiles.Archive) (why string, err error) {
	told, ok := aboutOf(old)
	now := p.about
	switch {
	case !ok:
		return p.since + " is not a pack of this program", nil
	case told.Encoding != now.Encoding:
		return fmt.Sprintf("%s has tiles of encoding %d, not %d", p.since, told.Encoding, now.Encoding), nil
	case told.MaxZoom != now.MaxZoom:
		return fmt.Sprintf("%s has zooms to %d, not %d", p.since, told.MaxZoom, now.MaxZoom), nil
	case told.At != now.At:
		return fmt.Sprintf("%s was packed as of %s, not %s", p.since, dayText(told.At), dayText(now.At)), nil
	case old.Header.Type != pmtiles.MVT || old.Header.Compression != pmtiles.Gzip:
		return p.since + " has tiles of another form", nil
	}
	hash, err := p.hashOf(ctx, told.Seq)
	if err == nil && (hash == "" || hash != told.Hash || told.Seq > now.Seq) {
		why = p.since + " is of another register"
	}
	return why, err
}

func dayText(at string) string {
	if at == "" {
		return "its own day"
	}
	return at
}

// changedSince tells where tiles changed since an archive was packed: where plots
// were before and are now, and where parks and control layers that look different
// were and are. It may name too much, never too little.
func (p *packing) changedSince(ctx context.Context, told about) (changed []area, whyFull string, err error) {
	changed = changedParts(told.Parts, p.about.Parts)
	was, first, err := p.changedPlots(ctx, told.Seq)
	if err != nil || len(was) == 0 {
		return changed, "", err
	}
	if len(was)*mostChanged > p.view.Plots.Len() {
		return nil, fmt.Sprintf("%d of %d plots changed", len(was), p.view.Plots.Len()), nil
	}
	for id := range was {
		if r, ok := p.view.Plots.Get(id); ok {
			changed = append(changed, area{box: r.Box(), maxZoom: maxPackZoom})
		}
	}
	// The register just before the first of the changes was recorded has nearly
	// all outlines that the archive has.
	past, err := p.db.Past(ctx, land.Moment{At: p.at, Known: first.Add(-time.Microsecond)})
	if err != nil {
		return nil, "", err
	}
	for i := range past.Earlier {
		if plot := &past.Earlier[i]; was[plot.ID] > 0 && was[plot.ID] == plot.Version {
			_, box := plotset.ShapeOf(plot.Boundary)
			changed = append(changed, area{box: box, maxZoom: maxPackZoom})
			delete(was, plot.ID)
		}
	}
	// Acts number their changes as they end and take their time as they begin, so
	// that of two at once the later may have the earlier time; and on a day that
	// was asked for, an earlier version may be the last one that had begun.
	behind := 0
	for id, version := range was {
		if version == 0 { // it is new
			continue
		}
		if behind++; behind > mostBehind {
			return nil, fmt.Sprintf("more than %d plots have outlines of uncertain days", mostBehind), nil
		}
		history, err := p.db.History(ctx, id)
		if err != nil {
			return nil, "", err
		}
		for _, v := range history {
			_, box := plotset.ShapeOf(v.Boundary)
			changed = append(changed, area{box: box, maxZoom: maxPackZoom})
		}
	}
	return changed, "", nil
}

// changedPlots are the plots that changed after a number, with the version that
// each had then, 0 for new ones, and when the first change was recorded.
func (p *packing) changedPlots(ctx context.Context, seq land.Seq) (was map[land.PlotID]int, first time.Time, err error) {
	const page = 500
	was = map[land.PlotID]int{}
	for {
		changes, err := p.db.Changes(ctx, seq, page)
		if err != nil {
			return nil, first, err
		}
		for _, c := range changes {
			seq = c.Seq
			for _, plot := range c.Plots {
				if first.IsZero() || c.RecordedAt.Before(first) {
					first = c.RecordedAt
				}
				if _, known := was[plot.ID]; !known {
					was[plot.ID] = plot.Version - 1
				}
			}
		}
		if len(changes) < page {
			return was, first, nil
		}
	}
}

// changedParts are the places of parts that look different.
func changedParts(before, after []part) []area {
	var changed []area
	differing := func(these, those []part) {
		for _, s := range these {
			if !slices.ContainsFunc(those, func(o part) bool { return o.Name == s.Name && o.Digest == s.Digest && o.MaxZoom == s.MaxZoom }) {
				box := plotset.Box{Min: plotset.Point{X: s.Box[0], Y: s.Box[1]}, Max: plotset.Point{X: s.Box[2], Y: s.Box[3]}}
				changed = append(changed, area{box, s.MaxZoom, s.Everywhere})
			}
		}
	}
	differing(before, after)
	differing(after, before)
	return changed
}
