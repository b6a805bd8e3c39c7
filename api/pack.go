package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/data/report/sheet"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

const (
	mostPacked  = 50 // plots of a pack
	packsAtOnce = 1  // each draws a sheet for every plot
	packTries   = 3  // to find the register at rest
	packType    = "application/zip"
)

// packTables are the tables of a pack, each in packFormats.
var (
	packTables  = []string{"plots", "boundary", "compliance"}
	packFormats = []string{"pdf", "xlsx"}
)

// Pack is an approval pack (审批材料包) as it is asked for: tables, red-line maps and
// boundaries of some plots in one file.
type Pack struct {
	moment  land.Moment
	plots   []land.PlotID
	reports []*Report
	fonts   *paper.Shelf
}

// NewPack reads which plots a pack is of, and at which moment.
func NewPack(q url.Values, fonts *paper.Shelf) (*Pack, error) {
	if err := door.Known(q, "plot", "at", "known_at"); err != nil {
		return nil, err
	}
	p := Pack{fonts: fonts}
	for _, table := range packTables {
		r, err := NewReport(table, packFormats[0], q, fonts)
		if err != nil {
			return nil, err
		}
		p.reports = append(p.reports, r)
	}
	p.moment = p.reports[0].moment
	p.plots = slices.Compact(slices.Sorted(slices.Values(p.reports[0].chosen.Plots)))
	switch n := len(p.plots); {
	case n == 0:
		return nil, door.Refuse("plot", geo.Say("需要地块", "a plot is needed"), geo.Say("请给出地块的标识码，例如 plot=41,42", "name the plots, such as plot=41,42"))
	case n > mostPacked:
		return nil, door.Refuse("plot", geo.Say("%d 个地块过多", "%d plots are too many", n), geo.Say("请至多给出 %d 个", "give at most %d", mostPacked))
	}
	return &p, nil
}

// Write makes the pack, all of it of one change, and writes it as a zip file.
func (p *Pack) Write(ctx context.Context, w io.Writer, desk ReportDesk) (report.Pack, error) {
	made, err := atRest(func() (report.Pack, error) {
		view, err := desk.View(ctx, p.moment)
		if err != nil {
			return report.Pack{}, err
		}
		return p.gather(ctx, desk, view)
	})
	if err != nil {
		return made, err
	}
	return made, report.WritePack(w, made)
}

// errMoved says that the register changed while a pack was gathered.
var errMoved = errors.New("the register moved")

// atRest gathers a pack again where the register moved meanwhile.
func atRest(gather func() (report.Pack, error)) (report.Pack, error) {
	for range packTries {
		if made, err := gather(); !errors.Is(err, errMoved) {
			return made, err
		}
	}
	return report.Pack{}, door.Deny(http.StatusServiceUnavailable, geo.Say("生成材料包时登记库有变更；请重试", "the register changed while the pack was made; try again"))
}

// gather reads all that the pack is written from. errMoved says that the tables are
// not of the view's change.
func (p *Pack) gather(ctx context.Context, desk ReportDesk, view *tiles.View) (report.Pack, error) {
	fonts, err := p.fonts.Fonts()
	if err != nil {
		return report.Pack{}, err
	}
	plots := make([]land.Plot, len(p.plots))
	for i, id := range p.plots {
		var there bool
		if plots[i], there = view.Plot(id); !there {
			return report.Pack{}, &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
	}
	made := emptyPack(view, plots)
	if err := p.addTables(ctx, &made, desk, view); err != nil {
		return report.Pack{}, err
	}
	for _, plot := range plots {
		made.Parts = append(made.Parts, report.Part{
			Name:  fmt.Sprintf("%s-%d.pdf", sheet.PlotMapName, plot.ID),
			Title: geo.Say("%s 地块红线图", "Red-line map of %s", plot.PlotNo),
			Write: func(w io.Writer) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				drawn, err := drawPlotMap(fonts, view, plot, sheet.Options{})
				if err != nil {
					return err
				}
				return drawn.PDF(w)
			},
		})
	}
	var titles []string
	for _, park := range parksUnder(view, plots) {
		titles = append(titles, exchange.TitleOf(park))
	}
	options := exchange.Options{Title: strings.Join(titles, "、"), At: made.AsOf, Seq: made.Seq, Demonstration: made.Demonstration}
	for _, file := range []struct{ name, format string }{{"boundary.txt", boundary.Name}, {"boundary.shp.zip", gdal.Shapefile}} {
		format, err := exchange.LookupWritten(file.format)
		if err != nil {
			return report.Pack{}, err
		}
		made.Parts = append(made.Parts, report.Part{
			Name: file.name, Title: geo.Words{Zh: format.TitleZh, En: format.TitleEn},
			Write: func(w io.Writer) error {
				return exchange.Write(ctx, w, file.format, options, func(yield func(*land.Plot, error) bool) {
					for i := range plots {
						if !yield(&plots[i], nil) {
							return
						}
					}
				})
			},
		})
	}
	return made, nil
}

// addTables makes the tables in one snapshot.
func (p *Pack) addTables(ctx context.Context, made *report.Pack, desk ReportDesk, view *tiles.View) error {
	return desk.DB.Read(ctx, desk.Actor, p.moment, p.reports[0].chosen, func(reading *postgis.Reading) error {
		for _, r := range p.reports {
			table, err := r.from(ctx, reading, func() (*tiles.View, error) { return view, nil })
			if err == nil {
				err = tooLong(table)
			}
			if err != nil {
				return err
			}
			if table.Head.Seq != view.Seq || table.Head.AsOf != view.Day {
				return errMoved
			}
			if err := addTable(made, r.kind.Name, table, p.fonts, packFormats...); err != nil {
				return err
			}
		}
		return nil
	})
}

