package land

import (
	"encoding/json"
	"time"
)

// CaseAct asks for a step of a case.
type CaseAct struct {
	Name     ActName
	Document Issuance     // that the act issues or rests on
	Reason   string       // why, of a step that needs it
	Opinion  string       // 意见
	Winner   string       // 竞得人, of an award
	Contract *Contract    // of a contract or an allocation
	Fee      Wan          // 土地闲置费, of a charge; 0: 20 % of the price
	Quota    []QuotaClaim // of a proposal that reserves; none: the plots' area from the park's account of new land of this year
}

// Contract is what a contract of supply fixes.
type Contract struct {
	AgreedStart      Date `json:"agreed_start"`      // 约定动工日
	AgreedCompletion Date `json:"agreed_completion"` // 约定竣工日
	Price            Wan  `json:"price_wan"`         // 价款
}

// QuotaClaim is quota that a case reserves in an account of its park.
type QuotaClaim struct {
	Account QuotaAccount // its park may be left out
	Quantity
}

// CaseEvent is one act on a case as it was recorded. Events are never changed;
// the case is what they make of it.
type CaseEvent struct {
	ID         int64
	CaseNo     CaseNo
	Step       int // 1 for the opening
	Act        ActName
	From, To   CaseState
	Actor      string
	Key        int64 // that it was done with, 0 for the program itself
	Role       Role  // in which the actor acted
	Deputy     int64 // the delegation under which an officer acted as approver, 0 for none
	At         time.Time
	Document   DocumentType // "" for none
	DocumentNo string
	DocumentOn Date
	Reason     string
	Opinion    string
	Facts      json.RawMessage // CaseFacts, byte for byte as the digest has them
	Digest     string          // SHA-256, in hexadecimal, of all that it says
	Seq        Seq             // the change that it is part of
}

// CaseFacts are what acts told besides. What a later act tells of the same takes
// its place; null takes it away.
type CaseFacts struct {
	Kind      CaseKind       `json:"kind,omitempty"` // of the opening, as are the next two
	Park      ParkCode       `json:"park,omitempty"`
	Applicant *CaseApplicant `json:"applicant,omitempty"`
	Content   *CaseContent   `json:"content,omitempty"`  // of the opening, an edit, and plots that were split or merged
	Reserved  []Reservation  `json:"reserved,omitempty"` // of a proposal
	Winner    string         `json:"winner,omitempty"`
	Contract  *Contract      `json:"contract,omitempty"`
	Fee       *Wan           `json:"fee_wan,omitempty"`
	Document  *Filed         `json:"document,omitempty"`
	Check     *Checked       `json:"check,omitempty"`
}

// Reservation is what a proposal reserved in an account of the park, in 亩.
type Reservation struct {
	Year       int       `json:"year"`
	Kind       QuotaKind `json:"kind"`
	Mu         Amount    `json:"mu"`
	Farmland   Amount    `json:"farmland_mu,omitempty"`
	Cultivated Amount    `json:"cultivated_mu,omitempty"`
	Unused     Amount    `json:"unused_mu,omitempty"`
}

// Holding is quota that is reserved for a case in an account, by an entry that was
// not reversed.
type Holding struct {
	CaseNo  CaseNo
	Account QuotaAccount
	Quantity
	Entry EntryID
}

// Filed is a document that was taken in.
type Filed struct {
	Type     DocumentType `json:"type"`
	FileName string       `json:"filename"`
	Size     int          `json:"size"`
	SHA256   string       `json:"sha256"`
}

// Checked is a compliance check that was kept.
type Checked struct {
	Seq     int     `json:"seq"` // 1 for the case's first
	Basis   string  `json:"basis"`
	Verdict Outcome `json:"verdict"`
	SHA256  string  `json:"sha256"` // of the result, in hexadecimal
}

// CaseCheck is a compliance check (合规性审查) that is kept with its case. Basis tells
// what it rests on: the plots' versions, what is declared, and the published
// control layers; where that is another today, so may the verdict be.
type CaseCheck struct {
	CaseNo  CaseNo
	Seq     int
	Basis   string
	Verdict Outcome
	Result  json.RawMessage // as the check answered
	Actor   string
	At      time.Time
}

// CaseOffer is a step that an actor may do now. Form is the document that it needs, as
// it is named and numbered today; its type is "" where it needs none.
type CaseOffer struct {
	CaseFlow
	Form DocumentForm
}

// Acts are the steps that an actor may do now, as far as the case alone can say:
// what the register says against one comes when it is done.
func (c Case) Acts(by Actor, today Date) []CaseOffer {
	var offers []CaseOffer
	for _, f := range c.steps() {
		if by.roleFor(f, c) == "" {
			continue
		}
		offers = append(offers, CaseOffer{f, f.Document.Form(today)})
	}
	return offers
}

// roleFor is the role in which the actor may do a step of the case; "" is none.
func (a Actor) roleFor(f CaseFlow, c Case) Role {
	if !a.MaySee(c) {
		return ""
	}
	for _, r := range f.Roles {
		switch {
		case r == System:
			return ""
		case a.Role == r, a.Role == Admin:
			return a.Role
		case r == Approver && a.Role == Officer && a.Deputy != 0:
			return Approver
		}
	}
	return ""
}
