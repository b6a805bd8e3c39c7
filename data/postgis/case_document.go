package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// AddDocument takes a document's file in. Size and SHA256 are the content's and are
// computed here; MediaType is what the caller found by its first bytes. The case
// keeps its version.
func (db *DB) AddDocument(ctx context.Context, actor land.Actor, no land.CaseNo, d land.CaseDocument, content []byte, once land.Once) (land.CaseDocument, Acted, error) {
	sum := sha256.Sum256(content)
	d.CaseNo, d.Size, d.SHA256, d.Issued = no, len(content), hex.EncodeToString(sum[:]), false
	done, err := db.takeIn(ctx, actor, no, once,
		func(c land.Case, s land.CaseStanding, at time.Time) (land.CaseStep, error) { return c.Attach(d, s, at) },
		func(ctx context.Context, a *act, e land.CaseEvent) error {
			_, err := a.tx.Exec(ctx, `
				INSERT INTO case_documents (id, case_no, type, number, day, title, issued, filename, media_type, size, sha256, content)
				VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11)`,
				e.ID, no, d.Type, d.Number, orNull(d.Day), d.Title, d.FileName, d.MediaType, d.Size, sum[:], content)
			return err
		})
	if err != nil {
		return d, done, err
	}
	d, _, err = db.Document(ctx, actor, no, done.Event.ID)
	return d, done, err
}

// takeIn does an act that brings a case a document or a check, and writes that
// beside it.
func (db *DB) takeIn(ctx context.Context, actor land.Actor, no land.CaseNo, once land.Once,
	do func(land.Case, land.CaseStanding, time.Time) (land.CaseStep, error), write func(context.Context, *act, land.CaseEvent) error) (Acted, error) {
	return db.actOnce(ctx, actor, once, func(ctx context.Context, a *act) (land.CaseStep, error) {
		c, err := a.lockCase(ctx, no, 0)
		if err != nil {
			return land.CaseStep{}, err
		}
		standing, err := a.caseStanding(ctx, c, false)
		if err != nil {
			return land.CaseStep{}, err
		}
		return do(c, standing, a.now)
	}, write)
}

const selectDocuments = `
	SELECT d.id, d.case_no, d.type, d.number, d.day, d.title, d.filename, d.media_type, d.size, coalesce(encode(d.sha256, 'hex'), ''), d.issued, e.actor, e.at, coalesce(c.seq, 0)
	FROM case_documents d JOIN case_events e USING (id) LEFT JOIN changes c USING (act)`

func scanDocument(row pgx.CollectableRow) (land.CaseDocument, error) {
	var d land.CaseDocument
	var day *time.Time
	err := row.Scan(&d.ID, &d.CaseNo, &d.Type, &d.Number, &day, &d.Title, &d.FileName, &d.MediaType, &d.Size, &d.SHA256, &d.Issued, &d.Actor, &d.At, &d.Seq)
	if day != nil {
		d.Day = land.DateOf(*day)
	}
	return d, err
}

func readDocuments(ctx context.Context, tx pgx.Tx, no land.CaseNo) ([]land.CaseDocument, error) {
	rows, err := tx.Query(ctx, selectDocuments+` WHERE d.case_no = $1 ORDER BY e.step`, no)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanDocument)
}

// Documents lists the documents of a case, oldest first: the files that were taken
// in, and what its acts issued.
func (db *DB) Documents(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseDocument, error) {
	var all []land.CaseDocument
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := readCase(ctx, tx, actor, no); err != nil {
			return err
		}
		var err error
		all, err = readDocuments(ctx, tx, no)
		return err
	})
	return all, err
}

// Document reads a document with its file, nil where an act issued it.
func (db *DB) Document(ctx context.Context, actor land.Actor, no land.CaseNo, id int64) (land.CaseDocument, []byte, error) {
	var d land.CaseDocument
	var content []byte
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := readCase(ctx, tx, actor, no); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectDocuments+` WHERE d.case_no = $1 AND d.id = $2`, no, id)
		if err != nil {
			return err
		}
		if d, err = pgx.CollectExactlyOneRow(rows, scanDocument); errors.Is(err, pgx.ErrNoRows) {
			return &land.NotFoundError{What: "document", Name: strconv.FormatInt(id, 10)}
		}
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT content FROM case_documents WHERE id = $1`, id).Scan(&content)
	})
	return d, content, err
}
