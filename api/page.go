package api

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// servePage serves the built map page. Files under assets/ carry a hash in
// their names and never change.
func (s *server) servePage(e *echo.Echo) {
	files := http.FileServerFS(s.Page)
	e.GET("/*", func(c echo.Context) error {
		name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
		if name == "" {
			name = "index.html"
		}
		info, err := fs.Stat(s.Page, name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() || errors.Is(err, fs.ErrInvalid) {
			return echo.ErrNotFound
		}
		if err != nil {
			return err
		}
		if strings.HasPrefix(name, "assets/") {
			c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			c.Response().Header().Set("Cache-Control", "no-cache")
		}
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}
