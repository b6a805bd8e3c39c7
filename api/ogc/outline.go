package ogc

import (
	"encoding/json"
	"strings"
)

// node is a part of a JSON document as a page tells it: a value, or parts.
type node struct {
	Name  string
	Value string
	Href  string
	Parts []node
}

// outline is a JSON document as a page tells it, its members in their order.
func outline(document any) (node, error) {
	raw, err := json.Marshal(document)
	if err != nil {
		return node{}, err
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	return readNode(d)
}

func readNode(d *json.Decoder) (n node, err error) {
	token, err := d.Token()
	if err != nil {
		return n, err
	}
	switch token {
	case json.Delim('{'):
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return n, err
			}
			part, err := readNode(d)
			if err != nil {
				return n, err
			}
			part.Name = name.(string)
			if part.Name == "href" {
				n.Href = part.Value
			}
			n.Parts = append(n.Parts, part)
		}
		_, err = d.Token()
		return n, err
	case json.Delim('['):
		for d.More() {
			part, err := readNode(d)
			if err != nil {
				return n, err
			}
			n.Parts = append(n.Parts, part)
		}
		_, err = d.Token()
		return n, err
	case nil:
		n.Value = "—"
		return n, nil
	}
	switch v := token.(type) {
	case string:
		n.Value = v
		if strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") {
			n.Href = v
		}
	case json.Number:
		n.Value = v.String()
	case bool:
		n.Value = "false"
		if v {
			n.Value = "true"
		}
	}
	return n, nil
}
