package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"sync"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// edits is how many edits the long tests make: DIKUAI_EDITS, else few.
func edits(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("DIKUAI_EDITS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// randomEdit makes one edit of a register somewhere; one that the rules refuse
// is no fault, and acknowledged is then false.
func randomEdit(ctx context.Context, db *postgis.DB, random *rand.Rand, name string) (change land.Change, acknowledged bool, err error) {
	r, err := db.Load(ctx, land.Moment{})
	if err != nil {
		return change, false, err
	}
	p := r.Plots[random.IntN(len(r.Plots))]
	plane, _, err := geo.SnapPolygon(p.Boundary, geo.CGCS2000, geo.GK114)
	if err != nil {
		return change, false, err
	}
	b := plane.Bound()
	within := func() geo.Point {
		return geo.Point{b.Min[0] + random.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + random.Float64()*(b.Max[1]-b.Min[1])}
	}
	switch kind := random.IntN(10); {
	case kind < 3 && float64(p.Area) > 500:
		c, angle, reach := within(), random.Float64()*math.Pi, b.Max[0]-b.Min[0]+b.Max[1]-b.Min[1]
		d := geo.Point{reach * math.Cos(angle), reach * math.Sin(angle)}
		_, change, err = db.SplitPlot(ctx, officer, p.ID, land.Split{Version: p.Version, CRS: geo.GK114, Line: []geo.Point{{c[0] - d[0], c[1] - d[1]}, {c[0] + d[0], c[1] + d[1]}}, Act: land.Act{Reason: name}})
	case kind < 6:
		other := r.Plots[random.IntN(len(r.Plots))]
		for _, q := range r.Plots { // the nearest one that comes after it by chance
			if q.ID != p.ID && q.Boundary.Bound().Pad(1e-7).Intersects(p.Boundary.Bound()) && random.IntN(3) == 0 {
				other = q
				break
			}
		}
		if float64(p.Area+other.Area) > 40000 {
			return change, false, nil
		}
		_, change, err = db.MergePlots(ctx, officer, land.Merge{IDs: []land.PlotID{p.ID, other.ID}, Versions: []int{p.Version, other.Version}, PlotNo: name, Act: land.Act{Reason: name}})
	case kind < 9:
		ring := plane[0][0]
		from := ring[random.IntN(len(ring)-1)]
		to := geo.Point{from[0] + random.Float64()*8 - 4, from[1] + random.Float64()*8 - 4}
		_, change, err = db.AdjustBorders(ctx, officer, land.Adjust{Park: "test", CRS: geo.GK114, Moves: []land.Displacement{{From: from, To: to}}, Act: land.Act{Reason: name}})
	default:
		_, change, err = db.UpdatePlot(ctx, officer, p.ID, land.Update{Version: p.Version, Change: func(a *land.Attributes) error { a.Name = name; return nil }, Reason: name})
	}
	if refusedByRules(err) {
		return change, false, nil
	}
	return change, err == nil, err
}

func refusedByRules(err error) bool {
	var invalid *land.InvalidError
	var conflict *land.ConflictError
	var missing *land.NotFoundError
	return errors.Is(err, land.ErrStale) || errors.As(err, &invalid) || errors.As(err, &conflict) || errors.As(err, &missing)
}

// coverageHolds asks PostGIS for the land that the plots cover, where they
// overlap, and what of the park they leave open.
func coverageHolds(t *testing.T, url string, total float64) {
	t.Helper()
	var sum, overlap, gap float64
	row(t, url, `SELECT (SELECT sum(area_m2) FROM current_plots),
		coalesce((SELECT max(ST_Area(ST_Intersection(in_plane(a.geom, 4547), in_plane(b.geom, 4547)))) FROM current_plots a JOIN current_plots b ON a.geom && b.geom AND a.plot_id < b.plot_id), 0),
		(SELECT ST_Area(ST_SymDifference(in_plane(boundary, 4547), (SELECT ST_Union(in_plane(geom, 4547)) FROM current_plots))) FROM parks)`, &sum, &overlap, &gap)
	if math.Abs(sum-total) > 0.01 || overlap > 0.01 || gap > 0.01 {
		t.Errorf("%.4f m² of %.4f, the widest overlap %.4f m², open %.4f m²", sum, total, overlap, gap)
	}
	var loops int
	row(t, url, `SELECT count(*) FROM lineage WHERE parent >= child`, &loops)
	if loops > 0 {
		t.Errorf("%d plots are older than their parents", loops)
	}
}

func TestSequencesOfEditsKeepTheCoverage(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	grid(t, db, random, 6)
	original, err := db.Load(ctx, land.Moment{At: date(t, "2016-06-01")})
	if err != nil || len(original.Plots) != 36 {
		t.Fatalf("%d plots, %v", len(original.Plots), err)
	}
	made := 0
	for i := range edits(t, 150) {
		before := load(t, db)
		_, ok, err := randomEdit(ctx, db, random, fmt.Sprintf("edit-%d", i))
		if err != nil {
			t.Fatalf("edit %d: %v", i, err)
		}
		if !ok {
			continue
		}
		made++
		var was, is geo.SquareMetres
		for _, p := range before.Plots {
			was += p.Area
		}
		for _, p := range load(t, db).Plots {
			is += p.Area
		}
		if math.Abs(float64(is-was)) > 0.01 {
			t.Fatalf("edit %d went from %.5f to %.5f m²", i, was, is)
		}
	}
	t.Logf("%d edits made", made)
	coverageHolds(t, url, 360000)
	checkLog(t, db)
	again, err := db.Load(ctx, land.Moment{At: date(t, "2016-06-01")})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(original.Plots, again.Plots) {
		t.Error("the day before the edits is not what it was")
	}
}

func TestWritersAtOnceNeverCommitAnOverlap(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	grid(t, db, rand.New(rand.NewPCG(seed, 0)), 6)
	const writers = 16
	total := edits(t, 160)
	var mu sync.Mutex
	acknowledged := map[land.Seq]string{}
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)+1))
			for i := range total / writers {
				name := fmt.Sprintf("%d-%d", w, i)
				change, ok, err := randomEdit(ctx, db, random, name)
				if err != nil {
					t.Errorf("edit %s: %v", name, err)
					return
				}
				if ok {
					mu.Lock()
					acknowledged[change.Seq] = name
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	coverageHolds(t, url, 360000)
	checkLog(t, db)
	held := 0
	for since := land.Seq(1); ; {
		changes, err := db.Changes(ctx, since, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if acknowledged[c.Seq] != c.Reason {
				t.Errorf("change %d was acknowledged as %q and is kept as %q", c.Seq, acknowledged[c.Seq], c.Reason)
			}
			held++
			since = c.Seq
		}
	}
	if held != len(acknowledged) {
		t.Errorf("%d edits were acknowledged, %d are kept", len(acknowledged), held)
	}
	t.Logf("%d of %d edits were acknowledged", held, total)
}
