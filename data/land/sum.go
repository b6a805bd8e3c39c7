package land

import "github.com/dikuai/dikuai/geo"

// PlotSum is what those plots of a park add up to that tables do not tell apart.
type PlotSum struct {
	Park       ParkCode
	Status     Status
	Use        UseCode
	Use2023    string
	SupplyMode string
	SupplyYear int // in which they were supplied, 0 where no day is known
	Plots      int
	Mixed      int // of these of mixed use
	Area       geo.ExactArea
	Cents      int64 // their areas in 0.01 m², each rounded by itself
}

// PlotKey names a version of a plot, with what tables know of all plots before
// they print the first.
type PlotKey struct {
	ID      PlotID
	Version int
	Park    ParkCode
	PlotNo  string
	Scheme  Scheme
	Area    geo.ExactArea
}

// Succession is a step in the life of plots (沿革): From became To, or ended where To
// is nil, on a day by a change.
type Succession struct {
	Seq    Seq
	Kind   ChangeKind
	Park   ParkCode
	Day    Date
	Reason string
	CaseNo string
	From   PlotState
	To     *PlotState
}

// Becomes is the number of what a plot became, empty where it ended.
func (s Succession) Becomes() string {
	if s.To == nil {
		return ""
	}
	return s.To.PlotNo
}

// PlotState is a plot as it was before or after a change.
type PlotState struct {
	ID     PlotID
	PlotNo string
	Area   geo.ExactArea
}
