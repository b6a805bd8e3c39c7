package api

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// Report is an official table as it is asked for, by an address or a command.
type Report struct {
	Format  report.Format
	kind    report.TableKind
	moment  land.Moment
	chosen  postgis.Selection
	options report.Options
}

// NewReport reads which table is asked for, in which format, and its parameters,
// each of which is refused where it is not the table's.
func NewReport(table, format string, q url.Values, fonts *paper.Shelf) (*Report, error) {
	var r Report
	var err error
	if r.kind, err = report.Lookup(table); err != nil {
		return nil, badChoice(err)
	}
	if r.Format, err = report.LookupFormat(format, fonts); err != nil {
		return nil, badChoice(err)
	}
	if err := door.Known(q, append([]string{"at", "known_at"}, r.kind.Takes...)...); err != nil {
		return nil, err
	}
	for _, read := range []func(url.Values) error{r.readMoment, r.readChoice, r.readOptions, r.readYear} {
		if err := read(q); err != nil {
			return nil, err
		}
	}
	for name, values := range q {
		if !slices.Contains([]string{"park", "at", "known_at", "measure"}, name) {
			if r.options.Asked == nil {
				r.options.Asked = url.Values{}
			}
			r.options.Asked[name] = values
		}
	}
	return &r, nil
}

func (r *Report) readMoment(q url.Values) (err error) {
	if r.moment, err = door.Moment(q); err != nil {
		return err
	}
	if r.options.Against, err = land.ParseDate(q.Get("against")); err != nil {
		return door.Refuse("against", geo.WordsOf(err), geo.Say("请给出日期，例如 2018-06-30", "give a day such as 2018-06-30"))
	}
	return nil
}

// readChoice reads which plots are chosen.
func (r *Report) readChoice(q url.Values) error {
	for _, name := range []string{"park", "plot"} {
		if n := len(door.List(q, name)); n > mostJoined {
			return door.Refuse(name, geo.Say("%d 个值过多", "%d values are too many", n), geo.Say("请至多给出 %d 个", "give at most %d", mostJoined))
		}
	}
	for _, code := range door.List(q, "park") {
		r.chosen.Parks = append(r.chosen.Parks, land.ParkCode(code))
	}
	var words []string
	r.chosen.Ended = r.kind.Ended
	for _, text := range door.List(q, "plot") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			return door.Refuse("plot", geo.Say("%q 不是地块的标识码", "%q is no id of a plot", text), geo.Say("请给出登记库中的标识码，例如 41 或 41,42", "give ids of the register, such as 41 or 41,42"))
		}
		r.chosen.Plots = append(r.chosen.Plots, land.PlotID(id))
	}
	if len(r.chosen.Plots) > 0 {
		words = append(words, "标识码 "+strings.Join(door.List(q, "plot"), "、"))
	}
	if text := q.Get("filter"); text != "" {
		var err error
		if r.chosen.Filter, err = cql2.ParseText(text); err == nil {
			err = cql2.Check(r.chosen.Filter, tiles.Queryables())
		}
		if err != nil {
			return &door.FilterError{Err: err}
		}
		words = append(words, "条件 "+cql2.Text(r.chosen.Filter))
	}
	r.options.Choice = strings.Join(words, "；")
	return nil
}

func (r *Report) readOptions(q url.Values) error {
	ellipsoid, err := measure(q)
	if err != nil {
		return err
	}
	if ellipsoid {
		r.options.Measure = report.Ellipsoid
	}
	switch scheme := land.Scheme(q.Get("scheme")); scheme {
	case "", land.GB50137, land.MNR2023:
		r.options.Scheme = scheme
	default:
		return door.Refuse("scheme", geo.Say("没有用地分类 %q", "there is no classification %q", scheme), geo.Say("可用：%s、%s；不给出则各按其登记的分类", "use %s or %s; without it each plot is told in its own", land.GB50137, land.MNR2023))
	}
	for _, text := range door.List(q, "kind") {
		kind, err := land.ParseQuotaKind(text)
		if err != nil {
			return err
		}
		r.options.Kinds = append(r.options.Kinds, kind)
	}
	text := q.Get("crs")
	if text == "" {
		return nil
	}
	if r.options.CRS, err = geo.ParseCRS(text); err != nil {
		return err
	}
	if !r.options.CRS.Plane() {
		return door.Refuse("crs", geo.Say("%s 不是平面坐标系", "%s is no plane", r.options.CRS), geo.Say("例如 EPSG:4547 或 EPSG:4526", "give one such as EPSG:4547 or EPSG:4526"))
	}
	return nil
}

