package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

const tileRoute = "/tiles/land/:z/:x/:y"

// getTile answers /tiles/land/{z}/{x}/{y}.mvt: 204 where nothing lies, 404
// where there is no such tile.
func (s *server) getTile(c echo.Context) error {
	tile, ok := tileAddress(c.Param("z"), c.Param("x"), c.Param("y"))
	if !ok {
		return door.Deny(http.StatusNotFound, geo.Say("没有此瓦片：z 为 0 至 %d，x、y 为 0 至 2^z − 1", "there is no such tile: z is 0 to %d, x and y are 0 to 2^z − 1", tiles.MaxZoom))
	}
	q, view, err := s.views.Ask(c, "nocache", "filter")
	if err != nil {
		return err
	}
	chosen, err := filter(q)
	if err != nil {
		return err
	}
	var only tiles.Selection
	var variant string
	if chosen != nil {
		only, variant = chosen.Selects, chosen.Text
	}
	var drawn *tiles.Drawn
	if q.Get("nocache") == "1" {
		drawn = tiles.Draw(view, tile, only)
	} else {
		drawn = view.Tile(tile, variant, only)
	}
	c.Response().Header()["Cache-Control"] = []string{"public, no-cache"}
	if len(drawn.Body) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	return door.Encoded(c, door.Tile, drawn.Tag, func(gzipped bool) []byte {
		if gzipped {
			return drawn.Gzip()
		}
		return drawn.Body
	})
}

func tileAddress(z, x, y string) (maptile.Tile, bool) {
	y, ok := strings.CutSuffix(y, ".mvt")
	if !ok {
		if y, ok = strings.CutSuffix(y, ".pbf"); !ok {
			return maptile.Tile{}, false
		}
	}
	var n [3]uint64
	for i, text := range []string{z, x, y} {
		var err error
		if n[i], err = strconv.ParseUint(text, 10, 32); err != nil || n[0] > tiles.MaxZoom {
			return maptile.Tile{}, false
		}
	}
	t := maptile.New(uint32(n[1]), uint32(n[2]), maptile.Zoom(n[0]))
	return t, tiles.Valid(t)
}

// getTileJSON describes the tiles; those of a day or a filter, when it is asked
// for those.
func (s *server) getTileJSON(c echo.Context) error {
	q, view, err := s.views.Ask(c, "filter")
	if err != nil {
		return err
	}
	if _, err := filter(q); err != nil {
		return err
	}
	address := s.base(c) + "/tiles/land/{z}/{x}/{y}.mvt"
	if onward := withoutAfter(q); len(onward) > 0 {
		address += "?" + onward.Encode()
	}
	return door.Answer(c, http.StatusOK, tiles.Describe(view, address))
}

// getTileMetadata answers /tiles/land/metadata.json, which GDAL's MVT driver
// asks for: its json member is a document in a string (MBTiles 1.3).
func (s *server) getTileMetadata(c echo.Context) error {
	view := s.live.View()
	d := tiles.Describe(view)
	layers, err := json.Marshal(map[string]any{"vector_layers": d.VectorLayers})
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]string{
		"name": d.Name, "description": d.Description, "version": "2", "type": "overlay", "format": "pbf",
		"minzoom": strconv.Itoa(d.MinZoom), "maxzoom": strconv.Itoa(d.MaxZoom),
		"bounds": joinFloats(d.Bounds[:]), "center": joinFloats(d.Center[:]), "json": string(layers),
	})
}

func joinFloats(values []float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Join(texts, ",")
}

func (s *server) getStyle(c echo.Context) error {
	return door.Answer(c, http.StatusOK, tiles.Style(s.base(c)+"/tiles/land.json"))
}
