package docs

import (
	"encoding/json"
	"fmt"
	"strings"
)

// typesHead stands over the types.
const typesHead = `// What the service's doors answer: made of openapi.json by go generate ./api, not to be edited.
import type { MultiPolygon, Polygon } from 'geojson'
`

// TypeScript writes a document's schemas as types, in the document's order.
func TypeScript(document []byte) ([]byte, error) {
	var d openAPI
	if err := json.Unmarshal(document, &d); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	out := []byte(typesHead)
	for _, s := range d.Components.Schemas {
		out = append(out, '\n')
		out = append(out, remark(s.Value.Description, "")...)
		if isRecord(s.Value) {
			out = fmt.Appendf(out, "export interface %s %s\n", s.Name, s.Value.typescript(""))
		} else {
			out = fmt.Appendf(out, "export type %s = %s\n", s.Name, s.Value.typescript(""))
		}
	}
	return out, nil
}

// isRecord says whether a schema is an object with properties and nothing else.
func isRecord(s *schema) bool {
	return len(s.Properties) > 0 && s.TypeScript == "" && !s.Nullable
}

func remark(text, indent string) string {
	if text == "" {
		return ""
	}
	return indent + "/** " + strings.ReplaceAll(text, "*/", "* /") + " */\n"
}

// typescript writes the type, whose further lines are indented.
func (s *schema) typescript(indent string) string {
	if s == nil {
		return "unknown"
	}
	text := s.bare(indent)
	if s.Nullable {
		text += " | null"
	}
	return text
}

func (s *schema) bare(indent string) string {
	switch {
	case s.TypeScript != "":
		return s.TypeScript
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case len(s.AllOf) > 0:
		return joined(s.AllOf, " & ", indent)
	case len(s.OneOf) > 0:
		return joined(s.OneOf, " | ", indent)
	case len(s.AnyOf) > 0:
		return joined(s.AnyOf, " | ", indent)
	case len(s.Enum) > 0:
		values := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			if values[i] = fmt.Sprint(v); s.Type == "string" {
				values[i] = "'" + values[i] + "'"
			}
		}
		return strings.Join(values, " | ")
	}
	switch s.Type {
	case "string", "boolean":
		return s.Type
	case "integer", "number":
		return "number"
	case "array":
		return s.list(indent)
	case "object":
		return s.record(indent)
	}
	return "unknown"
}

func joined(all []*schema, with, indent string) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = s.typescript(indent)
	}
	return strings.Join(texts, with)
}

// list writes an array, or a tuple where its length is known.
func (s *schema) list(indent string) string {
	of := s.Items.typescript(indent)
	if s.MinItems > 0 && s.MinItems == s.MaxItems {
		return "[" + strings.TrimSuffix(strings.Repeat(of+", ", s.MinItems), ", ") + "]"
	}
	if strings.ContainsAny(of, "|&") && !strings.HasPrefix(of, "{") {
		of = "(" + of + ")"
	}
	return of + "[]"
}

func (s *schema) record(indent string) string {
	if len(s.Properties) == 0 {
		return "Record<string, " + s.Additional.typescript(indent) + ">"
	}
	var b strings.Builder
	b.WriteString("{\n")
	for _, p := range s.Properties {
		b.WriteString(remark(p.Value.Description, indent+"  "))
		mark := "?"
		if s.Needs(p.Name) {
			mark = ""
		}
		fmt.Fprintf(&b, "%s  %s%s: %s\n", indent, p.Name, mark, p.Value.typescript(indent+"  "))
	}
	b.WriteString(indent + "}")
	return b.String()
}
