package postgis

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver that goose works through
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/migrations"
)

// Migrate brings the database's schema and dictionaries up to this program's.
// It is safe to call from several processes at once, and again at every start.
func Migrate(ctx context.Context, url string) error {
	conn, err := sql.Open("pgx", url)
	if err != nil {
		return errors.New("DATABASE_URL is not a PostgreSQL connection string")
	}
	defer conn.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, fs.FS(migrations.Files), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	db, err := Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return writeDictionaries(ctx, tx) })
}

// writeDictionaries copies land's dictionaries into the database, where foreign
// keys and triggers hold the register to them. Entries are added or renamed, never
// removed, but for the flows of cases, which are as the program has them.
func writeDictionaries(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	for _, s := range []struct {
		scheme land.Scheme
		name   string
	}{
		{land.GB50137, "城市用地分类与规划建设用地标准 GB 50137-2011"},
		{land.MNR2023, "国土空间调查、规划、用途管制用地用海分类指南（2023）"},
		{land.GZ2019, "广州市新型产业用地 穗府办规〔2019〕4号"},
	} {
		batch.Queue(`INSERT INTO land_use_schemes VALUES ($1, $2) ON CONFLICT (scheme) DO UPDATE SET name_zh = excluded.name_zh`, s.scheme, s.name)
	}
	for _, u := range land.Uses() {
		batch.Queue(`INSERT INTO land_uses (scheme, code, parent, level, name_zh, name_en, color)
			VALUES ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, ''))
			ON CONFLICT (scheme, code) DO UPDATE SET parent = excluded.parent, level = excluded.level,
				name_zh = excluded.name_zh, name_en = excluded.name_en, color = excluded.color`,
			u.Scheme, u.Code, u.Parent, u.Level, u.NameZh, u.NameEn, u.Color)
	}
	for _, c := range land.Crossings() {
		batch.Queue(`INSERT INTO land_use_crossings VALUES ($1, $2, $3, $4)
			ON CONFLICT (code, code_2023) DO UPDATE SET relation = excluded.relation, note = excluded.note`,
			c.Code, c.Code2023, c.Relation, c.Note)
	}
	for _, k := range land.ControlKinds() {
		batch.Queue(`INSERT INTO control_kinds VALUES ($1, $2, $3)
			ON CONFLICT (kind) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en`, k.Kind, k.Zh, k.En)
	}
	for _, s := range land.Statuses() {
		batch.Queue(`INSERT INTO statuses VALUES ($1, $2, $3)
			ON CONFLICT (status) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en`, s.Status, s.Zh, s.En)
	}
	batch.Queue(`DELETE FROM case_moves`) // nothing refers to it: it is the table of flows as the program has it
	for _, k := range land.CaseKinds() {
		for _, f := range land.FlowsOf(k.Kind) {
			var document land.DocumentType
			if f.Document.Issued() {
				document = f.Document
			}
			batch.Queue(`INSERT INTO case_moves (kind, from_state, act, to_state, mode, roles, document, other, bind, unbind, clock)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
				ON CONFLICT (kind, from_state, act, mode) DO UPDATE SET to_state = excluded.to_state, roles = excluded.roles,
					document = excluded.document, other = excluded.other, bind = excluded.bind, unbind = excluded.unbind, clock = excluded.clock`,
				f.Kind, f.From, f.Act, f.To, f.Mode(), f.Roles, document, slices.Contains(f.Guards, land.GuardOther), slices.Contains(f.Effects, land.EffectBind), slices.Contains(f.Effects, land.EffectUnbind), f.Clock)
		}
	}
	return tx.SendBatch(ctx, batch).Close()
}
