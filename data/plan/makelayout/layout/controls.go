package layout

import (
	"math"

	"github.com/dikuai/dikuai/data/land"
)

// intensity is the range of controls (控制指标) of a land-use class.
type intensity struct {
	farMin          float64 // 0: no lower bound
	farLow, farHigh float64 // between which the upper bound lies, in steps of 0.1
	density         float64 // building density, at most, percent
	green           float64 // green ratio, at least, percent
	lowest, tallest float64 // between which the height limit lies, m
}

// intensities holds the development classes and the facilities with buildings;
// roads, green space, squares and parking have no controls.
var intensities = map[string]intensity{
	"A35": {0, 1.5, 2.5, 35, 35, 40, 80},
	"A21": {0, 1.0, 1.6, 40, 35, 24, 40},
	"B1":  {0, 2.0, 3.0, 45, 25, 40, 80},
	"B29": {0, 2.0, 4.0, 40, 30, 50, 120},
	"M1":  {1.2, 2.0, 3.0, 50, 15, 24, 50},
	"M0":  {2.0, 3.0, 4.0, 45, 20, 50, 100},
	"W1":  {1.0, 1.2, 2.0, 50, 20, 24, 40},
	"R2":  {0, 2.0, 2.8, 28, 35, 60, 80},
	"U11": {0, 0.3, 0.3, 30, 35, 12, 12},
	"U12": {0, 0.8, 0.8, 40, 25, 20, 20},
	"U21": {0, 0.6, 0.6, 30, 35, 15, 15},
	"U22": {0, 0.6, 0.6, 35, 30, 15, 15},
	"S41": {0, 0.4, 0.4, 30, 20, 15, 15},
}

// Buildings are taken to stand on part of the ground that density allows, with
// storeys of so many metres, what stands on the roof shared out.
const (
	built  = 0.6
	storey = 5
)

// control sets a plot's controls: an intensity within its class, the height that
// it takes, and the floor area that follows.
func (w *writer) control(a *land.Attributes, area float64) {
	c, ok := intensities[a.Use.Code]
	if !ok {
		return
	}
	steps := int(math.Round((c.farHigh - c.farLow) * 10))
	far := math.Round(c.farLow*10+float64(w.random.IntN(steps+1))) / 10
	height := math.Ceil(far/(built*c.density/100)*storey/10) * 10
	height = min(c.tallest, max(c.lowest, height))
	gfa := math.Floor(area*far + 0.5)
	if c.farMin > 0 {
		a.FARMin = &c.farMin
	}
	a.FARMax, a.DensityMax, a.GreenMin, a.HeightMax, a.GFAMax = &far, &c.density, &c.green, &height, &gfa
}
