// Package door is what the doors share: how a request is read and refused, and
// how an answer is sent.
package door

import (
	"errors"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// ParameterError refuses a request for one of its parameters.
type ParameterError struct {
	Parameter       string
	Message, Remedy geo.Words
}

// Refuse says what is wrong with a parameter and what would be right.
func Refuse(parameter string, message, remedy geo.Words) error {
	return &ParameterError{parameter, message, remedy}
}

func (e *ParameterError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *ParameterError) Words() geo.Words {
	return geo.Say("%s：%s；%s", "%s: %s; %s", e.Parameter, e.Message, e.Remedy)
}

// StatusError is a refusal by the protocol itself.
type StatusError struct {
	Status int // of HTTP
	Detail geo.Words
}

// Deny refuses a request with a status of HTTP.
func Deny(status int, detail geo.Words) error { return &StatusError{status, detail} }

func (e *StatusError) Error() string { return e.Detail.En }

// Words tell the error in both languages.
func (e *StatusError) Words() geo.Words { return e.Detail }

// FilterError refuses a CQL2 expression, with every fault and its place in it.
type FilterError struct{ Err error }

func (e *FilterError) Error() string { return e.Err.Error() }

// Words tell the faults in both languages.
func (e *FilterError) Words() geo.Words { return geo.WordsOf(e.Err) }

// Findings are the faults, each with its place.
func (e *FilterError) Findings() []land.Finding {
	var faults cql2.Faults
	if !errors.As(e.Err, &faults) {
		var syntax *cql2.SyntaxError
		if errors.As(e.Err, &syntax) {
			faults = cql2.Faults{syntax}
		}
	}
	var findings []land.Finding
	for _, f := range faults {
		findings = append(findings, land.Finding{Severity: land.Block, Field: "filter"}.Saying(
			geo.Say("第 %d 行第 %d 个字符：%s", "line %d, character %d: %s", f.Line, f.Column, f.Said()),
			geo.Say("请使用 CQL2 文本，如 status = 'available' AND area_mu > 20", "write CQL2 text such as status = 'available' AND area_mu > 20")))
	}
	return findings
}
