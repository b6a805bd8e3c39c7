package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
)

// dictionary is what the register's words mean, as pages and programs need it.
type dictionary struct {
	LandUses     []landUse     `json:"land_uses"`
	Statuses     []status      `json:"statuses"`
	Fields       []field       `json:"fields"`
	Checks       []check       `json:"checks"`
	ControlKinds []controlKind `json:"control_kinds"`
}

// landUse is an entry of a land-use dictionary; a code has its meaning in its
// scheme alone.
type landUse struct {
	Scheme land.Scheme `json:"scheme"`
	Code   string      `json:"code"`
	Parent string      `json:"parent,omitempty"`
	Level  int         `json:"level"`
	NameZh string      `json:"name_zh"`
	NameEn string      `json:"name_en"`
	Color  string      `json:"color,omitempty"`
}

// status is a status with the moves that lead on from it.
type status struct {
	Status land.Status `json:"status"`
	NameZh string      `json:"name_zh"`
	NameEn string      `json:"name_en"`
	Color  string      `json:"color"`
	Moves  []move      `json:"moves"`
}

type move struct {
	To       land.Status `json:"to"`
	ActZh    string      `json:"act_zh"`
	ActEn    string      `json:"act_en"`
	Document string      `json:"document,omitempty"`
}

// field is a property of a plot; what is not settable the register computes.
type field struct {
	Name     string   `json:"name"`
	NameZh   string   `json:"name_zh"`
	NameEn   string   `json:"name_en"`
	Type     string   `json:"type"`
	Settable bool     `json:"settable"`
	Short    string   `json:"short"`
	Also     []string `json:"also,omitempty"`
}

type check struct {
	Code   string `json:"code"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
}

var fieldTypes = map[land.Kind]string{land.Text: "text", land.Integer: "integer", land.Number: "number", land.Day: "date"}

func describeDictionary() dictionary {
	var d dictionary
	for _, u := range land.Uses() {
		d.LandUses = append(d.LandUses, landUse{u.Scheme, u.Code, u.Parent, u.Level, u.NameZh, u.NameEn, u.Color})
	}
	moves := land.Moves()
	for _, n := range land.Statuses() {
		s := status{n.Status, n.Zh, n.En, n.Color, []move{}}
		for _, m := range moves {
			if m.From == n.Status {
				s.Moves = append(s.Moves, move{m.To, m.ActZh, m.ActEn, m.DocumentNeeded})
			}
		}
		d.Statuses = append(d.Statuses, s)
	}
	for _, f := range land.Fields() {
		d.Fields = append(d.Fields, field{f.Name, f.Zh, f.En, fieldTypes[f.Kind], f.Set != nil, f.Short, f.Also})
	}
	for _, c := range land.Checks() {
		d.Checks = append(d.Checks, check{c.Code, c.Zh, c.En})
	}
	d.ControlKinds = controlKinds()
	return d
}

// getDictionary answers the register's words: land uses, statuses with their
// moves, the properties of a plot, checks, and kinds of control layer.
func (s *server) getDictionary(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeDictionary())
}
