package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Bounds of what is handed in.
const (
	largestPaper  = 32 << 20 // bytes of a file
	mostPapers    = 200      // documents of a case
	mostPapersIn  = 4        // files that are being read at once
	longestMember = 4 << 10  // bytes of a field of a form
)

// caseDocument is a document of a case. One that an act issued has no file.
type caseDocument struct {
	ID        int64             `json:"id"`
	Type      land.DocumentType `json:"type"`
	TypeZh    string            `json:"type_zh"`
	TypeEn    string            `json:"type_en"`
	Issued    bool              `json:"issued"` // by an act, so that its number is used
	Number    string            `json:"number,omitempty"`
	Day       string            `json:"day,omitempty"`
	Title     string            `json:"title,omitempty"`
	FileName  string            `json:"filename,omitempty"`
	MediaType string            `json:"media_type,omitempty"` // as its bytes say
	Size      int               `json:"size,omitempty"`
	SHA256    string            `json:"sha256,omitempty"`
	Seq       land.Seq          `json:"seq"`
	Actor     string            `json:"actor"`
	At        time.Time         `json:"at"`
	Href      string            `json:"href,omitempty"` // of its file
}

func describeDocument(d land.CaseDocument) caseDocument {
	on := d.Day
	if on.IsZero() {
		on = land.DateOf(d.At.In(land.ChinaStandardTime))
	}
	form := d.Type.Form(on)
	told := caseDocument{
		ID: d.ID, Type: d.Type, TypeZh: form.Zh, TypeEn: form.En, Issued: d.Issued, Number: d.Number, Day: d.Day.String(), Title: d.Title,
		FileName: d.FileName, MediaType: d.MediaType, Size: d.Size, SHA256: d.SHA256, Seq: d.Seq, Actor: d.Actor, At: d.At.UTC(),
	}
	if d.Size > 0 {
		told.Href = fmt.Sprintf("%s/documents/%d", casePath(d.CaseNo), d.ID)
	}
	return told
}

