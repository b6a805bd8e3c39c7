package ogc

import (
	"bytes"
	"embed"
	"html/template"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

//go:embed templates
var templates embed.FS

// pageTemplate is one page for every resource; what a resource has not is left out.
var pageTemplate = template.Must(template.New("page.html").ParseFS(templates, "templates/*.html"))

// sheet is what a page shows, from top to bottom.
type sheet struct {
	Title   geo.Words
	Crumbs  []link // to what it is part of
	Shown   geo.Words
	About   geo.Words
	Entries []link // what it leads to
	Said    string
	Map     *picture
	Moves   []link
	Fields  []field
	Rows    []sheetRow
	Facts   []fact
	Paths   []operationRow
	Outline *node
	Links   []link
}

// fact is a property and its value.
type fact struct {
	Name  geo.Words
	Value string
}

// sheetRow is an item in a list.
type sheetRow struct {
	Href  string
	Cells []string
}

// Columns are the names of the fields.
func (s sheet) Columns() []geo.Words {
	var all []geo.Words
	for _, f := range s.Fields {
		all = append(all, geo.Words{Zh: f.zh, En: f.en})
	}
	return all
}

func (s *server) show(c echo.Context, page sheet) error {
	page.Crumbs = append([]link{{Href: s.address(c) + "?f=html", Title: both(serviceTitle)}, {Href: s.address(c, "collections") + "?f=html", Title: "集合 Collections"}}, page.Crumbs...)
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, page); err != nil {
		return err
	}
	return door.Compressed(c, htmlType+"; charset=utf-8", body.Bytes())
}

// showDocument shows a document that has no page of its own, member by member.
func (s *server) showDocument(c echo.Context, title geo.Words, links []link, document any, crumbs ...link) error {
	n, err := outline(document)
	if err != nil {
		return err
	}
	return s.show(c, sheet{Title: title, Crumbs: crumbs, Outline: &n, Links: links})
}

func (s *server) showLanding(c echo.Context, page landing, v *tiles.View) error {
	p := sheet{Title: serviceTitle, About: serviceAbout, Links: page.Links}
	if page.Attribution != "" {
		p.Shown = notSurveyed
	}
	for _, of := range collectionsOf(v) {
		p.Entries = append(p.Entries, link{Href: s.address(c, "collections", of.id, "items") + "?f=html", Title: both(of.title)})
	}
	p.Map = newPicture(pad(v.Bound()))
	p.Map.addParks(v)
	all, err := parks.find(v, selection{limit: len(v.Parks)})
	if err != nil {
		return err
	}
	p.Map.add(all.items, func(it feature) string {
		return s.address(c, "collections", plotsID+"-"+it.id(), "items") + "?f=html"
	})
	p.Map.name(all.items)
	p.Moves = []link{s.mapPage(c, p.Map, "")}
	return s.show(c, p)
}

// mapPage leads to the map page at a picture's place.
func (s *server) mapPage(c echo.Context, p *picture, query string) link {
	return link{Href: door.Base(c, s.PublicURL) + "/" + query + p.place(), Title: "地图 Map"}
}

func (s *server) showCollections(c echo.Context, links []link, all []described) error {
	p := sheet{Title: geo.Say("集合", "Collections"), Links: links}
	for _, d := range all {
		p.Entries = append(p.Entries, link{Href: s.address(c, "collections", d.ID) + "?f=html", Title: d.Title})
	}
	n, err := outline(all)
	p.Outline = &n
	if err != nil {
		return err
	}
	return s.show(c, p)
}

func (s *server) showCollection(c echo.Context, of collection, d described, v *tiles.View) error {
	p := sheet{Title: of.title, About: of.about, Links: d.Links, Entries: []link{{Href: s.address(c, "collections", of.id, "items") + "?f=html", Title: "要素 Items"}}}
	if of.shown {
		p.Shown = notSurveyed
	}
	if box, some := s.extents.of(v, of); some {
		p.Map = newPicture(box)
		p.Map.addParks(v)
		p.Moves = []link{s.mapPage(c, p.Map, "")}
	}
	d.Links = nil
	n, err := outline(d)
	p.Outline = &n
	if err != nil {
		return err
	}
	return s.show(c, p)
}

