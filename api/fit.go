package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// What a fit asks for where nothing else is said, and its bounds.
const (
	usualTogether  = 2      // plots
	usualTolerance = 10     // percent
	mostTolerance  = 50     // percent
	usualRadius    = 3_000  // metres
	farthest       = 20_000 // metres
	usualOffers    = 10
	mostOffers     = 50
)

// getFit offers land for a need: single plots and groups of adjacent ones, the
// best first.
func (s *server) getFit(c echo.Context) error {
	q, view, err := s.views.Ask(c, append([]string{"max_plots", "tolerance_pct", "limit"}, searchNames...)...)
	if err != nil {
		return err
	}
	f, err := parseFit(q, view)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeFit(view.Fit(f.search, f.at, f.need, f.limit), f.need, view))
}

// fitting is a fit as it is asked for.
type fitting struct {
	need   land.Need
	at     orb.Point
	search *tiles.Search // what each plot must be
	limit  int
}

func parseFit(q url.Values, view *tiles.View) (f fitting, err error) {
	if q.Get("near") != "" && !q.Has("radius_m") {
		q.Set("radius_m", strconv.Itoa(usualRadius))
	}
	query, err := parseQuery(q, view)
	if err != nil {
		return f, err
	}
	if query.AreaMu.IsOpen() && query.GFAMax.IsOpen() {
		return f, door.Refuse("area_mu", geo.Say("未说明需要多少用地", "it is not said how much land is needed"), geo.Say("请给出 area_mu=30..50 或 gfa_m2=40000..", "give area_mu=30..50 or gfa_m2=40000.., say"))
	}
	if len(query.Statuses) == 0 {
		query.Statuses = []land.Status{land.Available}
	}
	f.need = land.Need{AreaMu: query.AreaMu, GFA: query.GFAMax, FARMax: query.FARMax}
	query.AreaMu, query.GFAMax = land.Range{}, land.Range{} // of the plots together
	if near := query.Near; near != nil {
		if !(near.Metres > 0 && near.Metres <= farthest) {
			return f, door.Refuse("radius_m", geo.Say("%q 不是选址半径", "%q is no radius to look for land in", q.Get("radius_m")), geo.Say("请给出不超过 %d 米的半径", "give metres up to %d", farthest))
		}
		f.at, f.need.Radius, query.Near = near.At, near.Metres, nil
	}
	if f.need.MostPlots, err = count(q, "max_plots", usualTogether, 1, land.MostTogether); err != nil {
		return f, err
	}
	percent, err := count(q, "tolerance_pct", usualTolerance, 0, mostTolerance)
	if err != nil {
		return f, err
	}
	f.need.Tolerance = float64(percent) / 100
	if f.limit, err = count(q, "limit", usualOffers, 1, mostOffers); err != nil {
		return f, err
	}
	if f.search, err = prepare(q, query); err != nil {
		return f, err
	}
	f.search.Key = "" // it is not what a search with these parameters finds
	return f, nil
}

// count reads a whole number within bounds.
func count(q url.Values, name string, usual, least, most int) (int, error) {
	text := q.Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, door.Refuse(name, geo.Say("%q 不可用", "%q will not do", text), geo.Say("请给出 %d 至 %d 的整数", "give a whole number from %d to %d", least, most))
	}
	return n, nil
}

// fitAnswer is the land that is offered. Truncated says that plots or groups were
// left out, and the note which.
type fitAnswer struct {
	RegisterSeq land.Seq    `json:"register_seq"`
	LeastBorder json.Number `json:"least_border_m"`
	Serving     int         `json:"plots_considered"`
	Looked      int         `json:"groups_considered"`
	Truncated   bool        `json:"truncated"`
	Note        string      `json:"note"`
	NoteZh      string      `json:"note_zh"`
	Candidates  []candidate `json:"candidates"`
}

// candidate is one plot, or several that adjoin, with what they come to together.
type candidate struct {
	Rank         int           `json:"rank"`
	Score        json.Number   `json:"score"`
	Points       points        `json:"points"`
	IDs          []land.PlotID `json:"ids"`
	PlotNos      []string      `json:"plot_nos"`
	AreaM2       json.Number   `json:"area_m2"`
	AreaMu       json.Number   `json:"area_mu"`
	GFAM2        json.Number   `json:"gfa_m2"`
	NoGFAPlots   int           `json:"gfa_unknown_plots"`
	FARAverage   *json.Number  `json:"far_average"`
	DistanceM    *json.Number  `json:"distance_m"`
	SharedBorder json.Number   `json:"shared_border_m"`
	BBox         [4]float64    `json:"bbox"`
	Reasons      []reason      `json:"reasons"`
	Plots        []plotOffered `json:"plots"`
}

