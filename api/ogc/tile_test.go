package ogc_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/tiles/mvt"
)

// tileSetDocument is a tile set, or a list of them.
type tileSetDocument struct {
	Title, DataType, CRS, TileMatrixSetURI string
	Links                                  []link
	TileSets                               []tileSetDocument
	TileMatrixSets                         []struct {
		ID, URI string
		Links   []link
	}
	Layers []struct {
		ID, DataType      string
		GeometryDimension int
	}
	BoundingBox *struct {
		LowerLeft, UpperRight [2]float64
		CRS                   string
	}
	TileMatrixSetLimits []struct {
		TileMatrix                                     string
		MinTileRow, MaxTileRow, MinTileCol, MaxTileCol int
	}
	MediaTypes   []string
	TileMatrices []struct {
		ID                                               string
		ScaleDenominator, CellSize                       float64
		PointOfOrigin                                    [2]float64
		TileWidth, TileHeight, MatrixWidth, MatrixHeight int
	}
}

const tileType = "application/vnd.mapbox-vector-tile"

// layers are the names of a tile's layers.
func layers(t *testing.T, g got) []string {
	t.Helper()
	g.want(t, 200)
	if kind := g.header.Get("Content-Type"); kind != tileType {
		t.Errorf("a tile is %s", kind)
	}
	tile, err := mvt.Decode([]byte(g.body))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range tile.Layers {
		names = append(names, l.Name)
	}
	return names
}

