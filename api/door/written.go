package door

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Feature is a plot as it is written in answers.
type Feature struct {
	text []byte   // a GeoJSON Feature on one line
	sum  [16]byte // of the text
}

// Text is the plot as a GeoJSON Feature on one line; it is not to be changed.
func (f *Feature) Text() []byte { return f.text }

// Properties are the plot's properties as an object; they are not to be changed.
func (f *Feature) Properties() []byte {
	_, properties, _ := bytes.Cut(f.text, []byte(`,"properties":`))
	return properties[:len(properties)-1]
}

// Written holds plots as they are written, within a number of bytes: those that
// were asked for again, and the last ones. A version of a plot never changes, so
// that what is held is never out of date; of each plot one is held. Safe for concurrent use.
type Written struct{ shelves [shelves]shelf }

// shelves are how many parts of the plots are held apart, so that answers seldom
// wait for one another.
const shelves = 64

// version tells versions of plots apart, those of a register that was put back to
// an earlier state included.
type version struct {
	plot     land.PlotID
	number   int
	recorded int64
}

type shelf struct {
	mu    sync.Mutex
	limit int
	size  int
	held  map[land.PlotID]*held
	queue []*held // in the order in which they came or were last spared, with those that are held no more
}

type held struct {
	of      version
	feature Feature
	used    bool // again, since it came or was spared
}

// size is what a plot takes.
func (h *held) size() int { return len(h.feature.text) + heldBytes }

// heldBytes is what a plot takes beside its text.
const heldBytes = 200

// NewWritten holds at most so many bytes.
func NewWritten(limit int64) *Written {
	w := &Written{}
	for i := range w.shelves {
		w.shelves[i].limit, w.shelves[i].held = int(limit/shelves), map[land.PlotID]*held{}
	}
	return w
}

// Feature is a plot as it is written.
func (w *Written) Feature(r plotset.Ref) *Feature {
	of := version{r.ID(), r.Version(), r.RecordedAt().UnixMicro()}
	s := &w.shelves[uint64(of.plot)%shelves]
	if f := s.get(of); f != nil {
		return f
	}
	h := &held{of: of, feature: write(r)}
	s.put(h)
	return &h.feature
}

func write(r plotset.Ref) Feature {
	p := r.Plot()
	scratch := buffers.Get().(*[]byte)
	defer buffers.Put(scratch)
	*scratch = geojson.AppendFeature((*scratch)[:0], &p)
	sum := sha256.Sum256(*scratch)
	return Feature{bytes.Clone(*scratch), [16]byte(sum[:])}
}

func (s *shelf) get(of version) *Feature {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.held[of.plot]
	if h == nil || h.of != of {
		return nil
	}
	h.used = true
	return &h.feature
}

// put takes a plot in, for another version if there is one, and lets go of the first
// in the queue, but spares once those that were used (F. Corbató, "A paging experiment
// with the Multics system", 1968).
func (s *shelf) put(h *held) {
	if h.size() > s.limit {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.held[h.of.plot]; old != nil {
		if old.of == h.of { // another wrote it meanwhile
			return
		}
		old.used = false
	}
	s.held[h.of.plot] = h
	s.size += h.size()
	for s.size > s.limit {
		first := s.queue[0]
		s.queue[0], s.queue = nil, s.queue[1:]
		if first.used {
			first.used = false
			s.queue = append(s.queue, first)
			continue
		}
		if s.held[first.of.plot] == first {
			delete(s.held, first.of.plot)
		}
		s.size -= first.size()
	}
	s.queue = append(s.queue, h)
}

// Features answers with plots, what stands before, between and behind them, as
// Compressed does a body: its ETag is of what it is put together of.
func Features(c echo.Context, contentType string, before []byte, plots []*Feature, between, behind string) error {
	h := sha256.New()
	h.Write(before)
	for _, f := range plots {
		h.Write(f.sum[:])
	}
	h.Write([]byte(between + behind))
	body, zipped := buffers.Get().(*[]byte), buffers.Get().(*[]byte)
	defer func() {
		buffers.Put(body)
		buffers.Put(zipped)
	}()
	return Encoded(c, contentType, hex.EncodeToString(h.Sum(nil)[:12]), func(gzipped bool) []byte {
		text := append((*body)[:0], before...)
		for i, f := range plots {
			if i > 0 {
				text = append(text, between...)
			}
			text = append(text, f.text...)
		}
		*body = append(text, behind...)
		if gzipped {
			*zipped = tiles.AppendCompressed((*zipped)[:0], *body)
			return *zipped
		}
		return *body
	})
}

// buffers are rooms for what is written and then sent or copied.
var buffers = sync.Pool{New: func() any { return new([]byte) }}
