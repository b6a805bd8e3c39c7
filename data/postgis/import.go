package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Import takes the plots that read delivers into a park: all of them, or none
// and an *land.InvalidError with every fault. A park that does not exist is
// founded on the union of the plots. A dry run does the same and undoes it, so
// what it tells is what an import would do.
func (db *DB) Import(ctx context.Context, actor land.Actor, in land.Import, read ReadPlots) (land.ImportResult, error) {
	if err := mayImport(actor, in); err != nil {
		return land.ImportResult{}, err
	}
	conn, err := db.pool.Acquire(ctx) // before the transaction's, which waits for this one
	if err != nil {
		return land.ImportResult{}, explain(err)
	}
	type receipt struct {
		id  int64
		err error
	}
	received := make(chan receipt, 1)
	go func() {
		defer conn.Release()
		id, err := db.receive(ctx, conn, actor, in)
		received <- receipt{id, err}
	}()
	return db.run(ctx, actor, in, read, sync.OnceValues(func() (int64, error) {
		r := <-received
		return r.id, r.err
	}))
}

// ReadPlots reads a file and hands each plot to emit, which may keep it.
type ReadPlots func(emit func(land.Draft) error) (land.Delivery, error)

// RunImport runs an import that was received.
func (db *DB) RunImport(ctx context.Context, actor land.Actor, id int64, in land.Import, read ReadPlots) (land.ImportResult, error) {
	return db.run(ctx, actor, in, read, func() (int64, error) { return id, nil })
}

// run runs an import whose number comes when its file has been received.
func (db *DB) run(ctx context.Context, actor land.Actor, in land.Import, read ReadPlots, number func() (int64, error)) (land.ImportResult, error) {
	result := land.ImportResult{State: land.ImportDone, Park: in.Park, File: in.File.Name, DryRun: in.DryRun, RecordedAt: db.now()}
	err := db.runImport(ctx, actor, in, read, number, &result)
	var received error
	if result.ID, received = number(); received != nil {
		return result, errors.Join(err, received)
	}
	if err == nil && !in.DryRun {
		return result, nil // its record was written with the change
	}
	var invalid *land.InvalidError
	switch {
	case errors.As(err, &invalid):
		result.State, result.Faults = land.ImportRefused, invalid.Findings
	case err != nil:
		result.State = land.ImportFailed
	}
	recordErr := finishImport(context.WithoutCancel(ctx), db.pool, result)
	return result, errors.Join(err, explain(recordErr))
}

func (db *DB) runImport(ctx context.Context, actor land.Actor, in land.Import, read ReadPlots, number func() (int64, error), result *land.ImportResult) error {
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		result.RecordedAt = a.now
		change := land.Change{Kind: in.Kind, Park: in.Park, Reason: in.Reason}
		if err := a.takeDelivery(ctx, in, read, result); err != nil {
			return change, err
		}
		var err error
		if change.Import, err = number(); err != nil {
			return change, err
		}
		result.ID = change.Import
		if err := remember(ctx, a.tx, in); err != nil {
			return change, err
		}
		if in.DryRun {
			return change, errUndo
		}
		return change, finishImport(ctx, a.tx, *result)
	})
	result.Change = change.Seq
	return err
}

// ReceiveImport keeps a file that was handed in, with how it is to be read.
func (db *DB) ReceiveImport(ctx context.Context, actor land.Actor, in land.Import) (int64, error) {
	if err := mayImport(actor, in); err != nil {
		return 0, err
	}
	return db.receive(ctx, db.pool, actor, in)
}

// mayImport says whether an import may be tried.
func mayImport(actor land.Actor, in land.Import) error {
	if err := in.Park.Validate(); err != nil {
		return err
	}
	return actor.MayEdit(in.Park)
}