// TestTiles walks 20-057.
func TestTiles(t *testing.T) {
	t.Parallel()
	const at = "/16/28466/53419" // over the first plots of nansha
	newService(t).walk(t, []requirement{
		{"/req/core/tc-op", func(t *testing.T, s *service) {
			for _, of := range []string{"", "/collections/plots", "/collections/plots-nansha", "/collections/parks", "/collections/controls"} {
				set := decoded[tileSetDocument](t, s.get(of+"/tiles/WebMercatorQuad"))
				for _, l := range set.Links {
					if l.Rel == "item" {
						s.get(strings.NewReplacer("{tileMatrix}", "16", "{tileRow}", "28466", "{tileCol}", "53419").Replace(l.Href)).want(t, 200)
					}
				}
			}
		}},
		{"/req/core/tc-success", func(t *testing.T, s *service) {
			whole := s.get("/tiles/WebMercatorQuad" + at)
			if land := s.get(s.host + "/tiles/land/16/53419/28466.mvt"); land.body != whole.body || land.header.Get("ETag") != whole.header.Get("ETag") {
				t.Error("the tile is not that of /tiles/land")
			}
			for of, want := range map[string][]string{
				"": {"plots", "plot_labels", "parks", "controls"}, "/collections/plots": {"plots"}, "/collections/plots-nansha": {"plots"}, "/collections/parks": {"parks"}, "/collections/controls": {"controls"},
			} {
				if got := layers(t, s.get(of+"/tiles/WebMercatorQuad"+at)); !slices.Equal(got, want) {
					t.Errorf("%s: layers %v, want %v", of, got, want)
				}
			}
			tile, err := mvt.Decode([]byte(s.get("/collections/plots/tiles/WebMercatorQuad" + at).body))
			if err != nil || len(tile.Layer("plots").Features) == 0 || tile.Layer("plots").Features[0].ID != 1 {
				t.Errorf("%v %+v", err, tile)
			}
			gzipped := s.get("/collections/plots/tiles/WebMercatorQuad"+at, "Accept-Encoding", "gzip")
			if gzipped.header.Get("Content-Encoding") != "gzip" {
				t.Error("a tile is not compressed")
			}
			s.get("/collections/plots/tiles/WebMercatorQuad"+at, "If-None-Match", s.get("/collections/plots/tiles/WebMercatorQuad"+at).header.Get("ETag")).want(t, 304)
			s.get("/collections/plots/tiles/WebMercatorQuad"+at+"?f=mvt").want(t, 200)
			s.get("/collections/plots/tiles/WebMercatorQuad"+at+"?f=png").want(t, 400, `"field":"f"`)
		}},
		{"/req/core/tc-error", func(t *testing.T, s *service) {
			for _, bad := range []string{"/23/0/0", "/1/2/0", "/1/0/2", "/x/0/0", "/1/-1/0", "/16/28466/53419.5"} {
				s.get("/tiles/WebMercatorQuad"+bad).want(t, 404)
			}
			s.get("/tiles/WorldCRS84Quad/0/0/0").want(t, 404, "WebMercatorQuad")
			s.get("/collections/rivers/tiles/WebMercatorQuad/0/0/0").want(t, 404)
			for _, empty := range []string{"/tiles/WebMercatorQuad/16/0/0", "/collections/controls/tiles/WebMercatorQuad/16/0/0", "/collections/plots-panyu/tiles/WebMercatorQuad" + at} {
				s.get(empty).want(t, 204)
			}
		}},
		{"/req/core/conformance-success", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get("/conformance"))
			for _, class := range []string{"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "oas30"} {
				if !slices.Contains(d.ConformsTo, "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"+class) {
					t.Errorf("%s is not declared", class)
				}
			}
		}},
		{"/req/core/tc-tilematrix-definition", func(t *testing.T, s *service) { s.tileParameter("tileMatrix") }},
		{"/req/core/tc-tilerow-definition", func(t *testing.T, s *service) { s.tileParameter("tileRow") }},
		{"/req/core/tc-tilecol-definition", func(t *testing.T, s *service) { s.tileParameter("tileCol") }},
		{"/req/tileset/description", func(t *testing.T, s *service) {
			for of, n := range map[string]int{"": 4, "/collections/plots": 1, "/collections/controls": 1} {
				set := decoded[tileSetDocument](t, s.get(of+"/tiles/WebMercatorQuad"))
				if set.DataType != "vector" || set.CRS != epsg+"3857" || set.TileMatrixSetURI != "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad" || len(set.Layers) != n || !slices.Equal(set.MediaTypes, []string{tileType}) {
					t.Errorf("%+v", set)
				}
				s.wantLinks(slices.DeleteFunc(slices.Clone(set.Links), func(l link) bool { return l.Templated }), "self", ogcRel+"tiling-scheme")
				if item, ok := rel(set.Links, "item", tileType); !ok || !strings.HasSuffix(item, of+"/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}") || !slices.ContainsFunc(set.Links, func(l link) bool { return l.Rel == "item" && l.Templated }) {
					t.Errorf("%s: %v", of, set.Links)
				}
				if last := set.TileMatrixSetLimits[len(set.TileMatrixSetLimits)-1]; last.TileMatrix != "22" || last.MaxTileRow != 1<<22-1 {
					t.Errorf("%+v", last)
				}
				if b := set.BoundingBox; b == nil || b.CRS != crs84 || !(b.LowerLeft[0] > 113 && b.UpperRight[1] < 24) {
					t.Errorf("%+v", b)
				}
			}
		}},
		{"/req/tilesets-list/tileset-path", func(t *testing.T, s *service) {
			s.get("/tiles").want(t, 200)
			s.get("/collections/plots/tiles").want(t, 200)
		}},
		{"/req/tilesets-list/tileset-links", func(t *testing.T, s *service) {
			for _, of := range []string{"", "/collections/plots", "/collections/parks"} {
				list := decoded[tileSetDocument](t, s.get(of+"/tiles"))
				if len(list.TileSets) != 1 || list.TileSets[0].DataType != "vector" || list.TileSets[0].CRS == "" || list.TileSets[0].TileMatrixSetURI == "" {
					t.Errorf("%+v", list)
				}
				s.wantLinks(list.TileSets[0].Links, "self", ogcRel+"tiling-scheme")
			}
		}},
		{"/req/dataset-tilesets/landingpage", func(t *testing.T, s *service) {
			s.wantLinks(decoded[document](t, s.get("")).Links, ogcRel+"tilesets-vector", ogcRel+"tiling-schemes")
		}},
		{"/req/dataset-tilesets/operation", func(t *testing.T, s *service) {
			if n := len(decoded[tileSetDocument](t, s.get("/tiles")).TileSets); n != 1 {
				t.Errorf("%d tile sets", n)
			}
		}},
		{"/req/geodata-tilesets/desc-links", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.wantLinks(c.Links, ogcRel+"tilesets-vector")
			}
		}},
		{"/req/geodata-tilesets/operation", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.get("/collections/"+c.ID+"/tiles").want(t, 200)
			}
		}},
		{"/req/mvt/content", func(t *testing.T, s *service) {
			// The north-west corner of plot 1 lies where the tile's units say.
			tile, err := mvt.Decode([]byte(s.get("/collections/plots/tiles/WebMercatorQuad" + at).body))
			if err != nil {
				t.Fatal(err)
			}
			f := tile.Layer("plots").Features[0]
			p := s.register()[0].Boundary[0][0][0]
			n := math.Exp2(16)
			x := ((p[0]+180)/360*n - 53419) * 4096
			y := ((1-math.Asinh(math.Tan(p[1]*math.Pi/180))/math.Pi)/2*n - 28466) * 4096
			if !slices.ContainsFunc(f.Polygons()[0][0], func(q mvt.Point) bool { return math.Abs(float64(q.X)-x) <= 1 && math.Abs(float64(q.Y)-y) <= 1 }) {
				t.Errorf("%v has no vertex at %.1f %.1f", f.Polygons(), x, y)
			}
		}},
		{"/req/oas30/completeness", func(t *testing.T, s *service) {
			d := s.definition()
			for _, path := range []string{"/tiles", "/tiles/{tileMatrixSetId}", "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "/collections/{collectionId}/tiles", "/collections/{collectionId}/tiles/{tileMatrixSetId}", "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"} {
				if _, ok := d.Paths[path]["get"]; !ok {
					t.Errorf("%s is not described", path)
				}
			}
		}},
		{"/req/oas30/operation-id", func(t *testing.T, s *service) {
			d := s.definition()
			for path, suffix := range map[string]string{
				"/tiles": ".dataset.vector.getTileSetsList", "/tiles/{tileMatrixSetId}": ".dataset.vector.getTileSet", "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": ".dataset.vector.getTile",
				"/collections/{collectionId}/tiles": ".collection.vector.getTileSetsList", "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": ".collection.vector.getTile",
			} {
				if id := d.Paths[path]["get"].OperationID; !strings.HasSuffix(id, suffix) {
					t.Errorf("%s is %s", path, id)
				}
			}
		}},
		{"/req/tms/tilematrixset", func(t *testing.T, s *service) {
			list := decoded[tileSetDocument](t, s.get("/tileMatrixSets"))
			if len(list.TileMatrixSets) != 1 || list.TileMatrixSets[0].ID != "WebMercatorQuad" {
				t.Errorf("%+v", list)
			}
			s.wantLinks(list.TileMatrixSets[0].Links, "self")
			set := decoded[tileSetDocument](t, s.get("/tileMatrixSets/WebMercatorQuad"))
			// As it is registered (17-083r4, D.1).
			if m := set.TileMatrices; len(m) != 25 || math.Abs(m[0].ScaleDenominator-559082264.028717) > 1e-5 || math.Abs(m[0].CellSize-156543.033928041) > 1e-8 || math.Abs(m[0].PointOfOrigin[0]+20037508.3427892) > 1e-6 ||
				math.Abs(m[18].ScaleDenominator-2132.72958384978) > 1e-9 || m[24].MatrixWidth != 1<<24 || m[3].TileWidth != 256 {
				t.Errorf("%+v", m)
			}
			s.get("/tileMatrixSets/GNOSISGlobalGrid").want(t, 404)
		}},
	})
}

// tileParameter fails unless a part of a tile's address is described.
func (s *service) tileParameter(name string) {
	s.t.Helper()
	d := s.definition()
	for _, p := range d.Paths["/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"]["get"].Parameters {
		if p = d.resolve(p); p.Name == name && p.In == "path" && p.Required {
			return
		}
	}
	s.t.Errorf("%s is not described", name)
}

// TestTilesOfAMoment draws the register of a day before it, and after.
func TestTilesOfAMoment(t *testing.T) {
	t.Parallel()
	s := newService(t)
	at := "/collections/plots/tiles/WebMercatorQuad/16/28466/53419"
	s.get(at+"?datetime=2016-01-01T00:00:00Z").want(t, 204)
	s.get(at+"?datetime=2017-01-01T00:00:00Z").want(t, 200)
	before := s.get(at).header.Get("ETag")
	s.edit("PATCH", "/collections/plots/items/1", `{"status":"reserved"}`, "If-Match", "*").want(t, 200)
	if after := s.get(at).header.Get("ETag"); after == before {
		t.Error("the tile does not show the edit")
	}
}
