package ogc

import (
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// The one tile matrix set (17-083r4 Annex D.1), and where the OGC registers it.
const (
	webMercatorQuad = "WebMercatorQuad"
	quadURI         = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	mercatorURI     = epsg + "3857"
)

// tileSet tells of vector tiles (17-083r4 §7). The list has but the first members.
type tileSet struct {
	Title       string       `json:"title"`
	DataType    string       `json:"dataType"`
	CRS         string       `json:"crs"`
	URI         string       `json:"tileMatrixSetURI"`
	Attribution string       `json:"attribution,omitempty"`
	Version     string       `json:"version,omitempty"` // the change that is drawn
	Limits      []tileLimits `json:"tileMatrixSetLimits,omitempty"`
	Layers      []tileLayer  `json:"layers,omitempty"`
	BoundingBox *tileBox     `json:"boundingBox,omitempty"`
	Center      *tileCenter  `json:"centerPoint,omitempty"`
	MediaTypes  []string     `json:"mediaTypes,omitempty"`
	Links       []link       `json:"links"`
}

type tileLimits struct {
	TileMatrix string `json:"tileMatrix"`
	MinTileRow uint32 `json:"minTileRow"`
	MaxTileRow uint32 `json:"maxTileRow"`
	MinTileCol uint32 `json:"minTileCol"`
	MaxTileCol uint32 `json:"maxTileCol"`
}

type tileLayer struct {
	ID                string `json:"id"`
	Title             string `json:"title"`
	DataType          string `json:"dataType"`
	GeometryDimension int    `json:"geometryDimension"`
	MinTileMatrix     string `json:"minTileMatrix"`
	MaxTileMatrix     string `json:"maxTileMatrix"`
	PropertiesSchema  object `json:"propertiesSchema"`
}

type tileBox struct {
	LowerLeft  [2]float64 `json:"lowerLeft"`
	UpperRight [2]float64 `json:"upperRight"`
	CRS        string     `json:"crs"`
}

type tileCenter struct {
	Coordinates [2]float64 `json:"coordinates"`
	CRS         string     `json:"crs"`
	TileMatrix  string     `json:"tileMatrix"`
}

// head is what of a tile set stands in the list too.
func (of collection) head() tileSet {
	title := serviceTitle
	if of.source != nil {
		title = of.title
	}
	return tileSet{Title: both(title), DataType: "vector", CRS: mercatorURI, URI: quadURI}
}

// tilesAddress is that of the tile sets of a collection, or of the whole register.
func (s *server) tilesAddress(c echo.Context, of collection, path ...string) string {
	if of.source == nil {
		return s.address(c, append([]string{"tiles"}, path...)...)
	}
	return s.address(c, append([]string{"collections", of.id, "tiles"}, path...)...)
}

// about are the links from tiles to what they are of.
func (s *server) tileLinks(c echo.Context, of collection) []link {
	links := []link{{Href: s.address(c, "tileMatrixSets", webMercatorQuad), Rel: schemeRel, Type: jsonType, Title: webMercatorQuad}}
	if of.source == nil {
		return append(links, link{Href: s.address(c), Rel: datasetRel, Type: jsonType, Title: both(serviceTitle)})
	}
	return append(links, link{Href: s.address(c, "collections", of.id), Rel: geodataRel, Type: jsonType, Title: both(of.title)})
}

// getTileSets lists the tile sets, of which there is one (20-057 §10).
func (s *server) getTileSets(c echo.Context) error {
	return s.answerTiles(c, geo.Say("矢量瓦片", "Vector tiles"), func(of collection, _ *tiles.View, links []link) (any, error) {
		set := of.head()
		set.Links = append([]link{{Href: s.tilesAddress(c, of, webMercatorQuad), Rel: "self", Type: jsonType, Title: set.Title}}, s.tileLinks(c, of)...)
		return object{"links": append(links, s.tileLinks(c, of)[1:]...), "tilesets": []tileSet{set}}, nil
	})
}

// getTileSet tells of a tile set: how a tile's address is made, the layers and
// where they lie (20-057 §9).
func (s *server) getTileSet(c echo.Context) error {
	return s.answerTiles(c, geo.Say("矢量瓦片", "Vector tiles"), func(of collection, v *tiles.View, links []link) (any, error) {
		d := tiles.Describe(v)
		set := of.head()
		set.Attribution, set.Version, set.MediaTypes = d.Attribution, strconv.FormatInt(int64(v.Seq), 10), []string{door.Tile}
		box := v.Bound()
		if of.source != nil {
			var some bool
			if box, some = s.extents.of(v, of); !some {
				box = v.Bound()
			}
		}
		set.BoundingBox = &tileBox{[2]float64(box.Min), [2]float64(box.Max), crs84}
		set.Center = &tileCenter{[2]float64(box.Center()), crs84, strconv.Itoa(zoomFor(box))}
		for _, l := range d.VectorLayers {
			if of.layer == "" || of.layer == l.ID {
				set.Layers = append(set.Layers, layerFor(l))
			}
		}
		set.Limits = limits()
		template := s.tilesAddress(c, of, webMercatorQuad) + "/{tileMatrix}/{tileRow}/{tileCol}"
		set.Links = append(links, s.tileLinks(c, of)...)
		set.Links = append(set.Links, link{Href: template, Rel: "item", Type: door.Tile, Title: set.Title, Templated: true})
		if of.source == nil {
			set.Links = append(set.Links,
				link{Href: door.Base(c, s.PublicURL) + "/tiles/land.json", Rel: "alternate", Type: jsonType, Title: "TileJSON 3.0"},
				link{Href: door.Base(c, s.PublicURL) + "/styles/land.json", Rel: ogcRel + "styles", Type: "application/vnd.mapbox.style+json", Title: "样式 Style, MapLibre"})
		}
		return set, nil
	})
}

// limits are the matrices that there are tiles of, which is all of each.
func limits() []tileLimits {
	var all []tileLimits
	for z := range tiles.MaxZoom + 1 {
		last := uint32(1)<<z - 1
		all = append(all, tileLimits{TileMatrix: strconv.Itoa(z), MaxTileRow: last, MaxTileCol: last})
	}
	return all
}

func layerFor(l tiles.VectorLayer) tileLayer {
	dimension := 2
	if l.ID == "plot_labels" {
		dimension = 0
	}
	all := object{}
	for name, kind := range l.Fields {
		all[name] = object{"type": map[string]string{"String": "string", "Number": "number", "Boolean": "boolean"}[kind]}
	}
	return tileLayer{l.ID, l.Description, "vector", dimension, strconv.Itoa(l.MinZoom), strconv.Itoa(tiles.MaxZoom), object{"type": "object", "properties": all}}
}

// zoomFor is the deepest zoom at which a box fits in about four tiles.
func zoomFor(b orb.Bound) int {
	width := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1], 360.0/(1<<tiles.SourceMaxZoom))
	return min(max(0, int(math.Log2(2*360/width))), tiles.SourceMaxZoom)
}

