package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// controlDigest is the SHA-256 of everything that is written of a layer's
// version and its features; computed columns are left out.
func controlDigest(l land.ControlLayer, features []land.ControlFeature) ([]byte, error) {
	var d digest
	d.text(string(l.Code), string(l.Kind))
	d.number(int64(l.Version))
	d.text(l.NameZh, l.NameEn, l.Source, l.DocumentNo, l.ValidFrom.String(), l.ValidTo.String())
	d.truth(l.Demonstration)
	d.moment(l.RecordedAt)
	d.number(int64(len(features)))
	for _, f := range features {
		attributes, err := json.Marshal(f.Attributes) // its keys come in order
		if err != nil {
			return nil, err
		}
		d.text(f.Code, f.Name)
		d.bytes(attributes)
		d.bytes(geo.EncodeEWKB(f.Boundary, geo.CGCS2000))
	}
	sum := sha256.Sum256(d)
	return sum[:], nil
}

// soundControl says whether a layer's version is as it was when the change was
// recorded; a change of no layer is sound.
func soundControl(ctx context.Context, tx pgx.Tx, c land.ChangedControl) (bool, error) {
	if c.Version == 0 {
		return true, nil
	}
	rows, err := tx.Query(ctx, selectControlVersions+` WHERE v.layer = $1 AND v.version = $2`, c.Layer, c.Version)
	if err != nil {
		return false, err
	}
	layers, err := pgx.CollectRows(rows, scanControlLayer)
	if err != nil || len(layers) == 0 {
		return false, err
	}
	features, err := readControls(ctx, tx, layers, ` WHERE f.layer = $1 AND f.version = $2 ORDER BY f.id`, c.Layer, c.Version)
	if err != nil {
		return false, err
	}
	digest, err := controlDigest(layers[0], features)
	return hex.EncodeToString(digest) == c.Digest, err
}
