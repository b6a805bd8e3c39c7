package api

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/land"
)

// archive is a ZIP file that holds files of these names.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreWhatTheirBytesSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{pdf, "application/pdf"},
		{[]byte("\x89PNG\r\n\x1a\n…"), "image/png"},
		{[]byte("\xff\xd8\xff\xe0…"), "image/jpeg"},
		{[]byte("II*\x00…"), "image/tiff"},
		{[]byte("AC1032…"), "image/vnd.dwg"},
		{archive(t, "[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{archive(t, "[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{archive(t, "OFD.xml"), "application/ofd"},
		{archive(t, "a.shp", "a.dbf"), "application/zip"},
		{[]byte("PK\x03\x04 and no more"), ""},
		{[]byte(`{"type":"FeatureCollection","features":[]}`), "application/geo+json"},
		{[]byte(`{"type":"Polygon","coordinates":[[[113.45,22.99],[113.451,22.99],[113.451,22.991],[113.45,22.99]]]}`), "application/geo+json"},
		{[]byte(`{"type":"invoice"}`), "text/plain"},
		{[]byte("\xef\xbb\xbf界址点"), "text/plain"},
		{[]byte("\xbd\xe7\xd6\xb7\xb5\xe3\r\n"), "text/plain"}, // 界址点 in GB 18030
		{[]byte("<!doctype html><script>alert(1)</script>"), "text/plain"},
		{[]byte("MZ\x90\x00\x03"), ""},
		{[]byte("\x7fELF\x02\x01"), ""},
		{[]byte{0}, ""},
		{[]byte{0xff, 0xfe, 0xff}, ""},
	} {
		if got := sniff(c.content); got != c.want {
			t.Errorf("%q is %q, want %q", c.content[:min(20, len(c.content))], got, c.want)
		}
	}
}

func TestNamesOfFilesAreSafe(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"申请书.pdf": "申请书.pdf", `C:\文件\申请书.pdf`: "申请书.pdf", "../../etc/passwd": "passwd", "a\r\nSet-Cookie: b.pdf": "aSet-Cookie_ b.pdf", "gpj.exe\u202e": "gpj.exe",
		"": "file", "..": "file", "  .pdf ": "pdf", "a\x00b": "ab", `"><script>.pdf`: "___script_.pdf", "a\xffb.pdf": "a_b.pdf", "报　告.pdf": "报 告.pdf",
		strings.Repeat("长", 300) + ".pdf": strings.Repeat("长", 116) + ".pdf",
	} {
		if got := fileName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

// FuzzPapers holds what is made of files and their names to its promises: a type is
// one of few, and a name is one that is taken in and sent out again.
func FuzzPapers(f *testing.F) {
	f.Add("申请书.pdf", []byte("%PDF-1.7"))
	f.Add(`..\..\a"b`, []byte("PK\x03\x04"))
	f.Add("\u202e", []byte(`{"type":"Point","coordinates":[1,2]}`))
	f.Fuzz(func(t *testing.T, given string, content []byte) {
		name := fileName(given)
		d := land.CaseDocument{Type: "other", FileName: name, Size: 1, SHA256: strings.Repeat("0", 64)}
		if err := d.Validate(land.DateOf(land.Date{}.Time())); err != nil {
			t.Fatalf("%q becomes %q: %v", given, name, err)
		}
		if again := fileName(name); again != name || !utf8.ValidString(name) {
			t.Fatalf("%q becomes %q and then %q", given, name, again)
		}
		if header := attachment(asciiName(d), name); strings.ContainsAny(header, "\r\n\x00") {
			t.Fatalf("%q", header)
		}
		switch kind := sniff(content); kind {
		case "", "text/plain", "application/zip", geoJSONType:
		default:
			if strings.Contains(kind, "html") || strings.Contains(kind, "script") || strings.Contains(kind, "svg") {
				t.Fatalf("%s", kind)
			}
		}
	})
}

func TestDocumentsComeBackAsTheyWereHandedIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.open("星海检测", "siting", "", 1).No
	script := []byte("<!doctype html><script>alert(document.domain)</script>")
	handed := o.hand("星海检测", no, `..\用地 "申请".html`, script, map[string]string{"type": "application", "number": "申〔2026〕1号", "day": "2026-01-05", "title": "用地申请"})
	handed.want(t, 201, `"filename":"用地 _申请_.html"`, `"media_type":"text/plain"`, `"number":"申〔2026〕1号"`, `"day":"2026-01-05"`)
	paper := answered[struct{ Document caseDocument }](t, handed, 201).Document
	g := o.as("李经办", "GET", paper.Href, "")
	if g.status != http.StatusOK || g.body != string(script) {
		t.Errorf("%d %q", g.status, g.body)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store", "Content-Type": "text/plain",
		"Content-Disposition": `attachment; filename="__ ____.html"; filename*=UTF-8''%E7%94%A8%E5%9C%B0%20_%E7%94%B3%E8%AF%B7_.html`,
	} {
		if got := g.header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	readDescription(t).holds(t, "GET", "/api/v1/cases/{no}/documents", o.as("星海检测", "GET", casePath(no)+"/documents", ""))

	// A rival may not see the file under a case of his own either.
	own := o.open("云帆科技", "siting", "", 2).No
	o.as("云帆科技", "GET", fmt.Sprintf("%s/documents/%d", casePath(own), paper.ID), "").want(t, 404)
	for _, c := range []struct {
		what    string
		who     string
		name    string
		content []byte
		members map[string]string
		status  int
		field   string
	}{
		{"no file", "星海检测", "", nil, map[string]string{"type": "application"}, 422, "file"},
		{"an empty file", "星海检测", "a.pdf", []byte{}, map[string]string{"type": "application"}, 422, "file"},
		{"a program", "星海检测", "a.pdf", []byte("MZ\x90\x00\x03"), map[string]string{"type": "application"}, 422, "file"},
		{"no type", "星海检测", "a.pdf", pdf, nil, 422, "type"},
		{"an unknown type", "星海检测", "a.pdf", pdf, map[string]string{"type": "gift"}, 422, "type"},
		{"an applicant's permit", "星海检测", "a.pdf", pdf, map[string]string{"type": "planning_permit"}, 403, ""},
		{"a day to come", "星海检测", "a.pdf", pdf, map[string]string{"type": "application", "day": "2999-01-01"}, 422, "day"},
		{"a day that is none", "星海检测", "a.pdf", pdf, map[string]string{"type": "application", "day": "x"}, 422, "day"},
		{"a long title", "星海检测", "a.pdf", pdf, map[string]string{"type": "application", "title": strings.Repeat("长", 201)}, 422, "title"},
		{"a very long title", "星海检测", "a.pdf", pdf, map[string]string{"type": "application", "title": strings.Repeat("长", 2001)}, 422, "title"},
		{"an unknown field", "星海检测", "a.pdf", pdf, map[string]string{"type": "application", "colour": "red"}, 422, "colour"},
	} {
		o.hand(c.who, no, c.name, c.content, c.members).refused(t, c.what, c.status, c.field)
	}
	o.as("星海检测", "POST", casePath(no)+"/documents", "{}").refused(t, "no form", 422, "file")
	o.as("星海检测", "POST", casePath(no)+"/documents", "--x\r\nContent-Disp", "Content-Type", "multipart/form-data; boundary=x").refused(t, "a form that breaks off", 400, "")
	large := append(bytes.Clone(pdf), make([]byte, largestPaper)...)
	o.hand("星海检测", no, "a.pdf", large, map[string]string{"type": "application"}).refused(t, "a large file", 413, "")
	o.hand("星海检测", no, "a.pdf", append(bytes.Clone(pdf), make([]byte, 1<<20)...), map[string]string{"type": "other"}).want(t, 201, fmt.Sprintf(`"size":%d`, 1<<20+len(pdf)))
	for _, path := range []string{"/documents/999", "/documents/x", "/documents/0", "/documents/-1"} {
		o.as("星海检测", "GET", casePath(no)+path, "").want(t, 404)
	}
	o.act("星海检测", no, "discard", "")
	o.hand("星海检测", no, "a.pdf", pdf, map[string]string{"type": "application"}).refused(t, "after the end", 409, "action")
	// What an act issued has no file.
	o.grant(100)
	approved := o.accepted("星海检测", "siting", "", 1)
	o.as("李经办", "POST", casePath(approved)+"/checks", "").want(t, 201)
	o.act("李经办", approved, "propose", `{"opinion":"同意"}`)
	o.act("王审批", approved, "approve", `{"document_no":"用字第440115202600012号"}`)
	list := answered[struct{ Documents []caseDocument }](t, o.as("星海检测", "GET", casePath(approved)+"/documents", ""), 200).Documents
	issued := list[len(list)-1]
	if !issued.Issued || issued.Href != "" || issued.Number != "用字第440115202600012号" {
		t.Errorf("%+v", issued)
	}
	o.as("星海检测", "GET", fmt.Sprintf("%s/documents/%d", casePath(approved), issued.ID), "").want(t, 404)
}