// firstYear is before all land that was supplied or registered.
const firstYear = 1950

func (r *Report) readYear(q url.Values) error {
	text := q.Get("year")
	if text == "" {
		return nil
	}
	first, last := firstYear, time.Now().Year()
	if r.kind.Officers {
		first, last = land.FirstQuotaYear, land.LastQuotaYear
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < first || year > last {
		return door.Refuse("year", geo.Say("%q 不是可用的年度", "%q is no year of this table", text), geo.Say("请给出 %d 至 %d 年", "give a year from %d to %d", first, last))
	}
	r.options.Year = year
	return nil
}

// ForOfficers says that the table tells what is not public.
func (r *Report) ForOfficers() bool { return r.kind.Officers }

// ReportDesk is what tables are made with.
type ReportDesk struct {
	DB    *postgis.DB
	Actor land.Actor
	View  func(context.Context, land.Moment) (*tiles.View, error) // by which compliance is told
	Long  func() error                                            // refuses a table that is too long to hold; nil: none is refused
}

// Write makes the table from a snapshot of the register and prints it.
func (r *Report) Write(ctx context.Context, w io.Writer, desk ReportDesk) (report.Table, error) {
	return r.make(ctx, desk, func(t report.Table) error {
		if t.Long != nil && desk.Long != nil {
			if err := desk.Long(); err != nil {
				return err
			}
		}
		return r.Format.Print(w, t)
	})
}

// Make makes the table. One that is too long to hold is refused.
func (r *Report) Make(ctx context.Context, desk ReportDesk) (report.Table, error) {
	return r.make(ctx, desk, tooLong)
}

// tooLong refuses a table that is too long to hold.
func tooLong(t report.Table) error {
	if t.Long == nil {
		return nil
	}
	return land.Invalid("table", geo.Say("该表有 %d 行，过长", "the table has %d rows, which is too long", t.Long.Rows), geo.Say("请用 plot、filter 缩小范围", "choose fewer plots by plot or filter"))
}

// make makes the table, and uses it while the snapshot that it is made from holds.
func (r *Report) make(ctx context.Context, desk ReportDesk, use func(report.Table) error) (report.Table, error) {
	var table report.Table
	chosen := r.chosen
	if r.kind.Officers && len(chosen.Parks) == 0 && desk.Actor.Park != "" {
		chosen.Parks = []land.ParkCode{desk.Actor.Park}
	}
	err := desk.DB.Read(ctx, desk.Actor, r.moment, chosen, func(reading *postgis.Reading) (err error) {
		if table, err = r.from(ctx, reading, func() (*tiles.View, error) { return desk.View(ctx, r.moment) }); err != nil {
			return err
		}
		return use(table)
	})
	return table, err
}

// from makes the table from a snapshot.
func (r *Report) from(ctx context.Context, reading *postgis.Reading, view func() (*tiles.View, error)) (report.Table, error) {
	return r.kind.Make(ctx, &reportSource{Reading: reading, register: reading.Register(), plots: r.chosen.Plots, view: view}, r.options)
}

// reportSource is the register with a view of it, by which boundaries are checked.
type reportSource struct {
	*postgis.Reading
	register land.Register
	plots    []land.PlotID
	view     func() (*tiles.View, error)
}

func (s *reportSource) Register() land.Register { return s.register }

// Compliance checks the boundary of the chosen plots against a view, of which the
// table then is.
func (s *reportSource) Compliance(_ context.Context, ellipsoid bool) (land.Compliance, error) {
	if len(s.plots) == 0 {
		return land.Compliance{}, door.Refuse("plot", geo.Say("需要地块", "a plot is needed"), geo.Say("请给出要审查的地块的标识码，例如 plot=41,42", "name the plots to be checked, such as plot=41,42"))
	}
	view, err := s.view()
	if err != nil {
		return land.Compliance{}, err
	}
	s.register.Seq, s.register.At = view.Seq, view.Day
	ids := slices.Compact(slices.Sorted(slices.Values(s.plots)))
	return judge(view, complianceRequest{plots: ids, rules: land.ComplianceRules()}, ellipsoid)
}

// badChoice tells a word in the address that is none of the choices.
func badChoice(err error) error {
	return door.Deny(http.StatusNotFound, geo.WordsOf(err))
}
