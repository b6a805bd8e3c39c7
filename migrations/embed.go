// Package migrations holds the register's schema as numbered SQL, applied in
// order by goose.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
