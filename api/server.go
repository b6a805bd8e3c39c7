// Package api is the service's doors: HTTP routes, one file a noun. A handler
// decodes, makes one call, and encodes.
package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/api/ogc"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/tiles"
)

// Config is what the service works with.
type Config struct {
	DB        *postgis.DB
	Live      *tiles.Live
	Page      fs.FS  // the built map page
	PublicURL string // under which clients reach the service; empty: as they say in Host
	Log       *slog.Logger
	Rates     Rates
	Proxies   []netip.Prefix // networks of proxies that say for whom they ask (X-Forwarded-For)

	Font string // TrueType files that documents are set in, parted as in PATH; empty: paper.DefaultFonts

	PlotCache       int64 // memory for plots as they are written, in bytes
	PrivateWebhooks bool  // webhooks may be at addresses that are not public
	QuotaWarning    int   // percent of its allocation below which a quota account is low; 0: the usual

	NearDays     int           // working days before the last from which a deadline is near; 0: the usual
	IdleNearDays int           // days before work is to begin from which that is near; 0: the usual
	Schedule     land.Schedule // what is to be reached by when
}

type server struct {
	Config
	live      *tiles.Live
	views     door.Views
	listeners atomic.Int64 // to events
	streaming atomic.Int64 // answers that are being streamed
	reading   atomic.Int64 // files of boundaries to be checked
	papers    atomic.Int64 // documents of cases that are being read
	fonts     *paper.Shelf
	drawing   chan struct{} // holds one for every sheet that is being drawn
	packing   chan struct{} // and one for every pack that is being made
	reports   atomic.Int64  // long tables that are being made
	jobs      *jobs
	metrics   *metrics
}

