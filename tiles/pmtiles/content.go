package pmtiles

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// pool looks at contents, as many at once as there are workers.
type pool struct {
	Checks
	form  Compression
	todo  chan looked
	group sync.WaitGroup

	mu      sync.Mutex
	faults  []*Fault // at most maxFaults
	more    int
	bytes   uint64
	largest int
	tile    ID
}

// looked is a content with the first tile that has it.
type looked struct {
	id   ID
	data []byte
}

func newPool(c Checks, form Compression) *pool {
	if c.MaxTile == 0 {
		c.MaxTile = defaultMaxTile
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	p := &pool{Checks: c, form: form, todo: make(chan looked, c.Workers)}
	for range c.Workers {
		p.group.Go(func() {
			var f inflater
			for l := range p.todo {
				size, fault := p.look(&f, l.data)
				p.note(l.id, size, fault)
			}
		})
	}
	return p
}

func (p *pool) look(f *inflater, data []byte) (size int, fault *Fault) {
	if !p.form.read() {
		return 0, nil
	}
	tile, err := f.inflate(p.form, data, p.MaxTile)
	switch {
	case err == errTooLarge:
		return 0, flaw(TileSize, "more than %d bytes", p.MaxTile)
	case err != nil:
		return 0, flaw(TileUnread, "%v", err)
	}
	if p.Tile != nil {
		if err := p.Tile(tile); err != nil {
			fault = flaw(TileContent, "%v", err)
			fault.Err = err
		}
	}
	return len(tile), fault
}

func (p *pool) note(id ID, size int, fault *Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += uint64(size)
	if size > p.largest || size == p.largest && id < p.tile {
		p.largest, p.tile = size, id
	}
	switch {
	case fault == nil:
	case len(p.faults) == maxFaults:
		p.more++
	default:
		p.faults = append(p.faults, fault.at(id))
	}
}

// report waits for the workers and enters what they saw, in the order of tiles.
func (p *pool) report(r *Report) {
	close(p.todo)
	p.group.Wait()
	slices.SortFunc(p.faults, func(a, b *Fault) int { return cmp.Compare(*a.Tile, *b.Tile) })
	for _, f := range p.faults {
		r.fault(f)
	}
	r.More += p.more
	r.Bytes, r.Largest, r.LargestTile = p.bytes, p.largest, p.tile
}
