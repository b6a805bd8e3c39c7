package pmtiles

import (
	"encoding/json"
	"maps"
)

// Metadata describes an archive's tiles (5).
type Metadata struct {
	Name         string         `json:"name,omitempty"`
	Description  string         `json:"description,omitempty"`
	Attribution  string         `json:"attribution,omitempty"`
	Type         string         `json:"type,omitempty"`    // overlay or baselayer
	Version      string         `json:"version,omitempty"` // of the tiles, as 1.0.0
	VectorLayers []VectorLayer  `json:"vector_layers,omitempty"`
	Extra        map[string]any `json:"-"` // further keys
}

// VectorLayer names a layer of vector tiles and its fields (TileJSON 3.0.0, 3.3).
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description"`
	Fields      map[string]string `json:"fields"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
}

type plainMetadata Metadata

// MarshalJSON writes the keys in the order of the alphabet.
func (m Metadata) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(plainMetadata(m))
	if err != nil {
		return nil, err
	}
	var known map[string]json.RawMessage
	if err := json.Unmarshal(b, &known); err != nil {
		return nil, err
	}
	keys := maps.Clone(m.Extra)
	if keys == nil {
		keys = map[string]any{}
	}
	for k, v := range known {
		keys[k] = v
	}
	return json.Marshal(keys)
}

// UnmarshalJSON keeps the keys that the specification does not know in Extra.
func (m *Metadata) UnmarshalJSON(b []byte) error {
	var plain plainMetadata
	if err := json.Unmarshal(b, &plain); err != nil {
		return err
	}
	if err := json.Unmarshal(b, &plain.Extra); err != nil {
		return err
	}
	for _, known := range []string{"name", "description", "attribution", "type", "version", "vector_layers"} {
		delete(plain.Extra, known)
	}
	if len(plain.Extra) == 0 {
		plain.Extra = nil
	}
	*m = Metadata(plain)
	return nil
}
