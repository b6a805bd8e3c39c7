package tiles

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// keepEvery is how often plots that changed are kept anew.
const keepEvery = 10 * time.Minute

// keptState is what a kept file says of its plots, in its first keptHead bytes.
type keptState struct {
	Seq   land.Seq `json:"seq"`
	Proof string   `json:"proof"`
}

const keptHead = 256

// keepOn works out the labels that are missing, then keeps the plots, and does so
// again now and then, and when ctx ends.
func (l *Live) keepOn(ctx context.Context) {
	l.View().Plots.Label(ctx, 1)
	if l.keep == "" {
		return
	}
	again := time.NewTicker(keepEvery)
	defer again.Stop()
	for {
		if v := l.View(); v.Seq != l.kept {
			began := time.Now()
			if err := keep(l.keep, v); err != nil {
				l.log.Warn("cannot keep the plots for the next start", "file", l.keep, "error", err)
			} else {
				l.kept = v.Seq
				l.log.Debug("kept the plots for the next start", "seq", v.Seq, "took", time.Since(began))
			}
		}
		if ctx.Err() != nil {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
		}
	}
}

// keep writes a view's plots in the place of what the file held: readers see one
// or the other, whole.
func keep(file string, v *View) (err error) {
	head, err := json.Marshal(keptState{v.Seq, v.proof})
	if err != nil {
		return err
	}
	to, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to.Name()))
		}
	}()
	buffered := bufio.NewWriterSize(to, 1<<20)
	fmt.Fprintf(buffered, "%-*s\n", keptHead-1, head)
	if err := errors.Join(v.Plots.Keep(buffered), buffered.Flush(), to.Sync(), to.Close()); err != nil {
		return err
	}
	return os.Rename(to.Name(), file)
}

// resume makes the view of kept plots and what changed since; nil when there are
// none of this register that can be read.
func (l *Live) resume(ctx context.Context) (*View, error) {
	if l.keep == "" {
		return nil, nil
	}
	state, plots, err := readKept(l.keep)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var register land.Register
	var delta land.Delta
	if err == nil {
		register, delta, err = l.source.CatchUp(ctx, state.Seq, state.Proof)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		l.log.Warn("the kept plots are of no use; reading all from the register", "file", l.keep, "error", err)
		return nil, nil
	}
	l.kept = state.Seq
	if delta.Seq > state.Seq {
		plots, _ = plots.With(delta.Plots, delta.Retired)
	}
	return NewView(register, plots), nil
}

func readKept(file string) (state keptState, plots *plotset.Set, err error) {
	from, err := os.Open(file)
	if err != nil {
		return state, nil, err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return state, nil, err
	}
	head := make([]byte, keptHead)
	if _, err := io.ReadFull(from, head); err != nil {
		return state, nil, fmt.Errorf("kept plots: %w", err)
	}
	if err := json.Unmarshal(head, &state); err != nil {
		return state, nil, fmt.Errorf("kept plots: %w", err)
	}
	size := info.Size() - keptHead
	plots, err = plotset.Kept(io.NewSectionReader(from, keptHead, size), size)
	return state, plots, err
}
