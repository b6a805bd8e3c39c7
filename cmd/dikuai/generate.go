package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// cityTitle is what files of a made city are called.
const cityTitle = "演示城市地块"

func generate(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("generate", "--plots N --seed S [--out FILE] [--park CODE] [flags]")
	home := flags.home()
	plots := flags.Int("plots", 0, fmt.Sprintf("number of plots, 1 to %d", city.Largest))
	seed := flags.Uint64("seed", 1, "which city: the same seed and number give the same plots on every machine")
	out := flags.String("out", "", "file to write, such as city.gpkg or city.geojsonl; empty: into the register")
	park := flags.String("park", "city", "code of the park that is founded in the register")
	asJSON := flags.Bool("json", false, "print a JSON object")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 0 || *plots < 1 || *plots > city.Largest {
		return fmt.Errorf("%w: say generate --plots N, with N from 1 to %d", errMisuse, city.Largest)
	}
	if err := land.ParkCode(*park).Validate(); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	o := city.Options{Plots: *plots, Seed: *seed}
	if *out == "" {
		return withDatabase(ctx, *home, func(db *postgis.DB) error {
			return generateInto(ctx, db, land.ParkCode(*park), o, *asJSON, stdout)
		})
	}
	format, err := cityFormat(*out)
	if err != nil {
		return err
	}
	options := exchange.Options{Title: cityTitle, At: city.AsOf(), Demonstration: true}
	if plane := (exchange.Options{CRS: city.CRS}); format.Check(plane) == nil {
		options.CRS = city.CRS
	}
	progress := newProgress("made", "plots")
	defer progress.end()
	err = writeWhole(*out, func(w io.Writer) error {
		return exchange.Write(ctx, w, format.Name, options, cityPlots(ctx, o, land.ParkCode(*park), progress.show))
	})
	if err != nil {
		return err
	}
	progress.end()
	if *asJSON {
		return json.NewEncoder(stdout).Encode(struct {
			File          string `json:"file"`
			Format        string `json:"format"`
			Plots         int    `json:"plots"`
			Seed          uint64 `json:"seed"`
			Demonstration bool   `json:"demonstration"`
		}{*out, format.Name, *plots, *seed, true})
	}
	fmt.Fprintf(stdout, "%s: %d plots of a synthetic city, for demonstration; format %s\n", *out, *plots, format.Name)
	return nil
}

// cityFormat is the format of a file by its name: one that can be imported again.
func cityFormat(file string) (exchange.Format, error) {
	extension := strings.ToLower(filepath.Ext(file))
	for _, f := range exchange.Formats() {
		if slices.Contains(f.Extensions, extension) && !f.WriteOnly {
			if format, err := exchange.LookupWritten(f.Name); err == nil {
				return format, nil
			}
		}
	}
	return exchange.Format{}, fmt.Errorf("%w: no format is known by %q; name the file .gpkg or .geojsonl", errMisuse, extension)
}

// cityPlots are the plots of a made city as a register would hold them.
func cityPlots(ctx context.Context, o city.Options, park land.ParkCode, show func(int)) iter.Seq2[*land.Plot, error] {
	stopped := errors.New("stopped")
	return func(yield func(*land.Plot, error) bool) {
		toDegrees, err := geo.NewTransformer(city.CRS, geo.CGCS2000)
		if err != nil {
			yield(nil, err)
			return
		}
		err = city.Generate(ctx, o, func(d land.Draft) error {
			p := &land.Plot{ID: land.PlotID(d.Row), Park: park, Attributes: d.Attributes, Version: 1}
			p.Boundary = geo.MapPoints(d.Boundary, toDegrees)
			p.Area, p.AreaEllipsoid = geo.PlaneArea(d.Boundary), geo.EllipsoidArea(p.Boundary)
			show(d.Row)
			if !yield(p, nil) {
				return stopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, stopped) {
			yield(nil, err)
		}
	}
}

// generateInto founds a park on a made city.
func generateInto(ctx context.Context, db *postgis.DB, code land.ParkCode, o city.Options, asJSON bool, stdout io.Writer) error {
	held, err := db.HasPark(ctx, code)
	if err != nil {
		return err
	}
	if held {
		return fmt.Errorf("the register has a park %s already; name another with --park", code)
	}
	park := land.Park{Code: code, NameZh: "演示城市", NameEn: "Demonstration city", District: "虚构", PlaneCRS: city.CRS, Demonstration: true}
	progress := newProgress("made", "plots")
	defer progress.end()
	in := land.Import{
		Park: code, Found: &park, Kind: land.Seeded,
		Reason: fmt.Sprintf("演示数据，非实测 demonstration data: synthetic city of %d plots, seed %d", o.Plots, o.Seed),
		File:   land.HandedIn{Name: fmt.Sprintf("city-%d-%d", o.Plots, o.Seed)},
		Progress: func(p land.Progress) {
			if p.Stage != "reading" {
				progress.end()
				progress.did = p.Stage
			}
			progress.show(p.Plots)
		},
	}
	result, err := db.Import(ctx, land.Actor{Name: "dikuai generate", Role: land.Admin}, in, func(emit func(land.Draft) error) (land.Delivery, error) {
		return land.Delivery{Format: "demonstration", CRS: city.CRS, Plots: o.Plots}, city.Generate(ctx, o, emit)
	})
	progress.end()
	if err != nil {
		return fmt.Errorf("generate park %s: %w", code, err)
	}
	if asJSON {
		result.Delivery.Notes = nil // that plots are small, or of two parts
		return json.NewEncoder(stdout).Encode(api.DescribeImport(result))
	}
	fmt.Fprintf(stdout, "%s %s: %d plots of a synthetic city, for demonstration, %s m², as change %d\n", code, park.NameZh, result.New, printArea(result.Area), result.Change)
	return nil
}
