package land

import (
	"cmp"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// DocumentType is a type of document of a case, such as "contract".
type DocumentType string

// Types that are known by name.
const (
	DocumentPlanningPermit DocumentType = "planning_permit"
	DocumentOther          DocumentType = "other" // what no other type is for
)

// DocumentForm is a type of document as it is in a period: what it is called and
// how it is numbered. From and Until are days of documents, zero where the period
// is open. Documents that are not issued are handed in, in cases of Kinds, and have
// no number that counts. Sure is false where the form of the number is a guess.
type DocumentForm struct {
	Type        DocumentType
	Zh, En      string
	Issued      bool
	Kinds       []CaseKind
	From, Until Date
	Example     string
	Sure        bool
	pattern     *regexp.Regexp
}

var documentForms = sync.OnceValue(func() []DocumentForm {
	var all []DocumentForm
	for _, r := range dictionaryRows("case_documents.csv") {
		from, err := ParseDate(r[5])
		until, err2 := ParseDate(r[6])
		if err != nil || err2 != nil {
			panic("case_documents.csv has a day that is none") // it ships with the program
		}
		all = append(all, DocumentForm{DocumentType(r[0]), r[1], r[2], r[3] == "yes", kindsOf(r[4]), from, until, r[8], r[9] == "yes", regexp.MustCompile("^(?:" + cmp.Or(r[7], ".*") + ")$")})
	}
	return all
})

// DocumentForms lists the types of document, those of two periods twice.
func DocumentForms() []DocumentForm { return slices.Clone(documentForms()) }

// kindsOf are the kinds of a cell.
func kindsOf(cell string) []CaseKind {
	if cell != string(AnyCase) {
		return cellWords[CaseKind](cell)
	}
	var all []CaseKind
	for _, k := range caseKinds {
		all = append(all, k.Kind)
	}
	return all
}

// Pattern is the form of the number as a regular expression.
func (f DocumentForm) Pattern() string { return f.pattern.String() }

// Words are what the document is called.
func (f DocumentForm) Words() geo.Words { return geo.Words{Zh: f.Zh, En: f.En} }

// Form is the type as it is on a day; the zero value for an unknown type.
func (t DocumentType) Form(on Date) DocumentForm {
	var found DocumentForm
	for _, f := range documentForms() {
		if f.Type == t && !f.From.After(on) && (f.Until.IsZero() || !on.After(f.Until)) {
			found = f
		}
	}
	return found
}

// ParseDocumentType reads a type by its word.
func ParseDocumentType(s string) (DocumentType, error) {
	var words []string
	for _, f := range documentForms() {
		if s == string(f.Type) {
			return f.Type, nil
		}
		if !slices.Contains(words, string(f.Type)) {
			words = append(words, string(f.Type))
		}
	}
	return "", Invalid("type", geo.Say("没有 %s 这一材料类型", "%s is no type of document", quote(s)), geo.Say("可用：%s", "use one of %s", strings.Join(words, ", ")))
}

// Issued says whether documents of the type are issued.
func (t DocumentType) Issued() bool {
	return slices.ContainsFunc(documentForms(), func(f DocumentForm) bool { return f.Type == t && f.Issued })
}

// Issuance is the document on which an act rests: its number and its day. Its type
// is the step's.
type Issuance struct {
	Number string // 文号
	Day    Date
}

// check refuses a document that the act issues and that will not do.
func (d Issuance) check(t DocumentType, today Date) error {
	if d.Day.After(today) {
		message, remedy := toCome(d.Day)
		return Invalid("document_day", message, remedy)
	}
	form := t.Form(d.Day)
	if message, bad := faultOfText(d.Number); bad {
		return Invalid("document_no", message, atMost(maxText))
	}
	example := geo.Say("请填写文号，例如 %s", "give its number, such as %s", form.Example)
	if d.Number == "" {
		return Invalid("document_no", geo.Say("缺少%s的文号", "the number of the document is missing: %s", form), example)
	}
	if !form.pattern.MatchString(d.Number) {
		return Invalid("document_no", geo.Say("%s 不是%s在 %s 的文号形式", "%s is not how the document is numbered: %s, on %s", quote(d.Number), form, d.Day), example)
	}
	return nil
}

// CaseDocument is a document of a case. One that an act issued has no file of its
// own; its scan is another of the same type.
type CaseDocument struct {
	ID        int64
	CaseNo    CaseNo
	Type      DocumentType
	Number    string // 文号
	Day       Date   // of the document
	Title     string
	FileName  string
	MediaType string // as its first bytes say; of a file
	Size      int    // bytes
	SHA256    string // hexadecimal; "" without a file
	Issued    bool   // by an act, so that its number is used
	Seq       Seq    // the change that took it in
	Actor     string
	At        time.Time
}

// MostDocument bounds a file, in bytes.
const MostDocument = 50 << 20

// Validate refuses a document that is to be taken in and will not do; the error is
// an *InvalidError with every fault.
func (d CaseDocument) Validate(today Date) error {
	var found []Finding
	refuse := func(field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: field}.Saying(message, remedy))
	}
	if d.Type.Form(today).Type == "" {
		refuse("type", geo.Say("没有 %s 这一材料类型", "%s is no type of document", quote(string(d.Type))), geo.Say("请给出类型，例如 application", "give a type, such as application"))
	}
	for _, t := range []struct{ field, text string }{{"number", d.Number}, {"title", d.Title}, {"filename", d.FileName}} {
		if message, bad := faultOfText(t.text); bad {
			refuse(t.field, message, atMost(maxText))
		}
	}
	if d.FileName == "" || d.FileName != strings.TrimSpace(d.FileName) || strings.ContainsAny(d.FileName, `/\`) || !utf8.ValidString(d.FileName) {
		refuse("filename", geo.Say("%s 不是文件名", "%s is no name of a file", quote(d.FileName)), geo.Say("请给出文件名，例如 申请书.pdf", "give one, such as 申请书.pdf"))
	}
	if d.Size <= 0 || d.Size > MostDocument {
		refuse("file", geo.Say("文件有 %d 字节", "the file has %d bytes", d.Size), geo.Say("请给出 1 至 %d 字节的文件", "give one of 1 to %d bytes", MostDocument))
	}
	if sum, err := hex.DecodeString(d.SHA256); err != nil || len(sum) != 32 {
		refuse("file", geo.Say("没有文件的校验值", "the file has no SHA-256"), geo.Say("请重新提交文件", "hand the file in again"))
	}
	if d.Day.After(today) {
		message, remedy := toCome(d.Day)
		refuse("day", message, remedy)
	}
	return Refuse(found)
}
