package docs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// openAPI is as much of a document as the page shows.
type openAPI struct {
	Info       info                          `json:"info"`
	Tags       []tag                         `json:"tags"`
	Paths      ordered[map[string]operation] `json:"paths"`
	Components struct {
		Schemas ordered[*schema] `json:"schemas"`
	} `json:"components"`
}

type info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type operation struct {
	Method, Path string
	ID           string             `json:"operationId"`
	Summary      string             `json:"summary"`
	Description  string             `json:"description"`
	Tags         []string           `json:"tags"`
	Security     []json.RawMessage  `json:"security"`
	Parameters   []parameter        `json:"parameters"`
	Body         *body              `json:"requestBody"`
	Responses    ordered[*response] `json:"responses"`
	Samples      []sample           `json:"x-codeSamples"`
}

// Keyed says whether the operation needs a key, Optional whether it shows more
// with one.
func (o operation) Keyed() bool    { return len(o.Security) > 0 && !o.Optional() }
func (o operation) Optional() bool { return slices.ContainsFunc(o.Security, anyone) }

func anyone(s json.RawMessage) bool { return string(s) == "{}" }

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Required    bool    `json:"required"`
	Schema      *schema `json:"schema"`
}

type body struct {
	Description string         `json:"description"`
	Content     ordered[media] `json:"content"`
}

type response struct {
	Description string             `json:"description"`
	Content     ordered[media]     `json:"content"`
	Headers     ordered[parameter] `json:"headers"`
}

type media struct {
	Schema *schema `json:"schema"`
}

// sample is a way to call an operation, as Redoc shows it too.
type sample struct {
	Source string `json:"source"`
}

type schema struct {
	Ref         string           `json:"$ref"`
	Type        string           `json:"type"`
	Format      string           `json:"format"`
	Description string           `json:"description"`
	Nullable    bool             `json:"nullable"`
	Enum        []any            `json:"enum"`
	Default     any              `json:"default"`
	Minimum     *json.Number     `json:"minimum"`
	Maximum     *json.Number     `json:"maximum"`
	Items       *schema          `json:"items"`
	MinItems    int              `json:"minItems"`
	MaxItems    int              `json:"maxItems"`
	Properties  ordered[*schema] `json:"properties"`
	Additional  *schema          `json:"additionalProperties"`
	Required    []string         `json:"required"`
	AllOf       []*schema        `json:"allOf"`
	OneOf       []*schema        `json:"oneOf"`
	AnyOf       []*schema        `json:"anyOf"`
	TypeScript  string           `json:"x-typescript"`
}

// UnmarshalJSON reads a schema; true, which allows anything, is the empty one.
func (s *schema) UnmarshalJSON(text []byte) error {
	if string(text) == "true" || string(text) == "false" {
		return nil
	}
	type plain schema
	return json.Unmarshal(text, (*plain)(s))
}

// Needs says whether an object must have the property.
func (s *schema) Needs(property string) bool { return slices.Contains(s.Required, property) }

// Shape writes the type on one line: what it is, of what, within what bounds.
func (s *schema) Shape() template.HTML {
	if s == nil {
		return ""
	}
	var text string
	switch {
	case s.Ref != "":
		name := template.HTMLEscapeString(s.Ref[strings.LastIndex(s.Ref, "/")+1:])
		text = fmt.Sprintf(`<a href="#schema-%s">%s</a>`, name, name)
	case s.Type == "array":
		text = string(s.Items.Shape()) + "[]"
	case len(s.OneOf) > 0:
		text = oneOf(s.OneOf)
	case len(s.AnyOf) > 0:
		text = oneOf(s.AnyOf)
	case len(s.AllOf) > 0:
		text = strings.ReplaceAll(oneOf(s.AllOf), " | ", " &amp; ")
	case len(s.Enum) > 0:
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			values[i] = template.HTMLEscapeString(fmt.Sprint(v))
		}
		text = strings.Join(values, " | ")
	default:
		text = template.HTMLEscapeString(s.Type)
		if s.Format != "" {
			text += " (" + template.HTMLEscapeString(s.Format) + ")"
		}
	}
	if s.Minimum != nil || s.Maximum != nil {
		text += " " + end(s.Minimum) + "…" + end(s.Maximum)
	}
	if s.Nullable {
		text += " | null"
	}
	return template.HTML(text) // every part of it was escaped
}

func oneOf(all []*schema) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = string(s.Shape())
	}
	return strings.Join(texts, " | ")
}

func end(n *json.Number) string {
	if n == nil {
		return ""
	}
	return template.HTMLEscapeString(n.String())
}

// Fields are the properties of an object, or of the objects that a list has.
func (s *schema) Fields() *schema {
	switch {
	case s == nil:
		return nil
	case len(s.Properties) > 0:
		return s
	case s.Items != nil:
		return s.Items.Fields()
	}
	return nil
}

// ordered is the members of an object in the order of the document.
type ordered[T any] []member[T]

type member[T any] struct {
	Name  string
	Value T
}

var errNoObject = errors.New("not an object")

// UnmarshalJSON reads an object.
func (o *ordered[T]) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errors.Join(err, errNoObject)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		m := member[T]{Name: name.(string)} // in an object a name comes first
		if err := d.Decode(&m.Value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	return nil
}
