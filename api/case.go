package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// caseAnswer is a case as the caller sees it. Acts are what he may do with it now.
type caseAnswer struct {
	No         land.CaseNo        `json:"no"`
	Kind       land.CaseKind      `json:"kind"`
	KindZh     string             `json:"kind_zh"`
	KindEn     string             `json:"kind_en"`
	Park       land.ParkCode      `json:"park"`
	State      land.CaseState     `json:"state"`
	StateZh    string             `json:"state_zh"`
	StateEn    string             `json:"state_en"`
	Open       bool               `json:"open"` // something may become of it
	Title      string             `json:"title"`
	Applicant  string             `json:"applicant"`
	Own        bool               `json:"own"` // the caller's key opened it
	Green      bool               `json:"green"`
	Mode       land.SupplyMode    `json:"mode,omitempty"`
	ModeZh     string             `json:"mode_zh,omitempty"`
	Follows    land.CaseNo        `json:"follows,omitempty"`
	Declared   land.Declared      `json:"declared"`
	Plots      []land.PlotID      `json:"plots"`
	Bound      bool               `json:"bound"` // they are bound to it
	Version    int                `json:"version"`
	OpenedOn   string             `json:"opened_on"`
	AcceptedOn string             `json:"accepted_on,omitempty"`
	ChangedAt  time.Time          `json:"changed_at"`
	Term       *caseTerm          `json:"term,omitempty"` // from its acceptance on
	Reserved   []land.Reservation `json:"reserved,omitempty"`
	Winner     string             `json:"winner,omitempty"`
	Contract   *land.Contract     `json:"contract,omitempty"`
	Fee        *land.Wan          `json:"fee_wan,omitempty"`
	Check      *lastCheck         `json:"check,omitempty"`
	Land       []casePlot         `json:"land,omitempty"` // of one case that is read
	May        caseRights         `json:"may"`
	Acts       []caseOffer        `json:"acts"`
}

// caseTerm is a case's legal period in working days, as it stands today.
type caseTerm struct {
	State      land.DeadlineState `json:"state"`
	StateZh    string             `json:"state_zh"`
	Days       int                `json:"days"`
	Used       int                `json:"used"`
	Left       int                `json:"left"`
	DueOn      *string            `json:"due_on"` // null while the clock stands still
	EndedOn    string             `json:"ended_on,omitempty"`
	Legal      bool               `json:"legal"` // a law sets the days
	Source     string             `json:"source"`
	SourceZh   string             `json:"source_zh"`
	Unarranged []int              `json:"unarranged,omitempty"`
}

// lastCheck is the last compliance check that is kept with a case.
type lastCheck struct {
	Seq       int          `json:"seq"`
	Verdict   land.Outcome `json:"verdict"`
	VerdictZh string       `json:"verdict_zh"`
}

// casePlot is a plot of a case as the register has it now; of one that is not in
// it any more the id alone.
type casePlot struct {
	ID       land.PlotID `json:"id"`
	PlotNo   string      `json:"plot_no,omitempty"`
	LandUse  string      `json:"land_use,omitempty"`
	Status   land.Status `json:"status,omitempty"`
	StatusZh string      `json:"status_zh,omitempty"`
	*areas
	Href string `json:"href"`
}

// caseRights are what the caller may do besides the steps of the flow.
type caseRights struct {
	Edit   bool `json:"edit"`
	Attach bool `json:"attach"`
	Check  bool `json:"check"`
}

// caseReader tells cases to an actor on a day.
type caseReader struct {
	actor    land.Actor
	today    land.Date
	near     int // working days before the last from which a deadline is near
	calendar land.Calendar
}

func (s *server) caseReader(ctx context.Context, actor land.Actor) (caseReader, error) {
	calendar, err := s.DB.Calendar(ctx)
	return caseReader{actor, s.DB.Today(), s.watch().Near, calendar}, err
}