func (s *server) showItems(c echo.Context, a asked, page found, links []link) error {
	p := sheet{Title: a.of.title, Crumbs: []link{a.of.crumb(s, c)}, Fields: a.of.fields(), Links: links}
	p.Said = "符合条件 numberMatched " + strconv.Itoa(page.matched) + " · 本页 numberReturned " + strconv.Itoa(len(page.items)) + " · " + a.view.Day.String()
	if a.of.shown {
		p.Shown = notSurveyed
	}
	href := func(it feature) string {
		return s.address(c, "collections", a.of.id, "items", it.id()) + "?" + with(door.Only(a.q, []string{"datetime"}), "f", "html").Encode()
	}
	for _, it := range page.items {
		p.Rows = append(p.Rows, sheetRow{href(it), it.texts()})
	}
	box, some := around(page.items)
	if a.area.box != nil && a.area.box.Min[0] <= a.area.box.Max[0] {
		box, some = *a.area.box, true
	}
	if some {
		p.Map = newPicture(box)
		p.Map.addParks(a.view)
		p.Map.add(page.items, href)
		p.Moves = append(s.moves(c, a, p.Map), s.mapPage(c, p.Map, atDay(a)))
	}
	for _, l := range links {
		if l.Rel == "next" {
			p.Entries = append(p.Entries, link{Href: l.Href, Title: l.Title})
		}
	}
	return s.show(c, p)
}

// atDay is the query by which the map page shows another day.
func atDay(a asked) string {
	if !a.q.Has("datetime") {
		return ""
	}
	return "?at=" + a.view.Day.String()
}

// moves lead to the same items in the boxes around a picture.
func (s *server) moves(c echo.Context, a asked, p *picture) []link {
	q := with(with(with(a.q, "cursor", ""), "bbox-crs", ""), "f", "html")
	var all []link
	for _, m := range []struct {
		title              string
		east, north, wider float64
	}{
		{"＋ 放大 closer", 0, 0, 0.5}, {"－ 缩小 farther", 0, 0, 2},
		{"↑ 北 north", 0, 0.5, 1}, {"↓ 南 south", 0, -0.5, 1}, {"← 西 west", -0.5, 0, 1}, {"→ 东 east", 0.5, 0, 1},
	} {
		all = append(all, link{Href: s.here(c, with(q, "bbox", p.moved(m.east, m.north, m.wider))), Title: m.title})
	}
	return all
}

func (s *server) showItem(c echo.Context, of collection, v *tiles.View, it feature, links []link) error {
	p := sheet{
		Title: geo.Names(it.title()), Links: links,
		Crumbs: []link{of.crumb(s, c), {Href: s.address(c, "collections", of.id, "items") + "?f=html", Title: "要素 Items"}},
	}
	if it.shown() {
		p.Shown = notSurveyed
	}
	values := it.texts()
	for i, f := range of.fields() {
		p.Facts = append(p.Facts, fact{geo.Words{Zh: f.zh, En: f.en}, values[i]})
	}
	p.Map = newPicture(pad(it.boundary().Bound()))
	p.Map.addParks(v)
	p.Map.add([]feature{it}, func(feature) string { return "" })
	near := s.address(c, "collections", of.id, "items") + "?f=html&bbox=" + p.Map.moved(0, 0, 2)
	query := ""
	if plot, ok := it.(plotFeature); ok {
		query = "?plot=" + plot.id()
	}
	p.Moves = []link{{Href: near, Title: "附近 Nearby"}, s.mapPage(c, p.Map, query)}
	return s.show(c, p)
}

// pad is a box with a quarter more on each side.
func pad(b orb.Bound) orb.Bound {
	return b.Pad(max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) / 4)
}

// operationRow is a route of the API definition on its page.
type operationRow struct {
	Method, Path, Summary string
	Parameters            string
}

// showAPI shows the routes of the API definition.
func (s *server) showAPI(c echo.Context, document object, links []link) error {
	p := sheet{Title: geo.Say("接口说明", "API documentation"), About: serviceAbout, Links: links}
	for _, o := range operations(document) {
		p.Paths = append(p.Paths, operationRow{strings.ToUpper(o.method), o.path, o.summary, strings.Join(o.parameters, ", ")})
	}
	return s.show(c, p)
}
