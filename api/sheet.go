package api

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/data/report/sheet"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// sheetsAtOnce bounds the sheets that are drawn at the same time: each takes a
// processor, and its fonts some tens of megabytes.
const sheetsAtOnce = 2

// getPlotMap answers /api/v1/reports/plot-map.{format}: the red-line map of a plot.
func (s *server) getPlotMap(c echo.Context) error {
	q, view, err := s.views.Ask(c, "plot", "scale", "paper")
	if err != nil {
		return err
	}
	return s.sendSheet(c, sheet.PlotMapName, q, func(fonts *paper.Fonts, o sheet.Options) (*sheet.Sheet, error) {
		number := q.Get("plot")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, door.Refuse("plot", geo.Say("%q 不是地块在登记库中的编号", "%q is no plot's number in the register", number), geo.Say("请给出整数，例如 plot=12", "give a whole number, such as plot=12"))
		}
		plot, ok := view.Plot(land.PlotID(id))
		if !ok {
			return nil, s.whereItWent(c, land.PlotID(id))
		}
		return drawPlotMap(fonts, view, plot, o)
	})
}

// drawPlotMap draws the red-line map of a plot of a view.
func drawPlotMap(fonts *paper.Fonts, view *tiles.View, plot land.Plot, o sheet.Options) (*sheet.Sheet, error) {
	park, _ := view.Park(plot.Park)
	around := park.Bound
	if view.Land(park.Code).Sum().Plots > sheet.FewPlots {
		var err error
		if around, err = sheet.Extent(park.Park, plot, o); err != nil {
			return nil, err
		}
	}
	return sheet.PlotMap(fonts, sheet.PlotSubject{Park: park.Park, Plot: plot, Around: view.Around(park.Code, around), At: view.Day, Seq: view.Seq}, o)
}

// getParkMap answers /api/v1/reports/park-map.{format}: the land-use plan of a park.
func (s *server) getParkMap(c echo.Context) error {
	q, view, err := s.views.Ask(c, "park", "scale", "paper")
	if err != nil {
		return err
	}
	return s.sendSheet(c, sheet.ParkMapName, q, func(fonts *paper.Fonts, o sheet.Options) (*sheet.Sheet, error) {
		park, ok := view.Park(land.ParkCode(q.Get("park")))
		if !ok {
			return nil, noPark(q.Get("park"), view)
		}
		if _, err := sheet.ParkScale(park.Park, o); err != nil {
			return nil, err
		}
		return sheet.ParkMap(fonts, land.Register{Seq: view.Seq, At: view.Day, Parks: []land.Park{park.Park}, Plots: view.Around(park.Code, park.Bound)}, o)
	})
}

// noPark says which parks there are.
func noPark(code string, view *tiles.View) error {
	var codes []geo.Words
	for _, p := range view.Parks {
		codes = append(codes, geo.Names(string(p.Code)))
	}
	if code == "" {
		return door.Refuse("park", geo.Say("没有给出园区", "no park is given"), geo.Say("可用：%s", "use one of %s", geo.List(codes)))
	}
	return door.Deny(http.StatusNotFound, geo.Say("没有园区 %q；可用：%s", "there is no park %q; use one of %s", code, geo.List(codes)))
}

// sendSheet draws a sheet, when it is its turn, and sends it.
func (s *server) sendSheet(c echo.Context, name string, q url.Values, draw func(*paper.Fonts, sheet.Options) (*sheet.Sheet, error)) error {
	format, err := sheet.LookupFormat(c.Param("format"))
	if err != nil {
		return badChoice(err)
	}
	var o sheet.Options
	if o.Scale, err = sheet.ParseScale(name, q.Get("scale")); err != nil {
		return badParameter(err)
	}
	if o.Paper, err = sheet.ParsePaper(q.Get("paper")); err != nil {
		return badParameter(err)
	}
	fonts, err := s.fonts.Fonts()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	drawn, err := draw(fonts, o)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := format.Write(ctx, &body, drawn); err != nil {
		return err
	}
	door.SetSeq(c, drawn.Seq)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	h.Set(echo.HeaderContentDisposition, attachment(name+"."+format.Name, drawn.Title+"."+format.Name))
	return c.Blob(http.StatusOK, format.ContentType, body.Bytes())
}

// badParameter tells a value of a parameter that is none of the choices.
func badParameter(err error) error {
	var invalid *land.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	f := invalid.Findings[0]
	return door.Refuse(f.Field, f.Said(), f.Advised())
}
