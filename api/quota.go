package api

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// Bounds of what is asked and told.
const (
	mostChosen = 100    // parks, years or kinds
	mostCases  = 10_000 // of a park and year
)

// quotaSums are an account's amounts, or those of a part of it, in 亩.
type quotaSums struct {
	Granted     land.Amount `json:"granted_mu"` // 下达 + 追加 − 核减
	Transferred land.Amount `json:"transferred_mu"`
	Carried     land.Amount `json:"carried_mu"`
	Allocated   land.Amount `json:"allocated_mu"` // the three together
	Reserved    land.Amount `json:"reserved_mu"`
	Used        land.Amount `json:"used_mu"`
	Available   land.Amount `json:"available_mu"`
}

func sumsOf(s land.QuotaState, of func(land.Quantity) land.Amount) quotaSums {
	return quotaSums{of(s.Granted), of(s.Transferred), of(s.Carried), of(s.Allocated()), of(s.Reserved), of(s.Used), of(s.Available)}
}

// quotaAccount is an account as it stands.
type quotaAccount struct {
	Park      land.ParkCode   `json:"park"`
	Year      int             `json:"year"`
	Kind      land.QuotaKind  `json:"kind"`
	KindZh    string          `json:"kind_zh"`
	KindEn    string          `json:"kind_en"`
	quotaSums                 // of all
	UseRate   float64         `json:"use_rate_pct"` // 使用率: used of allocated
	Level     land.QuotaLevel `json:"level"`
	Parts     *quotaParts     `json:"parts,omitempty"`
	Forecast  quotaForecast   `json:"forecast"`
	LastDay   string          `json:"last_day"`
	Cases     []caseQuota     `json:"cases,omitempty"`
}

// quotaParts are what of an account documents divide.
type quotaParts struct {
	Farmland   quotaSums `json:"farmland"`   // 农用地
	Cultivated quotaSums `json:"cultivated"` // of that 耕地
	Unused     quotaSums `json:"unused"`     // 未利用地
}

// quotaForecast is the account at the year's end if all that is reserved is used.
type quotaForecast struct {
	Day     string      `json:"day"`
	Used    land.Amount `json:"used_mu"`
	Left    land.Amount `json:"left_mu"` // to be carried over, or lapse
	UseRate float64     `json:"use_rate_pct"`
}

type caseQuota struct {
	CaseNo   string      `json:"case_no"`
	Reserved land.Amount `json:"reserved_mu"`
	Used     land.Amount `json:"used_mu"`
}

func describeAccount(s land.QuotaState, warning int) quotaAccount {
	total := func(q land.Quantity) land.Amount { return q.Total }
	name := s.Account.Kind.Name()
	a := quotaAccount{
		Park: s.Account.Park, Year: s.Account.Year, Kind: s.Account.Kind, KindZh: name.Zh, KindEn: name.En,
		quotaSums: sumsOf(s, total), UseRate: s.Used.Total.Share(s.Allocated().Total), Level: s.Level(warning), LastDay: s.LastDay.String(),
	}
	end := s.Forecast()
	a.Forecast = quotaForecast{fmt.Sprintf("%d-12-31", s.Account.Year), end.Used.Total, end.Available.Total, end.Used.Total.Share(end.Allocated().Total)}
	if name.Divided {
		a.Parts = &quotaParts{
			sumsOf(s, func(q land.Quantity) land.Amount { return q.Farmland }),
			sumsOf(s, func(q land.Quantity) land.Amount { return q.Cultivated }),
			sumsOf(s, func(q land.Quantity) land.Amount { return q.Unused }),
		}
	}
	return a
}

// quotaAnswer is accounts as of a day, as was known at a moment.
type quotaAnswer struct {
	At       string         `json:"at"`
	Known    *time.Time     `json:"known_at,omitempty"`
	Warning  int            `json:"warning_pct"` // of the allocation, below which an account is low
	Accounts []quotaAccount `json:"accounts"`
}

// getQuotas lists accounts of the quota ledger; of a key for one park, that park's.
func (s *server) getQuotas(c echo.Context) error {
	q, err := door.Parameters(c, "park", "year", "kind", "at", "known_at")
	if err != nil {
		return err
	}
	asked, err := quotaQuery(q)
	if err != nil {
		return err
	}
	for _, text := range door.List(q, "park") {
		asked.Parks = append(asked.Parks, land.ParkCode(text))
	}
	if actor := access.Actor(c); len(asked.Parks) == 0 && actor.Park != "" {
		asked.Parks = []land.ParkCode{actor.Park}
	}
	return s.answerQuotas(c, q, asked, false)
}

