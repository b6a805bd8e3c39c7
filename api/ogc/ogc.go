// Package ogc answers the register as OGC API – Features (17-069r4, with Part 2
// 18-058r1, Part 3 19-079r2, and the drafts of Parts 4, 5 and 8) and OGC API –
// Tiles (20-057), from the same view in memory as /api/v1, and takes edits by the
// same use cases of the store. docs/ogc.md tells which requirement is held to by
// which test.
//
// A collection is a kind of thing (plots, parks, controls); plots are there a
// second time park by park. What differs between kinds is behind source.
package ogc

import (
	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/postgis"
)

// Config is what the OGC APIs work with.
type Config struct {
	DB        *postgis.DB
	Views     door.Views
	PublicURL string // under which clients reach the service; empty: as they say in Host
}

type server struct {
	Config
	extents extents
}

// Paths of the routes; those but the first lie below it.
const (
	root           = "/ogc"
	collectionPath = "/collections/:collectionId"
	itemsPath      = collectionPath + "/items"
	itemPath       = itemsPath + "/:featureId"
	tileSetPath    = "/tiles/:tileMatrixSetId"
	tilePath       = tileSetPath + "/:tileMatrix/:tileRow/:tileCol"
)

// Mount puts the routes under /ogc.
func Mount(e *echo.Echo, config Config) {
	s := &server{Config: config}
	g := e.Group(root)
	g.GET("", s.getLanding)
	g.GET("/", s.getLanding)
	g.GET("/conformance", s.getConformance)
	g.GET("/api", s.getAPI)
	g.GET("/collections", s.getCollections)
	g.GET(collectionPath, s.getCollection)
	g.GET(collectionPath+"/schema", s.getSchema)
	g.GET(collectionPath+"/queryables", s.getQueryables)
	g.GET(collectionPath+"/sortables", s.getSortables)
	g.GET(itemsPath, s.getItems)
	g.GET(itemPath, s.getItem)
	g.GET(itemPath+"/versions", s.getVersions)

	g.GET("/tileMatrixSets", s.getTileMatrixSets)
	g.GET("/tileMatrixSets/:tileMatrixSetId", s.getTileMatrixSet)
	for _, of := range []string{"", collectionPath} {
		g.GET(of+"/tiles", s.getTileSets)
		g.GET(of+tileSetPath, s.getTileSet)
		g.GET(of+tilePath, s.getTile)
	}

	g.OPTIONS(itemsPath, s.getItemsMethods)
	g.OPTIONS(itemPath, s.getItemMethods)
	g.POST(itemsPath, s.postItem)
	g.PUT(itemPath, s.putItem)
	g.PATCH(itemPath, s.patchItem)
	g.DELETE(itemPath, s.deleteItem)
}
