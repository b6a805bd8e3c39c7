package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/tiles"
)

// BenchmarkCachedTile asks the service in process, without a database or a network,
// for a tile that it holds, and tells the processor time of it beyond that of a
// handler which does nothing but write the same bytes.
func BenchmarkCachedTile(b *testing.B) {
	s := newSource(20_000, 7)
	live, err := tiles.NewLive(b.Context(), s, tiles.Options{CacheBytes: cacheBytes}, log)
	if err != nil {
		b.Fatal(err)
	}
	ours := api.New(api.Config{Live: live, Log: log})
	tile := maptile.At(s.places[0], 15)
	theirs := bareServer(map[string]*tiles.Drawn{tilePath(tile): tiles.Draw(live.View(), tile, nil)}, nil)
	local := func(path string) *http.Request {
		q := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		q.RemoteAddr = "127.0.0.1:40000"
		return q
	}
	ourQuery, theirQuery := local("/tiles/land"+tilePath(tile)), local(tilePath(tile))
	for _, accept := range accepts {
		b.Run(accept.name, func(b *testing.B) {
			b.ReportAllocs()
			ourQuery.Header.Set("Accept-Encoding", accept.header)
			theirQuery.Header.Set("Accept-Encoding", accept.header)
			const batch = 1000
			var used, bare time.Duration
			for b.Loop() {
				start := ownCPU()
				for range batch {
					answer(b, ours, ourQuery)
				}
				middle := ownCPU()
				for range batch {
					answer(b, theirs, theirQuery)
				}
				used, bare = used+middle-start, bare+ownCPU()-middle
			}
			b.ReportMetric(float64(used.Nanoseconds())/float64(b.N*batch), "ns/answer")
			b.ReportMetric(float64(bare.Nanoseconds())/float64(b.N*batch), "ns/bare")
		})
	}
}
