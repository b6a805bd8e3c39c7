package api

import (
	_ "embed"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/docs"
	"github.com/dikuai/dikuai/api/door"
)

//go:generate go test ./docs -run TypesAreFresh -update

// openAPI describes every route (OpenAPI 3.0); a test holds it to the router.
//
//go:embed openapi.json
var openAPI []byte

func (s *server) getOpenAPI(c echo.Context) error {
	return door.Compressed(c, echo.MIMEApplicationJSON, openAPI)
}

// docsPage is the same for people.
var docsPage = sync.OnceValues(func() ([]byte, error) { return docs.Page(openAPI) })

func (s *server) getDocs(c echo.Context) error {
	page, err := docsPage()
	if err != nil {
		return err
	}
	return door.Compressed(c, echo.MIMETextHTMLCharsetUTF8, page)
}
