package api

import (
	_ "embed"

	"github.com/labstack/echo/v4"
)

// openAPI describes every route (OpenAPI 3.0); a test holds it to the router.
//
//go:embed openapi.json
var openAPI []byte

func (s *server) getOpenAPI(c echo.Context) error {
	return compressed(c, echo.MIMEApplicationJSON, openAPI)
}
