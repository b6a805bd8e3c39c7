package api

import (
	"bytes"
	"fmt"
	"mime"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/csv"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// The media types of a search's answer beside GeoJSON.
const (
	csvType       = "text/csv"
	csvContent    = csvType + "; charset=utf-8; header=present"
	flatType      = `application/json; profile="flat"`
	sequenceType  = "application/geo+json-seq"
	linesType     = "application/x-ndjson"
	flatLinesType = `application/x-ndjson; profile="flat"`
)

// wanted reads Accept and gives the media type, of those of a search, that the
// client likes most, the first of several; GeoJSON when it says nothing of them.
func wanted(accept string) string {
	best, likes := geoJSONType, 0.0
	for _, part := range strings.Split(accept, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		var offered string
		switch {
		case name == csvType, name == sequenceType:
			offered = name
		case name == linesType && parameters["profile"] == "flat":
			offered = flatLinesType
		case name == linesType:
			offered = linesType
		case name == echo.MIMEApplicationJSON && parameters["profile"] == "flat":
			offered = flatType
		case name == geoJSONType, name == echo.MIMEApplicationJSON, name == "application/*", name == "*/*":
			offered = geoJSONType
		default:
			continue
		}
		q := 1.0
		if text, ok := parameters["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		if q > likes {
			best, likes = offered, q
		}
	}
	return best
}

// csvRows writes the page as comma-separated rows.
func csvRows(page []plotset.Ref) ([]byte, error) {
	var b bytes.Buffer
	err := csv.WriteRows(&b, func(yield func(*land.Plot) bool) {
		for _, r := range page {
			if p := r.Plot(); !yield(&p) {
				return
			}
		}
	})
	return b.Bytes(), err
}

// flatRows writes the page as objects without geometry.
func flatRows(head []byte, page []*door.Feature) []byte {
	body := append(append([]byte{'{'}, head...), `,"rows":[`...)
	for i, f := range page {
		if i > 0 {
			body = append(body, ",\n"...)
		}
		body = append(body, f.Properties()...)
	}
	return append(body, "]}\n"...)
}

// link is a Link header's value (RFC 8288).
func link(href, rel string) string { return fmt.Sprintf("<%s>; rel=%q", href, rel) }
