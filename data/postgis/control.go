package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// controlPlane is the plane on whose 0.001 m grid control layers are put and in
// which they are measured: the city's, because they reach over every park.
const controlPlane = geo.GK114

// ImportControls takes the polygons that read delivers in as a control layer's
// next version: all of them, or none and an *land.InvalidError with every fault.
// A layer keeps its kind: another one is a *land.ConflictError. What is
// published stays so until PublishControlLayer, unless in.Publish asks for it at
// once. A dry run does the same and undoes it.
func (db *DB) ImportControls(ctx context.Context, actor land.Actor, in land.ControlImport, read ReadPlots) (land.ControlResult, error) {
	result := land.ControlResult{Layer: in.Layer, File: in.File.Name, DryRun: in.DryRun}
	if err := actor.MayEditControls(); err != nil {
		return result, err
	}
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		result.Day = a.today()
		layer := in.Layer
		layer.Complete(result.Day)
		layer.RecordedAt = a.now
		if err := layer.Validate(); err != nil {
			return land.Change{}, err
		}
		var drafts []land.Draft
		var err error
		result.Delivery, err = read(func(d land.Draft) error { drafts = append(drafts, d); return nil })
		if err != nil {
			return land.Change{}, err
		}
		if len(drafts) == 0 {
			return land.Change{}, land.Invalid("file", geo.Say("文件中没有多边形", "the file holds no polygons"), geo.Say("请至少提交一个", "deliver at least one"))
		}
		features, err := a.controlFeatures(ctx, layer.Kind, drafts, &result)
		if err != nil {
			return land.Change{}, err
		}
		if layer.Version, err = a.nextControlVersion(ctx, layer, in.New); err != nil {
			return land.Change{}, err
		}
		if err := a.writeControls(ctx, layer, in.File, features); err != nil {
			return land.Change{}, err
		}
		if in.Publish {
			if err := a.pointControl(ctx, layer.Code, layer.Version); err != nil {
				return land.Change{}, err
			}
		}
		if result.Layer, err = readControlLayer(ctx, a.tx, layer.Code); err != nil {
			return land.Change{}, err
		}
		if in.DryRun {
			return land.Change{}, errUndo
		}
		return a.controlChange(ctx, land.ControlImported, layer.Code, layer.Version, in.Reason)
	})
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		result.Faults = invalid.Findings
	}
	result.Change = change.Seq
	return result, err
}

// PublishControlLayer publishes the last version of a control layer: the public
// sees it and projects are checked against it. The change has no number when
// that version is published already.
func (db *DB) PublishControlLayer(ctx context.Context, actor land.Actor, code land.ControlCode, reason string) (land.ControlLayer, land.Change, error) {
	return db.showControl(ctx, actor, land.ControlPublished, code, reason)
}

// WithdrawControlLayer takes a control layer back from the public. The change
// has no number when it is not published.
func (db *DB) WithdrawControlLayer(ctx context.Context, actor land.Actor, code land.ControlCode, reason string) (land.ControlLayer, land.Change, error) {
	return db.showControl(ctx, actor, land.ControlWithdrawn, code, reason)
}

func (db *DB) showControl(ctx context.Context, actor land.Actor, kind land.ChangeKind, code land.ControlCode, reason string) (land.ControlLayer, land.Change, error) {
	var layer land.ControlLayer
	if err := actor.MayEditControls(); err != nil {
		return layer, land.Change{}, err
	}
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		last, published, err := a.lockControl(ctx, code)
		if err != nil {
			return land.Change{}, err
		}
		shown, told := last, last
		if kind == land.ControlWithdrawn {
			shown, told = 0, published
		}
		if published != shown {
			if err := a.pointControl(ctx, code, shown); err != nil {
				return land.Change{}, err
			}
		}
		if layer, err = readControlLayer(ctx, a.tx, code); err != nil {
			return land.Change{}, err
		}
		if published == shown {
			return land.Change{}, errUndo
		}
		return a.controlChange(ctx, kind, code, told, reason)
	})
	return layer, change, err
}

// controlChange is the change of a layer's version, with the version's digest.
func (a *act) controlChange(ctx context.Context, kind land.ChangeKind, code land.ControlCode, version int, reason string) (land.Change, error) {
	c := land.Change{Kind: kind, Reason: reason, Control: land.ChangedControl{Layer: code, Version: version}}
	err := a.tx.QueryRow(ctx, `SELECT encode(digest, 'hex') FROM control_versions WHERE layer = $1 AND version = $2`, code, version).Scan(&c.Control.Digest)
	return c, err
}

// lockControl makes the act the only one that writes a layer, and gives its last
// version and its published one, 0 for none.
func (a *act) lockControl(ctx context.Context, code land.ControlCode) (last, published int, err error) {
	err = a.tx.QueryRow(ctx, `SELECT version, coalesce(published, 0) FROM control_layers WHERE code = $1 FOR NO KEY UPDATE`, code).Scan(&last, &published)
	if errors.Is(err, pgx.ErrNoRows) {
		err = &land.NotFoundError{What: "control layer", Name: string(code)}
	}
	return last, published, err
}

