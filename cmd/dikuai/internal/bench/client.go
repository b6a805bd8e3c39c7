package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb/maptile"
)

// client asks over one connection that is kept, one request after the other. It
// does no more than it must, since it works on the cores of those it measures.
type client struct {
	address string // host:port
	accept  string // Accept-Encoding, or empty for none
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	asked   int
}

// reply is what of an answer is read; its texts hold until the next request.
type reply struct {
	status  int
	length  int // of the body as it was sent
	gzipped bool
	tag     []byte
	body    []byte // where it was kept
}

// deadline is how long some hundred requests may take.
const deadline = 3 * time.Minute

func newClient(address, accept string) *client {
	return &client{address: address, accept: accept, in: bufio.NewReaderSize(nil, 64<<10)}
}

func (c *client) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// get asks for a path and reads the answer to its end. A connection that the server
// closed between two runs is made again.
func (c *client) get(ctx context.Context, path []byte, keep bool) (reply, error) {
	kept := c.conn != nil
	r, err := c.ask(ctx, path, keep)
	if kept && r.status == 0 && errors.Is(err, io.EOF) {
		return c.ask(ctx, path, keep)
	}
	return r, err
}

func (c *client) ask(ctx context.Context, path []byte, keep bool) (r reply, err error) {
	if c.conn == nil {
		var d net.Dialer
		if c.conn, err = d.DialContext(ctx, "tcp", c.address); err != nil {
			return r, err
		}
		c.in.Reset(c.conn)
		c.asked = 0
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if c.asked%256 == 0 {
		if err := c.conn.SetDeadline(time.Now().Add(deadline)); err != nil {
			return r, err
		}
	}
	c.asked++
	c.out = append(append(append(c.out[:0], "GET "...), path...), " HTTP/1.1\r\nHost: "...)
	c.out = append(append(c.out, c.address...), "\r\n"...)
	if c.accept != "" {
		c.out = append(append(append(c.out, "Accept-Encoding: "...), c.accept...), "\r\n"...)
	}
	if _, err := c.conn.Write(append(c.out, "\r\n"...)); err != nil {
		return r, err
	}
	return c.read(keep)
}

func (c *client) read(keep bool) (r reply, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return r, err
	}
	const statusAt = len("HTTP/1.1 ")
	if len(line) < statusAt+3 {
		return r, fmt.Errorf("the answer begins %q", line)
	}
	if r.status, err = strconv.Atoi(string(line[statusAt : statusAt+3])); err != nil {
		return r, fmt.Errorf("the answer begins %q", line)
	}
	length, chunked, closes := -1, false, false
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return r, err
		}
		name, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		if !ok {
			break // the empty line
		}
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return r, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("Content-Encoding")):
			r.gzipped = bytes.EqualFold(value, []byte("gzip"))
		case bytes.EqualFold(name, []byte("Connection")):
			closes = bytes.EqualFold(value, []byte("close"))
		case bytes.EqualFold(name, []byte("ETag")):
			r.tag = append(r.tag, value...)
		}
	}
	switch {
	case r.status == 204 || r.status == 304:
	case chunked:
		err = c.chunks(&r, keep)
	case length < 0:
		return r, fmt.Errorf("an answer %d without a length", r.status)
	default:
		err = c.take(&r, length, keep)
	}
	if closes {
		c.close()
	}
	return r, err
}

// chunks reads a body by RFC 9112, 7.1.
func (c *client) chunks(r *reply, keep bool) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		text, _, _ := strings.Cut(strings.TrimSpace(string(line)), ";")
		n, err := strconv.ParseUint(text, 16, 31)
		if err != nil {
			return err
		}
		if err := c.take(r, int(n), keep); err != nil {
			return err
		}
		if _, err := c.in.Discard(len("\r\n")); err != nil || n == 0 {
			return err
		}
	}
}

func (c *client) take(r *reply, n int, keep bool) error {
	r.length += n
	if !keep && r.status < 300 {
		_, err := c.in.Discard(n)
		return err
	}
	start := len(r.body)
	r.body = append(r.body, make([]byte, n)...)
	_, err := io.ReadFull(c.in, r.body[start:])
	return err
}

// address is where tiles are asked for: a URL with {z}, {x} and {y}.
type address struct{ host, path string }

func parseAddress(template string) (address, error) {
	u, err := url.Parse(template)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return address{}, fmt.Errorf("%q is not an http address such as http://127.0.0.1:7800/public.plots/{z}/{x}/{y}.pbf", template)
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(template, "http://"), "/")
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(path, part) {
			return address{}, fmt.Errorf("%q has no %s", template, part)
		}
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "80")
	}
	return address{host, "/" + path}, nil
}

// paths are those of tiles.
func (a address) paths(list []maptile.Tile) [][]byte {
	paths := make([][]byte, len(list))
	for i, t := range list {
		paths[i] = []byte(strings.NewReplacer("{z}", strconv.Itoa(int(t.Z)), "{x}", strconv.Itoa(int(t.X)), "{y}", strconv.Itoa(int(t.Y))).Replace(a.path))
	}
	return paths
}

// asking are lanes that ask for tiles of a list over connections of their own,
// which close closes.
func (a address) asking(connections int, accept string, list []maptile.Tile) (lanes []lane, close func()) {
	return asking(a.host, connections, accept, a.paths(list))
}

// asking are lanes that ask a host for what is at paths, likewise.
func asking(host string, connections int, accept string, paths [][]byte) (lanes []lane, close func()) {
	clients := make([]*client, connections)
	for i := range clients {
		c := newClient(host, accept)
		clients[i] = c
		lanes = append(lanes, func(ctx context.Context, i int) (int, error) {
			path := paths[i%len(paths)]
			r, err := c.get(ctx, path, false)
			switch {
			case err != nil:
				return 0, fmt.Errorf("%s: %w", path, err)
			case r.status != 200 && r.status != 204:
				return 0, fmt.Errorf("%s: %d %.200s", path, r.status, r.body)
			case r.gzipped && accept == "":
				return 0, fmt.Errorf("%s: gzip that was not asked for", path)
			}
			return r.length, nil
		})
	}
	return lanes, func() {
		for _, c := range clients {
			c.close()
		}
	}
}

// probe asks for some tiles that have plots, and tells what is odd about the
// answers; it is an error when none has anything in it.
func (a address) probe(ctx context.Context, accept string, list []maptile.Tile) (note string, err error) {
	lanes, end := a.asking(1, accept, list)
	defer end()
	bytes := 0
	for i := range list {
		n, err := lanes[0](ctx, i)
		if err != nil {
			return "", err
		}
		bytes += n
	}
	if bytes == 0 {
		return "", errors.New("its tiles are empty where plots are: it must serve the table that --hold keeps up")
	}
	if accept == "" {
		return "", nil
	}
	c := newClient(a.host, accept)
	defer c.close()
	r, err := c.get(ctx, a.paths(list)[0], false)
	if err == nil && r.length > 0 && !r.gzipped {
		note = "it was asked for gzip and answers plain"
	}
	return note, err
}
