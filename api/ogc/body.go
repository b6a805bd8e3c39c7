package ogc

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// members are those of a JSON object.
type members = map[string]json.RawMessage

// beside are the members of a Feature that an edit says of itself.
var beside = []string{"reason", "case_no"}

// patched makes a Feature of a JSON merge patch (RFC 7396): one of a Feature, or
// one of the properties by the logical schema, among which geometry is the
// boundary. What it does not name, the edit leaves as it is.
func patched(body []byte) ([]byte, error) {
	var patch members
	if err := json.Unmarshal(body, &patch); err != nil || patch == nil {
		return nil, land.Invalid("body", geo.Say("请求体不是 JSON 对象", "the body is no JSON object"), geo.Say(`例如 {"properties":{"far_max":2.5}}`, `send one such as {"properties":{"far_max":2.5}}`))
	}
	if geometry, given := patch["geometry"]; given && string(geometry) == "null" {
		return nil, land.Invalid("geometry", geo.Say("地块不能没有界址", "a plot has a boundary"), geo.Say("请去掉 geometry，或给出新的", "leave geometry out, or give another"))
	}
	_, whole := patch["properties"]
	if _, typed := patch["type"]; !whole && !typed {
		properties := maps.Clone(patch)
		feature := members{}
		for name, value := range patch {
			if name == "geometry" || slices.Contains(beside, name) {
				feature[name] = value
				delete(properties, name)
			}
		}
		raw, err := json.Marshal(properties)
		if err != nil {
			return nil, err
		}
		feature["properties"] = raw
		patch = feature
	}
	patch["type"] = json.RawMessage(`"Feature"`)
	return json.Marshal(patch)
}

// swapped is a Feature whose coordinates have changed places, from north before
// east to x before y. What does not read so is left for the reader to refuse.
func swapped(body []byte) []byte {
	var feature, geometry members
	if json.Unmarshal(body, &feature) != nil || json.Unmarshal(feature["geometry"], &geometry) != nil || geometry == nil {
		return body
	}
	var coordinates any
	numbers := json.NewDecoder(bytes.NewReader(geometry["coordinates"]))
	numbers.UseNumber() // which keep all their digits
	if numbers.Decode(&coordinates) != nil {
		return body
	}
	swap(coordinates)
	var err error
	if geometry["coordinates"], err = json.Marshal(coordinates); err != nil {
		return body
	}
	if feature["geometry"], err = json.Marshal(geometry); err != nil {
		return body
	}
	if made, err := json.Marshal(feature); err == nil {
		return made
	}
	return body
}

// swap changes the first two numbers of every position.
func swap(coordinates any) {
	list, ok := coordinates.([]any)
	if !ok {
		return
	}
	if len(list) >= 2 {
		if _, position := list[0].(json.Number); position {
			list[0], list[1] = list[1], list[0]
			return
		}
	}
	for _, part := range list {
		swap(part)
	}
}