// getCaseDocuments lists the documents of a case, oldest first.
func (s *server) getCaseDocuments(c echo.Context) error {
	no, err := caseNo(c)
	if err != nil {
		return err
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	found, err := s.DB.Documents(c.Request().Context(), access.Actor(c), no)
	if err != nil {
		return err
	}
	told := make([]caseDocument, len(found))
	for i, d := range found {
		told[i] = describeDocument(d)
	}
	return door.Private(c, http.StatusOK, map[string]any{"documents": told})
}

// paperPolicy keeps a browser from doing anything with a file but to save it.
const paperPolicy = "sandbox; default-src 'none'"

// getCaseDocument sends the file of a document, to be saved and never shown in the
// service's own pages.
func (s *server) getCaseDocument(c echo.Context) error {
	no, err := caseNo(c)
	if err != nil {
		return err
	}
	id, err := numberOf(c, "document")
	if err != nil {
		return s.staleOrMissing(c, no, err)
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	d, content, err := s.DB.Document(c.Request().Context(), access.Actor(c), no, id)
	if err != nil {
		return err
	}
	if d.Size == 0 {
		return &land.NotFoundError{What: "document", Name: c.Param("id")}
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", paperPolicy)
	h.Set(echo.HeaderContentDisposition, attachment(asciiName(d), d.FileName))
	return c.Blob(http.StatusOK, d.MediaType, content)
}

// asciiName is the name of a file for programs that know no other letters.
func asciiName(d land.CaseDocument) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, d.FileName)
	if strings.Trim(name, "_. ") == "" {
		return fmt.Sprintf("document-%d", d.ID)
	}
	return name
}

// casePaper is a document as it is handed in.
type casePaper struct {
	land.CaseDocument
	content []byte
}

// postCaseDocument takes a document in: a form with the field file, and type,
// number, day and title beside it.
func (s *server) postCaseDocument(c echo.Context) error {
	no, err := caseNo(c)
	if err != nil {
		return err
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	filed, err := s.DB.Documents(ctx, actor, no) // before anything is read of a case that is not the caller's
	if err != nil {
		return err
	}
	if len(filed) >= mostPapers {
		return land.ConflictOn("file", geo.Say("案件已有 %d 份材料", "the case has %d documents", len(filed)), geo.Say("一个案件至多 %d 份；请合并为一个文件", "a case takes at most %d: put several into one file", mostPapers))
	}
	p, err := s.readPaper(c)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(p.content)
	asked, err := json.Marshal([]string{string(p.Type), p.Number, p.Day.String(), p.Title, p.FileName, hex.EncodeToString(sum[:])})
	if err != nil {
		return err
	}
	once, err := door.ReadOnce(c, asked) // a form is written anew each time that it is sent
	if err != nil {
		return err
	}
	taken, done, err := s.DB.AddDocument(ctx, actor, no, p.CaseDocument, p.content, once)
	if err != nil {
		return err
	}
	s.settleAct(c, done)
	described := describeDocument(taken)
	c.Response().Header().Set(echo.HeaderLocation, s.base(c)+described.Href)
	return door.Private(c, http.StatusCreated, map[string]any{"change": describeChange(done.Change, actor), "document": described})
}

// readPaper reads the form in which a document is handed in.
func (s *server) readPaper(c echo.Context) (casePaper, error) {
	var p casePaper
	defer s.papers.Add(-1)
	if s.papers.Add(1) > mostPapersIn {
		return p, door.Deny(http.StatusServiceUnavailable, geo.Say("正在读取的文件过多，请稍后重试", "too many files are being read; try again"))
	}
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, largestPaper+64<<10)
	form, err := r.MultipartReader()
	if err != nil {
		return p, land.Invalid("file", geo.Say("请求体不是表单", "the body is no form"), geo.Say("请以 multipart/form-data 发送 file、type 等字段", "send file, type and the rest as multipart/form-data"))
	}
	members := map[string]string{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, badForm(err)
		}
		if err := p.take(part, members); err != nil {
			return p, err
		}
	}
	if p.content == nil {
		return p, land.Invalid("file", geo.Say("表单没有 file 字段", "the form has no field file"), geo.Say("请在表单字段 file 中发送文件", "send the file in the form field file"))
	}
	if p.MediaType = sniff(p.content); p.MediaType == "" {
		return p, land.Invalid("file", geo.Say("不接收此类文件", "files of this type are not taken in"), geo.Say("请提交 PDF、PNG、JPEG、TIFF、XLSX、DOCX、OFD、DWG、GeoJSON、文本或 ZIP 文件", "hand in a PDF, PNG, JPEG, TIFF, XLSX, DOCX, OFD, DWG, GeoJSON, text or ZIP file"))
	}
	if p.Type, err = land.ParseDocumentType(members["type"]); err != nil {
		return p, err
	}
	p.Number, p.Title = members["number"], members["title"]
	p.Day, err = memberDay("day", members["day"])
	return p, err
}

// take takes in a field of the form.
func (p *casePaper) take(part *multipart.Part, members map[string]string) error {
	name := part.FormName()
	switch name {
	case "file":
		content, err := io.ReadAll(io.LimitReader(part, largestPaper+1))
		switch {
		case err != nil:
			return badForm(err)
		case p.content != nil:
			return land.Invalid("file", geo.Say("一次只提交一个文件", "one file is handed in at a time"), geo.Say("请分别提交", "hand them in one by one"))
		case len(content) == 0:
			return land.Invalid("file", geo.Say("文件为空", "the file is empty"), geo.Say("请重新选择文件", "choose another file"))
		case len(content) > largestPaper:
			return &http.MaxBytesError{Limit: largestPaper}
		}
		p.content, p.FileName = content, fileName(part.FileName())
		return nil
	case "type", "number", "day", "title":
		text, err := io.ReadAll(io.LimitReader(part, longestMember+1))
		if err != nil {
			return badForm(err)
		}
		if len(text) > longestMember {
			return land.Invalid(name, geo.Say("文字过长", "the text is too long"), geo.Say("至多 200 个字符", "use at most 200 characters"))
		}
		members[name] = string(text)
		return nil
	}
	return land.Invalid(name, geo.Say("没有 %q 这一字段", "there is no field %q", name), geo.Say("可用：file、type、number、day、title", "use file, type, number, day and title"))
}
