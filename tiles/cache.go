package tiles

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/plotset"
)

// Drawn is a tile as it is served.
type Drawn struct {
	Body []byte // Mapbox Vector Tile 2.1; empty when nothing lies in the tile
	Tag  string // of the body: the same for the same bytes

	once   sync.Once
	zipped []byte
	grown  func(bytes int)
}

// Draw draws a tile; see Encode.
func Draw(v *View, t maptile.Tile, only Selection) *Drawn {
	body := Encode(v, t, only)
	sum := sha256.Sum256(body)
	return &Drawn{Body: body, Tag: hex.EncodeToString(sum[:12])}
}

// Gzip is the body compressed, which is done once.
func (d *Drawn) Gzip() []byte {
	d.once.Do(func() {
		d.zipped = Compress(d.Body)
		if d.grown != nil {
			d.grown(len(d.zipped))
		}
	})
	return d.zipped
}

// gzipLevel is the fastest: of a tile, the best one saves eight percent for twice
// the time.
const gzipLevel = gzip.BestSpeed

var zippers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, gzipLevel)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// Compress writes a body as gzip, with no name and no time in it.
func Compress(body []byte) []byte {
	return AppendCompressed(make([]byte, 0, len(body)/2+64), body)
}

// AppendCompressed appends what Compress gives.
func AppendCompressed(dst, body []byte) []byte {
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	b := bytes.NewBuffer(dst)
	w.Reset(b)
	// Writing to memory does not fail.
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

// Tile is a tile of the view, from its cache where that holds it. The variant
// names what the selection selects; without a selection it is empty.
func (v *View) Tile(t maptile.Tile, variant string, only Selection) *Drawn {
	if only == nil {
		return v.tiles.all.Tile(v, t, "", nil)
	}
	return v.tiles.chosen.Tile(v, t, variant, only)
}

// caches are those of one view and of the views that follow it.
type caches struct{ all, chosen *Cache }

// newCaches shares bytes out: a quarter is for selections, of which there is no
// end.
func newCaches(bytes int64) *caches {
	return &caches{NewCache(bytes - bytes/4), NewCache(bytes / 4)}
}

// Cache holds drawn tiles within a number of bytes. It belongs to the views that
// follow one another in a Live: each takes the place of the one before by
// dropping exactly the tiles in which it looks different. Safe for concurrent use.
type Cache struct {
	limit int64
	size  atomic.Int64

	mu      sync.RWMutex
	turn    uint64                         // of the view that the tiles belong to
	zooms   [MaxZoom + 1]map[place][]*held // the variants of each tile
	clock   []*held                        // in the order in which they came, with holes where they left
	hand    int
	present int
}

// place is a tile of one zoom.
type place struct{ x, y uint32 }

// held is a tile in the cache, or on its way into it.
type held struct {
	tile    maptile.Tile
	variant string // names the selection that it is drawn with
	ready   chan struct{}
	drawn   *Drawn
	size    atomic.Int64
	used    atomic.Bool
	gone    bool // under the cache's lock
}

// heldBytes is what a tile takes beside its bytes.
const heldBytes = 400

// NewCache makes a cache of at most so many bytes.
func NewCache(limit int64) *Cache {
	c := &Cache{limit: limit}
	for z := range c.zooms {
		c.zooms[z] = map[place][]*held{}
	}
	return c
}

// Tile is a tile of a view, drawn if it is not held. Of several that ask for one
// tile at once, one draws. The variant names what the selection selects.
func (c *Cache) Tile(v *View, t maptile.Tile, variant string, only Selection) *Drawn {
	c.mu.RLock()
	h := c.find(t, variant)
	c.mu.RUnlock()
	if h == nil {
		var mine bool
		if h, mine = c.reserve(v, t, variant); h == nil { // the view is not the cache's any more, or not yet
			return Draw(v, t, only)
		}
		if mine {
			c.fill(h, v, only)
			return h.drawn
		}
	}
	<-h.ready
	if h.drawn == nil { // who drew it failed
		return Draw(v, t, only)
	}
	if !h.used.Load() {
		h.used.Store(true)
	}
	return h.drawn
}

func (c *Cache) find(t maptile.Tile, variant string) *held {
	for _, h := range c.zooms[t.Z][place{t.X, t.Y}] {
		if h.variant == variant {
			return h
		}
	}
	return nil
}

// reserve makes room for a tile, which is then the caller's to fill unless
// another came first; nil when the view is not the one whose tiles are held.
func (c *Cache) reserve(v *View, t maptile.Tile, variant string) (h *held, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h := c.find(t, variant); h != nil {
		return h, false
	}
	if v.turn != c.turn {
		return nil, false
	}
	h = &held{tile: t, variant: variant, ready: make(chan struct{})}
	at := place{t.X, t.Y}
	c.zooms[t.Z][at] = append(c.zooms[t.Z][at], h)
	c.clock = append(c.clock, h)
	c.present++
	return h, true
}

func (c *Cache) fill(h *held, v *View, only Selection) {
	defer func() {
		close(h.ready)
		if h.drawn == nil {
			c.mu.Lock()
			c.remove(h)
			c.mu.Unlock()
		}
	}()
	h.drawn = Draw(v, h.tile, only)
	h.drawn.grown = func(bytes int) { c.grow(h, bytes) }
	c.grow(h, len(h.drawn.Body)+heldBytes)
}

// grow counts bytes that a tile took, and lets go of others when they are too many.
func (c *Cache) grow(h *held, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.gone {
		return
	}
	h.size.Add(int64(bytes))
	c.size.Add(int64(bytes))
	for c.size.Load() > c.limit && c.present > 0 {
		c.evict()
	}
}

// evict lets the next tile go that was not used since the hand last passed it
// (F. Corbató, "A paging experiment with the Multics system", 1968).
func (c *Cache) evict() {
	for {
		if c.hand >= len(c.clock) {
			c.hand = 0
			c.tidy()
		}
		h := c.clock[c.hand]
		c.hand++
		if !h.gone && !h.used.Swap(false) {
			c.remove(h)
			return
		}
	}
}

// tidy closes the holes in the clock.
func (c *Cache) tidy() {
	kept := c.clock[:0]
	for _, h := range c.clock {
		if !h.gone {
			kept = append(kept, h)
		}
	}
	clear(c.clock[len(kept):])
	c.clock = kept
}

func (c *Cache) remove(h *held) {
	if h.gone {
		return
	}
	h.gone = true
	tiles, at := c.zooms[h.tile.Z], place{h.tile.X, h.tile.Y}
	if rest := slices.DeleteFunc(tiles[at], func(o *held) bool { return o == h }); len(rest) > 0 {
		tiles[at] = rest
	} else {
		delete(tiles, at)
	}
	c.size.Add(-h.size.Load())
	if c.present--; len(c.clock) > 64 && c.present < len(c.clock)/2 {
		c.tidy()
		c.hand = 0
	}
}

// follow turns the cache to the next view: tiles that meet one of the boxes in
// which it looks different are dropped. What was begun on an earlier view is
// not held any more.
func (c *Cache) follow(next *View, changed []plotset.Box) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn = next.turn
	for _, box := range changed {
		for z := range c.zooms {
			c.drop(maptile.Zoom(z), box)
		}
	}
}

