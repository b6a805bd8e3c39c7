package door

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// cursor is where a page ended, and of which query.
type cursor struct {
	Query  []byte        `json:"q"`
	Values []tiles.Value `json:"v,omitempty"`
	ID     land.PlotID   `json:"i"`
}

// queryHash tells queries whose pages follow one another from all others, by the
// parameters of which the pages depend.
func queryHash(q url.Values, names []string) []byte {
	sum := sha256.Sum256([]byte(Only(q, names).Encode()))
	return sum[:9]
}

// WriteCursor says after which place the pages of a query go on. Names are the
// parameters that choose what is on them, and their order.
func WriteCursor(q url.Values, names []string, p *tiles.Place) string {
	text, err := json.Marshal(cursor{queryHash(q, names), p.Values, p.ID})
	if err != nil {
		panic(err) // there are only finite numbers and texts in it
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// ReadCursor gives the place after which to go on; nil is the start.
func ReadCursor(q url.Values, names []string, steps []land.Order) (*tiles.Place, error) {
	text := q.Get("cursor")
	if text == "" {
		return nil, nil
	}
	follow := geo.Say("请使用上一页的 next 链接", "follow the next link of the page before")
	var c cursor
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil || c.ID < 0 {
		return nil, Refuse("cursor", geo.Say("不是本服务给出的游标", "this is not a cursor of ours"), follow)
	}
	if string(c.Query) != string(queryHash(q, names)) || len(c.Values) != len(steps) {
		return nil, Refuse("cursor", geo.Say("游标属于另一查询", "the cursor is of another query"), follow)
	}
	return &tiles.Place{Values: c.Values, ID: c.ID}, nil
}
