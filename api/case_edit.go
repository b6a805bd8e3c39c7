package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// acted is what an act on a case did.
type acted struct {
	Change change     `json:"change"`
	Event  caseEvent  `json:"event"`
	Case   caseAnswer `json:"case"`
}

// answerActed tells an act on a case when this instance shows what came of it.
func (s *server) answerActed(c echo.Context, status int, done postgis.Acted) error {
	ctx, actor := c.Request().Context(), access.Actor(c)
	reader, err := s.caseReader(ctx, actor)
	if err != nil {
		return err
	}
	s.settleAct(c, done)
	c.Response().Header().Set("ETag", door.VersionTag(done.Case.Version))
	return door.Private(c, status, acted{describeChange(done.Change, actor), describeEvent(done.Case, done.Event), reader.describe(done.Case)})
}

// settleAct waits until this instance shows an act, and heads the answer with it.
func (s *server) settleAct(c echo.Context, done postgis.Acted) {
	s.views.Settle(c.Request().Context(), done.Change.Seq)
	door.SetSeq(c, done.Change.Seq)
	if done.Again {
		c.Response().Header().Set(door.ReplayedHeader, "true")
	}
}

// readOnce reads the body of a call, which may be left out where it says nothing,
// and the key under which it is done once.
func readOnce(c echo.Context, body any) (land.Once, error) {
	if _, err := door.Parameters(c); err != nil {
		return land.Once{}, err
	}
	sent, err := door.Body(c)
	if err != nil {
		return land.Once{}, err
	}
	if len(sent) > 0 {
		if err := unmarshal(sent, body); err != nil {
			return land.Once{}, err
		}
	}
	return door.ReadOnce(c, sent)
}

// followable refuses a number that no case has and that the database would not take.
func followable(no land.CaseNo) error {
	if storable(string(no)) {
		return nil
	}
	return land.Invalid("follows", geo.Say("案号无法读取", "the number does not read"), geo.Say("请给出所承接案件的案号，或去掉", "give the number of the case that this one carries on, or leave it out"))
}

// postCase opens a case as a draft.
func (s *server) postCase(c echo.Context) error {
	var body struct {
		Kind      string        `json:"kind"`
		Park      land.ParkCode `json:"park"`
		Applicant string        `json:"applicant"`
		land.CaseContent
	}
	once, err := readOnce(c, &body)
	if err != nil {
		return err
	}
	d := land.CaseDraft{Park: body.Park, Name: body.Applicant, CaseContent: body.CaseContent}
	if d.Kind, err = land.ParseCaseKind(body.Kind); err != nil {
		return err
	}
	actor := access.Actor(c)
	if err := errors.Join(d.Park.Validate(), followable(d.Follows)); err != nil {
		return err
	}
	if actor.Role == land.Applicant && d.Name != "" && d.Name != actor.Name {
		return land.Invalid("applicant", geo.Say("申请人为密钥的持有人 %s", "the applicant is the key's holder, %s", actor.Name), geo.Say("请去掉", "leave it out"))
	}
	done, err := s.DB.OpenCase(c.Request().Context(), actor, d, once)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, s.base(c)+casePath(done.Case.No))
	return s.answerActed(c, http.StatusCreated, done)
}

// putCase states anew what a case applies for.
func (s *server) putCase(c echo.Context) error {
	no, err := caseNo(c)
	if err != nil {
		return err
	}
	version, err := door.IfMatch(c.Request().Header.Get("If-Match"))
	if err != nil {
		return s.staleOrMissing(c, no, err)
	}
	var body land.CaseContent
	once, err := readOnce(c, &body)
	if err != nil {
		return err
	}
	if err := followable(body.Follows); err != nil {
		return err
	}
	done, err := s.DB.EditCase(c.Request().Context(), access.Actor(c), no, version, body, once)
	if err != nil {
		return err
	}
	return s.answerActed(c, http.StatusOK, done)
}

