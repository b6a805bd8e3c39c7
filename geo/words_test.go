package geo

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSay(t *testing.T) {
	for _, c := range []struct{ got, want Words }{
		{Say("第 %d 环", "ring %d", 3), Words{"第 3 环", "ring 3"}},
		{Say("%[2]s 的 %[1]s", "%[1]s of %[2]s", "M1", "GZ-2019"), Words{"GZ-2019 的 M1", "M1 of GZ-2019"}},
		{Say("无效：%s", "not valid: %s", Say("环相交", "rings cross")), Words{"无效：环相交", "not valid: rings cross"}},
		{Say("%v", "%v", CRS(9999).Supported()), Words{
			"不支持坐标系 EPSG:9999：支持 EPSG:4490、4326、3857 和 CGCS2000 高斯－克吕格各带 4491–4554",
			"reference system EPSG:9999 is not supported: supported are EPSG:4490, 4326, 3857 and the CGCS2000 Gauss-Krüger zones 4491–4554"}},
		{List([]Words{{"规划", "planned"}, {"储备", "reserved"}}), Words{"规划、储备", "planned, reserved"}},
		{WordsOf(fmt.Errorf("row 3: %w", Say("面积不是数", "no number"))), Words{"面积不是数", "row 3: no number"}},
		{WordsOf(fs.ErrNotExist), Words{"file does not exist", "file does not exist"}},
	} {
		if c.got != c.want {
			t.Errorf("got  %q\nwant %q", c.got, c.want)
		}
	}
}

// TestSentencesArePaired looks at every sentence of the program: its two formats
// must take the same arguments, and a finding must say it in both languages.
func TestSentencesArePaired(t *testing.T) {
	sentences := 0
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if name := nameOf(n.Fun); name != "Say" && name != "damaged" {
					return true
				}
				zh, zhOK := literal(n.Args[0])
				en, enOK := literal(n.Args[1])
				if !zhOK || !enOK {
					return true
				}
				sentences++
				if a, b := verbs(zh), verbs(en); !slices.Equal(a, b) || len(a) != len(n.Args)-2 {
					t.Errorf("%s: %q takes %v, %q takes %v; there are %d arguments", path, zh, a, en, b, len(n.Args)-2)
				}
			case *ast.CompositeLit:
				if name := nameOf(n.Type); name != "Finding" && name != "Fault" {
					return true
				}
				has := map[string]bool{}
				for _, e := range n.Elts {
					if pair, ok := e.(*ast.KeyValueExpr); ok {
						has[nameOf(pair.Key)] = true
					}
				}
				if has["Message"] != has["MessageZh"] {
					t.Errorf("%s: a finding speaks one language; use Saying", path)
				}
			}
			return true
		})
	}
	if sentences < 100 {
		t.Errorf("%d sentences were looked at", sentences)
	}
}

// sources are the program's Go files by path, tests left out.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	const root = ".."
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || path != root && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)], err = parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]*)?(?:\[(\d+)\])?([a-z%])`)

// verbs are what a format does with its arguments, in the arguments' order.
func verbs(format string) []string {
	found := map[int]string{}
	at, most := 1, 0
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			at, _ = strconv.Atoi(m[1])
		}
		found[at] += m[2]
		most = max(most, at)
		at++
	}
	all := make([]string, most)
	for i := range all {
		all[i] = found[i+1]
	}
	return all
}
