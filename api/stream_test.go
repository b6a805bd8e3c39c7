package api

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAllThatMatchesIsStreamed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	get := func(query, accept string, more ...string) got {
		return s.get("/api/v1/plots?"+query, append([]string{"Accept", accept}, more...)...)
	}
	sequence := get("sort=-plot_no", "application/geo+json-seq")
	sequence.want(t, 200)
	records := strings.Split(sequence.body, "\x1e")
	if len(records) != 3 || records[0] != "" || !strings.Contains(records[1], `"plot_no":"B"`) || !strings.HasSuffix(records[2], "}\n") {
		t.Errorf("%q", sequence.body)
	}
	h := sequence.header
	if h.Get("Content-Type") != "application/geo+json-seq" || h.Get("Number-Matched") != "2" || h.Get("Register-Seq") == "" {
		t.Errorf("%v", h)
	}
	lines := get("", "application/x-ndjson").body
	for line := range strings.Lines(lines) {
		var feature struct{ Type string }
		if err := json.Unmarshal([]byte(line), &feature); err != nil || feature.Type != "Feature" {
			t.Errorf("%v: %q", err, line)
		}
	}
	if strings.Count(lines, "\n") != 2 {
		t.Errorf("%q", lines)
	}
	flat := get("limit=1", `application/x-ndjson;profile=flat`)
	if flat.want(t, 200, `{"id":1,"park":"test"`); strings.Contains(flat.body, "geometry") || strings.Count(flat.body, "\n") != 1 {
		t.Errorf("%q", flat.body)
	}
	rows, err := csv.NewReader(strings.NewReader(get("limit=all", "text/csv").body)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Errorf("%v: %v", err, rows)
	}
	zipped := get("", "application/x-ndjson", "Accept-Encoding", "gzip")
	unzip, err := gzip.NewReader(strings.NewReader(zipped.body))
	if err != nil || zipped.header.Get("Content-Encoding") != "gzip" {
		t.Fatal(err, zipped.header)
	}
	if plain, err := io.ReadAll(unzip); err != nil || string(plain) != lines {
		t.Errorf("%v: %q", err, plain)
	}
	get("filter=plot_no%3D'nothing'", "application/x-ndjson").want(t, 200)
	for query, field := range map[string]string{"cursor=e30": "cursor", "facets=1": "facets", "limit=0": "limit", "limit=some": "limit", "sort=colour": "sort", "colour=red": "colour"} {
		get(query, "application/geo+json-seq").want(t, 400, `"field":"`+field+`"`)
	}
	get("limit=all", "application/geo+json").want(t, 400, `"field":"limit"`)
}

// TestAConnectionOutlivesItsStream lets a client go away, and another come back.
func TestAConnectionOutlivesItsStream(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	address, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET /api/v1/plots HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err = net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	read := bufio.NewReader(conn)
	for range 2 {
		if _, err := io.WriteString(conn, "GET /api/v1/plots HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(read, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || bytes.Count(body, []byte("\n")) != 2 {
			t.Errorf("%v: %q", err, body)
		}
	}
}
