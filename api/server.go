// Package api is the service's doors: HTTP routes, one file a noun. A handler
// decodes, makes one call, and encodes.
package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
)

// Config is what the service works with.
type Config struct {
	DB        *postgis.DB
	Live      *tiles.Live
	Page      fs.FS  // the built map page
	PublicURL string // under which clients reach the service; empty: as they say in Host
	Log       *slog.Logger
}

type server struct {
	Config
	live      *tiles.Live
	dated     *tiles.Dated
	listeners atomic.Int64 // to events
	jobs      *jobs
	metrics   *metrics
}

// Bounds of request bodies, in bytes.
const (
	largestDocument = 8 << 20
	largestUpload   = 256 << 20
)

// datedCache is how many bytes of tiles are held of each other day.
const datedCache = 32 << 20

// New makes the service's handler. HEAD is answered as GET; the server leaves
// the body out.
func New(config Config) http.Handler {
	e := routes(config)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.Clone(r.Context())
			r.Method = http.MethodGet
		}
		e.ServeHTTP(w, r)
	})
}

func routes(config Config) *echo.Echo {
	s := &server{Config: config, live: config.Live, dated: tiles.NewDated(config.Live, datedCache), jobs: newJobs(), metrics: newMetrics(config.Live)}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.Use(s.observe, s.recovered, secured)

	e.GET("/healthz", s.getHealth)
	e.GET("/readyz", s.getReady)
	e.GET("/metrics", s.getMetrics)
	e.GET("/openapi.json", s.getOpenAPI)

	e.GET("/styles/land.json", s.getStyle)
	e.GET("/tiles/land.json", s.getTileJSON)
	e.GET("/tiles/land/metadata.json", s.getTileMetadata)
	e.GET(tileRoute, s.getTile)

	v1 := e.Group("/api/v1")
	v1.GET("/parks", s.getParks)
	v1.GET("/parks/:code", s.getPark)
	v1.GET("/plots", s.getPlots)
	v1.GET("/plots/at", s.getPlotsAt)
	v1.GET("/plots/:id", s.getPlot)
	v1.GET("/statistics", s.getStatistics)
	v1.POST("/statistics", s.postStatistics) // writes nothing
	v1.GET("/plots/:id/history", s.getHistory)
	v1.GET("/plots/:id/lineage", s.getLineage)
	v1.GET("/parks/:code/plots/:plot_no", s.getPlotByNumber)
	optional := access.Optional(s.DB)
	v1.GET("/controls", s.getControls, optional)
	v1.GET("/controls/at", s.getControlsAt)
	v1.GET("/controls/:code/features", s.getControlFeatures, optional)
	v1.GET("/changes", s.getChanges)
	v1.GET("/events", s.getEvents)
	v1.GET("/checks", s.getChecks)
	v1.GET("/dictionary", s.getDictionary)
	v1.GET("/reports/:file", s.getReport)
	v1.GET("/exports/:export", s.exports())

	keyed := access.Required(s.DB)
	v1.POST("/plots", s.postPlot, keyed)
	v1.PUT("/plots/:id", s.putPlot, keyed)
	v1.DELETE("/plots/:id", s.deletePlot, keyed)
	v1.POST("/plots/:id/split", s.postSplit, keyed)
	v1.POST("/plots/:id/reshape", s.postReshape, keyed)
	v1.POST("/plots/:id/renumber", s.postRenumber, keyed)
	v1.POST("/plots/merge", s.postMerge, keyed)
	v1.POST("/plots/adjust", s.postAdjust, keyed)
	v1.POST("/plots/attributes", s.postAttributes, keyed)
	v1.POST("/controls", s.postControls, keyed)
	v1.POST("/controls/:code/publish", s.publishControls, keyed)
	v1.POST("/controls/:code/withdraw", s.withdrawControls, keyed)
	v1.POST("/imports", s.postImport, keyed)
	v1.GET("/imports/:id", s.getImport, keyed)
	v1.GET("/imports/:id/events", s.getImportEvents, keyed)
	v1.GET("/imports/:id/preview", s.getPreview, keyed)
	v1.POST("/imports/:id/apply", s.postApply, keyed)
	v1.DELETE("/imports/:id", s.deleteImport, keyed)

	s.servePage(e)
	return e
}

// recovered turns a panic into a problem document and a line in the log.
func (s *server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			s.Log.Error("panic", "path", c.Request().URL.Path, "error", err, "stack", string(stack))
			return err
		},
	})(next)
}

// pagePolicy lets the page load from this service and nowhere else. Styles are
// set on elements by the map library.
const pagePolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; " +
	"img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

var nosniff = []string{"nosniff"}

// secured sets the headers that keep a browser from doing more than it should.
func secured(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h["X-Content-Type-Options"] = nosniff
		if c.Path() == tileRoute { // which no browser runs, and of which there are very many
			return next(c)
		}
		h["Referrer-Policy"] = []string{"same-origin"}
		h["Content-Security-Policy"] = []string{pagePolicy}
		return next(c)
	}
}
