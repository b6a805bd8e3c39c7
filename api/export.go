package api

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// exportsAtOnce bounds the exports that are written at the same time: each reads
// a park's plots into memory and may run GDAL.
const exportsAtOnce = 2

// exports gives the handler of /api/v1/exports/{park}.{format}: a park's plots,
// read in one snapshot, as a file. The file is written whole before the answer
// begins, so that nobody takes half of one for all.
func (s *server) exports() echo.HandlerFunc {
	turns := make(chan struct{}, exportsAtOnce)
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		q, err := door.Parameters(c, "crs", "at", "known_at")
		if err != nil {
			return err
		}
		park, ending, _ := strings.Cut(c.Param("export"), ".")
		format, err := exchange.LookupWritten(ending)
		if err != nil {
			return badChoice(err)
		}
		var options exchange.Options
		if text := q.Get("crs"); text != "" {
			if options.CRS, err = geo.ParseCRS(text); err != nil {
				return err
			}
		}
		if err := format.Check(options); err != nil {
			return err
		}
		select {
		case turns <- struct{}{}:
			defer func() { <-turns }()
		case <-ctx.Done():
			return ctx.Err()
		}
		m, err := door.Moment(q)
		if err != nil {
			return err
		}
		register, err := s.DB.Load(ctx, m, land.ParkCode(park))
		if err != nil {
			return err
		}
		file, err := temporary()
		if err != nil {
			return err
		}
		defer file.Close()
		if err := exchange.WriteRegister(ctx, file, format.Name, options, register); err != nil {
			return err
		}
		return sendExport(c, file, format, register)
	}
}

// temporary is a file without a name.
func temporary() (*os.File, error) {
	f, err := os.CreateTemp("", "dikuai-export-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func sendExport(c echo.Context, file *os.File, format exchange.Format, register land.Register) error {
	park := register.Parks[0]
	door.SetSeq(c, register.Seq)
	return sendFile(c, file, format.ContentType, string(park.Code)+format.Extensions[0], exchange.TitleOf(park)+format.Extensions[0])
}

// sendFile answers with a file that has been written, to be saved under a name in
// ASCII or in Chinese. It may be kept and asked about, unless the caller has said
// otherwise.
func sendFile(c echo.Context, file *os.File, contentType, ascii, name string) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	h := c.Response().Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set(echo.HeaderContentDisposition, attachment(ascii, name))
	h.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, contentType, file)
}
