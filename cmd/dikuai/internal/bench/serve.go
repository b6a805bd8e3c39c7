package bench

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
)

// listen serves a handler as `dikuai serve` does, on a port of its own, until
// stop is called.
func listen(ctx context.Context, handler http.Handler) (host string, stop func() error, err error) {
	var l net.ListenConfig
	listener, err := l.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	return listener.Addr().String(), func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	}, nil
}

// behind serves a handler before as many connections to the database as a client
// has to the handler, until stop is called.
func (s *store) behind(ctx context.Context, handler func(*pgxpool.Pool) http.Handler) (host string, stop func() error, err error) {
	pool, err := s.connect(ctx, connections, 0)
	if err != nil {
		return "", nil, err
	}
	host, stopListening, err := listen(ctx, handler(pool))
	if err != nil {
		pool.Close()
		return "", nil, err
	}
	return host, func() error {
		defer pool.Close()
		return stopListening()
	}, nil
}

const tileType = "application/vnd.mapbox-vector-tile"

func sendTile(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Content-Type", tileType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a client that is gone needs nothing
}

// sendJSON compresses for those who ask for it, as fast as tiles are.
func sendJSON(w http.ResponseWriter, r *http.Request, text string) {
	body := []byte(text)
	h := w.Header()
	if r.Header.Get("Accept-Encoding") == "gzip" {
		h.Set("Content-Encoding", "gzip")
		body = tiles.Compress(body)
	}
	h.Set("Content-Type", "application/geo+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // as above
}

// headersOf are those that an address answers with, beside those that net/http and
// bareServer write themselves.
func headersOf(ctx context.Context, url string) (http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Date"} {
		answer.Header.Del(name)
	}
	return answer.Header, nil
}

func parseTile(z, x, y string) (maptile.Tile, bool) {
	var n [3]uint64
	for i, text := range []string{z, x, strings.TrimSuffix(y, ".mvt")} {
		var err error
		if n[i], err = strconv.ParseUint(text, 10, 32); err != nil || n[0] > tiles.MaxZoom {
			return maptile.Tile{}, false
		}
	}
	t := maptile.New(uint32(n[1]), uint32(n[2]), maptile.Zoom(n[0]))
	return t, tiles.Valid(t)
}

// bareServer writes tiles from memory, with headers that are always the same, and
// does nothing else: what net/http itself can do.
func bareServer(drawn map[string]*tiles.Drawn, headers http.Header) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := drawn[r.URL.Path]
		if d == nil {
			http.NotFound(w, r)
			return
		}
		maps.Copy(w.Header(), headers)
		body := d.Body
		if r.Header.Get("Accept-Encoding") == "gzip" {
			w.Header().Set("Content-Encoding", "gzip")
			body = d.Gzip()
		}
		sendTile(w, body)
	})
}
