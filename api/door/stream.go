package door

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
)

// longestStall is how long a stream waits for a client that takes nothing.
const longestStall = 30 * time.Second

// Stream sends a body as it is written, gzipped for those who take that. Nobody
// can be told of an error any more once it has begun: the connection is cut, so
// that half a body is not taken for all of it.
func Stream(c echo.Context, contentType string, write func(io.Writer) error) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, contentType)
	h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // proxies are not to hold it back
	gzipped := takesGzip(c.Request().Header.Get(echo.HeaderAcceptEncoding))
	if gzipped {
		h.Set("Content-Encoding", "gzip")
	}
	control := http.NewResponseController(c.Response())
	defer func() { _ = control.SetWriteDeadline(time.Time{}) }() // of the connection's next answers
	out := bufio.NewWriterSize(&patient{c.Request().Context(), c.Response(), control}, 64<<10)
	var body io.Writer = out
	var zipped *gzip.Writer
	if gzipped {
		var err error
		if zipped, err = gzip.NewWriterLevel(out, gzip.BestSpeed); err != nil {
			return err
		}
		body = zipped
	}
	err := write(body)
	if err == nil && zipped != nil {
		err = zipped.Close()
	}
	if err == nil {
		err = out.Flush()
	}
	switch {
	case err == nil:
		return nil
	case c.Response().Committed:
		panic(http.ErrAbortHandler)
	}
	h.Del("Content-Encoding") // the error goes out as it is
	return err
}

// patient waits for a client a while at each piece that it writes.
type patient struct {
	ctx     context.Context
	to      io.Writer
	control *http.ResponseController
}

func (p *patient) Write(piece []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	// A writer that knows no deadline, as in a test, needs none.
	_ = p.control.SetWriteDeadline(time.Now().Add(longestStall))
	return p.to.Write(piece)
}
