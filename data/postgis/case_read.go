package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

const selectCases = `
	SELECT no, state, bound, version, steps, opened_on, proposed_by, nullif(clock, '[]')::text, told::text, changed_at
	FROM cases`

func scanCase(row pgx.CollectableRow) (land.Case, error) {
	var c land.Case
	var opened pgDate
	var clock *string
	var told string
	if err := row.Scan(&c.No, &c.State, &c.Bound, &c.Version, &c.Steps, &opened, &c.ProposedBy, &clock, &told, &c.ChangedAt); err != nil {
		return c, err
	}
	c.OpenedOn = opened.Date
	if clock != nil {
		if err := json.Unmarshal([]byte(*clock), &c.Clock); err != nil {
			return c, fmt.Errorf("the clock of case %s: %w", c.No, err)
		}
	}
	if err := c.Tell([]byte(told)); err != nil {
		return c, fmt.Errorf("what case %s told: %w", c.No, err)
	}
	return c, nil
}

// readCase reads a case that the actor may see.
func readCase(ctx context.Context, tx pgx.Tx, actor land.Actor, no land.CaseNo) (land.Case, error) {
	rows, err := tx.Query(ctx, selectCases+` WHERE no = $1`, no)
	if err != nil {
		return land.Case{}, err
	}
	c, err := pgx.CollectExactlyOneRow(rows, scanCase)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !actor.MaySee(c) {
		return land.Case{}, land.NoCase(no)
	}
	return c, err
}

// Case reads a case; a *land.NotFoundError where there is none that the actor may
// see.
func (db *DB) Case(ctx context.Context, actor land.Actor, no land.CaseNo) (c land.Case, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		c, err = readCase(ctx, tx, actor, no)
		return err
	})
	return c, err
}

// CaseQuery chooses cases; what it does not name is any. Of those that match, the
// actor is given the ones that he may see.
type CaseQuery struct {
	Nos       []land.CaseNo
	Parks     []land.ParkCode
	Kinds     []land.CaseKind
	States    []land.CaseState
	Open      *bool       // not in a terminal state, or in one
	Plot      land.PlotID // among its plots
	Applicant string      // the name, whole
	Text      string      // within number, title or applicant
	Sort      CaseSort    // "" is SortByNumber
	Backward  bool
	Limit     int // at most so many, 0 for all
	After     *CaseCursor
}

// CaseSort is what cases are sorted by; their numbers decide between equals.
type CaseSort string

// What cases are sorted by.
const (
	SortByNumber  CaseSort = "no"      // park, year, serial
	SortByChanged CaseSort = "changed" // when an act was last done
	SortByTitle   CaseSort = "title"
)

// sortKeys are what cases are sorted by, as text in which byte order is the order.
var sortKeys = map[CaseSort]string{
	SortByNumber:  `''::text`,
	SortByChanged: `to_char(changed_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')`,
	SortByTitle:   `title`,
}

// CaseCursor says after which case a page begins: what the cases are sorted by, as
// text, and the number.
type CaseCursor struct {
	Value string
	No    land.CaseNo
}

// Cursor is where the page after a case begins.
func (q CaseQuery) Cursor(c land.Case) CaseCursor {
	switch q.Sort {
	case SortByChanged:
		return CaseCursor{c.ChangedAt.UTC().Format("20060102150405") + fmt.Sprintf("%06d", c.ChangedAt.Nanosecond()/int(time.Microsecond)), c.No}
	case SortByTitle:
		return CaseCursor{c.Title, c.No}
	}
	return CaseCursor{No: c.No}
}

// Cases lists cases, and counts all that match whatever the page.
func (db *DB) Cases(ctx context.Context, actor land.Actor, q CaseQuery) (page []land.Case, matched int, err error) {
	key, known := sortKeys[q.Sort]
	if !known {
		key = sortKeys[SortByNumber]
	}
	order, after := "", ">"
	if q.Backward {
		order, after = " DESC", "<"
	}
	var owner *int64
	switch {
	case actor.Role == land.Applicant && actor.Key != 0:
		owner = &actor.Key
	case !actor.MaySeeCases(actor.Park):
		return nil, 0, nil
	}
	cursor := CaseCursor{}
	if q.After != nil {
		cursor = *q.After
	}
	where := `
		WHERE ($1::bigint IS NULL OR applicant_key = $1) AND ($1::bigint IS NOT NULL OR $2 = '' OR park = $2)
			AND ($3::text[] IS NULL OR no = ANY ($3)) AND ($4::text[] IS NULL OR park = ANY ($4))
			AND ($5::text[] IS NULL OR kind = ANY ($5)) AND ($6::text[] IS NULL OR state = ANY ($6))
			AND ($7::boolean IS NULL OR $7 = (state NOT IN ('closed', 'refused', 'withdrawn', 'ended')))
			AND ($8 = 0 OR no IN (SELECT case_no FROM case_plots WHERE plot_id = $8))
			AND ($9 = '' OR applicant = $9)
			AND ($10 = '' OR position(lower($10) IN lower(concat_ws(E'\n', no, title, applicant))) > 0)`
	args := []any{owner, actor.Park, orNil(q.Nos), orNil(q.Parks), orNil(q.Kinds), orNil(q.States), q.Open, int64(q.Plot), q.Applicant, q.Text}
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM cases`+where, args...).Scan(&matched); err != nil {
			return err
		}
		place := `(` + key + ` COLLATE "C", park, year, serial)`
		rows, err := tx.Query(ctx, selectCases+where+`
			AND ($11 = '' OR `+place+` `+after+` ($12::text COLLATE "C", (SELECT park FROM cases WHERE no = $11), (SELECT year FROM cases WHERE no = $11), (SELECT serial FROM cases WHERE no = $11)))
			ORDER BY `+key+` COLLATE "C"`+order+`, park`+order+`, year`+order+`, serial`+order+` LIMIT nullif($13, 0)`, append(args, cursor.No, cursor.Value, q.Limit)...)
		if err != nil {
			return err
		}
		page, err = pgx.CollectRows(rows, scanCase)
		return err
	})
	return page, matched, err
}
