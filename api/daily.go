package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

//go:embed daily.html
var dailyText string

var dailyPage = template.Must(template.New("daily").Funcs(template.FuncMap{
	"minute": func(t time.Time) string { return t.In(land.ChinaStandardTime).Format("15:04") },
}).Parse(dailyText))

// getDailyDigest tells what falls due on a day, what moved the day before and what
// is idle, as JSON or as a page that stands by itself.
func (s *server) getDailyDigest(c echo.Context) error {
	q, err := door.Parameters(c, "park", "day")
	if err != nil {
		return err
	}
	format, ok := strings.CutPrefix(c.Param("digest"), "digest.")
	if !ok || format != "json" && format != "html" {
		return door.Deny(http.StatusNotFound, geo.Say("没有 %q；可用：digest.json、digest.html", "there is no %q; use digest.json or digest.html", c.Param("digest")))
	}
	day, err := dayOf(q, "day")
	if err != nil {
		return err
	}
	told, err := s.DB.DailyDigest(c.Request().Context(), access.Actor(c), parksOf(q), day, s.watch())
	if err != nil {
		return err
	}
	door.SetSeq(c, told.Seq)
	digest := describeDaily(told)
	if format == "json" {
		return door.Answer(c, http.StatusOK, digest)
	}
	var page bytes.Buffer
	if err := dailyPage.Execute(&page, digest); err != nil {
		return err
	}
	return door.Compressed(c, echo.MIMETextHTMLCharsetUTF8, page.Bytes())
}

// dailyDigest is a daily digest as it is told.
type dailyDigest struct {
	Day      string           `json:"day"`
	MovedOn  string           `json:"moved_on"`
	Due      []supervisedCase `json:"due"`
	Overdue  []supervisedCase `json:"overdue"`
	Near     []supervisedCase `json:"near"`
	Acts     []caseMove       `json:"moved_cases"`
	Moves    []plotMove       `json:"moved_plots"`
	ActsLeft int              `json:"moved_cases_left_out"`
	MoveLeft int              `json:"moved_plots_left_out"`
	Idle     []idlePlot       `json:"idle"`
	Notes    []note           `json:"notes"`
}

// caseMove is an act on a case.
type caseMove struct {
	At      time.Time      `json:"at"`
	No      land.CaseNo    `json:"case_no"`
	Kind    land.CaseKind  `json:"kind"`
	KindZh  string         `json:"kind_zh"`
	Title   string         `json:"title"`
	Park    land.ParkCode  `json:"park"`
	Act     land.ActName   `json:"act"`
	ActZh   string         `json:"act_zh"`
	ActEn   string         `json:"act_en"`
	State   land.CaseState `json:"state"`
	StateZh string         `json:"state_zh"`
	Actor   string         `json:"actor"`
	Href    string         `json:"href"`
}

// plotMove is a plot's move from a status to another.
type plotMove struct {
	At time.Time `json:"at"`
	plotName
	Park   land.ParkCode `json:"park"`
	From   land.Status   `json:"from"`
	FromZh string        `json:"from_zh"`
	To     land.Status   `json:"to"`
	ToZh   string        `json:"to_zh"`
	Href   string        `json:"href"`
}

func describeDaily(d land.DailyDigest) dailyDigest {
	a := dailyDigest{
		Day: d.At.String(), MovedOn: d.MovedOn.String(), Due: []supervisedCase{}, Near: []supervisedCase{},
		Overdue: describeCases(d.Supervision, land.DeadlineOverdue), Acts: make([]caseMove, len(d.Acts)), Moves: make([]plotMove, len(d.Moves)),
		ActsLeft: d.ActsLeft, MoveLeft: d.MovesLeft,
		Idle:  describeIdle(d.Idle, land.IdleFound, land.IdleRecoverable, land.IdleSuspected, land.IdleOverdue),
		Notes: notesOn(d.Supervision),
	}
	for _, c := range d.Deadlines {
		switch {
		case c.Deadline.Due == d.At && c.Deadline.State != land.DeadlineStopped:
			a.Due = append(a.Due, describeCase(c))
		case c.Deadline.State == land.DeadlineNear:
			a.Near = append(a.Near, describeCase(c))
		}
	}
	for i, m := range d.Acts {
		act := land.ActWords(m.Kind, m.Act, m.From)
		a.Acts[i] = caseMove{m.At.UTC(), m.No, m.Kind, m.Kind.Name().Zh, m.Title, m.Park, m.Act, act.Zh, act.En, m.To, m.To.Name().Zh, m.Actor, casePath(m.No)}
	}
	for i, m := range d.Moves {
		a.Moves[i] = plotMove{m.At.UTC(), plotName(m.PlotName), m.Park, m.From, m.From.Words().Zh, m.To, m.To.Words().Zh, plotPath(m.ID)}
	}
	return a
}
