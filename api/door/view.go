package door

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// Views are the register as it holds now and as it held at other moments, and
// its plots as they are written.
type Views struct {
	Live    *tiles.Live
	Dated   *tiles.Dated
	Written *Written
	Log     *slog.Logger
}

// longestWait bounds how long a read waits for the change that it asks to see.
const longestWait = 5 * time.Second

// MomentNames are the parameters that choose a view.
var MomentNames = []string{"after", "at", "known_at"}

// View is the newest view; with after=SEQ one that holds that change; with
// at=DAY or known_at=MOMENT the register as it held then, or was known to.
func (v Views) View(c echo.Context, q url.Values) (*tiles.View, error) {
	m, err := Moment(q)
	if err != nil {
		return nil, err
	}
	if text := q.Get("after"); text != "" {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seq < 0 {
			return nil, Refuse("after", geo.Say("%q 不是变更号", "%q is not a change number", text), geo.Say("请给出之前应答的 Register-Seq", "give the Register-Seq of an earlier answer"))
		}
		if _, err = v.After(c.Request().Context(), land.Seq(seq)); err != nil {
			return nil, Deny(http.StatusServiceUnavailable, geo.Say("变更 %d 尚未到达，请重试", "change %d has not arrived here yet; try again", seq))
		}
	}
	return v.At(c, m)
}

// At is the register at a moment, and tells in the answer which change it holds.
func (v Views) At(c echo.Context, m land.Moment) (*tiles.View, error) {
	view := v.Live.View()
	SetSeq(c, view.Seq)
	if m.IsNow() {
		return view, nil
	}
	return v.Dated.View(c.Request().Context(), m, view.Seq)
}

// Ask reads the parameters of a route that answers from a view, and gives the
// view that they choose.
func (v Views) Ask(c echo.Context, names ...string) (url.Values, *tiles.View, error) {
	q, err := Parameters(c, append(names, MomentNames...)...)
	if err != nil {
		return nil, nil, err
	}
	view, err := v.View(c, q)
	return q, view, err
}

// Moment reads at=2018-06-30 and known_at=2018-07-01T08:00:00+08:00.
func Moment(q url.Values) (land.Moment, error) {
	var m land.Moment
	var err error
	if m.At, err = land.ParseDate(q.Get("at")); err != nil {
		return m, Refuse("at", geo.WordsOf(err), geo.Say("请给出日期，例如 2018-06-30", "give a day such as 2018-06-30"))
	}
	if text := q.Get("known_at"); text != "" {
		if m.Known, err = time.Parse(time.RFC3339, text); err != nil {
			return m, Refuse("known_at", geo.Say("%q 不是时刻", "%q is not a moment", text), geo.Say("例如 2018-07-01T08:00:00+08:00", "give one such as 2018-07-01T08:00:00+08:00"))
		}
	}
	return m, nil
}

// After waits, within bounds, for a view that holds the change.
func (v Views) After(ctx context.Context, seq land.Seq) (*tiles.View, error) {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	return v.Live.After(ctx, seq)
}

// Settle waits until this process's own view holds a change, so that its next
// answers show it. It is a courtesy: a slow view is not an error.
func (v Views) Settle(ctx context.Context, seq land.Seq) {
	if _, err := v.After(ctx, seq); err != nil {
		v.Log.Warn("the view is behind", "change", seq)
	}
}

// SetSeq tells which change the answer holds.
func SetSeq(c echo.Context, seq land.Seq) {
	c.Response().Header()["Register-Seq"] = []string{strconv.FormatInt(int64(seq), 10)}
}
