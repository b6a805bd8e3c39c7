package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
)

// caseEvent is an act on a case as it was recorded, with the sentence that tells it.
type caseEvent struct {
	ID         int64             `json:"id"`
	Step       int               `json:"step"`
	Act        land.ActName      `json:"act"`
	ActZh      string            `json:"act_zh"`
	ActEn      string            `json:"act_en"`
	From       land.CaseState    `json:"from"`
	To         land.CaseState    `json:"to"`
	Actor      string            `json:"actor"`
	Role       land.Role         `json:"role"`
	Deputy     int64             `json:"deputy,omitempty"` // the delegation that the actor stood in by
	At         time.Time         `json:"at"`
	Document   land.DocumentType `json:"document,omitempty"`
	DocumentNo string            `json:"document_no,omitempty"`
	DocumentOn string            `json:"document_day,omitempty"`
	Reason     string            `json:"reason,omitempty"`
	Opinion    string            `json:"opinion,omitempty"`
	Facts      json.RawMessage   `json:"facts"`
	Digest     string            `json:"digest"`
	Seq        land.Seq          `json:"seq"`
	Zh         string            `json:"zh"`
	En         string            `json:"en"`
}

func describeEvent(c land.Case, e land.CaseEvent) caseEvent {
	act, told := c.ActOf(e), c.Sentence(e)
	return caseEvent{
		e.ID, e.Step, e.Act, act.Zh, act.En, e.From, e.To, e.Actor, e.Role, e.Deputy, e.At.UTC(), e.Document, e.DocumentNo, e.DocumentOn.String(), e.Reason, e.Opinion,
		e.Facts, e.Digest, e.Seq, told.Zh, told.En,
	}
}

// getCaseTrail tells everything that was done on a case, in order.
func (s *server) getCaseTrail(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	events, err := s.DB.CaseEvents(c.Request().Context(), access.Actor(c), found.No)
	if err != nil {
		return err
	}
	told := make([]caseEvent, len(events))
	for i, e := range events {
		told[i] = describeEvent(found, e)
	}
	return door.Private(c, http.StatusOK, map[string]any{"no": found.No, "trail": told})
}
