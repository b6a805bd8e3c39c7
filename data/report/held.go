package report

import (
	"context"
	"errors"
	"iter"

	"github.com/dikuai/dikuai/data/land"
)

// Hold makes a register in memory the source of the tables that rest on its plots
// alone, on no other day. What else tables rest on is errors.ErrUnsupported.
func Hold(reg land.Register) Source { return held{reg} }

type held struct{ reg land.Register }

func (h held) Register() land.Register {
	reg := h.reg
	reg.Plots = nil
	return reg
}

// Sums are of each plot by itself: whoever asks adds them up.
func (h held) Sums(_ context.Context, _ land.SumBy, on land.Date, ellipsoid bool) ([]land.PlotSum, error) {
	if !on.IsZero() && on != h.reg.At {
		return nil, errors.ErrUnsupported
	}
	sums := make([]land.PlotSum, len(h.reg.Plots))
	for i, p := range h.reg.Plots {
		a := areaOf(&p, ellipsoid)
		s := land.PlotSum{Park: p.Park, Status: p.Status, Use: p.Use, Use2023: p.Use2023, SupplyMode: p.SupplyMode, Plots: 1, Area: a, Cents: squareMetres.round(a).Units}
		if len(p.SecondaryUse) > 0 {
			s.Mixed = 1
		}
		if !p.SuppliedOn.IsZero() {
			s.SupplyYear = p.SuppliedOn.Time().Year()
		}
		sums[i] = s
	}
	return sums, nil
}

func (h held) Keys(_ context.Context, ellipsoid bool) iter.Seq2[land.PlotKey, error] {
	return func(yield func(land.PlotKey, error) bool) {
		for _, p := range h.reg.Plots {
			if !yield(land.PlotKey{ID: p.ID, Version: p.Version, Park: p.Park, PlotNo: p.PlotNo, Scheme: p.Use.Scheme, Area: areaOf(&p, ellipsoid)}, nil) {
				return
			}
		}
	}
}

func (h held) Plots(_ context.Context, keys []land.PlotKey, _ bool) ([]land.Plot, error) {
	byID := make(map[land.PlotID]land.Plot, len(h.reg.Plots))
	for _, p := range h.reg.Plots {
		byID[p.ID] = p
	}
	found := make([]land.Plot, len(keys))
	for i, k := range keys {
		found[i] = byID[k.ID]
	}
	return found, nil
}

func (h held) Successions(context.Context, int, bool) ([]land.Succession, error) {
	return nil, errors.ErrUnsupported
}

func (h held) Quotas(context.Context, []int, []land.QuotaKind) ([]land.QuotaStatement, error) {
	return nil, errors.ErrUnsupported
}

func (h held) QuotaUses(context.Context, []int, []land.QuotaKind) ([]land.QuotaUse, error) {
	return nil, errors.ErrUnsupported
}

func (h held) Compliance(context.Context, bool) (land.Compliance, error) {
	return land.Compliance{}, errors.ErrUnsupported
}
