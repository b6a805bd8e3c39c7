package api

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// getHealth says that the process answers.
func (s *server) getHealth(c echo.Context) error {
	return door.Answer(c, http.StatusOK, map[string]string{"status": "ok"})
}

// getReady says that the register answers too and a view of it is held.
func (s *server) getReady(c echo.Context) error {
	if err := s.DB.Ping(c.Request().Context()); err != nil {
		return door.Deny(http.StatusServiceUnavailable, geo.Say("数据库没有应答", "the database does not answer"))
	}
	door.SetSeq(c, s.live.View().Seq)
	return door.Answer(c, http.StatusOK, map[string]any{"status": "ready", "register_seq": s.live.View().Seq, "plots": s.live.View().Plots.Len()})
}

type metrics struct {
	handler  http.Handler
	duration *prometheus.HistogramVec
}

func newMetrics(live *tiles.Live) *metrics {
	registry := prometheus.NewRegistry()
	m := &metrics{duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "dikuai_http_request_seconds", Help: "Time to answer, by route, method and status.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "method", "status"})}
	registry.MustRegister(m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "dikuai_register_seq", Help: "The last change that this process holds."},
			func() float64 { return float64(live.View().Seq) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "dikuai_plots", Help: "Plots in the read model."},
			func() float64 { return float64(live.View().Plots.Len()) }))
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
	return m
}

func (s *server) getMetrics(c echo.Context) error {
	s.metrics.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}

// observe times every answer; routes are told by their pattern, so that their
// number stays small.
func (s *server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		route := c.Path()
		if route == "" {
			route = "none"
		}
		took := time.Since(start)
		s.metrics.duration.WithLabelValues(route, c.Request().Method, strconv.Itoa(c.Response().Status)).Observe(took.Seconds())
		if s.Log.Enabled(c.Request().Context(), slog.LevelDebug) {
			s.Log.Debug("request", "method", c.Request().Method, "path", c.Request().URL.Path, "status", c.Response().Status, "took", took)
		}
		return nil
	}
}
