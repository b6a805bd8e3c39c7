package ogc

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// collection is a set of items under one address.
type collection struct {
	source
	id       string
	title    geo.Words
	about    geo.Words
	layer    string        // of the vector tiles, in which its items are drawn
	park     land.ParkCode // of plots of one park
	editable bool
	shown    bool // for show, and not surveyed, at least in part
}

// collectionsOf are the collections of a view.
func collectionsOf(v *tiles.View) []collection {
	shown := false
	var ofParks []collection
	for _, p := range v.Parks {
		shown = shown || p.Demonstration
		name := geo.Words{Zh: cmp.Or(p.NameZh, string(p.Code)), En: cmp.Or(p.NameEn, string(p.Code))}
		ofParks = append(ofParks, collection{
			source: plots{p.Code}, id: plotsID + "-" + string(p.Code), layer: "plots", park: p.Code, editable: true, shown: p.Demonstration,
			title: geo.Say("%s地块", "Plots of %s", name),
			about: geo.Say("%s的地块，属性同 plots", "the plots of %s, with the properties of plots", name),
		})
	}
	all := append([]collection{{
		source: plots{}, id: plotsID, layer: "plots", editable: true, shown: shown,
		title: geo.Say("地块", "Plots"),
		about: geo.Say("登记库的全部地块；datetime 给出某一时刻的登记内容", "all plots of the register; datetime gives the register of another moment"),
	}}, ofParks...)
	drawn := false
	v.Controls.Ascend(0, func(c *tiles.Control) bool {
		drawn = c.Layer.Demonstration
		return !drawn
	})
	return append(all,
		collection{
			source: parks, id: "parks", layer: "parks", shown: shown,
			title: geo.Say("园区", "Parks"), about: geo.Say("园区范围", "the boundaries of the parks"),
		}, collection{
			source: controls, id: "controls", layer: "controls", shown: drawn,
			title: geo.Say("管控图层", "Control layers"), about: geo.Say("已发布且当日有效的管控要素", "features of the published control layers that hold on the day"),
		})
}

const plotsID = "plots"

// collection finds the collection that a request's address names.
func (s *server) collection(c echo.Context, v *tiles.View) (collection, error) {
	id := c.Param("collectionId")
	for _, found := range collectionsOf(v) {
		if found.id == id {
			return found, nil
		}
	}
	return collection{}, door.Deny(http.StatusNotFound, geo.Say("没有集合 %q", "there is no collection %q", id))
}

// described is a collection as JSON (17-069r4 §7.13).
type described struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Attribution string         `json:"attribution,omitempty"`
	DataNature  string         `json:"data_nature,omitempty"`
	Extent      extent         `json:"extent"`
	ItemType    string         `json:"itemType"`
	CRS         []string       `json:"crs"`
	StorageCRS  string         `json:"storageCrs"`
	Versioning  map[string]any `json:"versioning,omitempty"`
	Links       []link         `json:"links"`
}

type extent struct {
	Spatial  *spatialExtent `json:"spatial,omitempty"`
	Temporal temporalExtent `json:"temporal"`
}

type spatialExtent struct {
	BBox [][4]float64 `json:"bbox"`
	CRS  string       `json:"crs"`
}

// temporalExtent is open at both ends: the register does not say since when it
// knows.
type temporalExtent struct {
	Interval [][2]*string `json:"interval"`
	TRS      string       `json:"trs"`
}

const gregorian = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

// notSurveyed labels what is drawn for show.
var notSurveyed = geo.Say(exchange.DemonstrationNote, "demonstration layout, not surveyed, no basis for decisions")

// both says something in Chinese, then in English.
func both(w geo.Words) string {
	if w.Zh == w.En {
		return w.Zh
	}
	return w.Zh + " " + w.En
}

