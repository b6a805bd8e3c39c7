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

// sealed is where a page ended, and of which query.
type sealed struct {
	Query []byte          `json:"q"`
	Place json.RawMessage `json:"p"`
}

// queryHash tells queries whose pages follow one another from all others, by the
// parameters of which the pages depend.
func queryHash(q url.Values, names []string) []byte {
	sum := sha256.Sum256([]byte(Only(q, names).Encode()))
	return sum[:9]
}

// Seal writes a cursor: after which place the pages of a query go on. Names are the
// parameters that choose what is on them, and their order.
func Seal(q url.Values, names []string, place any) string {
	at, err := json.Marshal(place)
	if err != nil {
		panic(err) // there are only finite numbers and texts in it
	}
	text, err := json.Marshal(sealed{queryHash(q, names), at})
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

var (
	followNext = geo.Say("请使用上一页的 next 链接", "follow the next link of the page before")
	notOurs    = Refuse("cursor", geo.Say("不是本服务给出的游标", "this is not a cursor of ours"), followNext)
	ofAnother  = Refuse("cursor", geo.Say("游标属于另一查询", "the cursor is of another query"), followNext)
)

// Unseal reads the query's cursor; there is none at the start.
func Unseal(q url.Values, names []string, place any) (there bool, err error) {
	text := q.Get("cursor")
	if text == "" {
		return false, nil
	}
	var c sealed
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil || json.Unmarshal(c.Place, place) != nil {
		return false, notOurs
	}
	if string(c.Query) != string(queryHash(q, names)) {
		return false, ofAnother
	}
	return true, nil
}

// plotPlace is a place among plots in a cursor.
type plotPlace struct {
	Values []tiles.Value `json:"v,omitempty"`
	ID     land.PlotID   `json:"i"`
}

// WriteCursor says after which place the pages of a query of plots go on; see Seal.
func WriteCursor(q url.Values, names []string, p *tiles.Place) string {
	return Seal(q, names, plotPlace{p.Values, p.ID})
}

// ReadCursor gives the place after which to go on; nil is the start.
func ReadCursor(q url.Values, names []string, steps []land.Order) (*tiles.Place, error) {
	var p plotPlace
	switch there, err := Unseal(q, names, &p); {
	case err != nil || !there:
		return nil, err
	case p.ID < 0:
		return nil, notOurs
	case len(p.Values) != len(steps):
		return nil, ofAnother
	}
	return &tiles.Place{Values: p.Values, ID: p.ID}, nil
}