// staleOrMissing is what is wrong with a call about a case, but for one that the
// caller may not see, of which he is told no more than that.
func (s *server) staleOrMissing(c echo.Context, no land.CaseNo, err error) error {
	if _, missing := s.DB.Case(c.Request().Context(), access.Actor(c), no); missing != nil {
		return missing
	}
	return err
}

// actionBody is what a step of a case tells.
type actionBody struct {
	DocumentNo  string        `json:"document_no"`
	DocumentDay string        `json:"document_day"`
	Reason      string        `json:"reason"`
	Opinion     string        `json:"opinion"`
	Winner      string        `json:"winner"`
	Contract    *contractBody `json:"contract"`
	Fee         json.Number   `json:"fee_wan"`
	Quota       []claimBody   `json:"quota"`
}

type contractBody struct {
	AgreedStart      string      `json:"agreed_start"`
	AgreedCompletion string      `json:"agreed_completion"`
	Price            json.Number `json:"price_wan"`
}

type claimBody struct {
	Park land.ParkCode `json:"park"`
	Year int           `json:"year"`
	Kind string        `json:"kind"`
	amountsBody
}

// act is the step that the body asks for.
func (b actionBody) act(name land.ActName, today land.Date) (land.CaseAct, error) {
	if !storable(b.DocumentNo) {
		return land.CaseAct{}, land.Invalid("document_no", geo.Say("文号无法读取", "the number does not read"), geo.Say("请填写文号", "give the document's number"))
	}
	a := land.CaseAct{Name: name, Document: land.Issuance{Number: b.DocumentNo}, Reason: b.Reason, Opinion: b.Opinion, Winner: b.Winner}
	var err error
	if a.Document.Day, err = memberDay("document_day", b.DocumentDay); err != nil {
		return a, err
	}
	if a.Fee, err = wanOf("fee_wan", b.Fee); err != nil {
		return a, err
	}
	if k := b.Contract; k != nil {
		a.Contract = &land.Contract{}
		if a.Contract.AgreedStart, err = memberDay("contract.agreed_start", k.AgreedStart); err != nil {
			return a, err
		}
		if a.Contract.AgreedCompletion, err = memberDay("contract.agreed_completion", k.AgreedCompletion); err != nil {
			return a, err
		}
		if a.Contract.Price, err = wanOf("contract.price_wan", k.Price); err != nil {
			return a, err
		}
	}
	for _, q := range b.Quota {
		claim := land.QuotaClaim{Account: land.QuotaAccount{Park: q.Park, Year: q.Year}}
		if claim.Account.Year == 0 {
			claim.Account.Year = today.Year()
		}
		if claim.Account.Kind, err = land.ParseQuotaKind(q.Kind); err != nil {
			return a, err
		}
		if claim.Quantity, err = q.quantity(false); err != nil {
			return a, err
		}
		a.Quota = append(a.Quota, claim)
	}
	return a, nil
}

func memberDay(field, text string) (land.Date, error) {
	day, err := land.ParseDate(text)
	if err != nil {
		return day, land.Invalid(field, geo.WordsOf(err), geo.Say("请给出日期，例如 2016-05-20", "give a day such as 2016-05-20"))
	}
	return day, nil
}

// wanOf reads an amount of money exactly as it is written.
func wanOf(field string, text json.Number) (land.Wan, error) {
	if text == "" {
		return 0, nil
	}
	return land.ParseWan(field, string(text))
}

// postCaseAction does a step of a case; with an Idempotency-Key once, however often
// it is sent.
func (s *server) postCaseAction(c echo.Context) error {
	no, err := caseNo(c)
	if err != nil {
		return err
	}
	version, err := door.IfMatch(c.Request().Header.Get("If-Match"))
	if err != nil {
		return s.staleOrMissing(c, no, err)
	}
	body := actionBody{}
	once, err := readOnce(c, &body)
	if err != nil {
		return err
	}
	act, err := body.act(land.ActName(c.Param("action")), s.DB.Today())
	if err != nil {
		return err
	}
	done, err := s.DB.ActOnCase(c.Request().Context(), access.Actor(c), no, version, act, once)
	if err != nil {
		return err
	}
	return s.answerActed(c, http.StatusOK, done)
}