// points are what a score is made up of.
type points struct {
	Land   json.Number `json:"land"`
	Place  json.Number `json:"place"`
	Plots  json.Number `json:"plots"`
	Border json.Number `json:"border"`
}

type reason struct {
	About     string       `json:"about"`
	Verdict   land.Verdict `json:"verdict"`
	Message   string       `json:"message"`
	MessageZh string       `json:"message_zh"`
}

// plotOffered is a plot of a candidate.
type plotOffered struct {
	ID      land.PlotID   `json:"id"`
	Park    land.ParkCode `json:"park"`
	PlotNo  string        `json:"plot_no"`
	LandUse string        `json:"land_use"`
	Status  land.Status   `json:"status"`
	AreaMu  json.Number   `json:"area_mu"`
	FARMax  *float64      `json:"far_max"`
	Href    string        `json:"href"`
}

func describeFit(f tiles.Fitting, n land.Need, view *tiles.View) fitAnswer {
	note := geo.Say("所有可能更好的地块组合均已比较", "every group that could be better was compared")
	switch {
	case f.Serving > len(f.Sites):
		note = geo.Say("有 %d 个地块符合条件，仅比较了其中 %d 个（最近者优先）；请缩小半径或增加条件", "%d plots are as asked; only %d of them, the nearest, were compared: ask within a smaller radius, or for more", f.Serving, len(f.Sites))
	case f.Truncated():
		note = geo.Say("已比较 %d 个组合，其余（以较远地块为首者）未比较；请缩小半径、面积范围或 max_plots", "%d groups were compared and the others, which begin at plots farther off, were not: ask within a smaller radius or range, or for fewer plots", f.Looked)
	}
	a := fitAnswer{
		RegisterSeq: view.Seq, LeastBorder: printed(land.LeastBorder, 2), Serving: f.Serving, Looked: f.Looked,
		Truncated: f.Truncated(), Note: note.En, NoteZh: note.Zh, Candidates: []candidate{},
	}
	for i, o := range f.Offers {
		a.Candidates = append(a.Candidates, describeOffer(f, o, n, i+1))
	}
	return a
}

func describeOffer(f tiles.Fitting, o land.Offer, n land.Need, rank int) candidate {
	score := func(p land.Points) json.Number { return json.Number(p.String()) }
	c := candidate{
		Rank: rank, Score: score(o.Score.Total()),
		Points: points{score(o.Score.Land), score(o.Score.Place), score(o.Score.Plots), score(o.Score.Border)},
		AreaM2: printed(float64(o.Area), geo.SquareMetreDecimals), AreaMu: printed(o.AreaMu(), geo.MuDecimals),
		GFAM2: printed(float64(o.GFA), geo.SquareMetreDecimals), NoGFAPlots: o.UnknownGFA,
		SharedBorder: printed(o.Border, 2),
	}
	if far, known := o.FARAverage(); known {
		average := printed(far, 2)
		c.FARAverage = &average
	}
	if n.Radius > 0 {
		distance := printed(o.Distance, 2)
		c.DistanceM = &distance
	}
	plots := make([]land.Plot, len(o.Sites))
	for i, site := range o.Sites {
		plots[i] = f.Sites[site].Plot()
	}
	slices.SortFunc(plots, func(a, b land.Plot) int { return int(a.ID - b.ID) })
	box := plots[0].Boundary.Bound()
	for _, p := range plots {
		box = box.Union(p.Boundary.Bound())
		c.IDs, c.PlotNos = append(c.IDs, p.ID), append(c.PlotNos, p.PlotNo)
		c.Plots = append(c.Plots, plotOffered{
			p.ID, p.Park, p.PlotNo, p.UseText(), p.Status, printed(float64(p.Area.Mu()), geo.MuDecimals), p.FARMax, plotPath(p.ID),
		})
	}
	c.BBox = [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}
	for _, r := range n.Reasons(o) {
		c.Reasons = append(c.Reasons, reason{r.About, r.Verdict, r.Words.En, r.Words.Zh})
	}
	return c
}
