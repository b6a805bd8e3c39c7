package land

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// MayEdit says whether the actor may state anew now what the case applies for,
// whatever that is.
func (c Case) MayEdit(a Actor) bool {
	_, err := c.Edit(c.CaseContent, CaseStanding{Actor: a}, time.Time{})
	var invalid *InvalidError // of what is stated, about plots that nobody looked up
	return err == nil || errors.As(err, &invalid)
}

// MayAttach says whether the actor may hand in a document of a type now.
func (c Case) MayAttach(a Actor, t DocumentType) bool {
	d := CaseDocument{Type: t, FileName: "x", Size: 1, SHA256: strings.Repeat("0", 64)}
	_, err := c.Attach(d, CaseStanding{Actor: a}, time.Time{})
	return err == nil
}

// MayCheck says whether the actor may have compliance checked now, and kept.
func (c Case) MayCheck(a Actor) bool {
	_, err := c.Keep(CaseCheck{Verdict: Passes}, CaseStanding{Actor: a}, time.Time{})
	return err == nil
}

// Barred says whether the actor, whose role allows a step, may not do it for having
// proposed what it decides.
func (c Case) Barred(a Actor, f CaseFlow) bool {
	return slices.Contains(f.Guards, GuardOther) && c.other(CaseStanding{Actor: a}) != nil
}
