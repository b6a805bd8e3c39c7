package ogc

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/land"
)

// readMethods are what everybody may do with items.
const readMethods = "GET, HEAD, OPTIONS"

// getItemsMethods tells what the caller may do with a collection's items: who has
// no key that allows it may not add any.
func (s *server) getItemsMethods(c echo.Context) error {
	of, err := s.collection(c, s.Views.Live.View())
	if err != nil {
		return err
	}
	allowed := readMethods
	if mayEdit(c, of, of.park) {
		allowed += ", POST"
		c.Response().Header().Set("Accept-Post", strings.Join(features, ", "))
	}
	return tellMethods(c, allowed)
}

// getItemMethods tells what the caller may do with an item.
func (s *server) getItemMethods(c echo.Context) error {
	view := s.Views.Live.View()
	of, err := s.collection(c, view)
	if err != nil {
		return err
	}
	park := of.park
	if it, ok := of.get(view, c.Param("featureId")); ok {
		if p, ok := it.(plotFeature); ok {
			park = p.Park
		}
	}
	allowed := readMethods
	if mayEdit(c, of, park) {
		allowed += ", PUT, PATCH, DELETE"
		c.Response().Header().Set("Accept-Patch", strings.Join(patches, ", "))
	}
	return tellMethods(c, allowed)
}

// mayEdit says whether the caller may edit plots of a park; with none named, of
// any.
func mayEdit(c echo.Context, of collection, park land.ParkCode) bool {
	actor := access.Actor(c)
	if park == "" {
		park = actor.Park
	}
	return of.editable && actor.MayEdit(park) == nil
}

func tellMethods(c echo.Context, allowed string) error {
	c.Response().Header().Set(echo.HeaderAllow, allowed)
	return c.NoContent(http.StatusOK)
}
