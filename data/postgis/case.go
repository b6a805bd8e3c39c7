package postgis

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/dikuai/dikuai/data/land"
)

// Acted is what an act on a case did: the case after it, its event, and the change
// that it is. Again says that the act was done before under the same key; all
// three are then as they were.
type Acted struct {
	Case   land.Case
	Event  land.CaseEvent
	Change land.Change
	Again  bool
}

// OpenCase opens a case as a draft and gives it the next number of its park and
// year.
func (db *DB) OpenCase(ctx context.Context, actor land.Actor, d land.CaseDraft, once land.Once) (Acted, error) {
	return Acted{}, errors.ErrUnsupported
}

// EditCase states anew what a case applies for; version is the one that the caller
// read, else the error is land.ErrStale.
func (db *DB) EditCase(ctx context.Context, actor land.Actor, no land.CaseNo, version int, content land.CaseContent, once land.Once) (Acted, error) {
	return Acted{}, errors.ErrUnsupported
}

// ActOnCase does a step of a case: its event, what becomes of its plots and the
// entries of the quota ledger, all in one change. version is the one that the
// caller read, else the error is land.ErrStale; for the rest see land.Case.Do.
func (db *DB) ActOnCase(ctx context.Context, actor land.Actor, no land.CaseNo, version int, act land.CaseAct, once land.Once) (Acted, error) {
	return Acted{}, errors.ErrUnsupported
}

// Case reads a case; a *land.NotFoundError where there is none that the actor may
// see.
func (db *DB) Case(ctx context.Context, actor land.Actor, no land.CaseNo) (land.Case, error) {
	return land.Case{}, errors.ErrUnsupported
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
	SortByNumber  CaseSort = "no"
	SortByChanged CaseSort = "changed" // when an act was last done
	SortByTitle   CaseSort = "title"
)

// CaseCursor says after which case a page begins: what the cases are sorted by, as
// text, and the number.
type CaseCursor struct {
	Value string
	No    land.CaseNo
}

// Cursor is where the page after a case begins.
func (q CaseQuery) Cursor(c land.Case) CaseCursor { return CaseCursor{} }

// Cases lists cases, and counts all that match whatever the page.
func (db *DB) Cases(ctx context.Context, actor land.Actor, q CaseQuery) (page []land.Case, matched int, err error) {
	return nil, 0, errors.ErrUnsupported
}

// CaseEvents lists everything that was done on a case, in order.
func (db *DB) CaseEvents(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseEvent, error) {
	return nil, errors.ErrUnsupported
}

// AddDocument takes a document's file in. Size and SHA256 are the content's and are
// computed here; MediaType is what the caller found by its first bytes.
func (db *DB) AddDocument(ctx context.Context, actor land.Actor, no land.CaseNo, d land.CaseDocument, content []byte, once land.Once) (land.CaseDocument, Acted, error) {
	return land.CaseDocument{}, Acted{}, errors.ErrUnsupported
}

// Documents lists the documents of a case, oldest first: the files that were taken
// in, and what its acts issued.
func (db *DB) Documents(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseDocument, error) {
	return nil, errors.ErrUnsupported
}

// Document reads a document with its file, nil where an act issued it.
func (db *DB) Document(ctx context.Context, actor land.Actor, no land.CaseNo, id int64) (land.CaseDocument, []byte, error) {
	return land.CaseDocument{}, nil, errors.ErrUnsupported
}

// CaseBasis is what a compliance check of the case rests on now; see
// land.CaseCheck. Read it before what is checked.
func (db *DB) CaseBasis(ctx context.Context, actor land.Actor, no land.CaseNo) (string, error) {
	return "", errors.ErrUnsupported
}

// RecordCheck keeps a compliance check with its case: on what basis it was made,
// its verdict, and its result as it was answered. A basis that has changed
// meanwhile is a *land.ConflictError.
func (db *DB) RecordCheck(ctx context.Context, actor land.Actor, no land.CaseNo, basis string, verdict land.Outcome, result json.RawMessage, once land.Once) (land.CaseCheck, Acted, error) {
	return land.CaseCheck{}, Acted{}, errors.ErrUnsupported
}

// Checks lists the compliance checks that are kept with a case, oldest first.
func (db *DB) Checks(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseCheck, error) {
	return nil, errors.ErrUnsupported
}

// Delegate lets an officer stand in for an approver. Both keys must be good, of
// those roles, and the officer's of a park that is the approver's.
func (db *DB) Delegate(ctx context.Context, actor land.Actor, d land.Delegation) (land.Delegation, error) {
	return land.Delegation{}, errors.ErrUnsupported
}

// EndDelegation ends a delegation before its time.
func (db *DB) EndDelegation(ctx context.Context, actor land.Actor, id int64) error {
	return errors.ErrUnsupported
}

// Delegations lists the delegations from or to the actor's key, an administrator
// all, newest first.
func (db *DB) Delegations(ctx context.Context, actor land.Actor) ([]land.Delegation, error) {
	return nil, errors.ErrUnsupported
}
