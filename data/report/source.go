package report

import (
	"context"
	"iter"
	"net/url"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Source is what tables are made from: the register at one moment and a choice of
// its plots. All that it gives is of one snapshot. A year or kind that is not
// asked for is any.
type Source interface {
	// Register is what the moment is, and the parks in print order; without plots.
	Register() land.Register
	// Sums adds up the chosen plots by what is asked, as they held at the moment or on
	// another day.
	Sums(ctx context.Context, by land.SumBy, on land.Date, ellipsoid bool) ([]land.PlotSum, error)
	// Keys names the chosen plots, in any order.
	Keys(ctx context.Context, ellipsoid bool) iter.Seq2[land.PlotKey, error]
	// Plots are the versions that keys name, in their order, with boundaries if
	// these are asked for.
	Plots(ctx context.Context, keys []land.PlotKey, boundaries bool) ([]land.Plot, error)
	// Successions tells what became of plots, in the order of changes.
	Successions(ctx context.Context, year int, ellipsoid bool) ([]land.Succession, error)
	// Quotas are the accounts of the quota ledger, and QuotaUses what cases have of them.
	Quotas(ctx context.Context, years []int, kinds []land.QuotaKind) ([]land.QuotaStatement, error)
	QuotaUses(ctx context.Context, years []int, kinds []land.QuotaKind) ([]land.QuotaUse, error)
	// Compliance holds the boundary of the chosen plots together to all rules.
	Compliance(ctx context.Context, ellipsoid bool) (land.Compliance, error)
}

// Options choose how a table is made. The zero value measures in the plane and
// leaves nothing out.
type Options struct {
	Measure Measure
	Against land.Date        // balance: the day to compare with
	Scheme  land.Scheme      // balance: the classification; empty: of each plot its own
	Year    int              // supply, lineage and quota: of this year alone
	Kinds   []land.QuotaKind // quota: of these kinds alone
	CRS     geo.CRS          // boundary: the plane of the coordinates; 0: the park's own
	Choice  string           // which plots are chosen, in words; empty: all of the parks
	Asked   url.Values       // what was asked for besides parks, moment and measure, told in the table's stamp
}

func (o Options) ellipsoid() bool { return o.Measure == Ellipsoid }

// years is the year as a list that may be empty.
func (o Options) years() []int {
	if o.Year == 0 {
		return nil
	}
	return []int{o.Year}
}

func (o Options) park(p land.Park) geo.ExactArea {
	if o.ellipsoid() {
		return p.AreaEllipsoid.Exact()
	}
	return p.Area.Exact()
}

func (o Options) plot(p *land.Plot) geo.ExactArea { return areaOf(p, o.ellipsoid()) }

func areaOf(p *land.Plot, ellipsoid bool) geo.ExactArea {
	if ellipsoid {
		return p.AreaEllipsoid.Exact()
	}
	return p.Area.Exact()
}