func (r caseReader) describe(c land.Case) caseAnswer {
	kind, state, mode := c.Kind.Name(), c.State.Name(), c.Mode.Name()
	d := caseAnswer{
		No: c.No, Kind: c.Kind, KindZh: kind.Zh, KindEn: kind.En, Park: c.Park, State: c.State, StateZh: state.Zh, StateEn: state.En, Open: !c.Ended(),
		Title: c.Title, Applicant: c.Applicant.Name, Own: r.actor.Key != 0 && r.actor.Key == c.Applicant.Key, Green: c.Green, Mode: c.Mode, ModeZh: mode.Zh, Follows: c.Follows,
		Declared: c.Declared, Plots: c.Plots, Bound: c.Bound, Version: c.Version,
		OpenedOn: c.OpenedOn.String(), AcceptedOn: c.AcceptedOn().String(), ChangedAt: c.ChangedAt.UTC(),
		Term: r.term(c), Reserved: c.Told.Reserved, Winner: c.Told.Winner, Contract: c.Told.Contract, Fee: c.Told.Fee,
		May:  caseRights{c.MayEdit(r.actor), c.MayAttach(r.actor, "other"), c.MayCheck(r.actor)},
		Acts: []caseOffer{},
	}
	if k := c.Told.Check; k != nil {
		d.Check = &lastCheck{k.Seq, k.Verdict, k.Verdict.Verdict().Zh}
	}
	for _, o := range c.Acts(r.actor, r.today) {
		d.Acts = append(d.Acts, describeAct(c, o, r.actor))
	}
	return d
}

// deadline is the case's legal period; false before its acceptance.
func (r caseReader) deadline(c land.Case) (land.Deadline, bool) {
	return land.DeadlineOf(c.Clock, c.Term(), r.near, r.calendar, r.today)
}

func (r caseReader) term(c land.Case) *caseTerm {
	d, begun := r.deadline(c)
	if !begun {
		return nil
	}
	t := caseTerm{State: d.State, StateZh: d.State.Words().Zh, Days: d.Term, Used: d.Used, Left: d.Left, EndedOn: d.Ended.String(), Unarranged: d.Unarranged}
	if !d.Due.IsZero() {
		t.DueOn = orNull(d.Due.String())
	}
	for _, k := range land.CaseTerms() {
		if k.Kind == c.Kind {
			t.Legal, t.Source, t.SourceZh = k.Legal, k.Source.En, k.Source.Zh
		}
	}
	return &t
}

// land tells the plots of a case as they are now.
func (s *server) caseLand(c land.Case) []casePlot {
	view := s.live.View()
	told := make([]casePlot, len(c.Plots))
	for i, id := range c.Plots {
		told[i] = casePlot{ID: id, Href: plotPath(id)}
		if p, there := view.Plot(id); there {
			a := areasOf(p.Area)
			told[i] = casePlot{id, p.PlotNo, p.UseText(), p.Status, p.Status.Name().Zh, &a, plotPath(id)}
		}
	}
	return told
}

// caseNames are the parameters that choose cases, and their order.
var caseNames = []string{"park", "kind", "state", "open", "plot", "applicant", "overdue", "q", "sort"}

