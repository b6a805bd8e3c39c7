package land

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// SavedSearch is a search that the holder of a key keeps under a name.
type SavedSearch struct {
	ID        int64
	Owner     int64  // the key
	Name      string // unique among the owner's
	Query     string // parameters of the search, percent-encoded
	CreatedAt time.Time
}

// Bounds of saved searches.
const (
	MostSearches = 100 // of a key
	longestQuery = 16_000
)

// Validate refuses a name or query that is empty or too long.
func (s SavedSearch) Validate() error {
	if n := utf8.RuneCountInString(s.Name); n == 0 || n > maxText || !utf8.ValidString(s.Name) || hasControl(s.Name) || strings.TrimSpace(s.Name) != s.Name {
		return Invalid("name", geo.Say("名称不可用", "the name will not do"), geo.Say("请用 1 至 %d 个字符，首尾无空白", "use 1 to %d characters, without space around them", maxText))
	}
	if s.Query == "" || len(s.Query) > longestQuery {
		return Invalid("query", geo.Say("查询为空或过长", "the query is empty or too long"), geo.Say("请给出查询参数，例如 park=panyu&status=available，最多 %d 字节", "give parameters of the search, such as park=panyu&status=available, at most %d bytes", longestQuery))
	}
	return nil
}