// nextControlVersion founds a layer or locks the one that there is, and gives
// the number of the version to be written.
func (a *act) nextControlVersion(ctx context.Context, layer land.ControlLayer, fresh bool) (int, error) {
	tag, err := a.tx.Exec(ctx, `INSERT INTO control_layers (code, kind, version) VALUES ($1, $2, 1) ON CONFLICT (code) DO NOTHING`, layer.Code, layer.Kind)
	if err != nil || tag.RowsAffected() == 1 {
		return 1, err
	}
	if fresh {
		return 0, land.Conflict(geo.Say("已有管控图层 %s", "there is a control layer %s already", layer.Code), anotherCode)
	}
	last, _, err := a.lockControl(ctx, layer.Code)
	if err != nil {
		return 0, err
	}
	var kind land.ControlKind
	err = a.tx.QueryRow(ctx, `UPDATE control_layers SET version = $2 WHERE code = $1 RETURNING kind`, layer.Code, last+1).Scan(&kind)
	if err == nil && kind != layer.Kind {
		err = land.Conflict(geo.Say("管控图层 %s 的类别是%s，不是%s", "control layer %s is of kind %s, not %s", layer.Code, kind, layer.Kind), anotherCode)
	}
	return last + 1, err
}

var anotherCode = geo.Say("请换一个代码", "choose another code")

// pointControl makes a version the published one; 0 withdraws the layer.
func (a *act) pointControl(ctx context.Context, code land.ControlCode, version int) error {
	_, err := a.tx.Exec(ctx, `UPDATE control_layers SET published = nullif($2, 0) WHERE code = $1`, code, version)
	return err
}

// controlFeatures puts a file's polygons on the grid and refuses those that are
// not valid or lack what their kind needs.
func (a *act) controlFeatures(ctx context.Context, kind land.ControlKind, drafts []land.Draft, result *land.ControlResult) ([]land.ControlFeature, error) {
	var findings []land.Finding
	features := make([]land.ControlFeature, 0, len(drafts))
	placed := make([]version, 0, len(drafts))
	for _, d := range drafts {
		f, faults := land.ControlDraft(kind, d)
		findings = append(findings, faults...)
		v := version{row: d.Row}
		v.PlotNo = f.Code
		shift, err := place(&v, d.Boundary, d.CRS, controlPlane)
		if err == nil {
			err = inZone(v)
		}
		if err != nil {
			findings = append(findings, land.Finding{Code: "1104", Severity: land.Block, Row: d.Row, PlotNo: f.Code, Field: "geometry"}.Saying(
				geo.WordsOf(err), geo.Say("请指明坐标的坐标系", "name the reference system of the coordinates")))
			continue
		}
		result.MaxShift = max(result.MaxShift, shift)
		f.Boundary = v.Boundary
		features, placed = append(features, f), append(placed, v)
	}
	return features, land.Refuse(append(findings, checkBoundaries(placed)...))
}

func (a *act) writeControls(ctx context.Context, l land.ControlLayer, file land.HandedIn, features []land.ControlFeature) error {
	digest, err := controlDigest(l, features)
	if err != nil {
		return err
	}
	_, err = a.tx.Exec(ctx, `
		INSERT INTO control_versions (layer, version, name_zh, name_en, source, document_no, valid_from, valid_to, demonstration, filename, sha256, raw, recorded_at, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.Code, l.Version, l.NameZh, l.NameEn, l.Source, l.DocumentNo, l.ValidFrom.Time(), dayOrNull(l.ValidTo), l.Demonstration,
		file.Name, file.SHA256[:], file.Raw, l.RecordedAt, digest)
	if err != nil {
		return fmt.Errorf("write the layer: %w", err)
	}
	_, err = a.tx.CopyFrom(ctx, pgx.Identifier{"control_features"}, []string{"layer", "version", "code", "name", "attributes", "geom"},
		pgx.CopyFromSlice(len(features), func(i int) ([]any, error) {
			f := features[i]
			return []any{string(l.Code), int32(l.Version), f.Code, f.Name, f.Attributes, geo.EncodeEWKB(f.Boundary, geo.CGCS2000)}, nil
		}))
	if err != nil {
		return fmt.Errorf("write the layer's features: %w", err)
	}
	return nil
}

// ControlFeatures lists what of a layer's version meets a box, or all of it, in
// the order of the file and at most limit of them, and tells how many there are.
// The error is a *land.NotFoundError where the layer has no such version.
func (db *DB) ControlFeatures(ctx context.Context, code land.ControlCode, version int, bound *orb.Bound, limit int) (page []land.ControlFeature, matched int, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectControlVersions+` WHERE v.layer = $1 AND v.version = $2`, code, version)
		if err != nil {
			return err
		}
		layers, err := pgx.CollectRows(rows, scanControlLayer)
		if err != nil {
			return err
		}
		if len(layers) == 0 {
			return &land.NotFoundError{What: "control layer", Name: string(code)}
		}
		var box []float64
		if bound != nil {
			box = []float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]}
		}
		const meets = ` WHERE f.layer = $1 AND f.version = $2
			AND ($3::float8[] IS NULL OR ST_Intersects(f.geom, ST_MakeEnvelope($3[1], $3[2], $3[3], $3[4], 4490)))`
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM control_features f`+meets, code, version, box).Scan(&matched); err != nil {
			return err
		}
		page, err = readControls(ctx, tx, layers, meets+` ORDER BY f.id LIMIT $4`, code, version, box, limit)
		return err
	})
	return page, matched, err
}

func dayOrNull(d land.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := d.Time()
	return &t
}
