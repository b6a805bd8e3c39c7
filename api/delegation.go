package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
)

// delegation lets an officer stand in for an approver for a time.
type delegation struct {
	ID         int64      `json:"id"`
	From       int64      `json:"from_key"`
	FromName   string     `json:"from_name"`
	To         int64      `json:"to_key"`
	ToName     string     `json:"to_name"`
	Role       land.Role  `json:"role"`
	FirstDay   string     `json:"from_day"`
	LastDay    string     `json:"until_day"`
	DocumentNo string     `json:"document_no"`
	Actor      string     `json:"actor"`
	RecordedAt time.Time  `json:"recorded_at"`
	EndedBy    string     `json:"ended_by,omitempty"` // before its time
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

func describeDelegation(d land.Delegation) delegation {
	told := delegation{d.ID, d.From, d.FromName, d.To, d.ToName, d.Role, d.FirstDay.String(), d.LastDay.String(), d.DocumentNo, d.Actor, d.At.UTC(), d.EndedBy, nil}
	if !d.EndedAt.IsZero() {
		at := d.EndedAt.UTC()
		told.EndedAt = &at
	}
	return told
}

// getDelegations lists the delegations from and to the caller's key; an
// administrator's all.
func (s *server) getDelegations(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	found, err := s.DB.Delegations(c.Request().Context(), access.Actor(c))
	if err != nil {
		return err
	}
	told := make([]delegation, len(found))
	for i, d := range found {
		told[i] = describeDelegation(d)
	}
	return door.Private(c, http.StatusOK, map[string]any{"delegations": told})
}

// postDelegation lets an officer stand in for an approver: of an approver's key, for
// its holder, where the body does not name another.
func (s *server) postDelegation(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	var body struct {
		From       int64  `json:"from_key"`
		To         int64  `json:"to_key"`
		FirstDay   string `json:"from_day"`
		LastDay    string `json:"until_day"`
		DocumentNo string `json:"document_no"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	actor := access.Actor(c)
	d := land.Delegation{From: body.From, To: body.To, Role: land.Approver, DocumentNo: body.DocumentNo}
	if d.From == 0 {
		d.From = actor.Key
	}
	var err error
	if d.FirstDay, err = memberDay("from_day", body.FirstDay); err != nil {
		return err
	}
	if d.LastDay, err = memberDay("until_day", body.LastDay); err != nil {
		return err
	}
	if d, err = s.DB.Delegate(c.Request().Context(), actor, d); err != nil {
		return err
	}
	return door.Private(c, http.StatusCreated, describeDelegation(d))
}

// deleteDelegation ends a delegation before its time; it stays to be seen.
func (s *server) deleteDelegation(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := numberOf(c, "delegation")
	if err != nil {
		return err
	}
	if err := s.DB.EndDelegation(c.Request().Context(), access.Actor(c), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
