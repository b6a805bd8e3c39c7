package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// controlFlags are what controls import says of the layer.
type controlFlags struct {
	kind, validFrom, validTo, crs, format string
	columns                               list
	lang                                  *language
	in                                    land.ControlImport
}

// manageControls imports, publishes, withdraws and lists control layers.
func manageControls(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("controls", "list | import FILE --code CODE --kind KIND --name NAME [flags] | publish CODE | withdraw CODE")
	home := flags.home()
	var c controlFlags
	flags.StringVar((*string)(&c.in.Layer.Code), "code", "", "code of the layer, such as farmland-2022; one that exists gets its next version")
	flags.StringVar(&c.kind, "kind", "", "what the layer is for, such as permanent_basic_farmland or 永久基本农田")
	flags.StringVar(&c.in.Layer.NameZh, "name", "", "name of the layer")
	flags.StringVar(&c.in.Layer.NameEn, "name-en", "", "its name in English")
	flags.StringVar(&c.in.Layer.Source, "source", "", "who drew it")
	flags.StringVar(&c.in.Layer.DocumentNo, "document-no", "", "number of the document that approved it")
	flags.StringVar(&c.validFrom, "valid-from", "", "first day on which it holds, such as 2022-10-14; empty: today")
	flags.StringVar(&c.validTo, "valid-to", "", "last day on which it holds")
	flags.BoolVar(&c.in.Layer.Demonstration, "demonstration", false, "mark the layer as drawn for show")
	flags.StringVar(&c.crs, "crs", "", "reference system of the coordinates, such as EPSG:4547, where the file does not say")
	flags.StringVar(&c.format, "format", "", "format of the file; empty: by its content and name")
	flags.Var(&c.columns, "map", "SRC=DST reads column SRC as property DST (plot_no: the feature's number, name, height_max_m …); may be repeated")
	flags.BoolVar(&c.in.Publish, "publish", false, "publish the layer with the import")
	flags.BoolVar(&c.in.DryRun, "dry-run", false, "check everything and write nothing")
	flags.StringVar(&c.in.Reason, "reason", "", "why, for the audit trail")
	actor := flags.String("actor", "command line", "who acts, for the audit trail")
	asJSON := flags.Bool("json", false, "print a JSON object")
	c.lang = flags.language()
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) == 0 || words[0] == "list" && len(words) != 1 || words[0] != "list" && len(words) != 2 {
		return fmt.Errorf("%w: say controls %s", errMisuse, flags.synopsis)
	}
	who := land.Actor{Name: *actor, Role: land.Admin}
	switch words[0] {
	case "list":
		return withDatabase(ctx, *home, func(db *postgis.DB) error { return listControls(ctx, db, stdout, *asJSON) })
	case "import":
		return importControls(ctx, *home, who, words[1], c, stdout, *asJSON)
	case "publish", "withdraw":
		return withDatabase(ctx, *home, func(db *postgis.DB) error {
			act := db.PublishControlLayer
			if words[0] == "withdraw" {
				act = db.WithdrawControlLayer
			}
			layer, change, err := act(ctx, who, land.ControlCode(words[1]), c.in.Reason)
			if err != nil {
				return err
			}
			return tellControl(stdout, layer, db.Today(), change.Seq, *asJSON)
		})
	}
	return fmt.Errorf("%w: controls knows no %q; say controls %s", errMisuse, words[0], flags.synopsis)
}

func importControls(ctx context.Context, home string, who land.Actor, path string, c controlFlags, stdout io.Writer, asJSON bool) error {
	handling, err := exchange.ParseHandling(c.crs, c.columns)
	if err == nil {
		c.in.Layer.Kind, err = land.ParseControlKind(c.kind)
	}
	if err == nil {
		c.in.Layer.ValidFrom, err = land.ParseDate(c.validFrom)
	}
	if err == nil {
		c.in.Layer.ValidTo, err = land.ParseDate(c.validTo)
	}
	if err == nil {
		err = c.in.Layer.Validate()
	}
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if c.in.File, err = handIn(path); err != nil {
		return err
	}
	return withDatabase(ctx, home, func(db *postgis.DB) error {
		result, err := db.ImportControls(ctx, who, c.in, func(emit func(land.Draft) error) (land.Delivery, error) {
			return exchange.Read(ctx, path, c.format, handling, emit)
		})
		var invalid *land.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			return err
		}
		if asJSON {
			if err := json.NewEncoder(stdout).Encode(api.DescribeControlImport(result)); err != nil {
				return err
			}
		} else {
			tellControlImport(stdout, result, *c.lang)
		}
		if invalid != nil {
			return notTaken(path, invalid, *c.lang)
		}
		return nil
	})
}

func tellControlImport(w io.Writer, r land.ControlResult, lang language) {
	lang.tell(w, append(r.Delivery.Notes, r.Faults...))
	if len(r.Faults) > 0 {
		return
	}
	did := "imported as change " + fmt.Sprint(r.Change)
	if r.DryRun {
		did = "dry run, nothing written"
	}
	fmt.Fprintf(w, "%s: %s\n", did, controlLine(r.Layer))
}

// controlLine is a layer on one line.
func controlLine(l land.ControlLayer) string {
	state := "not published"
	if l.Published > 0 {
		state = fmt.Sprintf("version %d published", l.Published)
	}
	days := "from " + l.ValidFrom.String()
	if !l.ValidTo.IsZero() {
		days += " to " + l.ValidTo.String()
	}
	return fmt.Sprintf("%s %s %s, version %d, %s, %s; %d features, %s m² = %s 亩", l.Code, l.Kind, l.NameZh, l.Version, state, days,
		l.Features, printArea(l.Area), geo.FormatFixed(float64(l.Area.Mu()), geo.MuDecimals))
}

func tellControl(w io.Writer, l land.ControlLayer, today land.Date, seq land.Seq, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(map[string]any{"layer": api.DescribeControlLayer(l, today), "change": seq})
	}
	did := "as it was"
	if seq > 0 {
		did = fmt.Sprintf("change %d", seq)
	}
	_, err := fmt.Fprintf(w, "%s: %s\n", did, controlLine(l))
	return err
}

func listControls(ctx context.Context, db *postgis.DB, stdout io.Writer, asJSON bool) error {
	layers, err := db.ControlLayers(ctx, land.Date{})
	if err != nil {
		return err
	}
	told := make([]api.ControlLayer, len(layers))
	for i, l := range layers {
		told[i] = api.DescribeControlLayer(l, db.Today())
		if asJSON {
			continue
		}
		if _, err := fmt.Fprintln(stdout, controlLine(l)); err != nil {
			return err
		}
	}
	if asJSON {
		return json.NewEncoder(stdout).Encode(map[string]any{"controls": told})
	}
	return nil
}
