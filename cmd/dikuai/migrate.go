package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/data/postgis"
)

func migrate(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("migrate", "")
	home := flags.home()
	if _, err := flags.parse(args, stdout); err != nil {
		return ignoreHelp(err)
	}
	return withDatabase(ctx, *home, func(*postgis.DB) error {
		fmt.Fprintln(stdout, "the database is up to date")
		return nil
	})
}

func ignoreHelp(err error) error {
	if errors.Is(err, errHelp) {
		return nil
	}
	return err
}
