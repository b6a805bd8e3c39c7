// Package postgis is the register's store: every query and every transaction.
// A method is a use case: it opens the transaction, locks, asks the rules of
// package land, writes, and records the change last.
package postgis

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/dikuai/dikuai/data/land"
)

// DB is the register in one PostgreSQL database. It is safe for concurrent use.
type DB struct {
	pool   *pgxpool.Pool
	url    string
	now    func() time.Time
	schema int64 // number of the last migration

	limits land.Limits
}

// Open connects to a migrated database; see Migrate.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a PostgreSQL connection string") // the text may hold a password
	}
	config.AfterConnect = registerGeometry
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	db := &DB{pool: pool, url: url, now: time.Now, limits: land.DefaultLimits()}
	if err := pool.QueryRow(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&db.schema); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return db, nil
}

// registerGeometry lets geometry travel as EWKB bytes.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid uint32
	if err := conn.QueryRow(ctx, "SELECT 'geometry'::regtype::oid").Scan(&oid); err != nil {
		return fmt.Errorf("the database has no PostGIS: %w", err)
	}
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: pgtype.ByteaCodec{}})
	return nil
}

// Close ends all connections.
func (db *DB) Close() { db.pool.Close() }

// HoldTo sets the limits of the checks, before the first act.
func (db *DB) HoldTo(l land.Limits) { db.limits = l }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// act is one write transaction with its clock and its actor fixed. Its number
// ties what it wrote to the change that it records last.
type act struct {
	tx      pgx.Tx
	number  int64
	actor   land.Actor
	now     time.Time
	limits  land.Limits
	written []written // in the order of writing
	entries []land.ChangedQuota
	events  []land.ChangedCase
}

// written is a plot version that an act wrote.
type written struct {
	id      land.PlotID
	version int
	digest  [sha256.Size]byte
}

// newNumber hands out the next number of what the act writes: its own, then others
// that no other act has.
func (a *act) newNumber(ctx context.Context) (number int64, err error) {
	if len(a.entries)+len(a.events) == 0 {
		return a.number, nil
	}
	err = a.tx.QueryRow(ctx, `SELECT nextval('acts')`).Scan(&number)
	return number, err
}

func (a *act) today() land.Date { return land.DateOf(a.now.In(land.ChinaStandardTime)) }

// Today is the day on which an act of this moment falls.
func (db *DB) Today() land.Date { return land.DateOf(db.now().In(land.ChinaStandardTime)) }

// errUndo ends a write transaction without writing and without an error.
var errUndo = errors.New("undo")

// write runs one act and records its change last. An act that returns errUndo
// leaves the register as it was; the change then has no number.
func (db *DB) write(ctx context.Context, actor land.Actor, f func(context.Context, *act) (land.Change, error)) (land.Change, error) {
	var change land.Change
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		a := &act{tx: tx, actor: actor, now: db.now().Truncate(time.Microsecond), limits: db.limits}
		err := tx.QueryRow(ctx, `SELECT nextval('acts')`).Scan(&a.number)
		if err != nil {
			return err
		}
		if change, err = f(ctx, a); err != nil {
			return err
		}
		return a.record(ctx, &change)
	})
	if errors.Is(err, errUndo) {
		return change, nil
	}
	return change, explain(err)
}

// snapshot runs reads that all see the same moment.
func (db *DB) snapshot(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	return explain(pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return f(ctx, tx)
	}))
}