// getCases lists the cases that the caller may see, page by page.
func (s *server) getCases(c echo.Context) error {
	q, err := door.Parameters(c, append([]string{"limit", "cursor"}, caseNames...)...)
	if err != nil {
		return err
	}
	asked, err := caseQuery(q)
	if err != nil {
		return err
	}
	overdue, err := choice(q, "overdue")
	if err != nil {
		return err
	}
	limit, err := door.PageSize(q, defaultPage, largestPage)
	if err != nil {
		return err
	}
	var after postgis.CaseCursor
	if there, err := door.Unseal(q, caseNames, &after); err != nil {
		return err
	} else if there {
		asked.After = &after
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	reader, err := s.caseReader(ctx, actor)
	if err != nil {
		return err
	}
	page, matched, err := s.casesOf(ctx, reader, asked, overdue, limit+1)
	if err != nil {
		return err
	}
	answer := map[string]any{"matched": matched}
	if len(page) > limit {
		page = page[:limit]
		next := url.Values{}
		for name, values := range q {
			next[name] = values
		}
		next.Set("cursor", door.Seal(q, caseNames, asked.Cursor(page[limit-1])))
		answer["next"] = s.base(c) + c.Request().URL.Path + "?" + next.Encode()
	}
	told := make([]caseAnswer, len(page))
	for i, one := range page {
		told[i] = reader.describe(one)
	}
	answer["cases"] = told
	return door.Private(c, http.StatusOK, answer)
}

// casesOf reads cases, and of those whose legal period is over, or is not, the ones
// that are asked for: that depends on the calendar, so all are read.
func (s *server) casesOf(ctx context.Context, r caseReader, asked postgis.CaseQuery, overdue *bool, limit int) ([]land.Case, int, error) {
	if overdue == nil {
		asked.Limit = limit
		return s.DB.Cases(ctx, r.actor, asked)
	}
	wanted := func(q postgis.CaseQuery) ([]land.Case, error) {
		all, _, err := s.DB.Cases(ctx, r.actor, q)
		return slices.DeleteFunc(all, func(c land.Case) bool {
			d, _ := r.deadline(c)
			return *overdue != (d.State == land.DeadlineOverdue)
		}), err
	}
	page, err := wanted(asked)
	matched := len(page)
	if err == nil && asked.After != nil {
		asked.After = nil
		var all []land.Case
		all, err = wanted(asked)
		matched = len(all)
	}
	return page[:min(limit, len(page))], matched, err
}

// caseQuery reads what cases are asked for.
func caseQuery(q url.Values) (postgis.CaseQuery, error) {
	var asked postgis.CaseQuery
	for _, name := range []string{"park", "kind", "state"} {
		if n := len(door.List(q, name)); n > mostChosen {
			return asked, door.Refuse(name, geo.Say("%d 个值过多", "%d values are too many", n), geo.Say("请至多给出 %d 个", "give at most %d", mostChosen))
		}
	}
	for _, text := range door.List(q, "park") {
		asked.Parks = append(asked.Parks, land.ParkCode(text))
	}
	for _, text := range door.List(q, "kind") {
		kind, err := land.ParseCaseKind(text)
		if err != nil {
			return asked, door.Refuse("kind", geo.WordsOf(err), geo.Say("请用 /api/v1/cases/flows 中的类别", "use the kinds of /api/v1/cases/flows"))
		}
		asked.Kinds = append(asked.Kinds, kind)
	}
	for _, text := range door.List(q, "state") {
		state, err := land.ParseCaseState(text)
		if err != nil {
			return asked, door.Refuse("state", geo.WordsOf(err), geo.Say("请用 /api/v1/cases/flows 中的状态", "use the states of /api/v1/cases/flows"))
		}
		asked.States = append(asked.States, state)
	}
	var err error
	if asked.Open, err = choice(q, "open"); err != nil {
		return asked, err
	}
	if text := q.Get("plot"); text != "" {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			return asked, door.Refuse("plot", geo.Say("%q 不是地块标识码", "%q is no plot's id", text), geo.Say("请给出地块的 id", "give the id of a plot"))
		}
		asked.Plot = land.PlotID(id)
	}
	for name, to := range map[string]*string{"applicant": &asked.Applicant, "q": &asked.Text} {
		*to = strings.TrimSpace(q.Get(name))
		if utf8.RuneCountInString(*to) > longestText || !storable(*to) {
			return asked, door.Refuse(name, geo.Say("文字过长或无法解码", "the text is too long or cannot be decoded"), geo.Say("最多 %d 个字符", "use at most %d characters", longestText))
		}
	}
	field, down := strings.CutPrefix(q.Get("sort"), "-")
	asked.Backward = down
	switch asked.Sort = postgis.CaseSort(cmp.Or(field, string(postgis.SortByNumber))); asked.Sort {
	case postgis.SortByNumber, postgis.SortByChanged, postgis.SortByTitle:
		return asked, nil
	}
	return asked, door.Refuse("sort", geo.Say("不能按 %q 排序", "nothing is sorted by %q", field), geo.Say("可用：no、changed、title，倒序加 -", "use no, changed or title, with - from the last on"))
}

// storable says whether the database takes a text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// choice reads a parameter that is true or false; nil where it is not given.
func choice(q url.Values, name string) (*bool, error) {
	if q.Get(name) == "" {
		return nil, nil
	}
	yes, err := strconv.ParseBool(q.Get(name))
	if err != nil {
		return nil, door.Refuse(name, geo.Say("%q 既非 true 也非 false", "%q is neither true nor false", q.Get(name)), geo.Say("请给出 true 或 false", "give true or false"))
	}
	return &yes, nil
}

// caseNo is the number in a route's path. One that the database would not take is
// as any that is not there.
func caseNo(c echo.Context) (land.CaseNo, error) {
	no := land.CaseNo(c.Param("no"))
	if !storable(string(no)) {
		return no, land.NoCase(land.CaseNo(strconv.Quote(string(no))))
	}
	return no, nil
}

// caseOf reads the case that a route without parameters of its own names.
func (s *server) caseOf(c echo.Context, names ...string) (land.Case, error) {
	no, err := caseNo(c)
	if err != nil {
		return land.Case{}, err
	}
	if _, err := door.Parameters(c, names...); err != nil {
		return land.Case{}, err
	}
	return s.DB.Case(c.Request().Context(), access.Actor(c), no)
}

// getCase answers a case with its plots as they are now.
func (s *server) getCase(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	reader, err := s.caseReader(c.Request().Context(), access.Actor(c))
	if err != nil {
		return err
	}
	told := reader.describe(found)
	told.Land = s.caseLand(found)
	c.Response().Header().Set("ETag", door.VersionTag(found.Version))
	return door.Private(c, http.StatusOK, told)
}
