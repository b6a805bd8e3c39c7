package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
)

// savedSearch is a saved search as its holder sees it.
type savedSearch struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Query     string    `json:"query"`
	CreatedAt time.Time `json:"created_at"`
	Href      string    `json:"href"` // what it finds
}

func describeSearch(s land.SavedSearch) savedSearch {
	return savedSearch{s.ID, s.Name, s.Query, s.CreatedAt, fmt.Sprintf("/api/v1/searches/%d/plots", s.ID)}
}

// savedNames are the parameters that a saved search may have.
var savedNames = append([]string{"sort"}, searchNames...)

// postSearch keeps a search for the holder of the key, once it is one.
func (s *server) postSearch(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	var body struct {
		Name  string `json:"name"`
		Query string `json:"query"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	saved := land.SavedSearch{Name: body.Name, Query: strings.TrimPrefix(body.Query, "?")}
	if err := saved.Validate(); err != nil {
		return err
	}
	q, err := door.ReadQuery(saved.Query, savedNames...)
	if err != nil {
		return err
	}
	if err := checkSaved(q, s.live.View()); err != nil {
		return err
	}
	if saved, err = s.DB.SaveSearch(c.Request().Context(), access.Actor(c), saved); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("%s/api/v1/searches/%d", s.base(c), saved.ID))
	return door.Answer(c, http.StatusCreated, describeSearch(saved))
}

// checkSaved refuses a query that finds nothing because it cannot be asked.
func checkSaved(q url.Values, view *tiles.View) error {
	if _, err := search(q, view); err != nil {
		return err
	}
	_, err := door.Order(q, "sort", tiles.Sortable())
	return err
}

// getSearches lists the searches of the holder of the key; an administrator's all.
func (s *server) getSearches(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	all, err := s.DB.SavedSearches(c.Request().Context(), access.Actor(c))
	if err != nil {
		return err
	}
	told := make([]savedSearch, len(all))
	for i, one := range all {
		told[i] = describeSearch(one)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"searches": told})
}

func (s *server) getSearch(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	saved, err := s.savedSearch(c)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeSearch(saved))
}

func (s *server) savedSearch(c echo.Context) (land.SavedSearch, error) {
	id, err := numberOf(c, "search")
	if err != nil {
		return land.SavedSearch{}, err
	}
	return s.DB.SavedSearch(c.Request().Context(), access.Actor(c), id)
}

// numberOf reads the number in a route's path, of such a thing.
func numberOf(c echo.Context, what string) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, &land.NotFoundError{What: what, Name: c.Param("id")}
	}
	return id, nil
}

// getSearchPlots answers what a saved search finds, in pages or as a stream; sort
// stands in the place of its own.
func (s *server) getSearchPlots(c echo.Context) error {
	asked, view, err := s.views.Ask(c, pagingNames...)
	if err != nil {
		return err
	}
	saved, err := s.savedSearch(c)
	if err != nil {
		return err
	}
	q, err := door.ReadQuery(saved.Query, savedNames...)
	if err != nil {
		return err
	}
	maps.Copy(q, asked)
	return s.answerPlots(c, q, asked, view)
}

func (s *server) deleteSearch(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := numberOf(c, "search")
	if err != nil {
		return err
	}
	if err := s.DB.DeleteSearch(c.Request().Context(), access.Actor(c), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
