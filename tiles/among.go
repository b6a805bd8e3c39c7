package tiles

import (
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Among says which of some plots the search finds; each number stands for one.
func (s *Search) Among(plots []land.Plot) map[land.PlotID]bool {
	found := map[land.PlotID]bool{}
	view := &View{Plots: plotset.Of(plots)}
	view.each(s, func(r plotset.Ref) { found[r.ID()] = true })
	return found
}