func (s *server) describe(c echo.Context, of collection, v *tiles.View) described {
	d := described{
		ID: of.id, Title: both(of.title), Description: of.about.Zh + "。" + upper(of.about.En) + ".", ItemType: "feature",
		Extent: extent{Temporal: temporalExtent{[][2]*string{{}}, gregorian}},
		CRS:    uris(), StorageCRS: storage.uri, Links: s.collectionLinks(c, of),
	}
	if box, ok := s.extents.of(v, of); ok {
		d.Extent.Spatial = &spatialExtent{[][4]float64{{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}}, crs84}
	}
	if of.shown {
		d.Title += "（" + exchange.DemonstrationNote + "）"
		d.Attribution, d.DataNature = both(notSurveyed), exchange.DemonstrationNote
	}
	if of.editable {
		d.Versioning = map[string]any{"timeAxis": "validity-time"}
	}
	return d
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// collectionLinks are the links that a collection has wherever it is described.
func (s *server) collectionLinks(c echo.Context, of collection) []link {
	at := func(path ...string) string { return s.address(c, append([]string{"collections", of.id}, path...)...) }
	title := both(of.title)
	feature := at("schema") + "?type=feature"
	links := []link{
		{Href: at("items"), Rel: "items", Type: door.GeoJSON, Title: title},
		{Href: at("items") + "?f=html", Rel: "items", Type: htmlType, Title: title},
		{Href: at("queryables"), Rel: queryablesRel, Type: schemaType, Title: "可筛选的属性 Queryables"},
		{Href: at("sortables"), Rel: sortablesRel, Type: schemaType, Title: "可排序的属性 Sortables"},
		{Href: at("schema"), Rel: schemaRel, Type: schemaType, Title: "属性 Schema"},
		// GDAL knows the relation with a capital B alone.
		{Href: feature, Rel: "describedby", Type: schemaType, Title: "要素的 JSON Schema Schema of the features"},
		{Href: feature, Rel: "describedBy", Type: schemaType, Title: "要素的 JSON Schema Schema of the features"},
		{Href: at("tiles"), Rel: tilesetsRel, Type: jsonType, Title: "矢量瓦片 Vector tiles"},
	}
	if of.park != "" {
		links = append(links, link{
			Href: door.Base(c, s.PublicURL) + "/api/v1/exports/" + string(of.park) + ".gpkg",
			Rel:  "enclosure", Type: "application/geopackage+sqlite3", Title: "全部地块 All plots: GeoPackage",
		})
	}
	return links
}

// getCollections lists the collections.
func (s *server) getCollections(c echo.Context) error {
	q, in, view, err := s.asked(c, parametersOfAll, asJSON, asHTML)
	if err != nil {
		return err
	}
	document := struct {
		Links       []link      `json:"links"`
		CRS         []string    `json:"crs"`
		Collections []described `json:"collections"`
	}{Links: s.selves(c, q, in, asJSON, asHTML), CRS: uris()}
	for _, of := range collectionsOf(view) {
		d := s.describe(c, of, view)
		at := s.address(c, "collections", of.id)
		d.Links = append([]link{{Href: at, Rel: "self", Type: jsonType, Title: d.Title}, {Href: at + "?f=html", Rel: "alternate", Type: htmlType, Title: d.Title}}, d.Links...)
		document.Collections = append(document.Collections, d)
	}
	if in.name == asHTML.name {
		return s.showCollections(c, document.Links, document.Collections)
	}
	return door.Answer(c, http.StatusOK, document)
}

// getCollection describes one collection.
func (s *server) getCollection(c echo.Context) error {
	q, in, view, err := s.asked(c, parametersOfAll, asJSON, asHTML)
	if err != nil {
		return err
	}
	of, err := s.collection(c, view)
	if err != nil {
		return err
	}
	d := s.describe(c, of, view)
	d.Links = append(s.selves(c, q, in, asJSON, asHTML), d.Links...)
	if in.name == asHTML.name {
		return s.showCollection(c, of, d, view)
	}
	return door.Answer(c, http.StatusOK, d)
}
