package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// longestWait bounds how long a read waits for the change that it asks to see.
const longestWait = 5 * time.Second

// parameters reads the query string and refuses names that the route does not
// know, so that a misspelt filter never widens an answer.
func parameters(c echo.Context, known ...string) (url.Values, error) {
	if c.Request().URL.RawQuery == "" {
		return nil, nil
	}
	q, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, &queryError{"query", geo.Say("查询字符串无法解码", "the query string cannot be decoded"), geo.Say("请对其值做百分号编码", "percent-encode its values")}
	}
	for name := range q {
		if !slices.Contains(known, name) {
			return nil, &queryError{name, geo.Say("此处没有该参数", "there is no such parameter here"), geo.Say("可用：%s", "known are %s", strings.Join(known, ", "))}
		}
	}
	return q, nil
}

// momentNames are the parameters that choose a view.
var momentNames = []string{"after", "at", "known_at"}

// view is the newest view; with after=SEQ one that holds that change; with
// at=DAY or known_at=MOMENT the register as it held then, or was known to.
func (s *server) view(c echo.Context, q url.Values) (*tiles.View, error) {
	view := s.live.View()
	m, err := moment(q)
	if err != nil {
		return nil, err
	}
	if text := q.Get("after"); text != "" {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seq < 0 {
			return nil, &queryError{"after", geo.Say("%q 不是变更号", "%q is not a change number", text), geo.Say("请给出之前应答的 Register-Seq", "give the Register-Seq of an earlier answer")}
		}
		if view, err = s.seen(c.Request().Context(), land.Seq(seq)); err != nil {
			return nil, &statusError{http.StatusServiceUnavailable, geo.Say("变更 %d 尚未到达，请重试", "change %d has not arrived here yet; try again", seq)}
		}
	}
	setSeq(c, view.Seq)
	if !m.IsNow() {
		return s.dated.View(c.Request().Context(), m, view.Seq)
	}
	return view, nil
}

// ask reads the parameters of a route that answers from a view, and gives the
// view that they choose.
func (s *server) ask(c echo.Context, names ...string) (url.Values, *tiles.View, error) {
	q, err := parameters(c, append(names, momentNames...)...)
	if err != nil {
		return nil, nil, err
	}
	view, err := s.view(c, q)
	return q, view, err
}

// moment reads at=2018-06-30 and known_at=2018-07-01T08:00:00+08:00.
func moment(q url.Values) (land.Moment, error) {
	var m land.Moment
	var err error
	if m.At, err = land.ParseDate(q.Get("at")); err != nil {
		return m, &queryError{"at", geo.WordsOf(err), geo.Say("请给出日期，例如 2018-06-30", "give a day such as 2018-06-30")}
	}
	if text := q.Get("known_at"); text != "" {
		if m.Known, err = time.Parse(time.RFC3339, text); err != nil {
			return m, &queryError{"known_at", geo.Say("%q 不是时刻", "%q is not a moment", text), geo.Say("例如 2018-07-01T08:00:00+08:00", "give one such as 2018-07-01T08:00:00+08:00")}
		}
	}
	return m, nil
}

// seen waits, within bounds, for a view that holds the change.
func (s *server) seen(ctx context.Context, seq land.Seq) (*tiles.View, error) {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	return s.live.After(ctx, seq)
}

// setSeq tells which change the answer holds.
func setSeq(c echo.Context, seq land.Seq) {
	c.Response().Header()["Register-Seq"] = []string{strconv.FormatInt(int64(seq), 10)}
}

// base is the address under which clients reach the service, without a stroke
// at the end.
func (s *server) base(c echo.Context) string {
	if s.PublicURL != "" {
		return strings.TrimSuffix(s.PublicURL, "/")
	}
	scheme := "http"
	if c.Request().TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host
}

// list reads a parameter that may be given several times or with commas.
func list(q url.Values, name string) []string {
	var all []string
	for _, v := range q[name] {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// bbox reads west,south,east,north in degrees.
func bbox(text string) (*orb.Bound, error) {
	if text == "" {
		return nil, nil
	}
	fault := &queryError{"bbox", geo.Say("%q 不是范围框", "%q is not a box", text), geo.Say("请按西,南,东,北给出度数，例如 113.44,22.97,113.47,22.99", "give west,south,east,north in degrees, such as 113.44,22.97,113.47,22.99")}
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return nil, fault
	}
	var n [4]float64
	for i, p := range parts {
		v, err := degree(p)
		if err != nil {
			return nil, fault
		}
		n[i] = v
	}
	if n[0] > n[2] || n[1] > n[3] || n[1] < -90 || n[3] > 90 {
		return nil, fault
	}
	return &orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}, nil
}

// lonLat reads a place from lon and lat, in degrees.
func lonLat(q url.Values) (orb.Point, error) {
	var at orb.Point
	var err error
	for i, name := range []string{"lon", "lat"} {
		if at[i], err = degree(q.Get(name)); err != nil {
			return at, &queryError{name, geo.Say("%q 不是角度", "%q is not an angle", q.Get(name)), geo.Say("请给出度数，例如 lon=113.459&lat=22.981", "give degrees, such as lon=113.459&lat=22.981")}
		}
	}
	return at, nil
}

// degree reads an angle between -180 and 180.
func degree(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err == nil && !(v >= -180 && v <= 180) {
		err = strconv.ErrRange
	}
	return v, err
}

// answer sends a JSON document, under an ETag and gzipped where it is worth it.
func answer(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if status == http.StatusOK && c.Request().Method == http.MethodGet {
		return compressed(c, echo.MIMEApplicationJSON, body)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, body)
}
