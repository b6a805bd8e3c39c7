package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/cluster"
)

// home is a flag: the folder of everything that the service keeps.
func (f *flagSet) home() *string {
	return f.String("home", ".dikuai", "folder of the private database, used when DATABASE_URL is not set")
}

// openDatabase opens the database of DATABASE_URL, or the private cluster under
// home, migrated. The caller calls done at the end.
func openDatabase(ctx context.Context, home string) (db *postgis.DB, done func() error, err error) {
	url := os.Getenv("DATABASE_URL")
	done = func() error { return nil }
	if url == "" {
		private, err := cluster.Start(ctx, filepath.Join(home, "postgres"))
		if err != nil {
			return nil, nil, err
		}
		done = func() error {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			return private.Stop(ctx)
		}
		url = private.URL("postgres")
	}
	if err := postgis.Migrate(ctx, url); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	if db, err = postgis.Open(ctx, url); err != nil {
		return nil, nil, errors.Join(err, done())
	}
	stop := done
	return db, func() error { db.Close(); return stop() }, nil
}

// withDatabase runs f with the database open.
func withDatabase(ctx context.Context, home string, f func(*postgis.DB) error) (err error) {
	db, done, err := openDatabase(ctx, home)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer func() { err = errors.Join(err, done()) }()
	return f(db)
}
