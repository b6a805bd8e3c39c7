package api

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
)

// shellWords splits a command as a shell does, with variables put in but between
// single quotes.
func shellWords(line string, variables *strings.Replacer) (words []string) {
	var word strings.Builder
	begun := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case ' ':
			if begun {
				words, begun = append(words, word.String()), false
				word.Reset()
			}
			continue
		case '\'', '"':
			end := strings.IndexByte(line[i+1:], c)
			part := line[i+1 : i+1+end]
			if c == '"' {
				part = variables.Replace(part)
			}
			word.WriteString(part)
			i += end + 1
		default:
			word.WriteByte(c)
		}
		begun = true
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

// curl does what the command says, with the officer's key for $KEY, park test for
// panyu, and other variables by name and value in turn.
func (s *service) curl(line string, variables ...string) got {
	s.t.Helper()
	words := shellWords(line, strings.NewReplacer(append([]string{"$DIKUAI", s.url, "$KEY", s.key}, variables...)...))
	members, file := map[string]string{}, ""
	method, body, address := "", "", ""
	headers := []string{"Accept", "*/*"}
	q, inAddress := url.Values{}, false
	for i := 1; i < len(words); i++ {
		next := func() string { i++; return words[i] }
		switch w := words[i]; {
		case w == "-X":
			method = next()
		case w == "-H":
			name, value, _ := strings.Cut(next(), ": ")
			headers = append(headers, name, value)
		case w == "-u":
			headers = append(headers, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(next())))
		case w == "--json":
			body = next()
			headers = append(headers, "Content-Type", "application/json")
		case w == "-F":
			name, text, _ := strings.Cut(next(), "=")
			if name == "file" {
				file = strings.TrimPrefix(text, "@")
				continue
			}
			members[name] = text
		case w == "--data-urlencode":
			name, text, _ := strings.Cut(next(), "=")
			q.Add(name, text)
		case w == "-o":
			next()
		case strings.HasPrefix(w, "-"):
			inAddress = inAddress || strings.Contains(w, "G")
		default:
			address = strings.TrimPrefix(w, s.url)
		}
	}
	if inAddress {
		address += "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
	}
	address = strings.NewReplacer("park=panyu", "park=test", "/parks/panyu", "/parks/test", "/exports/panyu", "/exports/test", "/quotas/panyu", "/quotas/test").Replace(address)
	if file != "" {
		var contentType string
		body, contentType = paperForm(s.t, file, pdf, members)
		headers = append(headers, "Content-Type", contentType)
	}
	body = strings.ReplaceAll(body, `"park":"panyu"`, `"park":"test"`)
	switch {
	case method == "" && body != "":
		method = "POST"
	case method == "":
		method = "GET"
	}
	return s.send(method, address, body, headers...)
}

// TestTheCookbookIsTrue sends what docs/api.md says to send, in its order.
func TestTheCookbookIsTrue(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	book, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, recipe := range strings.Split(strings.ReplaceAll(string(book), "\\\n", " "), "\n") {
		if !strings.HasPrefix(recipe, "curl ") {
			continue
		}
		asked++
		if g := s.curl(recipe); g.status < 200 || g.status >= 300 {
			t.Errorf("%s\n%d %s", recipe, g.status, g.body)
		}
	}
	if asked < 10 {
		t.Errorf("only %d recipes", asked)
	}
}

// TestTheBookOfCasesIsTrue sends what docs/cases-api.md says to send, in its order.
func TestTheBookOfCasesIsTrue(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	book, err := os.ReadFile("../docs/cases-api.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	all, err := o.db.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		keys[k.Name] = strconv.FormatInt(k.Key, 10)
	}
	no, paper, asked := "", "", 0
	for _, recipe := range strings.Split(strings.ReplaceAll(string(book), "\\\n", " "), "\n") {
		if !strings.HasPrefix(recipe, "curl ") {
			continue
		}
		asked++
		g := o.curl(recipe, "$APPLICANT", o.people["星海检测"], "$OFFICER", o.people["李经办"], "$APPROVER", o.people["王审批"], "$CASE", no, "$PAPER", paper,
			"$YEAR", strconv.Itoa(o.db.Today().Year()), "$TODAY", o.db.Today().String(), "$DEPUTY", keys["李经办"])
		if g.status < 200 || g.status >= 300 {
			t.Fatalf("%s\n%d %s", recipe, g.status, g.body)
		}
		var told struct {
			Case     struct{ No string }
			Document struct{ ID int64 }
		}
		if json.Unmarshal([]byte(g.body), &told) == nil && told.Case.No != "" {
			no = told.Case.No
		}
		if told.Document.ID != 0 {
			paper = strconv.FormatInt(told.Document.ID, 10)
		}
	}
	if asked < 20 {
		t.Errorf("only %d recipes", asked)
	}
}

// TestSamplesAreTrue sends the samples of the OpenAPI document that read.
func TestSamplesAreTrue(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	var document struct {
		Paths map[string]map[string]struct {
			Samples []struct{ Source string } `json:"x-codeSamples"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(openAPI, &document); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for path, operations := range document.Paths {
		for method, operation := range operations {
			for _, sample := range operation.Samples {
				if strings.Contains(sample.Source, "…") || strings.Contains(sample.Source, "@") || path == "/api/v1/events" { // which does not end
					continue
				}
				asked++
				if g := s.curl(sample.Source); g.status < 200 || g.status >= 400 {
					t.Errorf("%s %s: %s\n%d %s", method, path, sample.Source, g.status, g.body)
				}
			}
		}
	}
	if asked < 25 {
		t.Errorf("only %d samples", asked)
	}
}