// largestUpload bounds the bodies of imports, in bytes.
const largestUpload = 256 << 20

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
	s := &server{Config: config, live: config.Live, fonts: paper.NewShelf(config.Font), jobs: newJobs(), metrics: newMetrics(config.Live)}
	s.drawing = make(chan struct{}, sheetsAtOnce)
	s.packing = make(chan struct{}, packsAtOnce)
	s.views = door.Views{Live: config.Live, Dated: tiles.NewDated(config.Live, datedCache), Written: door.NewWritten(config.PlotCache), Log: config.Log}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = addressOf(config.Proxies)
	e.Use(s.observe, s.recovered(), secured, shared, access.TakesBasic(calendarRoute), newLimits(config.Rates, config.DB).limited, policy.Enforce(config.DB))

	e.GET("/healthz", s.getHealth)
	e.GET("/readyz", s.getReady)
	e.GET("/metrics", s.getMetrics)
	e.GET("/openapi.json", s.getOpenAPI)
	e.GET("/docs", s.getDocs)

	e.GET("/styles/land.json", s.getStyle)
	e.GET("/tiles/land.json", s.getTileJSON)
	e.GET("/tiles/land/metadata.json", s.getTileMetadata)
	e.GET(tileRoute, s.getTile)

	v1 := e.Group("/api/v1")
	v1.GET("/parks", s.getParks)
	v1.GET("/parks/:code", s.getPark)
	v1.GET("/plots", s.getPlots)
	v1.GET("/plots/at", s.getPlotsAt)
	v1.GET("/plots/fit", s.getFit)
	v1.GET("/plots/:id", s.getPlot)
	v1.GET("/statistics", s.getStatistics)
	v1.POST("/statistics", s.postStatistics) // writes nothing
	v1.GET("/compliance", s.getCompliance)
	v1.POST("/compliance", s.postCompliance) // writes nothing
	v1.GET("/plots/:id/history", s.getHistory)
	v1.GET("/plots/:id/lineage", s.getLineage)
	v1.GET("/parks/:code/plots/:plot_no", s.getPlotByNumber)
	v1.GET("/session", s.getSession)
	v1.POST("/session", s.postSession)
	v1.DELETE("/session", s.deleteSession)
	v1.GET("/controls", s.getControls)
	v1.GET("/controls/at", s.getControlsAt)
	v1.GET("/controls/:code/features", s.getControlFeatures)
	v1.GET("/changes", s.getChanges)
	v1.GET("/events", s.getEvents)
	v1.GET("/checks", s.getChecks)
	v1.GET("/dictionary", s.getDictionary)
	v1.GET("/reports/:file", s.getReport)
	v1.GET("/reports/pack.zip", s.getPack)
	v1.GET("/reports/plot-map.:format", s.getPlotMap)
	v1.GET("/reports/park-map.:format", s.getParkMap)
	v1.GET("/exports/:export", s.exports())

	v1.POST("/plots", s.postPlot)
	v1.PUT("/plots/:id", s.putPlot)
	v1.DELETE("/plots/:id", s.deletePlot)
	v1.POST("/plots/:id/split", s.postSplit)
	v1.POST("/plots/:id/reshape", s.postReshape)
	v1.POST("/plots/:id/renumber", s.postRenumber)
	v1.POST("/plots/merge", s.postMerge)
	v1.POST("/plots/adjust", s.postAdjust)
	v1.POST("/plots/attributes", s.postAttributes)
	v1.POST("/controls", s.postControls)
	v1.POST("/controls/:code/publish", s.publishControls)
	v1.POST("/controls/:code/withdraw", s.withdrawControls)
	v1.POST("/imports", s.postImport)
	v1.GET("/imports/:id", s.getImport)
	v1.GET("/imports/:id/events", s.getImportEvents)
	v1.GET("/imports/:id/preview", s.getPreview)
	v1.POST("/imports/:id/apply", s.postApply)
	v1.DELETE("/imports/:id", s.deleteImport)
	v1.POST("/searches", s.postSearch)
	v1.GET("/searches", s.getSearches)
	v1.GET("/searches/:id", s.getSearch)
	v1.GET("/searches/:id/plots", s.getSearchPlots)
	v1.DELETE("/searches/:id", s.deleteSearch)
	v1.GET("/quotas", s.getQuotas)
	v1.GET("/quotas/:park/:year", s.getQuota)
	v1.GET("/quotas/:park/:year/entries", s.getQuotaEntries)
	v1.POST("/quotas/:park/:year/entries", s.postQuotaEntry)
	v1.GET("/supervision", s.getSupervision)
	v1.GET("/supervision/calendar.ics", s.getSupervisionCalendar)
	v1.GET("/supervision/:digest", s.getDailyDigest)
	v1.GET("/calendar/:year", s.getCalendar)
	v1.PUT("/calendar/:year", s.putCalendar)
	v1.GET("/cases", s.getCases)
	v1.POST("/cases", s.postCase)
	v1.GET("/cases/flows", s.getCaseFlows)
	v1.GET("/cases/:no", s.getCase)
	v1.PUT("/cases/:no", s.putCase)
	v1.POST("/cases/:no/actions/:action", s.postCaseAction)
	v1.GET("/cases/:no/documents", s.getCaseDocuments)
	v1.POST("/cases/:no/documents", s.postCaseDocument)
	v1.GET("/cases/:no/documents/:id", s.getCaseDocument)
	v1.GET("/cases/:no/checks", s.getCaseChecks)
	v1.POST("/cases/:no/checks", s.postCaseCheck)
	v1.GET("/cases/:no/precheck", s.getCasePrecheck)
	v1.GET("/cases/:no/trail", s.getCaseTrail)
	v1.GET("/cases/:no/pack.zip", s.getCasePack)
	v1.GET("/cases/:no/:form", s.getCaseForm)
	v1.GET("/delegations", s.getDelegations)
	v1.POST("/delegations", s.postDelegation)
	v1.DELETE("/delegations/:id", s.deleteDelegation)
	v1.POST("/webhooks", s.postWebhook)
	v1.GET("/webhooks", s.getWebhooks)
	v1.GET("/webhooks/:id", s.getWebhook)
	v1.POST("/webhooks/:id/resume", s.resumeWebhook)
	v1.DELETE("/webhooks/:id", s.deleteWebhook)

	ogc.Mount(e, ogc.Config{DB: s.DB, Views: s.views, PublicURL: s.PublicURL})
	s.servePage(e)
	if err := policy.Covers(e.Routes()); err != nil {
		panic(err) // a route that nobody thought about is not served
	}
	return e
}

// recovered turns a panic into a problem document and a line in the log.
func (s *server) recovered() echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
			s.Log.Error("panic", "path", c.Request().URL.Path, "error", err, "stack", string(stack))
			return err
		},
	})
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
