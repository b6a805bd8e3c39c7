package bench

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// contender is one of those that are measured side by side.
type contender struct {
	who   string
	note  string
	lanes []lane
	cpu   func() time.Duration // that its processes have used so far; nil: this process alone
}

// lane does the i-th piece of work and says how many bytes came of it. Each is
// called by one goroutine.
type lane func(ctx context.Context, i int) (bytes int, err error)

// pace is how long and how often contenders are measured.
type pace struct {
	runs int
	each time.Duration
	tell func(string)
}

// compete measures the contenders in turn, run by run, after each has had a
// moment to warm up, and gives the medians of the runs.
func compete(ctx context.Context, row string, p pace, contenders ...contender) ([]Figure, error) {
	all := make([][]Figure, len(contenders))
	for run := range p.runs + 1 {
		for c, one := range contenders {
			warming := run == 0
			each := p.each
			if warming {
				each /= 5
			}
			p.tell(fmt.Sprintf("%s: %s", row, one.who))
			f, err := one.measure(ctx, row, run, each)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", row, one.who, err)
			}
			if !warming {
				all[c] = append(all[c], f)
			}
		}
	}
	figures := make([]Figure, len(all))
	for i, runs := range all {
		figures[i] = median(runs)
	}
	return figures, nil
}

// stretch is how far apart runs and lanes begin in the list of work, so that they
// don't do the same pieces.
const stretch = 7919

// measure lets all lanes work until the time is over; what is under way then is
// finished and counted.
func (c *contender) measure(ctx context.Context, row string, run int, each time.Duration) (Figure, error) {
	cpu := c.cpu
	if cpu == nil {
		cpu = ownCPU
	}
	runtime.GC() // so that nobody pays for another's garbage
	times := make([]histogram, len(c.lanes))
	sizes := make([]int64, len(c.lanes))
	problems := make([]error, len(c.lanes))
	before, start := cpu(), time.Now()
	end := start.Add(each)
	var wg sync.WaitGroup
	for w, work := range c.lanes {
		wg.Go(func() {
			pprof.Do(ctx, pprof.Labels("what", row+": "+c.who), func(ctx context.Context) {
				for i := (run*len(c.lanes) + w) * stretch; ; i++ {
					began := time.Now()
					n, err := work(ctx, i)
					done := time.Now()
					if err = cmp.Or(err, ctx.Err()); err != nil {
						problems[w] = err
						return
					}
					times[w].add(done.Sub(began))
					sizes[w] += int64(n)
					if done.After(end) {
						return
					}
				}
			})
		})
	}
	wg.Wait()
	took, used := time.Since(start), cpu()-before
	for _, err := range problems {
		if err != nil {
			return Figure{}, err
		}
	}
	var bytes int64
	for i := range times[1:] {
		times[0].merge(&times[i+1])
	}
	for _, n := range sizes {
		bytes += n
	}
	n := float64(times[0].n)
	return Figure{
		Who: c.who, Note: c.note, PerSecond: n / took.Seconds(), Bytes: float64(bytes) / n, Count: times[0].n,
		P50: milliseconds(times[0].percentile(0.5)), P99: milliseconds(times[0].percentile(0.99)),
		CPU: float64(used.Microseconds()) / n,
	}, nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// median is the median of each figure of runs; counts are added up.
func median(runs []Figure) Figure {
	of := func(value func(Figure) float64) float64 {
		values := make([]float64, len(runs))
		for i, f := range runs {
			values[i] = value(f)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	f := runs[0]
	f.PerSecond = of(func(f Figure) float64 { return f.PerSecond })
	f.P50 = of(func(f Figure) float64 { return f.P50 })
	f.P99 = of(func(f Figure) float64 { return f.P99 })
	f.CPU = of(func(f Figure) float64 { return f.CPU })
	f.Bytes = of(func(f Figure) float64 { return f.Bytes })
	f.Count = 0
	for _, r := range runs {
		f.Count += r.Count
	}
	return f
}
