package land

import "github.com/dikuai/dikuai/geo"

// SumBy is by what sums tell plots apart, beside their parks.
type SumBy uint8

// What sums may tell apart.
const (
	ByStatus SumBy = 1 << iota
	ByUse          // Use and Use2023
	BySupply       // SupplyMode and SupplyYear
)

// PlotSum is what those plots of a park add up to that a table does not tell apart.
// What it was not asked to tell is empty.
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
