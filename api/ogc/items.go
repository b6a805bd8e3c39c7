package ogc

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// Bounds of a page of items. GDAL asks for pages of any size that it is told to.
const (
	defaultPage     = 100
	largestPage     = 10_000
	largestHTMLPage = 1000
)

// choosing are the parameters, beside properties, that choose items and put them
// in order; a cursor is of a query with the same.
var choosing = []string{"bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby"}

// asked is a request for items, read.
type asked struct {
	q    url.Values
	in   form
	of   collection
	view *tiles.View
	crs  crs
	selection
}

// getItems answers a page of a collection's items (17-069r4 §7.15).
func (s *server) getItems(c echo.Context) error {
	a, err := s.readItems(c)
	if err != nil {
		return err
	}
	page, err := a.of.find(a.view, a.selection)
	if err != nil {
		return &door.FilterError{Err: err}
	}
	links := append(s.selves(c, a.q, a.in, asGeoJSON, asHTML), link{Href: s.address(c, "collections", a.of.id), Rel: "collection", Type: jsonType, Title: both(a.of.title)})
	if page.next != nil {
		onward := with(a.q, "cursor", door.WriteCursor(a.q, a.choosing(), page.next))
		links = append(links, link{Href: s.here(c, onward), Rel: "next", Type: a.in.mediaType(), Title: "下一页 Next page"})
	}
	header(c, links...)
	h := c.Response().Header()
	h.Set("Content-Crs", a.crs.header())
	h.Set("OGC-NumberMatched", strconv.Itoa(page.matched))
	h.Set("OGC-NumberReturned", strconv.Itoa(len(page.items)))
	if a.in.name == asHTML.name {
		return s.showItems(c, a, page, links)
	}
	return s.answerItems(c, a, page, links)
}

func (a asked) choosing() []string { return append(slices.Clone(choosing), names(a.of)...) }

// readItems reads the parameters of a request for items.
func (s *server) readItems(c echo.Context) (a asked, err error) {
	newest := s.Views.Live.View()
	if a.of, err = s.collection(c, newest); err != nil {
		return a, err
	}
	if a.q, err = door.Parameters(c, append(a.choosing(), "limit", "cursor", "crs", "f")...); err != nil {
		return a, err
	}
	if a.in, err = choose(c, a.q, asGeoJSON, asHTML); err != nil {
		return a, err
	}
	if a.crs, err = readCRS(a.q, "crs"); err != nil {
		return a, err
	}
	if a.area, err = readBBox(a.q); err != nil {
		return a, err
	}
	if a.filters, err = readFilters(a.q, a.of); err != nil {
		return a, err
	}
	if a.order, err = door.Order(a.q, "sortby", names(a.of)); err != nil {
		return a, err
	}
	largest := largestPage
	if a.in.name == asHTML.name {
		largest = largestHTMLPage
	}
	if a.limit, err = door.PageSize(a.q, defaultPage, largest); err != nil {
		return a, err
	}
	if a.after, err = door.ReadCursor(a.q, a.choosing(), a.order); err != nil {
		return a, err
	}
	a.key = "ogc/" + a.of.id + "?" + door.Only(a.q, a.choosing()).Encode()
	a.view, err = s.viewAt(c, a.q)
	return a, err
}

// answerItems writes a page as GeoJSON. Its ETag is a weak one, for the time stamp
// is another each time.
func (s *server) answerItems(c echo.Context, a asked, page found, links []link) error {
	told, err := json.Marshal(links)
	if err != nil {
		return err
	}
	body := append([]byte(`{"type":"FeatureCollection","numberMatched":`), strconv.Itoa(page.matched)...)
	body = append(append(body, `,"numberReturned":`...), strconv.Itoa(len(page.items))...)
	body = append(append(body, `,"register_seq":`...), strconv.FormatInt(int64(a.view.Seq), 10)...)
	if a.of.shown {
		body = geojson.AppendString(append(body, `,"data_nature":`...), exchange.DemonstrationNote)
	}
	body = append(append(body, `,"links":`...), told...)
	body = append(body, `,"features":[`...)
	shape := a.crs.shape()
	for i, it := range page.items {
		if i > 0 {
			body = append(body, ",\n"...)
		}
		if p, ok := it.(foundPlot); ok && a.crs == systems[0] {
			body = append(body, s.Views.Written.Feature(p.Ref).Text()...)
		} else {
			body = append(appendFeature(body, it, shape), '}')
		}
	}
	body = append(body, ']')
	sum := sha256.Sum256(body)
	body = append(time.Now().UTC().AppendFormat(append(body, `,"timeStamp":"`...), time.RFC3339), "\"}\n"...)
	return door.Encoded(c, door.GeoJSON, "W/"+hex.EncodeToString(sum[:12]), func(gzipped bool) []byte {
		if gzipped {
			return tiles.Compress(body)
		}
		return body
	})
}

// appendFeature writes an item as a GeoJSON Feature without the bracket that ends
// it, so that members can follow.
func appendFeature(dst []byte, it feature, shape func(geo.MultiPolygon) geo.MultiPolygon) []byte {
	dst = it.appendID(append(dst, `{"type":"Feature","id":`...))
	dst = geojson.AppendGeometry(append(dst, `,"geometry":`...), shape(it.boundary()))
	return it.appendProperties(append(dst, `,"properties":`...))
}