// asker is a connection pool or a connection.
type asker interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func (db *DB) receive(ctx context.Context, conn asker, actor land.Actor, in land.Import) (int64, error) {
	request, err := json.Marshal(importRequest{in.Replace, in.Reason, in.Format, in.Handling, in.Source})
	if err != nil {
		return 0, err
	}
	told, err := json.Marshal(land.ImportResult{State: land.ImportRunning, Park: in.Park, File: in.File.Name, DryRun: in.DryRun, RecordedAt: db.now()})
	if err != nil {
		return 0, err
	}
	var id int64
	err = conn.QueryRow(ctx, `
		INSERT INTO imports (park, filename, sha256, raw, actor, recorded_at, request, state, result)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8) RETURNING id`,
		in.Park, in.File.Name, in.File.SHA256[:], in.File.Raw, actor.Name, db.now(), request, told).Scan(&id)
	return id, explain(err)
}

// importRequest is how an import was asked for, as it is kept.
type importRequest struct {
	Replace  bool
	Reason   string
	Format   string
	Handling land.Handling
	Source   string
}

// executor is a connection pool or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// finishImport writes what became of an import. The file of one that was
// refused is not kept.
func finishImport(ctx context.Context, e executor, result land.ImportResult) error {
	told, err := json.Marshal(result)
	if err != nil {
		return err
	}
	_, err = e.Exec(ctx, `UPDATE imports SET state = $2, result = $3, raw = CASE WHEN $2 = 'done' THEN raw END WHERE id = $1`, result.ID, result.State, told)
	return err
}

// Resume gives a dry run as an import that can be run: a *land.ConflictError
// where it was not one, or was refused, applied or discarded.
func (db *DB) Resume(ctx context.Context, id int64) (land.Import, error) {
	in := land.Import{Kind: land.Imported}
	result, err := db.ImportResult(ctx, id)
	if err != nil {
		return in, err
	}
	if !result.DryRun || result.State != land.ImportDone {
		return in, land.Conflict(geo.Say("入库任务 %d 不是已通过的试运行", "import %d is no dry run that passed", id), geo.Say("请重新提交文件", "hand the file in again"))
	}
	var request, sum []byte
	err = db.pool.QueryRow(ctx, `SELECT park, filename, sha256, raw, request FROM imports WHERE id = $1`, id).Scan(&in.Park, &in.File.Name, &sum, &in.File.Raw, &request)
	if err != nil {
		return in, explain(err)
	}
	copy(in.File.SHA256[:], sum)
	var kept importRequest
	if err := json.Unmarshal(request, &kept); err != nil {
		return in, err
	}
	in.Replace, in.Reason, in.Format, in.Handling, in.Source = kept.Replace, kept.Reason, kept.Format, kept.Handling, kept.Source
	return in, nil
}

// DiscardImport drops the file of a dry run.
func (db *DB) DiscardImport(ctx context.Context, id int64) error {
	result, err := db.ImportResult(ctx, id)
	if err != nil {
		return err
	}
	if !result.DryRun {
		return land.Conflict(geo.Say("入库任务 %d 不是试运行", "import %d was no dry run", id), geo.Say("已写入的内容请通过编辑修改", "what was written is changed by edits"))
	}
	result.State = land.ImportDiscarded
	return explain(finishImport(ctx, db.pool, result))
}

// ImportResult tells what became of an import.
func (db *DB) ImportResult(ctx context.Context, id int64) (land.ImportResult, error) {
	var result land.ImportResult
	var told []byte
	var seq land.Seq
	err := db.pool.QueryRow(ctx, `SELECT i.result, coalesce(c.seq, 0) FROM imports i LEFT JOIN changes c ON c.import = i.id WHERE i.id = $1`, id).Scan(&told, &seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return result, &land.NotFoundError{What: "import", Name: strconv.FormatInt(id, 10)}
	}
	if err != nil {
		return result, explain(err)
	}
	err = json.Unmarshal(told, &result)
	result.ID, result.Change = id, seq
	return result, err
}
