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
	return withDatabase(ctx, *home, func(db *postgis.DB) error { return seedParks(ctx, db, stdout) })
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
		in := land.Import{Park: park.Code, Found: &park, Kind: land.Seeded, Reason: "demonstration layout, not surveyed", File: land.HandedIn{Name: string(park.Code) + ".geojson"}}
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
