package api

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// figure is a number with the rows that make it.
type figure struct {
	Value float64  `json:"value"`
	Unit  string   `json:"unit"`
	Of    *float64 `json:"of,omitempty"`
	Share *float64 `json:"share_pct,omitempty"`
	Count int      `json:"count"`
	Rows  []string `json:"rows"`
	Href  string   `json:"href"`
}

// against holds a figure to what the plan has for it, where it has anything.
func (f figure) against(plan float64) figure {
	if plan > 0 {
		share := geo.Round(f.Value/plan*100, geo.PercentDecimals)
		f.Of, f.Share = &plan, &share
	}
	return f
}

// parkLand is a park's land by how far it has come.
type parkLand struct {
	Park              land.ParkCode `json:"park"`
	NameZh            string        `json:"name_zh"`
	NameEn            string        `json:"name_en"`
	Supplied          figure        `json:"supplied"`
	UnderConstruction figure        `json:"under_construction"`
	Built             figure        `json:"built"`
	Verified          figure        `json:"verified"`
	Idle              figure        `json:"idle"`
}

// describeLand tells a park's land by how far it has come; asOf is the day for which
// links ask, empty for today.
func describeLand(p land.Park, held land.ParkLand, asOf string) parkLand {
	a := parkLand{Park: p.Code, NameZh: p.NameZh, NameEn: p.NameEn}
	figures := map[string]*figure{"supplied": &a.Supplied, "under_construction": &a.UnderConstruction, "built": &a.Built, "verified": &a.Verified, "idle": &a.Idle}
	for _, stage := range land.LandStages() {
		sum := held.Stage(stage)
		f := figure{Value: geo.Round(float64(sum.Area.Mu()), geo.MuDecimals), Unit: "亩", Count: sum.Count, Rows: make([]string, len(sum.Plots))}
		for i, id := range sum.Plots {
			f.Rows[i] = strconv.FormatInt(int64(id), 10)
		}
		statuses := make([]string, len(stage.Statuses))
		for i, status := range stage.Statuses {
			statuses[i] = string(status)
		}
		query := url.Values{"park": {string(p.Code)}, "status": {strings.Join(statuses, ",")}}
		if asOf != "" {
			query.Set("at", asOf)
		}
		f.Href = "/api/v1/plots?" + query.Encode()
		if p.Plan != nil {
			f = f.against(float64(p.Plan.Land))
		}
		*figures[stage.Name] = f
	}
	return a
}

// parkProgress is a park held to the plan.
type parkProgress struct {
	parkLand
	Investment figure          `json:"investment"`
	Output     figure          `json:"output"`
	Quota      []quotaProgress `json:"quota"`
}

// quotaProgress is what a park has of a kind of quota, of all years.
type quotaProgress struct {
	Kind      land.QuotaKind `json:"kind"`
	KindZh    string         `json:"kind_zh"`
	Granted   land.Amount    `json:"granted_mu"`
	Reserved  land.Amount    `json:"reserved_mu"`
	Used      land.Amount    `json:"used_mu"`
	Available land.Amount    `json:"available_mu"`
	UseRate   float64        `json:"use_rate_pct"`
	Rows      []string       `json:"rows"`
	Href      string         `json:"href"`
}

// perHundredMillion is how many 万元 make 亿元.
const perHundredMillion = 10_000

func describeProgress(p land.ParkProgress, asOf string) parkProgress {
	a := parkProgress{parkLand: describeLand(p.Park, p.Land, asOf), Quota: []quotaProgress{}}
	closed := "/api/v1/cases?" + url.Values{"park": {string(p.Park.Code)}, "kind": {string(land.LandSupply)}, "state": {string(land.CaseClosed)}}.Encode()
	declared := func(of func(land.Project) *float64) figure {
		f := figure{Unit: "亿元", Rows: []string{}, Href: closed}
		var wan float64
		for _, project := range p.Projects {
			if v := of(project); v != nil {
				wan += *v
				f.Rows = append(f.Rows, string(project.No))
			}
		}
		f.Value, f.Count = geo.Round(wan/perHundredMillion, 4), len(f.Rows)
		return f
	}
	a.Investment = declared(func(p land.Project) *float64 { return p.Investment })
	a.Output = declared(func(p land.Project) *float64 { return p.Output })
	if plan := p.Park.Plan; plan != nil {
		a.Investment, a.Output = a.Investment.against(plan.Investment), a.Output.against(plan.Output)
	}
	for _, kind := range land.QuotaKinds() {
		q := quotaProgress{Kind: kind.Kind, KindZh: kind.Zh, Rows: []string{}}
		for _, s := range p.Quota {
			if s.Account.Kind != kind.Kind {
				continue
			}
			q.Granted += s.Granted.Total + s.Transferred.Total + s.Carried.Total
			q.Reserved += s.Reserved.Total
			q.Used += s.Used.Total
			q.Available += s.Available.Total
			q.Rows = append(q.Rows, strconv.Itoa(s.Account.Year))
		}
		if len(q.Rows) == 0 {
			continue
		}
		q.UseRate = q.Used.Share(q.Granted)
		query := url.Values{"park": {string(p.Park.Code)}, "kind": {string(kind.Kind)}}
		if asOf != "" {
			query.Set("at", asOf)
		}
		q.Href = "/api/v1/quotas?" + query.Encode()
		a.Quota = append(a.Quota, q)
	}
	return a
}

// milestone is a period of the plan with the land of the parks by its end.
type milestone struct {
	Code   string     `json:"code"`
	NameZh string     `json:"name_zh"`
	NameEn string     `json:"name_en"`
	From   string     `json:"from"`
	Until  string     `json:"until"`
	State  string     `json:"state"`
	On     string     `json:"on,omitempty"`
	Source string     `json:"source"`
	Parks  []parkLand `json:"parks"`
}

func describeMilestone(m land.MilestoneLand, s land.Supervision) milestone {
	a := milestone{m.Period.Code, m.Period.Zh, m.Period.En, m.Period.From.String(), m.Period.Until.String(), "past", m.On.String(), m.Period.Source, []parkLand{}}
	switch {
	case m.On.IsZero():
		a.State = "to_come"
		return a
	case !s.At.After(m.Period.Until):
		a.State = "current"
	}
	for _, p := range s.Progress {
		if p.Park.Plan != nil {
			a.Parks = append(a.Parks, describeLand(p.Park, m.Land[p.Park.Code], m.On.String()))
		}
	}
	return a
}

// planTarget is what the plan wants of the cluster as a whole.
type planTarget struct {
	MetricZh string  `json:"metric_zh"`
	MetricEn string  `json:"metric_en"`
	Unit     string  `json:"unit"`
	AtLeast  float64 `json:"at_least"`
	Scope    string  `json:"scope"`
	By       string  `json:"by"`
	Source   string  `json:"source"`
}
