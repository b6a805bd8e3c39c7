package land

import "time"

// MostMoves is how many acts and how many moves of plots a digest tells.
const MostMoves = 500

// DailyDigest is what happened the day before a day, and how cases and land stand on it
// (日报).
type DailyDigest struct {
	Supervision
	MovedOn   Date
	Acts      []CaseMove // on the day before, in order, at most MostMoves
	Moves     []PlotMove // the same
	ActsLeft  int        // that are not told
	MovesLeft int
}

// CaseMove is an act on a case.
type CaseMove struct {
	At       time.Time
	No       CaseNo
	Kind     CaseKind
	Park     ParkCode
	Title    string
	Act      ActName
	From, To CaseState
	Actor    string
}

// PlotMove is a plot's move from a status to another.
type PlotMove struct {
	At time.Time
	PlotName
	Park     ParkCode
	From, To Status
}
