package api

import (
	"net/url"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/tiles"
)

// filter reads filter=CQL2; nil when there is none.
func filter(q url.Values) (*tiles.Filter, error) {
	text := q.Get("filter")
	if text == "" {
		return nil, nil
	}
	f, err := tiles.ParseFilter(text)
	if err != nil {
		return nil, &door.FilterError{Err: err}
	}
	return f, nil
}