// getQuota tells a park's accounts of a year, with what cases have of them.
func (s *server) getQuota(c echo.Context) error {
	q, err := door.Parameters(c, "kind", "at", "known_at")
	if err != nil {
		return err
	}
	asked, err := quotaQuery(q)
	if err != nil {
		return err
	}
	account, err := quotaAddress(c)
	if err != nil {
		return err
	}
	asked.Parks, asked.Years = []land.ParkCode{account.Park}, []int{account.Year}
	return s.answerQuotas(c, q, asked, true)
}

func (s *server) answerQuotas(c echo.Context, q url.Values, asked postgis.QuotaQuery, cases bool) error {
	m, err := door.Moment(q)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	for _, park := range asked.Parks {
		if err := actor.MaySeeQuota(park); err != nil {
			return err
		}
		if has, err := s.DB.HasPark(ctx, park); err != nil {
			return err
		} else if !has {
			return &land.NotFoundError{What: "park", Name: string(park)}
		}
	}
	states, err := s.DB.QuotaStates(ctx, actor, asked, m)
	if err != nil {
		return err
	}
	var held map[land.QuotaAccount][]land.CaseQuota
	if cases {
		if held, err = s.DB.QuotaCases(ctx, actor, asked, m, mostCases); err != nil {
			return err
		}
	}
	answer := quotaAnswer{Warning: cmp.Or(s.QuotaWarning, land.DefaultQuotaWarning), Accounts: make([]quotaAccount, len(states))}
	if answer.At = m.At.String(); m.At.IsZero() {
		answer.At = s.DB.Today().String()
	}
	if !m.Known.IsZero() {
		answer.Known = &m.Known
	}
	for i, state := range states {
		answer.Accounts[i] = describeAccount(state, answer.Warning)
		for _, one := range held[state.Account] {
			answer.Accounts[i].Cases = append(answer.Accounts[i].Cases, caseQuota{one.CaseNo, one.Reserved.Total, one.Used.Total})
		}
	}
	return door.Answer(c, http.StatusOK, answer)
}

// quotaQuery reads the years and kinds of accounts.
func quotaQuery(q url.Values) (postgis.QuotaQuery, error) {
	var asked postgis.QuotaQuery
	for _, name := range []string{"park", "year", "kind"} {
		if n := len(door.List(q, name)); n > mostChosen {
			return asked, door.Refuse(name, geo.Say("%d 个值过多", "%d values are too many", n), geo.Say("请至多给出 %d 个", "give at most %d", mostChosen))
		}
	}
	for _, text := range door.List(q, "year") {
		year, ok := quotaYear(text)
		if !ok {
			return asked, door.Refuse("year", geo.Say("%q 不是有台账的年度", "%q is no year with accounts", text), geo.Say("请给出 %d 至 %d 年", "give a year from %d to %d", land.FirstQuotaYear, land.LastQuotaYear))
		}
		asked.Years = append(asked.Years, year)
	}
	for _, text := range door.List(q, "kind") {
		kind, err := land.ParseQuotaKind(text)
		if err != nil {
			return asked, err
		}
		asked.Kinds = append(asked.Kinds, kind)
	}
	return asked, nil
}

func quotaYear(text string) (int, bool) {
	year, err := strconv.Atoi(text)
	return year, err == nil && year >= land.FirstQuotaYear && year <= land.LastQuotaYear
}

// quotaAddress reads the park and the year in a route's path.
func quotaAddress(c echo.Context) (land.QuotaAccount, error) {
	a := land.QuotaAccount{Park: land.ParkCode(c.Param("park"))}
	if err := a.Park.Validate(); err != nil {
		return a, err
	}
	year, ok := quotaYear(c.Param("year"))
	if !ok {
		return a, land.Invalid("year", geo.Say("%q 不是有台账的年度", "%q is no year with accounts", c.Param("year")), geo.Say("请给出 %d 至 %d 年", "give a year from %d to %d", land.FirstQuotaYear, land.LastQuotaYear))
	}
	a.Year = year
	return a, nil
}
