package bench

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// park is the one that a made city is.
const park = "city"

// source is a made city as a register that a view follows: it is streamed from
// the generator, and changes are told to it by change.
type source struct {
	options    city.Options
	places     []orb.Point // a point of each of many plots, spread evenly over all
	generating time.Duration
	register   land.Register

	mu      sync.Mutex
	changes []land.Plot // the first is change 2
	changed chan struct{}

	controls []land.ControlFeature // published with a change
}

func newSource(plots int, seed uint64) *source {
	return &source{options: city.Options{Plots: plots, Seed: seed}, changed: make(chan struct{}, 1), places: make([]orb.Point, 0, mostPlaces)}
}

// mostPlaces bounds how many plots are kept as places for tiles.
const mostPlaces = 1 << 16

// Stream makes the city and hands its plots over. The moment is always now.
func (s *source) Stream(ctx context.Context, _ land.Moment, _ int, take func(worker int, p *land.Plot)) (land.Register, error) {
	began := time.Now()
	var taking time.Duration
	s.places = s.places[:0]
	var outline geo.MultiPolygon
	for p, err := range plots(ctx, s.options, &outline) {
		if err != nil {
			return land.Register{}, err
		}
		if int(p.ID)%(s.options.Plots/mostPlaces+1) == 0 {
			s.places = append(s.places, p.Boundary[0][0][0])
		}
		start := time.Now()
		take(0, p)
		taking += time.Since(start)
	}
	boundary, err := geo.TransformMultiPolygon(outline, city.CRS, geo.CGCS2000)
	if err != nil {
		return land.Register{}, err
	}
	area := geo.PlaneArea(outline)
	s.register = land.Register{Seq: 1, At: city.AsOf(), Parks: []land.Park{{
		Code: park, NameZh: "演示城市", NameEn: "Demonstration city", PlaneCRS: city.CRS, Boundary: boundary, Area: area, Demonstration: true,
	}}}
	s.generating = time.Since(began) - taking
	return s.register, nil
}

// plots are a made city's as a register would hold them, but for ellipsoidal
// areas, which tiles don't show. The outline is known at the end.
func plots(ctx context.Context, o city.Options, outline *geo.MultiPolygon) iter.Seq2[*land.Plot, error] {
	return func(yield func(*land.Plot, error) bool) {
		toDegrees, err := geo.NewTransformer(city.CRS, geo.CGCS2000)
		if err != nil {
			yield(nil, err)
			return
		}
		if outline != nil {
			o.Outline = func(p geo.MultiPolygon) { *outline = p }
		}
		enough, stop := context.WithCancel(ctx)
		defer stop()
		stopped := false
		err = city.Generate(enough, o, func(d land.Draft) error {
			p := &land.Plot{ID: land.PlotID(d.Row), Park: park, Attributes: d.Attributes, Version: 1, Boundary: geo.MapPoints(d.Boundary, toDegrees), Area: geo.PlaneArea(d.Boundary)}
			if stopped = !yield(p, nil); stopped {
				stop()
				return context.Canceled
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// Past is not asked: a bench looks at the present.
func (s *source) Past(context.Context, land.Moment) (land.Past, error) {
	return land.Past{}, errors.New("a made city has no past")
}

// CatchUp finds nothing: a made city is not kept.
func (s *source) CatchUp(context.Context, land.Seq, string) (land.Register, land.Delta, error) {
	return land.Register{}, land.Delta{}, land.ErrNoSuchState
}

// Since gives the changes after a number.
func (s *source) Since(_ context.Context, seq land.Seq) (land.Delta, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := land.Delta{Seq: s.register.Seq + land.Seq(len(s.changes)), At: s.register.At, Parks: s.register.Parks}
	d.Controls, d.ControlsChanged = s.controls, s.controls != nil
	for _, p := range s.changes[seq-s.register.Seq:] {
		if i := slices.IndexFunc(d.Plots, func(o land.Plot) bool { return o.ID == p.ID }); i >= 0 {
			d.Plots[i] = p
		} else {
			d.Plots = append(d.Plots, p)
		}
	}
	return d, nil
}

// Listen calls wake at once and after every change.
func (s *source) Listen(ctx context.Context, wake func()) error {
	for {
		wake()
		select {
		case <-s.changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// change puts a plot in the place of the one with its number, and tells the
// change's.
func (s *source) change(p land.Plot) land.Seq {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changes = append(s.changes, p)
	select {
	case s.changed <- struct{}{}:
	default: // the listener has yet to look
	}
	return s.register.Seq + land.Seq(len(s.changes))
}

// publish publishes controls along with a change of a plot.
func (s *source) publish(controls []land.ControlFeature, p land.Plot) land.Seq {
	s.mu.Lock()
	s.controls = controls
	s.mu.Unlock()
	return s.change(p)
}

// longList is how many tiles a list of work has; it is gone through again and
// again.
const longList = 1 << 16

// tilesAt are random tiles of a zoom, each as likely as it has plots: the same
// for the same city.
func tilesAt(places []orb.Point, z maptile.Zoom, n int) []maptile.Tile {
	random := rand.New(rand.NewPCG(1, uint64(z)))
	list := make([]maptile.Tile, n)
	for i := range list {
		list[i] = maptile.At(places[random.IntN(len(places))], z)
	}
	return list
}
