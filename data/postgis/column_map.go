package postgis

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Remembered gives an import of a named source that brings no column map the
// one that the source's files were last read with, if any.
func (db *DB) Remembered(ctx context.Context, in land.Import) (land.Import, error) {
	if in.Source == "" || len(in.Handling.Map) > 0 {
		return in, nil
	}
	err := db.pool.QueryRow(ctx, `SELECT map FROM column_maps WHERE source = $1`, in.Source).Scan(&in.Handling.Map)
	if errors.Is(err, pgx.ErrNoRows) {
		return in, nil
	}
	return in, explain(err)
}

// remember keeps the column map of a source for its next file.
func remember(ctx context.Context, e executor, in land.Import) error {
	if in.Source == "" || len(in.Handling.Map) == 0 {
		return nil
	}
	_, err := e.Exec(ctx, `INSERT INTO column_maps VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET map = excluded.map`, in.Source, in.Handling.Map)
	return err
}
