package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/data/postgis"
)

func seed(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("seed", "")
	home := flags.home()
	if _, err := flags.parse(args, stdout); err != nil {
		return ignoreHelp(err)
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error { return seedAll(ctx, db, stdout) })
}

// seedAll loads the demonstration layout and its control layers where they are
// missing.
func seedAll(ctx context.Context, db *postgis.DB, stdout io.Writer) error {
	if err := seedParks(ctx, db, stdout); err != nil {
		return err
	}
	return seedControls(ctx, db, stdout)
}

// seedParks loads the plan's parks that the register does not hold yet.
func seedParks(ctx context.Context, db *postgis.DB, stdout io.Writer) error {
	seeder := land.Actor{Name: "dikuai seed", Role: land.Admin}
	for _, park := range plan.Parks() {
		held, err := db.HasPark(ctx, park.Code)
		if err != nil {
			return err
		}
		if held {
			continue
		}
		drafts, err := plan.Demonstration(park.Code)
		if err != nil {
			return err
		}
		in := land.Import{Park: park.Code, Found: &park, Kind: land.Seeded, Reason: "示范布局，非实测 demonstration layout, not surveyed", File: land.HandedIn{Name: string(park.Code) + ".geojson"}}
		result, err := db.Import(ctx, seeder, in, func(emit func(land.Draft) error) (land.Delivery, error) {
			for _, d := range drafts {
				if err := emit(d); err != nil {
					return land.Delivery{}, err
				}
			}
			return land.Delivery{Format: "demonstration", Plots: len(drafts)}, nil
		})
		var invalid *land.InvalidError
		if errors.As(err, &invalid) { // another process seeded it in the meantime
			if held, heldErr := db.HasPark(ctx, park.Code); heldErr == nil && held {
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("seed park %s: %w", park.Code, err)
		}
		fmt.Fprintf(stdout, "%s %s: %d plots of the demonstration layout, %s m²\n", park.Code, park.NameZh, result.New, printArea(result.Area))
	}
	return nil
}

// seedControls loads and publishes the demonstration control layers that the
// register does not hold yet.
func seedControls(ctx context.Context, db *postgis.DB, stdout io.Writer) error {
	seeder := land.Actor{Name: "dikuai seed", Role: land.Admin}
	layers, err := plan.Controls()
	if err != nil {
		return err
	}
	for _, l := range layers {
		var missing *land.NotFoundError
		if _, err := db.ControlLayer(ctx, l.Code); !errors.As(err, &missing) {
			if err != nil {
				return err
			}
			continue
		}
		in := land.ControlImport{Layer: l.ControlLayer, New: true, Publish: true, Reason: "demonstration, not surveyed", File: land.HandedIn{Name: string(l.Code) + ".geojson"}}
		result, err := db.ImportControls(ctx, seeder, in, func(emit func(land.Draft) error) (land.Delivery, error) {
			for _, d := range l.Features {
				if err := emit(d); err != nil {
					return land.Delivery{}, err
				}
			}
			return land.Delivery{Format: "demonstration", Plots: len(l.Features)}, nil
		})
		var taken *land.ConflictError
		if errors.As(err, &taken) { // another process seeded it in the meantime
			continue
		}
		if err != nil {
			return fmt.Errorf("seed control layer %s: %w", l.Code, err)
		}
		fmt.Fprintln(stdout, controlLine(result.Layer))
	}
	return nil
}
