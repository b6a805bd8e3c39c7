package land

import "time"

// Seq numbers the changes of the register in the order in which they were
// committed; 0 is before the first.
type Seq int64

// ChangeKind names what an act did.
type ChangeKind string

// The kinds of change.
const (
	Seeded   ChangeKind = "seed"
	Imported ChangeKind = "import"
	Created  ChangeKind = "create"
	Updated  ChangeKind = "update"
)

// Change is one committed act on the register (变更).
type Change struct {
	Seq        Seq
	Kind       ChangeKind
	Park       ParkCode
	Actor      string
	Reason     string
	CaseNo     string
	Import     int64 // the import that made it, 0 for another act
	RecordedAt time.Time
	Plots      []ChangedPlot
}

// ChangedPlot is a plot version that a change made.
type ChangedPlot struct {
	ID      PlotID
	Version int
}

// Register is everything that holds at one moment, read in one snapshot.
type Register struct {
	Seq   Seq
	At    Date
	Parks []Park
	Plots []Plot
}

// Delta is what changed between two moments: the plots as they hold at Seq, and
// those that ended. Parks are all of them, being few.
type Delta struct {
	Seq     Seq
	Parks   []Park
	Plots   []Plot
	Retired []PlotID
}
