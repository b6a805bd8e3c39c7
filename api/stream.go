package api

import (
	"io"
	"iter"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/csv"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// mostStreams is how many answers are streamed at once.
const mostStreams = 32

// all is the limit of those who want everything that matches.
const all = "all"

// streams says whether a form is sent as it is written, as far as it goes, and
// not in pages: sequences always, CSV when all of it is wanted.
func streams(form string, q url.Values) bool {
	return form == sequenceType || form == linesType || form == flatLinesType || form == csvType && q.Get("limit") == all
}

// streamPlots sends all plots that match, or as many as limit says, from one view
// of the register.
func (s *server) streamPlots(c echo.Context, form string, q url.Values, view *tiles.View, chosen *tiles.Search) error {
	for _, name := range []string{"cursor", "facets"} {
		if q.Has(name) {
			return door.Refuse(name, geo.Say("连续应答不分页，也不含分面统计", "an answer that is streamed has neither pages nor facets"), geo.Say("请去掉，或改用 application/geo+json", "leave it out, or ask for application/geo+json"))
		}
	}
	order, err := door.Order(q, "sort", tiles.Sortable())
	if err != nil {
		return err
	}
	limit, err := streamLimit(q)
	if err != nil {
		return err
	}
	matched := view.Count(chosen)
	if len(order) > 0 && matched > tiles.MostSorted {
		return door.Refuse("sort", geo.Say("符合条件的地块有 %d 个，过多而无法排序", "%d plots match, too many to be put in order", matched), geo.Say("请去掉，或把条件收窄到 %d 个以内", "leave it out, or ask for no more than %d", tiles.MostSorted))
	}
	if s.streaming.Add(1) > mostStreams {
		s.streaming.Add(-1)
		return door.Deny(http.StatusServiceUnavailable, geo.Say("已有 %d 个连续应答在发送；请稍后再试", "%d answers are being streamed already; try again later", mostStreams))
	}
	defer s.streaming.Add(-1)
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAccept)
	h.Set("Number-Matched", strconv.Itoa(matched))
	plots := view.Matches(chosen, order, limit)
	if form == csvType {
		return door.Stream(c, csvContent, func(w io.Writer) error { return csv.WriteRows(w, plots) })
	}
	return door.Stream(c, form, func(w io.Writer) error { return writeLines(w, form, plots) })
}

func streamLimit(q url.Values) (int, error) {
	text := q.Get("limit")
	if text == "" || text == all {
		return math.MaxInt, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 {
		return 0, door.Refuse("limit", geo.Say("%q 不是数量", "%q is no number of plots", text), geo.Say("请给出 1 以上的整数，或 all", "give a whole number from 1, or all"))
	}
	return limit, nil
}

// writeLines writes a plot a line: as a Feature, behind a record separator in a
// GeoJSON text sequence (RFC 8142), or as an object of its properties alone.
func writeLines(w io.Writer, form string, plots iter.Seq[*land.Plot]) error {
	const recordSeparator = 0x1E
	var line []byte
	for p := range plots {
		line = line[:0]
		switch form {
		case sequenceType:
			line = geojson.AppendFeature(append(line, recordSeparator), p)
		case flatLinesType:
			line = geojson.AppendProperties(line, p)
		default:
			line = geojson.AppendFeature(line, p)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}
