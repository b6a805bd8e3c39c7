package api

import (
	"errors"
	"net/url"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
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
		return nil, &filterError{err}
	}
	return f, nil
}

// filterError refuses a CQL2 expression, with every fault and its place in it.
type filterError struct{ err error }

func (e *filterError) Error() string { return e.err.Error() }

func (e *filterError) Words() geo.Words {
	return geo.Say("筛选条件无法使用；未作任何查询", "the filter cannot be used; nothing was asked")
}

func (e *filterError) findings() []land.Finding {
	var faults cql2.Faults
	if !errors.As(e.err, &faults) {
		var syntax *cql2.SyntaxError
		if errors.As(e.err, &syntax) {
			faults = cql2.Faults{syntax}
		}
	}
	var findings []land.Finding
	for _, f := range faults {
		findings = append(findings, land.Finding{Severity: land.Block, Field: "filter"}.Saying(
			geo.Say("第 %d 行第 %d 个字符：%s", "line %d, character %d: %s", f.Line, f.Column, f.Message),
			geo.Say("请使用 CQL2 文本，如 status = 'available' AND area_mu > 20", "write CQL2 text such as status = 'available' AND area_mu > 20")))
	}
	return findings
}
