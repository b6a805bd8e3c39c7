package exchange

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/exchange.md")

// TestTheDocumentListsFormatsAndFields holds the tables of docs/exchange.md to the
// program's own.
func TestTheDocumentListsFormatsAndFields(t *testing.T) {
	t.Parallel()
	const file = "../../docs/exchange.md"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for name, table := range map[string]string{"formats": formatTable(), "fields": fieldTable()} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		held, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("%s has no table %s", file, name)
		}
		if held != table && !*update {
			t.Errorf("table %s is out of date; run go test ./data/exchange -update", name)
		}
		text = before + begin + table + end + after
	}
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func formatTable() string {
	var b strings.Builder
	b.WriteString("| format | | in | out | files | written in | content type |\n|---|---|---|---|---|---|---|\n")
	mark := func(is bool) string {
		if is {
			return "✓"
		}
		return ""
	}
	for _, f := range Formats() {
		crs := ""
		if f.CRS != 0 {
			crs = f.CRS.String()
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", f.Name, f.TitleEn, mark(readable(f)), mark(writable(f)), strings.Join(f.Extensions, " "), crs, f.ContentType)
	}
	return b.String()
}

func fieldTable() string {
	var b strings.Builder
	b.WriteString("| property | short | Chinese | also read as | set by the register |\n|---|---|---|---|---|\n")
	for _, f := range land.Fields() {
		computed := ""
		if f.Set == nil {
			computed = "✓"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", f.Name, f.Short, f.Zh, strings.Join(f.Also, " "), computed)
	}
	return b.String()
}
