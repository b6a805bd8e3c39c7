package plotset

import (
	"context"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Label is where a plot is named: the point inside it farthest from its edges
// (pole of inaccessibility), and the zoom from which there is room.
type Label struct {
	At   Point
	Zoom uint8
}

// Labels are drawn from the zoom at which the circle around the point that fits
// into the plot is labelRoom pixels wide, of 512 to a tile, but not before
// LabelZoom nor after everyLabel.
const (
	labelRoom  = 18
	LabelZoom  = 13
	everyLabel = 17
)

func (b *block) label(i int) Label {
	labels := b.labels.Load()
	if labels == nil {
		fresh := make([]Label, b.len())
		for j := range fresh {
			fresh[j] = labelOf(b.shape(j))
		}
		b.labels.Store(&fresh)
		labels = &fresh
	}
	return (*labels)[i]
}

// Label works out the labels of every plot that has none yet, which readers
// would otherwise wait for, by so many workers, until ctx ends.
func (s *Set) Label(ctx context.Context, workers int) {
	todo := make(chan *block)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for b := range todo {
				b.label(0)
			}
		})
	}
	s.blocks.Ascend(0, func(b *block) bool {
		if b.len() > 0 {
			todo <- b
		}
		return ctx.Err() == nil
	})
	close(todo)
	group.Wait()
}

func labelOf(s Shape) Label {
	if len(s.Points) == 0 {
		return Label{}
	}
	origin := Point{s.Points[0][0], s.Points[0][1]}
	at, room := geo.LabelPoint(s.relative(origin))
	zoom := LabelZoom
	for zoom < everyLabel && 2*room*512*math.Exp2(float64(zoom))/worldSide < labelRoom {
		zoom++
	}
	return Label{Point{uint32(int64(origin.X) + int64(math.Round(at[0]))), uint32(int64(origin.Y) + int64(math.Round(at[1])))}, uint8(zoom)}
}

// relative is the shape as plane coordinates around a point.
func (s Shape) relative(origin Point) geo.MultiPolygon {
	var p geo.MultiPolygon
	for i := range s.Ends {
		points, outer := s.Ring(i)
		ring := make(orb.Ring, 0, len(points)+1)
		for _, q := range points {
			ring = append(ring, geo.Point{float64(int64(q[0]) - int64(origin.X)), float64(int64(q[1]) - int64(origin.Y))})
		}
		if len(ring) > 0 {
			ring = append(ring, ring[0])
		}
		if outer {
			p = append(p, nil)
		}
		p[len(p)-1] = append(p[len(p)-1], ring)
	}
	return p
}
