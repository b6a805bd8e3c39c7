package land

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/dikuai/dikuai/geo"
)

// Status is a plot's place in the supply of land (供地状态).
type Status string

// The statuses, in the order in which land moves through them.
const (
	Planned           Status = "planned"            // 规划
	Reserved          Status = "reserved"           // 储备
	Available         Status = "available"          // 可供
	Committed         Status = "committed"          // 已预占
	Supplied          Status = "supplied"           // 已供
	UnderConstruction Status = "under_construction" // 在建
	Completed         Status = "completed"          // 竣工
	Verified          Status = "verified"           // 已核实
	Idle              Status = "idle"               // 闲置
)

// StatusName is a status with what it is called and its colour on maps.
type StatusName struct {
	Status Status
	Zh, En string
	Color  string
}

var statusNames = []StatusName{
	{Planned, "规划", "planned", "#D9D9D9"},
	{Reserved, "储备", "in land reserve", "#BFB5A0"},
	{Available, "可供", "available", "#4DAF4A"},
	{Committed, "已预占", "committed", "#FFB000"},
	{Supplied, "已供", "supplied", "#4C8BF5"},
	{UnderConstruction, "在建", "under construction", "#8E6BD8"},
	{Completed, "竣工", "completed", "#2F6F9F"},
	{Verified, "已核实", "verified", "#1B3A57"},
	{Idle, "闲置", "idle", "#D62728"},
}

// Statuses lists all statuses with their names, in the order of supply.
func Statuses() []StatusName { return slices.Clone(statusNames) }

// Name is the status with its names; the zero value for an unknown one.
func (s Status) Name() StatusName {
	for _, n := range statusNames {
		if n.Status == s {
			return n
		}
	}
	return StatusName{}
}

// Words are the status's Chinese name and its word.
func (s Status) Words() geo.Words {
	return geo.Words{Zh: cmp.Or(s.Name().Zh, string(s)), En: string(s)}
}

// ParseStatus reads a status by its word or its Chinese name.
func ParseStatus(s string) (Status, error) {
	s = strings.TrimSpace(s)
	words := make([]string, 0, len(statusNames))
	for _, n := range statusNames {
		if strings.EqualFold(s, string(n.Status)) || s == n.Zh {
			return n.Status, nil
		}
		words = append(words, string(n.Status))
	}
	return "", geo.Say("状态 %q 不在 %s 之中", "status %q is not one of %s", s, geo.Names(strings.Join(words, ", ")))
}

// Move is one allowed step between statuses, the act that makes it and the
// document that must stand behind it.
type Move struct {
	From, To       Status
	ActZh, ActEn   string
	DocumentNeeded string
}

var moves = sync.OnceValue(func() []Move {
	var all []Move
	for _, r := range dictionaryRows("status_moves.csv") {
		all = append(all, Move{Status(r[0]), Status(r[1]), r[2], r[3], r[4]})
	}
	return all
})

// Moves lists the allowed steps.
func Moves() []Move { return slices.Clone(moves()) }

// CheckMove refuses a step that the table does not hold, naming those it does.
// Staying where it is, is always allowed.
func CheckMove(from, to Status) error {
	if from == to {
		return nil
	}
	var next []geo.Words
	for _, m := range moves() {
		if m.From != from {
			continue
		}
		if m.To == to {
			return nil
		}
		next = append(next, m.To.Words())
	}
	remedy := geo.Say("此状态之后没有下一步", "no further step leaves this status")
	if len(next) > 0 {
		remedy = geo.Say("允许的下一步：%s", "allowed next: %s", geo.List(next))
	}
	return Invalid("status", geo.Say("地块状态不能由%s变为%s", "a plot cannot move from %s to %s", from, to), remedy)
}
