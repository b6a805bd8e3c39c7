package postgis

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

const selectParks = `
	SELECT code, name_zh, name_en, district, plane_srid, demonstration, boundary, area_m2, area_ellipsoid_m2,
		land_mu::float8, investment_100m::float8, output_100m::float8, positioning_zh, source
	FROM parks LEFT JOIN plan_parks ON park = code`

func readParks(ctx context.Context, tx pgx.Tx) ([]land.Park, error) {
	rows, err := tx.Query(ctx, selectParks+` ORDER BY position`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPark)
}

func scanPark(row pgx.CollectableRow) (land.Park, error) {
	var p land.Park
	var boundary []byte
	var landMu, investment, output *float64
	var positioning, source *string
	err := row.Scan(&p.Code, &p.NameZh, &p.NameEn, &p.District, &p.PlaneCRS, &p.Demonstration, &boundary, &p.Area, &p.AreaEllipsoid,
		&landMu, &investment, &output, &positioning, &source)
	if err != nil {
		return p, err
	}
	if landMu != nil {
		p.Plan = &land.ParkPlan{Land: geo.Mu(*landMu), Investment: *investment, Output: *output, PositioningZh: *positioning, Source: *source}
	}
	p.Boundary, err = geo.DecodeEWKB(boundary)
	return p, err
}

// lockPark makes the act the only one that writes in the park, so that what it
// sees of the neighbours holds until it commits. The error is a
// *land.NotFoundError where there is no such park.
func (a *act) lockPark(ctx context.Context, code land.ParkCode) (land.Park, error) {
	rows, err := a.tx.Query(ctx, selectParks+` WHERE code = $1 FOR NO KEY UPDATE OF parks`, code)
	if err != nil {
		return land.Park{}, err
	}
	park, err := pgx.CollectExactlyOneRow(rows, scanPark)
	if errors.Is(err, pgx.ErrNoRows) {
		return land.Park{}, &land.NotFoundError{What: "park", Name: string(code)}
	}
	return park, err
}

// foundPark writes a new park. Two acts that found the same one at once wait
// for each other, and the second finds it there.
func (a *act) foundPark(ctx context.Context, p land.Park) error {
	_, err := a.tx.Exec(ctx, `INSERT INTO parks (code, name_zh, name_en, district, plane_srid, demonstration, boundary)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.Code, p.NameZh, p.NameEn, p.District, int(p.PlaneCRS), p.Demonstration, geo.EncodeEWKB(p.Boundary, geo.CGCS2000))
	if err != nil {
		return fmt.Errorf("found the park: %w", err)
	}
	if p.Plan == nil {
		return nil
	}
	_, err = a.tx.Exec(ctx, `INSERT INTO plan_parks VALUES ($1, $2::float8::numeric, $3::float8::numeric, $4::float8::numeric, $5, $6)`,
		p.Code, float64(p.Plan.Land), p.Plan.Investment, p.Plan.Output, p.Plan.PositioningZh, p.Plan.Source)
	return err
}

// setBoundary gives a park another boundary.
func (a *act) setBoundary(ctx context.Context, p land.Park) error {
	_, err := a.tx.Exec(ctx, `UPDATE parks SET boundary = $2 WHERE code = $1`, p.Code, geo.EncodeEWKB(p.Boundary, geo.CGCS2000))
	return err
}

// union is the ground that a park's current plots cover together, in its plane.
func (a *act) union(ctx context.Context, p land.Park) (geo.MultiPolygon, error) {
	var boundary []byte
	err := a.tx.QueryRow(ctx, `SELECT ST_Multi(ST_Union(in_plane(geom, plane_srid))) FROM current_plots WHERE park = $1`, p.Code).Scan(&boundary)
	if err != nil {
		return nil, fmt.Errorf("join the plots into the park's boundary: %w", err)
	}
	return geo.DecodeEWKB(boundary)
}

// HasPark says whether the register holds a park.
func (db *DB) HasPark(ctx context.Context, code land.ParkCode) (bool, error) {
	var has bool
	err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM parks WHERE code = $1)`, code).Scan(&has)
	return has, explain(err)
}
