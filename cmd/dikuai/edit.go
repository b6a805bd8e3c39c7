package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

const editSynopsis = `split|merge|adjust|reshape|renumber|retire ID… [flags]
  edit split ID --line WKT [--plot-no N …]    cut by a LINESTRING
  edit split ID --part WKT --part WKT …       cut into given polygons
  edit merge ID ID … --plot-no N              make adjacent plots into one
  edit adjust --park CODE --move "X Y > X Y"  move a shared boundary point
  edit reshape ID --boundary WKT              take from and give to the neighbours
  edit renumber ID --plot-no N
  edit retire ID`

// coverageEdit is what the flags of edit say.
type coverageEdit struct {
	db     *postgis.DB
	actor  land.Actor
	act    land.Act
	crs    geo.CRS
	ids    []land.PlotID
	park   land.ParkCode
	line   string
	border string
	parts  list
	moves  list
	plotNo list
}

func edit(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("edit", editSynopsis)
	home := flags.home()
	limits := flags.limits()
	e := coverageEdit{}
	flags.StringVar(&e.line, "line", "", "where to cut, as WKT")
	flags.StringVar(&e.border, "boundary", "", "the new boundary, as WKT")
	flags.Var(&e.parts, "part", "a part, as WKT; may be repeated")
	flags.Var(&e.moves, "move", `a point and its new place, "X Y > X Y"; may be repeated`)
	flags.Var(&e.plotNo, "plot-no", "number of a plot that is made; may be repeated")
	park := flags.String("park", "", "code of the park")
	crs := flags.String("crs", "EPSG:4490", "system of the coordinates, x before y")
	validFrom := flags.String("valid-from", "", "legal day of the edit; empty: today")
	flags.StringVar(&e.act.Reason, "reason", "", "why, for the audit trail")
	flags.StringVar(&e.act.CaseNo, "case-no", "", "under which case")
	actor := flags.String("actor", "command line", "who acts, for the audit trail")
	lang := flags.language()
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) == 0 {
		return fmt.Errorf("%w: say edit %s", errMisuse, editSynopsis)
	}
	for _, w := range words[1:] {
		id, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %q is not a plot id", errMisuse, w)
		}
		e.ids = append(e.ids, land.PlotID(id))
	}
	if e.crs, err = geo.ParseCRS(*crs); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if e.act.ValidFrom, err = land.ParseDate(*validFrom); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	e.park = land.ParkCode(*park)
	e.actor = land.Actor{Name: *actor, Role: land.Admin}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		db.HoldTo(limits.Limits)
		e.db = db
		plots, change, err := e.run(ctx, words[0])
		if errors.Is(err, errMisuse) {
			return err
		}
		if err != nil {
			return lang.refusal(err)
		}
		fmt.Fprintf(stdout, "change %d\n", change.Seq)
		for _, p := range plots {
			fmt.Fprintf(stdout, "%d\t%s\tversion %d\t%s m²\n", p.ID, p.PlotNo, p.Version, printArea(p.Area))
		}
		return nil
	})
}

func (e coverageEdit) run(ctx context.Context, act string) ([]land.Plot, land.Change, error) {
	many := act == "merge" || act == "adjust"
	if !many && len(e.ids) != 1 {
		return nil, land.Change{}, fmt.Errorf("%w: edit %s takes one plot id", errMisuse, act)
	}
	if many {
		return e.runMany(ctx, act)
	}
	id := e.ids[0]
	present, err := e.db.Plot(ctx, id)
	if err != nil {
		return nil, land.Change{}, err
	}
	switch act {
	case "split":
		s := land.Split{Act: e.act, Version: present.Version, CRS: e.crs, PlotNos: e.plotNo}
		if e.line != "" {
			line, err := wkt.UnmarshalLineString(e.line)
			if err != nil {
				return nil, land.Change{}, fmt.Errorf("%w: --line: %v", errMisuse, err)
			}
			s.Line = line
		}
		for _, text := range e.parts {
			part, err := parsePolygon(text)
			if err != nil {
				return nil, land.Change{}, err
			}
			s.Parts = append(s.Parts, part)
		}
		return e.db.SplitPlot(ctx, e.actor, id, s)
	case "reshape":
		boundary, err := parsePolygon(e.border)
		if err != nil {
			return nil, land.Change{}, err
		}
		return e.db.ReshapePlot(ctx, e.actor, id, land.Reshape{Act: e.act, Version: present.Version, CRS: e.crs, Boundary: boundary})
	case "renumber":
		plot, change, err := e.db.RenumberPlot(ctx, e.actor, id, present.Version, strings.Join(e.plotNo, ""), e.act)
		return []land.Plot{plot}, change, err
	case "retire":
		change, err := e.db.RetirePlot(ctx, e.actor, id, present.Version, e.act)
		return nil, change, err
	}
	return nil, land.Change{}, fmt.Errorf("%w: there is no edit %q", errMisuse, act)
}

func (e coverageEdit) runMany(ctx context.Context, act string) ([]land.Plot, land.Change, error) {
	if act == "merge" {
		return e.db.MergePlots(ctx, e.actor, land.Merge{Act: e.act, IDs: e.ids, PlotNo: strings.Join(e.plotNo, "")})
	}
	j := land.Adjust{Act: e.act, Park: e.park, CRS: e.crs}
	for _, text := range e.moves {
		var d land.Displacement
		if _, err := fmt.Sscanf(text, "%f %f > %f %f", &d.From[0], &d.From[1], &d.To[0], &d.To[1]); err != nil {
			return nil, land.Change{}, fmt.Errorf(`%w: --move %q is not "X Y > X Y"`, errMisuse, text)
		}
		j.Moves = append(j.Moves, d)
	}
	return e.db.AdjustBorders(ctx, e.actor, j)
}

func parsePolygon(text string) (geo.MultiPolygon, error) {
	g, err := wkt.Unmarshal(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is not WKT: %v", errMisuse, text, err)
	}
	switch g := g.(type) {
	case orb.Polygon:
		return geo.MultiPolygon{g}, nil
	case orb.MultiPolygon:
		return g, nil
	}
	return nil, fmt.Errorf("%w: %q is not a polygon", errMisuse, text)
}
