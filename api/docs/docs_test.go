package docs

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestThePageShowsTheWholeDocument(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := Page(document)
	if err != nil {
		t.Fatal(err)
	}
	page := string(rendered)
	var d openAPI
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, path := range d.Paths {
		for method, op := range path.Value {
			operations++
			if op.ID == "" || strings.Count(page, `<section id="`+op.ID+`"`) != 1 {
				t.Errorf("%s %s is not shown once", method, path.Name)
			}
			if op.Keyed() != strings.Contains(page, strings.ToUpper(method)+`</span> <code>`+path.Name+`</code> <span class="key">须有密钥`) {
				t.Errorf("%s %s: whether it needs a key is not shown", method, path.Name)
			}
		}
	}
	if operations < 40 {
		t.Errorf("only %d operations", operations)
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+link[1]+`"`) {
			t.Errorf("#%s leads nowhere", link[1])
		}
	}
	for _, foreign := range []string{"<script", "http://", "ZgotmplZ"} {
		if strings.Contains(page, foreign) {
			t.Errorf("the page has %q", foreign)
		}
	}
	if regexp.MustCompile(`(src|href)="https?:`).MatchString(page) {
		t.Error("the page loads from another server")
	}
	if i, j := strings.Index(page, "查询地块。"), strings.Index(page, "Finds plots."); i < 0 || j < i {
		t.Error("Chinese does not come first")
	}
}

// TestEverySentenceHasItsChinese names what zh.json lacks, and what it has for
// nothing.
func TestEverySentenceHasItsChinese(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	zh, err := Chinese()
	if err != nil {
		t.Fatal(err)
	}
	var d openAPI
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	say := func(where, text string) {
		if used[text] = true; text != "" && zh[text] == "" {
			t.Errorf("%s: zh.json has nothing for %q", where, text)
		}
	}
	var shape func(where string, s *schema)
	shape = func(where string, s *schema) {
		if s == nil {
			return
		}
		say(where, s.Description)
		for _, p := range s.Properties {
			shape(where+"."+p.Name, p.Value)
		}
		for _, part := range append(append(append([]*schema{s.Items, s.Additional}, s.AllOf...), s.OneOf...), s.AnyOf...) {
			shape(where, part)
		}
	}
	say("info", d.Info.Description)
	for _, s := range sectionsOf(d) {
		say("tags", s.Name)
		for _, op := range s.Operations {
			say(op.ID, op.Summary)
			say(op.ID, op.Description)
			for _, p := range op.Parameters {
				say(op.ID, p.Description)
			}
			if op.Body != nil {
				say(op.ID, op.Body.Description)
				for _, m := range op.Body.Content {
					shape(op.ID, m.Value.Schema)
				}
			}
			for _, r := range op.Responses {
				say(op.ID, r.Value.Description)
				for _, h := range r.Value.Headers {
					say(op.ID, h.Value.Description)
				}
				for _, m := range r.Value.Content {
					shape(op.ID, m.Value.Schema)
				}
			}
		}
	}
	for _, s := range d.Components.Schemas {
		shape(s.Name, s.Value)
	}
	for en := range zh {
		if !used[en] {
			t.Errorf("nothing says %q any more", en)
		}
	}
}

func TestWhatADocumentSaysIsEscaped(t *testing.T) {
	t.Parallel()
	page, err := Page([]byte(`{"info":{"title":"<b>"},"paths":{"/x":{"get":{"operationId":"x","summary":"<script>","parameters":[{"name":"p","in":"query","schema":{"enum":["<i>"]}}],"responses":{}}}},"components":{"schemas":{}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, raw := range []string{"<script>", "<i>", "<b>"} {
		if strings.Contains(string(page), raw) {
			t.Errorf("%s is not escaped", raw)
		}
	}
	if _, err := Page([]byte(`{"paths":[]}`)); err == nil {
		t.Error("a list is taken for an object")
	}
}

var update = flag.Bool("update", false, "write the page's types")

// TestThePagesTypesAreFresh holds the map page's types to the document.
func TestThePagesTypesAreFresh(t *testing.T) {
	document, err := os.ReadFile("../openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := TypeScript(document)
	if err != nil {
		t.Fatal(err)
	}
	const path = "../web/src/api.ts"
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
		t.Errorf("%s is not what openapi.json says; run go generate ./api (%v)", path, err)
	}
}

func TestTypesSayWhatSchemasSay(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		`{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"string","nullable":true,"description":"B."}}}`: "export interface X {\n  a: number\n  /** B. */\n  b?: string | null\n}",
		`{"type":"array","items":{"type":"string","enum":["m","n"]}}`:                                                                       "export type X = ('m' | 'n')[]",
		`{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2}`:                                                              "export type X = [number, number]",
		`{"allOf":[{"$ref":"#/components/schemas/Y"}],"nullable":true}`:                                                                     "export type X = Y | null",
		`{"type":"object","additionalProperties":{"type":"integer"}}`:                                                                       "export type X = Record<string, number>",
		`{"type":"object","additionalProperties":true}`:                                                                                     "export type X = Record<string, unknown>",
		`{"oneOf":[{"type":"boolean"},{}]}`:                                                                                                 "export type X = boolean | unknown",
	} {
		got, err := TypeScript([]byte(`{"components":{"schemas":{"X":` + schema + `}}}`))
		if err != nil || strings.TrimPrefix(string(got), typesHead) != "\n"+want+"\n" {
			t.Errorf("%s: %v\n%s\nwant\n%s", schema, err, got, want)
		}
	}
}
