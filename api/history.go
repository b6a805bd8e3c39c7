package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
)

type difference struct {
	Field  string `json:"field"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
	Before string `json:"before"`
	After  string `json:"after"`
}

func differences(from []land.Difference) []difference {
	told := make([]difference, len(from))
	for i, d := range from {
		told[i] = difference{d.Field, d.Zh, d.En, d.Before, d.After}
	}
	return told
}

// plotVersion is one version of a plot as its history tells it.
type plotVersion struct {
	Version    int             `json:"version"`
	Retired    bool            `json:"retired"`
	ValidFrom  string          `json:"valid_from"`
	Change     change          `json:"change"`
	Difference []difference    `json:"difference"`
	Plot       json.RawMessage `json:"plot"`
}

// getHistory answers every version of a plot, oldest first.
func (s *server) getHistory(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := plotID(c)
	if err != nil {
		return err
	}
	versions, err := s.DB.History(c.Request().Context(), id)
	if err != nil {
		return err
	}
	told := make([]plotVersion, len(versions))
	for i, v := range versions {
		told[i] = plotVersion{v.Version, v.Retired, v.ValidFrom.String(), describeChange(v.Change, access.Actor(c)), differences(v.Differences), geojson.AppendFeature(nil, &v.Plot)}
	}
	return door.Answer(c, http.StatusOK, map[string]any{"id": id, "versions": told})
}

// relative is a plot of a family tree (沿革).
type relative struct {
	ID        land.PlotID   `json:"id"`
	Park      land.ParkCode `json:"park"`
	PlotNo    string        `json:"plot_no"`
	Ended     bool          `json:"ended"`
	ValidFrom string        `json:"valid_from"` // of an ended plot the day of its end
	AreaM2    float64       `json:"area_m2"`
	Parents   []land.PlotID `json:"parents"`
	Children  []land.PlotID `json:"children"`
}

// getLineage answers a plot's ancestors and descendants.
func (s *server) getLineage(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := plotID(c)
	if err != nil {
		return err
	}
	plots, family, err := s.DB.Lineage(c.Request().Context(), id)
	if err != nil {
		return err
	}
	parents, children := map[land.PlotID][]land.PlotID{}, map[land.PlotID][]land.PlotID{}
	for _, d := range family {
		parents[d.Child] = append(parents[d.Child], d.Parent)
		children[d.Parent] = append(children[d.Parent], d.Child)
	}
	told := make([]relative, len(plots))
	for i, p := range plots {
		told[i] = relative{p.ID, p.Park, p.PlotNo, p.Retired, p.ValidFrom.String(), float64(p.Area), orEmpty(parents[p.ID]), orEmpty(children[p.ID])}
	}
	return door.Answer(c, http.StatusOK, map[string]any{"id": id, "plots": told})
}

func orEmpty(ids []land.PlotID) []land.PlotID {
	if ids == nil {
		return []land.PlotID{}
	}
	return ids
}

// getPlotByNumber leads from a number to the plot that has it, or had it last.
func (s *server) getPlotByNumber(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := s.DB.PlotByNumber(c.Request().Context(), land.ParkCode(c.Param("code")), c.Param("plot_no"))
	if err != nil {
		return err
	}
	err = s.DB.Successors(c.Request().Context(), id)
	var ended *land.EndedError
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, plotPath(id))
	case errors.As(err, &ended) && len(ended.Successors) == 1:
		return c.Redirect(http.StatusMovedPermanently, plotPath(ended.Successors[0].ID))
	}
	return err
}

func plotPath(id land.PlotID) string { return fmt.Sprintf("/api/v1/plots/%d", id) }

// whereItWent answers for a plot that the view does not hold: 301 to its one
// successor, 410 with the list of several, 404 where there never was one or it
// did not hold at the moment that was asked for.
func (s *server) whereItWent(c echo.Context, id land.PlotID) error {
	err := s.DB.Successors(c.Request().Context(), id)
	var ended *land.EndedError
	if errors.As(err, &ended) && len(ended.Successors) == 1 {
		return c.Redirect(http.StatusMovedPermanently, plotPath(ended.Successors[0].ID))
	}
	if err == nil {
		err = &land.NotFoundError{What: "plot", Name: fmt.Sprintf("%d at that moment", id)}
	}
	return err
}