func (c *Cache) drop(z maptile.Zoom, box plotset.Box) {
	tiles := c.zooms[z]
	if len(tiles) == 0 {
		return
	}
	from, to := touched(z, box)
	remove := func(at place) {
		for _, h := range slices.Clone(tiles[at]) {
			c.remove(h)
		}
	}
	if (int64(to.x-from.x)+1)*(int64(to.y-from.y)+1) <= int64(len(tiles)) {
		for x := from.x; x <= to.x; x++ {
			for y := from.y; y <= to.y; y++ {
				remove(place{x, y})
			}
		}
		return
	}
	for at := range tiles {
		if at.x >= from.x && at.x <= to.x && at.y >= from.y && at.y <= to.y {
			remove(at)
		}
	}
}

// touched is the range of tiles that something in a box is drawn in, margins
// and rounding included.
func touched(z maptile.Zoom, box plotset.Box) (from, to place) {
	side := int64(1) << (32 - z)
	beyond := side*(margin+1)/Extent + 1
	tile := func(w int64) uint32 { return uint32(min(max(w, 0), 1<<32-1) >> (32 - z)) }
	return place{tile(int64(box.Min.X) - beyond), tile(int64(box.Min.Y) - beyond)}, place{tile(int64(box.Max.X) + beyond), tile(int64(box.Max.Y) + beyond)}
}

// Size is how many bytes and tiles are held.
func (c *Cache) Size() (bytes int64, tiles int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.size.Load(), c.present
}
