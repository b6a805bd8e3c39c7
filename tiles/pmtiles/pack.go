package pmtiles

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"
)

// Encode makes a tile's data, compressed; none when nothing is in the tile. It
// is called by several goroutines at once.
type Encode func(context.Context, ID) ([]byte, error)

// Pack writes the tiles of ids, which must rise, with so many workers encoding
// at once; 0 is one a processor. Tiles that the writer has already are passed
// over. At most a few tiles a worker wait to be written.
func Pack(ctx context.Context, w *Writer, ids iter.Seq[ID], workers int, encode Encode) error {
	return work(ctx, w, workers, func(yield func(job, error) bool) {
		for id := range ids {
			if id >= w.begin && !yield(job{id, 1, encode}, nil) {
				return
			}
		}
	})
}

// Repack writes an old archive's tiles anew without encoding them, save the
// changed ones, which it asks encode for: ids must rise, and may be of tiles that
// were not there or, encode giving none, that will not be. The result has the
// bytes of a pack of everything. Tiles that the writer has already are passed over.
func Repack(ctx context.Context, w *Writer, old *Archive, changed iter.Seq[ID], workers int, encode Encode) error {
	if old.Header.Compression != w.options.Compression || old.Header.Type != w.options.Type {
		return errors.New("the old archive's tiles are of another type or compression")
	}
	return work(ctx, w, workers, func(yield func(job, error) bool) {
		next, stop := iter.Pull(changed)
		defer stop()
		id, more := next()
		begin := w.begin
		// between copies the tiles of an entry from an id to another.
		between := func(e Entry, from, to ID) bool {
			from = max(from, begin)
			return from >= to || yield(job{from, uint32(to - from), func(context.Context, ID) ([]byte, error) { return old.Read(e) }}, nil)
		}
		// until encodes the changed tiles before an id.
		until := func(end ID) bool {
			for more && id < end {
				if id >= begin && !yield(job{id, 1, encode}, nil) {
					return false
				}
				last := id
				if id, more = next(); more && id <= last {
					yield(job{}, fmt.Errorf("changed tile %s after %s: %w", id, last, ErrOrder))
					return false
				}
			}
			return true
		}
		for e, err := range old.Entries() {
			if err != nil {
				yield(job{}, err)
				return
			}
			if !until(e.ID) {
				return
			}
			from := e.ID
			for more && id < e.end() {
				if !between(e, from, id) {
					return
				}
				from = id + 1
				if !until(id + 1) {
					return
				}
			}
			if !between(e, from, e.end()) {
				return
			}
		}
		until(endID)
	})
}

// job makes the data of run tiles from id on.
type job struct {
	id   ID
	run  uint32
	make Encode
}

type result struct {
	data []byte
	err  error
}

// work makes jobs' data by workers and writes them in the jobs' order.
func work(ctx context.Context, w *Writer, workers int, jobs iter.Seq2[job, error]) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type slot struct {
		job
		done chan result
	}
	todo, queue := make(chan slot), make(chan slot, 8*workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for s := range todo {
				data, err := s.make(ctx, s.id)
				s.done <- result{data, err}
			}
		})
	}
	group.Go(func() {
		defer close(queue)
		defer close(todo)
		for j, err := range jobs {
			s := slot{j, make(chan result, 1)}
			if err != nil {
				s.done <- result{nil, err}
			}
			select {
			case queue <- s:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
			select {
			case todo <- s:
			case <-ctx.Done():
				s.done <- result{nil, ctx.Err()}
				return
			}
		}
	})
	var err error
	for s := range queue {
		r := <-s.done
		if err != nil {
			continue
		}
		if err = r.err; err != nil && s.make != nil {
			err = fmt.Errorf("tile %s: %w", s.id, err)
		}
		if err == nil && len(r.data) > 0 {
			err = w.AddRun(s.id, s.run, r.data)
		}
		if err != nil {
			cancel()
		}
	}
	group.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return err
}
