package postgis

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// caseStanding reads what the rules ask about an act on a case, while nobody else
// writes in its park. visible says that the case it follows counts only if the
// actor may see it.
func (a *act) caseStanding(ctx context.Context, c land.Case, visible bool) (land.CaseStanding, error) {
	s := land.CaseStanding{Actor: a.actor, Today: a.today(), BoundBy: map[land.PlotID]land.CaseNo{}, Slack: geo.SquareMetres(a.limits.Stated)}
	for _, read := range []func(context.Context, land.Case, *land.CaseStanding) error{a.readPlots, a.readFollowed, a.readPaper, a.readPermits, a.readHoldings} {
		if err := read(ctx, c, &s); err != nil {
			return s, err
		}
	}
	if s.Followed != nil && visible && !a.actor.MaySee(*s.Followed) {
		s.Followed = nil
	}
	var err error
	s.Basis, err = caseBasis(ctx, a.tx, c, s.Plots)
	return s, err
}

// readPlots reads the case's plots and who binds them.
func (a *act) readPlots(ctx context.Context, c land.Case, s *land.CaseStanding) error {
	rows, err := a.tx.Query(ctx, selectPlots+` WHERE plot_id = ANY ($1) ORDER BY plot_id`, c.Plots)
	if err != nil {
		return err
	}
	if s.Plots, err = pgx.CollectRows(rows, scanPlot); err != nil {
		return err
	}
	if rows, err = a.tx.Query(ctx, `SELECT plot_id, case_no FROM case_plots WHERE bound AND plot_id = ANY ($1)`, c.Plots); err != nil {
		return err
	}
	var id land.PlotID
	var no land.CaseNo
	_, err = pgx.ForEachRow(rows, []any{&id, &no}, func() error {
		s.BoundBy[id] = no
		return nil
	})
	return err
}

// readFollowed reads the case that this one follows, and the supply that carries on
// that one, or this.
func (a *act) readFollowed(ctx context.Context, c land.Case, s *land.CaseStanding) error {
	siting := c.No
	if c.Follows != "" {
		rows, err := a.tx.Query(ctx, selectCases+` WHERE no = $1`, c.Follows)
		if err != nil {
			return err
		}
		found, err := pgx.CollectExactlyOneRow(rows, scanCase)
		switch {
		case err == nil:
			s.Followed = &found
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		if c.Kind == land.LandSupply {
			siting = c.Follows
		}
	}
	return a.tx.QueryRow(ctx, `SELECT coalesce((SELECT no FROM cases WHERE follows = $1 AND kind = 'supply' AND bound), '')`, siting).Scan(&s.Follower)
}

// readPaper reads what is on file and the last compliance check.
func (a *act) readPaper(ctx context.Context, c land.Case, s *land.CaseStanding) error {
	var err error
	if s.OnFile, err = readDocuments(ctx, a.tx, c.No); err != nil {
		return err
	}
	checks, err := readChecks(ctx, a.tx, `WHERE k.case_no = $1 ORDER BY seq DESC LIMIT 1`, c.No)
	if len(checks) > 0 {
		s.Check = &checks[0]
	}
	return err
}

// readPermits reads which plots have a permit to use the land, and by which contract
// they were supplied: they, or the plots that they came out of. Of several the one
// counts by which construction was to begin last.
func (a *act) readPermits(ctx context.Context, c land.Case, s *land.CaseStanding) error {
	rows, err := a.tx.Query(ctx, `
		SELECT DISTINCT w.plot_id FROM with_ancestors($1) w JOIN case_plots p ON p.plot_id = w.ancestor JOIN cases c ON c.no = p.case_no
		WHERE c.kind = 'planning_permit' AND c.state = 'closed'`, c.Plots)
	if err != nil {
		return err
	}
	if s.Permits, err = pgx.CollectRows(rows, pgx.RowTo[land.PlotID]); err != nil {
		return err
	}
	var contract *string
	err = a.tx.QueryRow(ctx, `
		SELECT c.told ->> 'contract' FROM with_ancestors($1) w JOIN case_plots p ON p.plot_id = w.ancestor JOIN cases c ON c.no = p.case_no
		WHERE c.kind = 'supply' AND c.state = 'closed' ORDER BY c.told -> 'contract' ->> 'agreed_start' DESC, c.changed_at DESC LIMIT 1`, c.Plots).Scan(&contract)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && contract == nil {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(*contract), &s.Begin)
}

// readHoldings reads what this case and the siting that it carries on have reserved.
func (a *act) readHoldings(ctx context.Context, c land.Case, s *land.CaseStanding) error {
	nos := []land.CaseNo{c.No}
	if c.Kind == land.LandSupply && c.Follows != "" {
		nos = append(nos, c.Follows)
	}
	rows, err := a.tx.Query(ctx, `
		SELECT p.case_no, p.park, p.year, p.kind, p.amount, p.farmland, p.cultivated, p.unused,
			coalesce((SELECT max(e.id) FROM quota_entries e WHERE (e.case_no, e.park, e.year, e.kind, e.entry) = (p.case_no, p.park, p.year, p.kind, 'reserve')
				AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.id)), 0)
		FROM quota_pots p WHERE p.pot = 'reserved' AND p.amount > 0 AND p.case_no = ANY ($1) ORDER BY p.case_no, p.kind`, nos)
	if err != nil {
		return err
	}
	var h land.Holding
	_, err = pgx.ForEachRow(rows, []any{&h.CaseNo, &h.Account.Park, &h.Account.Year, &h.Account.Kind, &h.Total, &h.Farmland, &h.Cultivated, &h.Unused, &h.Entry}, func() error {
		s.Held = append(s.Held, h)
		return nil
	})
	return err
}

// caseBasis is what a compliance check of the case rests on: its plots as they are,
// what is declared, and the published control layers. It is a SHA-256 in
// hexadecimal.
func caseBasis(ctx context.Context, tx pgx.Tx, c land.Case, plots []land.Plot) (string, error) {
	declared, err := json.Marshal(c.Declared)
	if err != nil {
		return "", err
	}
	var d digest
	d.text(string(c.Kind), c.Applicant.Name)
	d.bytes(declared)
	for _, p := range plots {
		d.number(int64(p.ID), int64(p.Version))
	}
	rows, err := tx.Query(ctx, `SELECT code, published FROM control_layers WHERE published IS NOT NULL ORDER BY code`)
	if err != nil {
		return "", err
	}
	var layer string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&layer, &version}, func() error {
		d.text(layer)
		d.number(version)
		return nil
	})
	return hex.EncodeToString(d.sum()), err
}

// documentUsed is the case in which an act issued a document of the number, "" where
// none did.
func (a *act) documentUsed(ctx context.Context, t land.DocumentType, number string) (no land.CaseNo, err error) {
	err = a.tx.QueryRow(ctx, `SELECT coalesce((SELECT case_no FROM case_documents WHERE issued AND type = $1 AND number = $2), '')`, t, number).Scan(&no)
	return no, err
}
