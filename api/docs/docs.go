// Package docs renders an OpenAPI document as a page for people: Chinese first,
// English beside it, with examples, and without anything of another server.
package docs

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// zhText is the document's sentences in Chinese, by the English ones.
//
//go:embed zh.json
var zhText []byte

//go:embed page.html
var pageText string

// Page renders a document (OpenAPI 3.0).
func Page(document []byte) ([]byte, error) {
	var d openAPI
	if err := json.Unmarshal(document, &d); err != nil {
		return nil, fmt.Errorf("OpenAPI document: %w", err)
	}
	zh, err := Chinese()
	if err != nil {
		return nil, err
	}
	page, err := template.New("page").Funcs(template.FuncMap{
		"zh":     func(en string) string { return cmp.Or(zh[en], en) },
		"differ": func(en string) bool { return zh[en] != "" },
		"upper":  strings.ToUpper,
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = page.Execute(&b, view{d.Info, sectionsOf(d), d.Components.Schemas})
	return b.Bytes(), err
}

// Chinese is the document's sentences in Chinese, by the English ones.
func Chinese() (map[string]string, error) {
	var zh map[string]string
	err := json.Unmarshal(zhText, &zh)
	return zh, err
}

// view is what the page shows.
type view struct {
	Info     info
	Sections []section
	Schemas  ordered[*schema]
}

// section is the operations on one thing.
type section struct {
	Name       string
	Operations []operation
}

// methods in the order in which they are shown.
var methods = []string{"get", "post", "put", "patch", "delete", "options"}

// sectionsOf groups operations by what their paths are about, in the order of the
// document's tags, then of the document.
func sectionsOf(d openAPI) []section {
	var all []section
	for _, t := range d.Tags {
		all = append(all, section{Name: t.Name})
	}
	for _, path := range d.Paths {
		for _, method := range methods {
			op, ok := path.Value[method]
			if !ok {
				continue
			}
			op.Method, op.Path = method, path.Name
			name := subject(op)
			i := slices.IndexFunc(all, func(s section) bool { return s.Name == name })
			if i < 0 {
				i, all = len(all), append(all, section{Name: name})
			}
			all[i].Operations = append(all[i].Operations, op)
		}
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.Operations) == 0 })
}

// subject is the operation's tag, or else the word that its path begins with.
func subject(op operation) string {
	if len(op.Tags) > 0 {
		return op.Tags[0]
	}
	words := strings.Split(strings.TrimPrefix(op.Path, "/api/v1"), "/")
	return words[min(1, len(words)-1)]
}
