package ogc

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// version is one entry of a time map.
type version struct {
	Version    int       `json:"version"`
	ValidFrom  string    `json:"valid_from"`
	ValidTo    *string   `json:"valid_to"` // the day from which it holds no more
	RecordedAt time.Time `json:"recorded_at"`
	Change     land.Seq  `json:"change"`
	Href       string    `json:"href"`
}

// getVersions answers the time map of a plot: its versions, oldest first, of those
// that hold from one day on the last one. Every version is in
// /api/v1/plots/{id}/history.
func (s *server) getVersions(c echo.Context) error {
	view := s.Views.Live.View()
	of, err := s.collection(c, view)
	if err != nil {
		return err
	}
	q, err := door.Parameters(c, "f")
	if err != nil {
		return err
	}
	offered := []form{asJSON, asHTML, asLinks}
	in, err := choose(c, q, offered...)
	if err != nil {
		return err
	}
	missing := door.Deny(http.StatusNotFound, geo.Say("集合 %s 中没有 %q 的版本", "collection %s has no versions of %q", of.id, c.Param("featureId")))
	id, history, err := s.historyOf(c, of, missing)
	if err != nil {
		return err
	}
	links := append(s.selves(c, q, in, offered...), s.timeMapLinks(c, of, id)[0])
	var told []version
	for i, m := range history {
		l := s.versionLink(c, of, m, "memento")
		links = append(links, l)
		if i == len(history)-1 {
			l.Rel = "latest-version"
			links = append(links, l)
		}
		v := version{Version: m.Version, ValidFrom: m.ValidFrom.String(), RecordedAt: m.RecordedAt, Change: m.Change.Seq, Href: l.Href}
		if !m.until.IsZero() {
			to := m.until.String()
			v.ValidTo = &to
		}
		told = append(told, v)
	}
	switch in.name {
	case asLinks.name:
		return door.Compressed(c, linksType, linkFormat(links))
	case asHTML.name:
		return s.showDocument(c, geo.Say("地块 %s 的版本", "Versions of plot %s", history[len(history)-1].PlotNo), links, map[string]any{"versions": told}, of.crumb(s, c))
	}
	return door.Answer(c, http.StatusOK, map[string]any{"links": links, "versions": told})
}

// linkFormat writes links as RFC 6690 has them.
func linkFormat(links []link) []byte {
	lines := make([]string, len(links))
	for i, l := range links {
		lines[i] = fmt.Sprintf("<%s>;rel=%q;type=%q", l.Href, l.Rel, l.Type)
		if l.Datetime != "" {
			lines[i] += fmt.Sprintf(";datetime=%q", l.Datetime)
		}
	}
	return []byte(strings.Join(lines, ",\n"))
}
