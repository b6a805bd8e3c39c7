package ogc

import (
	"encoding/binary"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// asTile is how tiles are answered.
var asTile = form{"mvt", []string{door.Tile, "application/x-protobuf", "application/octet-stream"}}

// getTile answers a vector tile of the whole register, as /tiles/land does, or of
// one collection: the layer in which its items are drawn. 204 where nothing lies,
// 404 where there is no such tile (20-057 §8).
func (s *server) getTile(c echo.Context) error {
	of, err := s.tiled(c, s.Views.Live.View())
	if err != nil {
		return err
	}
	at, ok := tileAt(c.Param("tileMatrix"), c.Param("tileRow"), c.Param("tileCol"))
	if !ok {
		return door.Deny(http.StatusNotFound, geo.Say("没有此瓦片：tileMatrix 为 0 至 %d，行列为 0 至 2^tileMatrix − 1", "there is no such tile: tileMatrix is 0 to %d, rows and columns are 0 to 2^tileMatrix − 1", tiles.MaxZoom))
	}
	_, _, view, err := s.asked(c, parametersOfAll, asTile)
	if err != nil {
		return err
	}
	drawn, err := of.draw(view, at)
	if err != nil {
		return err
	}
	c.Response().Header()["Cache-Control"] = []string{"public, no-cache"}
	body, tag, gzip := drawn.Body, drawn.Tag, drawn.Gzip
	if of.layer != "" {
		body, tag = layerOf(drawn.Body, of.layer), drawn.Tag+"-"+of.layer
		gzip = func() []byte { return tiles.Compress(body) }
	}
	if len(body) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	return door.Encoded(c, door.Tile, tag, func(gzipped bool) []byte {
		if gzipped {
			return gzip()
		}
		return body
	})
}

// draw gives a tile, of plots of one park those alone.
func (of collection) draw(v *tiles.View, at maptile.Tile) (*tiles.Drawn, error) {
	if of.park == "" {
		return v.Tile(at, "", nil), nil
	}
	filter, err := tiles.FilterOf(&cql2.Compare{Op: "=", Left: &cql2.Property{Name: "park"}, Right: &cql2.String{Value: string(of.park)}})
	if err != nil {
		return nil, err
	}
	return v.Tile(at, filter.Text, filter.Selects), nil
}

// tiled is the collection that a request for tiles is about, or the whole
// register, which has no layer of its own.
func (s *server) tiled(c echo.Context, v *tiles.View) (of collection, err error) {
	if c.Param("collectionId") != "" {
		if of, err = s.collection(c, v); err != nil {
			return of, err
		}
	}
	if id := c.Param("tileMatrixSetId"); id != "" && id != webMercatorQuad {
		return of, door.Deny(http.StatusNotFound, geo.Say("没有瓦片方案 %q；可用：%s", "there is no tile matrix set %q; there is %s", id, webMercatorQuad))
	}
	return of, nil
}

func tileAt(matrix, row, col string) (maptile.Tile, bool) {
	var n [3]uint64
	for i, text := range []string{matrix, col, row} {
		var err error
		if n[i], err = strconv.ParseUint(text, 10, 32); err != nil || n[0] > tiles.MaxZoom {
			return maptile.Tile{}, false
		}
	}
	t := maptile.New(uint32(n[1]), uint32(n[2]), maptile.Zoom(n[0]))
	return t, tiles.Valid(t)
}

// layerOf is a tile with one of its layers alone (vector-tile-spec 2.1 §4.1: layers
// are the tile's field 3, their names the layer's field 1).
func layerOf(tile []byte, name string) []byte {
	const layers, layerName = 3, 1
	for rest := tile; len(rest) > 0; {
		number, layer, behind, ok := cutField(rest)
		if !ok {
			return nil
		}
		whole := rest[:len(rest)-len(behind)]
		rest = behind
		for number == layers && len(layer) > 0 {
			n, value, more, ok := cutField(layer)
			if !ok {
				return nil
			}
			if n == layerName {
				if string(value) == name {
					return whole
				}
				break
			}
			layer = more
		}
	}
	return nil
}

// cutField takes the first field off a message of protocol buffers: its number, its
// bytes where it has such, and what comes behind it.
func cutField(message []byte) (number uint64, value, behind []byte, ok bool) {
	const varint, fixed64, bytes, fixed32 = 0, 1, 2, 5
	key, n := binary.Uvarint(message)
	if n <= 0 {
		return 0, nil, nil, false
	}
	message = message[n:]
	length := uint64(0)
	switch key & 7 {
	case varint:
		_, n = binary.Uvarint(message)
		if n <= 0 {
			return 0, nil, nil, false
		}
		length = uint64(n)
	case fixed64:
		length = 8
	case fixed32:
		length = 4
	case bytes:
		if length, n = binary.Uvarint(message); n <= 0 {
			return 0, nil, nil, false
		}
		message = message[n:]
	default:
		return 0, nil, nil, false
	}
	if uint64(len(message)) < length {
		return 0, nil, nil, false
	}
	if key&7 == bytes {
		value = message[:length]
	}
	return key >> 3, value, message[length:], true
}
