package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// selectControlVersions reads layers' versions in the order of scanControlLayer.
const selectControlVersions = `
	SELECT l.code, l.kind, coalesce(l.published, 0), v.version, v.name_zh, v.name_en, v.source, v.document_no,
		v.valid_from, v.valid_to, v.demonstration, v.recorded_at, f.features, f.area_m2, f.area_ellipsoid_m2
	FROM control_layers l
	JOIN control_versions v ON v.layer = l.code
	CROSS JOIN LATERAL (
		SELECT count(*) AS features, coalesce(sum(area_m2), 0) AS area_m2, coalesce(sum(area_ellipsoid_m2), 0) AS area_ellipsoid_m2
		FROM control_features f WHERE f.layer = l.code AND f.version = v.version) f`

func scanControlLayer(row pgx.CollectableRow) (land.ControlLayer, error) {
	var l land.ControlLayer
	var from time.Time
	var to *time.Time
	err := row.Scan(&l.Code, &l.Kind, &l.Published, &l.Version, &l.NameZh, &l.NameEn, &l.Source, &l.DocumentNo,
		&from, &to, &l.Demonstration, &l.RecordedAt, &l.Features, &l.Area, &l.AreaEllipsoid)
	l.ValidFrom = land.DateOf(from)
	if to != nil {
		l.ValidTo = land.DateOf(*to)
	}
	return l, err
}

// ControlLayer reads a control layer as its last version says; a
// *land.NotFoundError where there is none.
func (db *DB) ControlLayer(ctx context.Context, code land.ControlCode) (land.ControlLayer, error) {
	var l land.ControlLayer
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		l, err = readControlLayer(ctx, tx, code)
		return err
	})
	return l, err
}

func readControlLayer(ctx context.Context, tx pgx.Tx, code land.ControlCode) (land.ControlLayer, error) {
	rows, err := tx.Query(ctx, selectControlVersions+` WHERE l.code = $1 AND v.version = l.version`, code)
	if err != nil {
		return land.ControlLayer{}, err
	}
	l, err := pgx.CollectExactlyOneRow(rows, scanControlLayer)
	if errors.Is(err, pgx.ErrNoRows) {
		err = &land.NotFoundError{What: "control layer", Name: string(code)}
	}
	return l, err
}

// PublishedControls lists the control layers that are published, as that version
// says, in the order of their kinds. With a day only those that hold on it; the
// zero Date asks for all.
func (db *DB) PublishedControls(ctx context.Context, at land.Date) ([]land.ControlLayer, error) {
	return db.listControls(ctx, at, `v.version = l.published`)
}

// ControlLayers lists all control layers, as their last version says, in the
// order of their kinds. With a day only those that hold on it; the zero Date asks
// for all.
func (db *DB) ControlLayers(ctx context.Context, at land.Date) ([]land.ControlLayer, error) {
	return db.listControls(ctx, at, `v.version = l.version`)
}

func (db *DB) listControls(ctx context.Context, at land.Date, which string) ([]land.ControlLayer, error) {
	var kinds []string
	for _, k := range land.ControlKinds() {
		kinds = append(kinds, string(k.Kind))
	}
	rows, err := db.pool.Query(ctx, selectControlVersions+` WHERE `+which+`
		AND ($1::date IS NULL OR v.valid_from <= $1 AND (v.valid_to IS NULL OR $1 <= v.valid_to))
		ORDER BY array_position($2::text[], l.kind), l.code`, dayOrNull(at), kinds)
	if err != nil {
		return nil, explain(err)
	}
	layers, err := pgx.CollectRows(rows, scanControlLayer)
	return layers, explain(err)
}

// readPublishedControls reads the features of every published layer, whatever
// its days.
func readPublishedControls(ctx context.Context, tx pgx.Tx) ([]land.ControlFeature, error) {
	rows, err := tx.Query(ctx, selectControlVersions+` WHERE v.version = l.published`)
	if err != nil {
		return nil, err
	}
	layers, err := pgx.CollectRows(rows, scanControlLayer)
	if err != nil || len(layers) == 0 {
		return nil, err
	}
	return readControls(ctx, tx, layers, ` JOIN control_layers l ON l.code = f.layer AND l.published = f.version ORDER BY f.id`)
}

// readControls reads features of the layers.
func readControls(ctx context.Context, tx pgx.Tx, layers []land.ControlLayer, where string, args ...any) ([]land.ControlFeature, error) {
	byCode := make(map[land.ControlCode]*land.ControlLayer, len(layers))
	for i := range layers {
		byCode[layers[i].Code] = &layers[i]
	}
	rows, err := tx.Query(ctx, `SELECT f.id, f.layer, f.code, f.name, f.attributes, f.geom, f.area_m2, f.area_ellipsoid_m2 FROM control_features f`+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.ControlFeature, error) {
		var f land.ControlFeature
		var layer land.ControlCode
		var geom []byte
		if err := row.Scan(&f.ID, &layer, &f.Code, &f.Name, &f.Attributes, &geom, &f.Area, &f.AreaEllipsoid); err != nil {
			return f, err
		}
		if f.Layer = byCode[layer]; f.Layer == nil {
			return f, fmt.Errorf("control feature %d is of a layer %s that was not read", f.ID, layer)
		}
		var err error
		f.Boundary, err = geo.DecodeEWKB(geom)
		return f, err
	})
}
