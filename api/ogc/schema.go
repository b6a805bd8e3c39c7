package ogc

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// object is JSON that is put together by hand; its members come in the order of
// their names.
type object = map[string]any

// ordered is an object whose members stay in their order.
type ordered []entry

type entry struct {
	name  string
	value any
}

// MarshalJSON writes the members one after another.
func (o ordered) MarshalJSON() ([]byte, error) {
	body := []byte{'{'}
	for i, e := range o {
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(append(geojson.AppendString(body, e.name), ':'), value...)
	}
	return append(body, '}'), nil
}

const jsonSchema = "https://json-schema.org/draft/2020-12/schema"

// jsonSchemaOf is the JSON Schema of a property (23-058 §7). Types are plain, not
// lists with null, for GDAL reads no others; a property that has no value is null.
func jsonSchemaOf(f field, sequence int) object {
	o := object{"title": f.zh + " " + f.en, "type": string(f.kind), "x-ogc-propertySeq": sequence}
	if f.kind == cql2.TypeDate {
		o["type"], o["format"] = "string", "date"
	}
	if len(f.enum) > 0 {
		o["enum"] = f.enum
	}
	if f.unit != "" {
		o["x-ogc-unit"] = f.unit
	}
	if f.role != "" {
		o["x-ogc-role"] = f.role
	}
	if f.readOnly {
		o["readOnly"] = true
	}
	return o
}

// geometrySchema is that of the boundary; a Part 5 schema gives a spatial property
// no type.
func geometrySchema() object {
	return object{"title": "界线 boundary", "format": "geometry-multipolygon", "x-ogc-role": "primary-geometry", "x-ogc-propertySeq": 0}
}

// properties are the schemas of a source's fields, some of them left out. Programs
// show them in the order in which they come.
func properties(of source, without func(field) bool) ordered {
	var all ordered
	for i, f := range of.fields() {
		if !without(f) {
			all = append(all, entry{f.name, jsonSchemaOf(f, i+1)})
		}
	}
	return all
}

func withGeometry(all ordered) ordered {
	return append(ordered{{"geometry", geometrySchema()}}, all...)
}

func nothing(field) bool { return false }

// required are the properties that a new plot must bring, and that a plot which
// takes another's place must.
var (
	requiredToCreate  = []string{"plot_no", "land_use"}
	requiredToReplace = []string{"plot_no", "land_use", "status"}
)

// kinds of schema beside the logical one, which is asked for without a type.
const (
	featureSchema = "feature" // of the GeoJSON features that are read
	createSchema  = "create"  // of those that are taken
	replaceSchema = "replace"
	updateSchema  = "update"
)

// getSchema answers the returnables and receivables of a collection (Part 5), or
// with type= the schema of its features as GeoJSON (Part 4, and what describedby
// leads to).
func (s *server) getSchema(c echo.Context) error {
	return s.answerSchema(c, geo.Say("属性", "Schema"), func(of collection, kind string) (object, error) {
		switch {
		case kind == "":
			schema := object{"properties": withGeometry(properties(of, nothing)), "additionalProperties": false}
			if of.editable {
				schema["required"] = requiredToCreate
			}
			return schema, nil
		case kind == featureSchema:
			return geoJSONSchema(of, object{
				"type": "object", "properties": properties(of, func(f field) bool { return f.name == "id" }), // which GDAL has from the feature
			}, nil), nil
		case !of.editable:
		case kind == createSchema, kind == replaceSchema, kind == updateSchema:
			taken := object{"type": "object", "properties": properties(of, func(f field) bool { return f.readOnly }), "additionalProperties": false}
			whole := []string{"type", "geometry", "properties"}
			switch kind {
			case createSchema:
				taken["required"] = requiredToCreate
			case replaceSchema:
				taken["required"] = requiredToReplace
			default:
				whole = nil
			}
			return geoJSONSchema(of, taken, whole), nil
		}
		known := featureSchema
		if of.editable {
			known = strings.Join([]string{featureSchema, createSchema, replaceSchema, updateSchema}, ", ")
		}
		return nil, door.Refuse("type", geo.Say("没有 %q 这种 schema", "there is no schema %q", kind), geo.Say("可用：%s", "use one of %s", known))
	})
}

// geoJSONSchema is the schema of a GeoJSON Feature.
func geoJSONSchema(of collection, properties object, required []string) object {
	id := object{"type": "integer", "readOnly": true}
	if of.fields()[0].kind == cql2.TypeString {
		id["type"] = "string"
	}
	schema := object{"properties": object{
		"type":       object{"type": "string", "enum": []string{"Feature"}},
		"id":         id,
		"geometry":   object{"type": "object", "properties": object{"type": object{"type": "string", "enum": []string{"Polygon", "MultiPolygon"}}, "coordinates": object{"type": "array"}}, "required": []string{"type", "coordinates"}},
		"properties": properties,
	}}
	if required != nil {
		schema["required"] = required
	}
	return schema
}

// getQueryables answers what filters may read (19-079r2 §6).
func (s *server) getQueryables(c echo.Context) error {
	return s.answerSchema(c, geo.Say("可筛选的属性", "Queryables"), func(of collection, _ string) (object, error) {
		return object{"properties": withGeometry(properties(of, nothing)), "additionalProperties": false}, nil
	})
}

// getSortables answers by what items can be ordered (Part 8).
func (s *server) getSortables(c echo.Context) error {
	return s.answerSchema(c, geo.Say("可排序的属性", "Sortables"), func(of collection, _ string) (object, error) {
		schema := object{"properties": properties(of, nothing), "additionalProperties": false}
		if of.fields()[0].kind == cql2.TypeInteger {
			schema["defaultSortOrder"] = []string{"id"}
		}
		return schema, nil
	})
}

// answerSchema answers one of the schemas of a collection.
func (s *server) answerSchema(c echo.Context, what geo.Words, make func(of collection, kind string) (object, error)) error {
	known := parametersOfAll
	if strings.HasSuffix(c.Path(), "/schema") {
		known = append(slices.Clone(known), "type")
	}
	q, in, view, err := s.asked(c, known, asSchema, asHTML)
	if err != nil {
		return err
	}
	of, err := s.collection(c, view)
	if err != nil {
		return err
	}
	schema, err := make(of, q.Get("type"))
	if err != nil {
		return err
	}
	schema["$schema"], schema["type"], schema["title"] = jsonSchema, "object", both(of.title)
	schema["$id"] = s.here(c, door.Only(q, []string{"type"}))
	links := s.selves(c, q, in, asSchema, asHTML)
	header(c, links...)
	if in.name == asHTML.name {
		return s.showDocument(c, geo.Say("%s：%s", "%s: %s", of.title, what), links, schema, of.crumb(s, c))
	}
	body, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	return door.Compressed(c, schemaType, body)
}

// crumb leads back to the collection.
func (of collection) crumb(s *server, c echo.Context) link {
	return link{Href: s.address(c, "collections", of.id) + "?f=html", Rel: "collection", Type: htmlType, Title: both(of.title)}
}