// addTable adds a table in some formats.
func addTable(made *report.Pack, name string, table report.Table, fonts *paper.Shelf, formats ...string) error {
	for _, ending := range formats {
		format, err := report.LookupFormat(ending, fonts)
		if err != nil {
			return err
		}
		made.Parts = append(made.Parts, report.Part{
			Name: name + "." + ending, Title: geo.Words{Zh: table.TitleZh, En: table.TitleEn},
			Write: func(w io.Writer) error { return format.Print(w, table) },
		})
	}
	return nil
}

// emptyPack says of which plots a pack is.
func emptyPack(view *tiles.View, plots []land.Plot) report.Pack {
	made := report.Pack{AsOf: view.Day, Seq: view.Seq}
	var zh, en []string
	for _, park := range parksUnder(view, plots) {
		zh, en = append(zh, park.NameZh), append(en, park.NameEn)
		made.Demonstration = made.Demonstration || park.Demonstration
	}
	made.Title = packTitle(strings.Join(zh, "、"), strings.Join(en, ", "))
	for _, p := range plots {
		made.Plots = append(made.Plots, p.PlotNo)
	}
	return made
}

// parksUnder are the parks in which plots lie.
func parksUnder(view *tiles.View, plots []land.Plot) []land.Park {
	var parks []land.Park
	for _, park := range view.Parks {
		if slices.ContainsFunc(plots, func(p land.Plot) bool { return p.Park == park.Code }) {
			parks = append(parks, park.Park)
		}
	}
	return parks
}

func packTitle(zh, en string) geo.Words {
	return geo.Words{Zh: zh + "审批材料包", En: en + ": approval pack"}
}

// getPack answers /api/v1/reports/pack.zip: the approval pack of some plots.
func (s *server) getPack(c echo.Context) error {
	q, err := door.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return err
	}
	asked, err := NewPack(q, s.fonts)
	if err != nil {
		return err
	}
	return s.sendPack(c, "pack.zip", func(w io.Writer) (report.Pack, error) {
		return asked.Write(c.Request().Context(), w, s.packDesk(c))
	})
}

// packDesk makes packs with the newest view, which waits for what the database has.
func (s *server) packDesk(c echo.Context) ReportDesk {
	return ReportDesk{DB: s.DB, Actor: access.Actor(c), View: func(ctx context.Context, m land.Moment) (*tiles.View, error) {
		if m.IsNow() {
			return s.current(ctx)
		}
		return s.views.At(c, m)
	}}
}

// getCasePack answers /api/v1/cases/{no}/pack.zip: the approval pack of a case's
// plots that the register holds, with the form of the case.
func (s *server) getCasePack(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return s.sendPack(c, string(found.No)+".zip", func(w io.Writer) (report.Pack, error) {
		made, err := atRest(func() (report.Pack, error) { return s.gatherCase(c, found.No) })
		if err != nil {
			return made, err
		}
		return made, report.WritePack(w, made)
	})
}

func (s *server) gatherCase(c echo.Context, no land.CaseNo) (report.Pack, error) {
	ctx, desk := c.Request().Context(), s.packDesk(c)
	found, err := s.DB.Case(ctx, desk.Actor, no)
	if err != nil {
		return report.Pack{}, err
	}
	view, err := desk.View(ctx, land.Moment{})
	if err != nil {
		return report.Pack{}, err
	}
	form, err := s.caseSheet(ctx, desk.Actor, found, view)
	if err != nil {
		return report.Pack{}, err
	}
	made := emptyPack(view, form.Plots)
	if n := len(form.Plots); n > mostPacked {
		return report.Pack{}, land.Invalid("plots", geo.Say("案件有 %d 个地块，过多", "the case has %d plots, which are too many", n), geo.Say("材料包至多含 %d 个地块；请按地块分批生成", "a pack holds at most %d; make packs of its plots in parts", mostPacked))
	} else if n > 0 {
		ids := make([]string, len(form.Plots))
		for i, p := range form.Plots {
			ids[i] = strconv.FormatInt(int64(p.ID), 10)
		}
		asked, err := NewPack(url.Values{"plot": {strings.Join(ids, ",")}}, s.fonts)
		if err != nil {
			return report.Pack{}, err
		}
		if made, err = asked.gather(ctx, desk, view); err != nil {
			return report.Pack{}, err
		}
	}
	made.Title = packTitle(form.Park.NameZh+found.Kind.Name().Zh, form.Park.NameEn+", "+found.Kind.Name().En)
	made.Case = string(found.No) + " " + found.Title
	made.Demonstration = made.Demonstration || form.Park.Demonstration
	if err := addTable(&made, "summary", report.CaseForm(form), s.fonts, "pdf"); err != nil {
		return report.Pack{}, err
	}
	again, err := s.DB.Case(ctx, desk.Actor, no)
	if err == nil && again.Version != found.Version {
		err = errMoved
	}
	return made, err
}

// sendPack writes a pack, when it is its turn, and sends it whole.
func (s *server) sendPack(c echo.Context, name string, write func(io.Writer) (report.Pack, error)) error {
	ctx := c.Request().Context()
	select {
	case s.packing <- struct{}{}:
		defer func() { <-s.packing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	file, err := temporary()
	if err != nil {
		return err
	}
	defer file.Close()
	made, err := write(file)
	if err != nil {
		return err
	}
	door.SetSeq(c, made.Seq)
	return sendFile(c, file, packType, name, made.Title.Zh+".zip")
}
