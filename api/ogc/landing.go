package ogc

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// The service's name and what it is about.
var (
	serviceTitle = geo.Say("地块登记库 OGC API", "dikuai land register, OGC API")
	serviceAbout = geo.Say("园区地块登记：地块、园区和管控图层，以 OGC API – Features 和 OGC API – Tiles 提供", "the land register of planned parks: plots, parks and control layers, as OGC API – Features and OGC API – Tiles")
)

// landing is the landing page as JSON (17-069r4 §7.2).
type landing struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Attribution string `json:"attribution,omitempty"`
	Links       []link `json:"links"`
}

// getLanding answers the landing page. There is one service-desc, as GDAL takes
// no more.
func (s *server) getLanding(c echo.Context) error {
	q, in, view, err := s.asked(c, parametersOfAll, asJSON, asHTML)
	if err != nil {
		return err
	}
	at := func(path ...string) string { return s.address(c, path...) }
	page := landing{
		Title: both(serviceTitle), Description: serviceAbout.Zh + "。" + upper(serviceAbout.En) + ".", Attribution: tiles.Describe(view).Attribution,
		Links: append(s.selves(c, q, in, asJSON, asHTML),
			link{Href: at("api"), Rel: "service-desc", Type: apiType, Title: "接口定义 API definition, OpenAPI 3.0"},
			link{Href: at("api") + "?f=html", Rel: "service-doc", Type: htmlType, Title: "接口说明 API documentation"},
			link{Href: at("conformance"), Rel: "conformance", Type: jsonType, Title: "符合性声明 Conformance declaration"},
			link{Href: at("collections"), Rel: "data", Type: jsonType, Title: "集合 Collections"},
			link{Href: at("tiles"), Rel: tilesetsRel, Type: jsonType, Title: "矢量瓦片 Vector tiles"},
			link{Href: at("tileMatrixSets"), Rel: schemesRel, Type: jsonType, Title: "瓦片方案 Tile matrix sets"},
		),
	}
	if in.name == asHTML.name {
		return s.showLanding(c, page, view)
	}
	return door.Answer(c, http.StatusOK, page)
}

// getConformance tells to which conformance classes the service holds.
func (s *server) getConformance(c echo.Context) error {
	q, err := door.Parameters(c, parametersOfAll...)
	if err != nil {
		return err
	}
	in, err := choose(c, q, asJSON, asHTML)
	if err != nil {
		return err
	}
	if _, err := readDatetime(q, s.Views.Live.View().Day); err != nil {
		return err
	}
	links := s.selves(c, q, in, asJSON, asHTML)
	if in.name == asHTML.name {
		return s.showDocument(c, geo.Say("符合性声明", "Conformance declaration"), links, map[string]any{"conformsTo": conformance})
	}
	return door.Answer(c, http.StatusOK, map[string]any{"conformsTo": conformance, "links": links})
}

// spec is where the OGC names its specifications.
const spec = "http://www.opengis.net/spec/"

// conformance are the conformance classes of which every requirement is held to.
var conformance = func() []string {
	var all []string
	for _, of := range []struct {
		standard string
		classes  []string
	}{
		{"ogcapi-common-1/1.0", []string{"core", "landing-page", "json", "html", "oas30"}},
		{"ogcapi-common-2/1.0", []string{"collections"}},
		{"ogcapi-features-1/1.0", []string{"core", "oas30", "html", "geojson"}},
		{"ogcapi-features-2/1.0", []string{"crs"}},
		{"ogcapi-features-3/1.0", []string{"queryables", "queryables-query-parameters", "filter", "features-filter"}},
		{"ogcapi-features-4/1.0", []string{"create-replace-delete", "update", "optimistic-locking-etags", "features"}},
		{"ogcapi-features-5/1.0", []string{"schemas", "returnables-and-receivables", "queryables", "sortables"}},
		{"ogcapi-features-8/1.0", []string{"sortables", "sorting", "features-sorting"}},
		{"cql2/1.0", []string{
			"cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
			"basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "property-property", "arithmetic",
		}},
		{"ogcapi-tiles-1/1.0", []string{"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "oas30", "mvt"}},
		{"tms/2.0", []string{"tilematrixset", "json-tilematrixset", "json-tilesetmetadata"}},
	} {
		for _, class := range of.classes {
			all = append(all, spec+of.standard+"/conf/"+class)
		}
	}
	return all
}()
