package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// quotaEntry is an entry of the quota ledger, as the journal tells it.
type quotaEntry struct {
	ID         land.EntryID   `json:"id"`
	Seq        land.Seq       `json:"seq"`
	Park       land.ParkCode  `json:"park"`
	Year       int            `json:"year"`
	Kind       land.QuotaKind `json:"kind"`
	Entry      land.EntryType `json:"entry"`
	EntryZh    string         `json:"entry_zh"`
	Mu         land.Amount    `json:"mu"`
	Farmland   land.Amount    `json:"farmland_mu"`
	Cultivated land.Amount    `json:"cultivated_mu"`
	Unused     land.Amount    `json:"unused_mu"`
	ToPark     land.ParkCode  `json:"to_park,omitempty"`
	ToYear     int            `json:"to_year,omitempty"`
	CaseNo     string         `json:"case_no,omitempty"`
	DocumentNo string         `json:"document_no,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	Day        string         `json:"day"`
	Of         land.EntryID   `json:"of,omitempty"`
	ReversedBy land.EntryID   `json:"reversed_by,omitempty"`
	Actor      string         `json:"actor"`
	RecordedAt time.Time      `json:"recorded_at"`
	Digest     string         `json:"digest"`
}

func describeEntry(e land.QuotaEntry) quotaEntry {
	return quotaEntry{
		e.ID, e.Seq, e.Account.Park, e.Account.Year, e.Account.Kind, e.Type, e.Type.Words().Zh, e.Total, e.Farmland, e.Cultivated, e.Unused,
		e.To.Park, e.To.Year, e.CaseNo, e.DocumentNo, e.Reason, e.Day.String(), e.Of, e.ReversedBy, e.Actor, e.RecordedAt.UTC(), e.Digest,
	}
}

// getQuotaEntries tells the journal of a park's accounts of a year, page by page.
func (s *server) getQuotaEntries(c echo.Context) error {
	q, err := door.Parameters(c, "kind", "since", "limit")
	if err != nil {
		return err
	}
	account, err := quotaAddress(c)
	if err != nil {
		return err
	}
	if text := q.Get("kind"); text != "" {
		if account.Kind, err = land.ParseQuotaKind(text); err != nil {
			return err
		}
	}
	var since int64
	if text := q.Get("since"); text != "" {
		if since, err = strconv.ParseInt(text, 10, 64); err != nil || since < 0 {
			return door.Refuse("since", geo.Say("%q 不是变更号", "%q is not a change number", text), geo.Say("请给出所持最后一笔记录的 seq，或 0", "give the seq of the last entry that you hold, or 0"))
		}
	}
	limit, err := door.PageSize(q, defaultPage, largestPage)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	if err := actor.MaySeeQuota(account.Park); err != nil {
		return err
	}
	if has, err := s.DB.HasPark(ctx, account.Park); err != nil {
		return err
	} else if !has {
		return &land.NotFoundError{What: "park", Name: string(account.Park)}
	}
	entries, err := s.DB.QuotaEntries(ctx, actor, account, land.Seq(since), limit)
	if err != nil {
		return err
	}
	told := make([]quotaEntry, len(entries))
	for i, e := range entries {
		told[i] = describeEntry(e)
	}
	answer := map[string]any{"entries": told}
	if len(entries) >= limit {
		next := url.Values{"since": {strconv.FormatInt(int64(entries[len(entries)-1].Seq), 10)}, "limit": {strconv.Itoa(limit)}}
		if account.Kind != "" {
			next.Set("kind", string(account.Kind))
		}
		answer["next"] = fmt.Sprintf("%s%s?%s", s.base(c), c.Request().URL.Path, next.Encode())
	}
	return door.Answer(c, http.StatusOK, answer)
}

// amountsBody is a quantity in one of the units in which documents state it. The
// numbers are read as they are written, never as floating point.
type amountsBody struct {
	Mu           json.RawMessage `json:"mu"`
	FarmlandMu   json.RawMessage `json:"farmland_mu"`
	CultivatedMu json.RawMessage `json:"cultivated_mu"`
	UnusedMu     json.RawMessage `json:"unused_mu"`
	M2           json.RawMessage `json:"m2"`
	FarmlandM2   json.RawMessage `json:"farmland_m2"`
	CultivatedM2 json.RawMessage `json:"cultivated_m2"`
	UnusedM2     json.RawMessage `json:"unused_m2"`
	Ha           json.RawMessage `json:"ha"`
	FarmlandHa   json.RawMessage `json:"farmland_ha"`
	CultivatedHa json.RawMessage `json:"cultivated_ha"`
	UnusedHa     json.RawMessage `json:"unused_ha"`
}

// quantity reads the body's quantity, which is in one unit; a reversal has none.
func (b amountsBody) quantity(reversal bool) (land.Quantity, error) {
	given := map[string][4]json.RawMessage{
		"mu": {b.Mu, b.FarmlandMu, b.CultivatedMu, b.UnusedMu},
		"m2": {b.M2, b.FarmlandM2, b.CultivatedM2, b.UnusedM2},
		"ha": {b.Ha, b.FarmlandHa, b.CultivatedHa, b.UnusedHa},
	}
	var q land.Quantity
	used := ""
	for _, unit := range land.AmountUnits() {
		for i, part := range []struct {
			field string
			to    *land.Amount
		}{{unit.Name, &q.Total}, {"farmland_" + unit.Name, &q.Farmland}, {"cultivated_" + unit.Name, &q.Cultivated}, {"unused_" + unit.Name, &q.Unused}} {
			text := given[unit.Name][i]
			if text == nil {
				continue
			}
			if reversal {
				return q, land.Invalid(part.field, geo.Say("冲正的数量即被冲正记录的数量", "a reversal is of all that the entry moved"), geo.Say("请去掉", "leave it out"))
			}
			if used != "" && used != unit.Name {
				return q, land.Invalid(part.field, geo.Say("数量有 %s 又有 %s", "the quantity is in %s and in %s", used, unit.Name), geo.Say("请只用一种单位：mu、m2 或 ha", "use one unit: mu, m2 or ha"))
			}
			used = unit.Name
			var err error
			if *part.to, err = unit.Parse(part.field, string(text)); err != nil {
				return q, err
			}
		}
	}
	return q, nil
}

// entryBody is an entry as a client posts it.
type entryBody struct {
	Kind       string        `json:"kind"`
	Entry      string        `json:"entry"`
	Park       land.ParkCode `json:"park"` // if given, that of the address
	Year       int           `json:"year"`
	ToPark     land.ParkCode `json:"to_park"`
	ToYear     int           `json:"to_year"`
	CaseNo     string        `json:"case_no"`
	DocumentNo string        `json:"document_no"`
	Reason     string        `json:"reason"`
	Day        string        `json:"day"`
	Of         land.EntryID  `json:"of"`
	amountsBody
}

// entry is the entry that the body asks for, in the accounts of an address.
func (b entryBody) entry(a land.QuotaAccount) (land.QuotaEntry, error) {
	e := land.QuotaEntry{Account: a, CaseNo: b.CaseNo, DocumentNo: b.DocumentNo, Reason: b.Reason, Of: b.Of}
	if b.Park != "" && b.Park != a.Park {
		return e, land.Invalid("park", geo.Say("地址是园区 %s 的台账，不是 %s 的", "the address is the ledger of park %s, not %s", a.Park, b.Park), geo.Say("请发送到该园区的地址", "send it to that park's address"))
	}
	if b.Year != 0 && b.Year != a.Year {
		return e, land.Invalid("year", geo.Say("地址是 %d 年度的台账，不是 %d 年度的", "the address is the ledger of %d, not %d", a.Year, b.Year), geo.Say("请发送到该年度的地址", "send it to that year's address"))
	}
	var err error
	if e.Type, err = land.ParseEntryType(b.Entry); err != nil {
		return e, err
	}
	if b.Kind != "" || e.Type != land.EntryReverse {
		if e.Account.Kind, err = land.ParseQuotaKind(b.Kind); err != nil {
			return e, err
		}
	}
	if e.Day, err = land.ParseDate(b.Day); err != nil {
		return e, land.Invalid("day", geo.WordsOf(err), geo.Say("请给出日期，例如 2016-05-20", "give a day such as 2016-05-20"))
	}
	if e.Quantity, err = b.quantity(e.Type == land.EntryReverse); err != nil {
		return e, err
	}
	switch {
	case e.Type == land.EntryReverse && (b.ToPark != "" || b.ToYear != 0 || b.CaseNo != ""):
		return e, land.Invalid("of", geo.Say("冲正的去向和案件即被冲正记录的", "a reversal is of the entry's own account and case"), geo.Say("请去掉 to_park、to_year、case_no", "leave to_park, to_year and case_no out"))
	case e.Type == land.EntryCarryOver:
		e.To = land.QuotaAccount{Park: a.Park, Year: a.Year + 1, Kind: e.Account.Kind}
		if b.ToYear != 0 {
			e.To.Year = b.ToYear
		}
		if b.ToPark != "" {
			e.To.Park = b.ToPark
		}
	case b.ToPark != "" || b.ToYear != 0:
		e.To = land.QuotaAccount{Park: b.ToPark, Year: a.Year, Kind: e.Account.Kind}
		if b.ToYear != 0 {
			e.To.Year = b.ToYear
		}
	}
	return e, nil
}

// postQuotaEntry posts an entry; with an Idempotency-Key once, however often it
// is sent.
func (s *server) postQuotaEntry(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	account, err := quotaAddress(c)
	if err != nil {
		return err
	}
	sent, err := door.Body(c)
	if err != nil {
		return err
	}
	var body entryBody
	if err := unmarshal(sent, &body); err != nil {
		return err
	}
	once, err := door.ReadOnce(c, sent)
	if err != nil {
		return err
	}
	e, err := body.entry(account)
	if err != nil {
		return err
	}
	posted, again, err := s.DB.PostQuota(c.Request().Context(), access.Actor(c), e, once)
	if err != nil {
		return err
	}
	if again {
		c.Response().Header().Set(door.ReplayedHeader, "true")
	}
	door.SetSeq(c, posted.Seq)
	return door.Answer(c, http.StatusCreated, map[string]any{"change": posted.Seq, "entry": describeEntry(posted)})
}