// answerTiles answers a document about tiles.
func (s *server) answerTiles(c echo.Context, what geo.Words, make func(of collection, v *tiles.View, links []link) (any, error)) error {
	q, in, view, err := s.asked(c, []string{"f"}, asJSON, asHTML)
	if err != nil {
		return err
	}
	of, err := s.tiled(c, view)
	if err != nil {
		return err
	}
	links := s.selves(c, q, in, asJSON, asHTML)
	document, err := make(of, view, links)
	if err != nil {
		return err
	}
	if in.name == asHTML.name {
		var crumbs []link
		if of.source != nil {
			crumbs = append(crumbs, of.crumb(s, c))
		}
		return s.showDocument(c, what, nil, document, crumbs...)
	}
	return door.Answer(c, http.StatusOK, document)
}

// getTileMatrixSets lists the tile matrix sets, of which there is one.
func (s *server) getTileMatrixSets(c echo.Context) error {
	return s.answerTiles(c, geo.Say("瓦片方案", "Tile matrix sets"), func(_ collection, _ *tiles.View, links []link) (any, error) {
		return object{"links": links, "tileMatrixSets": []object{{
			"id": webMercatorQuad, "title": "Google Maps Compatible for the World", "uri": quadURI, "crs": mercatorURI,
			"links": []link{{Href: s.address(c, "tileMatrixSets", webMercatorQuad), Rel: "self", Type: jsonType, Title: webMercatorQuad}},
		}}}, nil
	})
}

// matrixSet is a tile matrix set (17-083r4 §6).
type matrixSet struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	URI          string       `json:"uri"`
	CRS          string       `json:"crs"`
	OrderedAxes  []string     `json:"orderedAxes"`
	WellKnown    string       `json:"wellKnownScaleSet"`
	TileMatrices []tileMatrix `json:"tileMatrices"`
	Links        []link       `json:"links"`
}

type tileMatrix struct {
	ID               string     `json:"id"`
	ScaleDenominator float64    `json:"scaleDenominator"`
	CellSize         float64    `json:"cellSize"`
	CornerOfOrigin   string     `json:"cornerOfOrigin"`
	PointOfOrigin    [2]float64 `json:"pointOfOrigin"`
	TileWidth        int        `json:"tileWidth"`
	TileHeight       int        `json:"tileHeight"`
	MatrixWidth      int        `json:"matrixWidth"`
	MatrixHeight     int        `json:"matrixHeight"`
}

// What the registered definition of WebMercatorQuad has.
const (
	quadDeepest  = 24
	tilePixels   = 256
	pixelMetres  = 0.00028               // side of a standardised pixel
	mercatorSide = 2 * math.Pi * 6378137 // metres
)

// getTileMatrixSet answers WebMercatorQuad as it is registered. Tiles end before
// its last matrices; the limits of a tile set say where.
func (s *server) getTileMatrixSet(c echo.Context) error {
	return s.answerTiles(c, geo.Say("瓦片方案 %s", "Tile matrix set %s", webMercatorQuad), func(_ collection, _ *tiles.View, links []link) (any, error) {
		set := matrixSet{
			ID: webMercatorQuad, Title: "Google Maps Compatible for the World", URI: quadURI, CRS: mercatorURI, OrderedAxes: []string{"X", "Y"},
			WellKnown: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", Links: slices.Clone(links),
		}
		for z := range quadDeepest + 1 {
			cell := mercatorSide / float64(int(tilePixels)<<z)
			set.TileMatrices = append(set.TileMatrices, tileMatrix{
				ID: strconv.Itoa(z), ScaleDenominator: cell / pixelMetres, CellSize: cell, CornerOfOrigin: "topLeft",
				PointOfOrigin: [2]float64{-mercatorSide / 2, mercatorSide / 2}, TileWidth: tilePixels, TileHeight: tilePixels, MatrixWidth: 1 << z, MatrixHeight: 1 << z,
			})
		}
		return set, nil
	})
}
