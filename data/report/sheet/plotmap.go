package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// PlotSubject is what a red-line map shows: a plot of a park, the park's other
// plots around it (Extent tells where), as the register held them on a day after
// a change.
type PlotSubject struct {
	Park   land.Park
	Plot   land.Plot
	Around []land.Plot // the plot itself may be among them
	At     land.Date
	Seq    land.Seq
}

// FewPlots is how many plots a park may have for a red-line map to show all of
// them in its key map, and so to want them all in Around.
const FewPlots = 3000

// room is what a red-line map keeps free about the plot for labels, mm.
const room = 12

// plotLayout places the parts of a red-line map on its first page.
type plotLayout struct {
	paper               paper.Page
	frame               Rect // of everything
	window              Rect // of the map
	parts               []Rect
	points, key, legend Rect
	facts               Rect
	rowHeight           float64 // of points
}

// strip is the width of the strip around the map in which coordinates stand.
const strip = 5.0

// plotLayouts are the ways to lay a red-line map out, the smallest paper first.
// Where the points go on annexed pages, the key map and the legend take their
// place.
func plotLayouts(annexed bool) []plotLayout {
	a4 := plotLayout{paper: paper.A4, frame: Rect{20, 24, 170, 253}, rowHeight: 4.9}
	upper := Rect{20, 24, 170, 134}
	a4.window = upper.inset(strip)
	a4.points = Rect{20, 158, pointTableWidth, 119}
	a4.key, a4.legend, a4.facts = Rect{80, 158, 42, 33}, Rect{122, 158, 68, 33}, Rect{80, 191, 110, 86}
	a3 := plotLayout{paper: paper.A3.Landscape(), frame: Rect{20, 22, 380, 255}, rowHeight: 5}
	left := Rect{20, 22, 269, 255}
	a3.window = left.inset(strip)
	a3.points = Rect{289, 22, pointTableWidth, 118}
	a3.key, a3.legend, a3.facts = Rect{349, 22, 51, 60}, Rect{349, 82, 51, 58}, Rect{289, 140, 111, 137}
	if annexed {
		a4.key, a4.legend, a4.facts = Rect{20, 158, 60, 60}, Rect{20, 218, 60, 59}, Rect{80, 158, 110, 119}
		a3.key, a3.legend = Rect{289, 22, 60, 118}, Rect{349, 22, 51, 118}
		a4.points, a3.points = Rect{}, Rect{}
	}
	a4.parts = []Rect{upper, a4.key, a4.legend, a4.facts}
	a3.parts = []Rect{left, a3.key, a3.legend, a3.facts}
	if !annexed {
		a4.parts, a3.parts = append(a4.parts, a4.points), append(a3.parts, a3.points)
	}
	return []plotLayout{a4, a3}
}

// plotPlan is a red-line map before anything is drawn: the plot in the plane, and
// where it goes.
type plotPlan struct {
	project func(geo.Point) geo.Point
	rings   []ring
	plane   geo.MultiPolygon
	layout  plotLayout
	scale   int
}

func planPlot(park land.Park, plot land.Plot, o Options) (plotPlan, error) {
	project, err := onGrid(park.PlaneCRS)
	if err != nil {
		return plotPlan{}, err
	}
	p := plotPlan{project: project, rings: ringsOf(plot.Boundary, project), plane: geo.MapPoints(plot.Boundary, project)}
	layouts := slices.DeleteFunc(plotLayouts(p.annexed()), func(l plotLayout) bool { return o.Paper != "" && l.paper.Name != o.Paper })
	frames := make([]Rect, len(layouts))
	for i, l := range layouts {
		frames[i] = l.window
	}
	b := p.plane.Bound()
	scale, chosen, err := choose(Scales(PlotMapName), b.Max[0]-b.Min[0], b.Max[1]-b.Min[1], frames, room, o.Scale)
	if err != nil {
		return plotPlan{}, err
	}
	p.scale, p.layout = scale, layouts[chosen]
	return p, nil
}

// annexed tells whether the boundary points go on pages of their own.
func (p plotPlan) annexed() bool { return len(pointRows(p.rings)) > onSheet+1 }

func pointsOf(rings []ring) int {
	n := 0
	for _, r := range rings {
		n += len(r.points)
	}
	return n
}

func (p plotPlan) window() *Window {
	return &Window{Frame: p.layout.window, Centre: p.plane.Bound().Center(), Scale: float64(p.scale)}
}

// Extent is the ground that a plot's red-line map shows, EPSG:4490 lon/lat.
func Extent(park land.Park, plot land.Plot, o Options) (orb.Bound, error) {
	p, err := planPlot(park, plot, o)
	if err != nil {
		return orb.Bound{}, err
	}
	back, err := geo.NewTransformer(park.PlaneCRS, geo.CGCS2000)
	if err != nil {
		return orb.Bound{}, err
	}
	seen := p.window().seen().grown(1)
	var corners orb.MultiPoint
	for _, q := range []geo.Point{seen.min, {seen.min[0], seen.max[1]}, seen.max, {seen.max[0], seen.min[1]}} {
		corners = append(corners, back(q))
	}
	return corners.Bound(), nil
}

// PlotMap draws the red-line map of a plot (地块红线图). A scale that does not fit
// on the paper is a *land.InvalidError that lists those that do.
func PlotMap(fonts *paper.Fonts, s PlotSubject, o Options) (*Sheet, error) {
	plan, err := planPlot(s.Park, s.Plot, o)
	if err != nil {
		return nil, err
	}
	m := &plotMap{PlotSubject: s, plotPlan: plan, form: newForm(fonts), ground: plan.window()}
	if err := m.look(); err != nil {
		return nil, err
	}
	m.sheet = &Sheet{
		Name: PlotMapName, Title: s.Park.NameZh + " " + s.Plot.PlotNo + " 地块红线图",
		Number: fmt.Sprintf("%s-%d", s.Plot.PlotNo, s.Plot.Version),
		AsOf:   s.At, Seq: s.Seq, CRS: s.Park.PlaneCRS, Scale: plan.scale, Demonstration: s.Park.Demonstration, fonts: fonts,
	}
	if m.facts, err = m.factsOf(); err != nil {
		return nil, err
	}
	m.sheet.Checksum = m.checksum()
	annex := m.annexPages()
	m.drawFirst(1 + len(annex))
	m.sheet.Pages = append([]Page{{plan.layout.paper, m.form.marks}}, annex...)
	return m.sheet, nil
}

// plotMap is a red-line map in the making.
type plotMap struct {
	PlotSubject
	plotPlan
	*form
	sheet   *Sheet
	ground  *Window
	around  []tract          // without the plot
	near    []tract          // of around, what the map shows
	park    geo.MultiPolygon // the park in the plane
	unnoted int              // points whose numbers found no place on the map
	facts   plotFacts
}

// mostNear bounds the plots that are drawn on one map; of more, those that lie
// at the plot are.
const mostNear = 5000

// look finds what lies around.
func (m *plotMap) look() error {
	extent, err := Extent(m.Park, m.Plot, Options{Scale: m.scale, Paper: m.layout.paper.Name})
	if err != nil {
		return err
	}
	var others []land.Plot
	for _, p := range m.Around {
		if p.ID != m.Plot.ID && (len(m.Around) <= FewPlots || p.Boundary.Bound().Intersects(extent)) {
			others = append(others, p)
		}
	}
	m.park = geo.MapPoints(m.Park.Boundary, m.project)
	m.around = tractsOf(others, m.project)
	in := func(b bound) []tract {
		return slices.DeleteFunc(slices.Clone(m.around), func(t tract) bool { return !t.bound.meets(b) })
	}
	if m.near = in(m.ground.seen()); len(m.near) > mostNear {
		b := m.plane.Bound()
		m.near = in(bound{b.Min, b.Max}.grown(1))
	}
	return nil
}

// plotFacts are a plot's figures as tables print them.
type plotFacts struct {
	plane, ellipsoid map[string]string // by the plots table's columns
	sides            [4]string
}

// factsOf takes the plot's figures from the table of plots, so that a sheet and a
// table print the same.
func (m *plotMap) factsOf() (plotFacts, error) {
	var f plotFacts
	alone := land.Register{Seq: m.Seq, At: m.At, Parks: []land.Park{m.Park}, Plots: []land.Plot{m.Plot}}
	for measure, figures := range map[report.Measure]*map[string]string{report.Plane: &f.plane, report.Ellipsoid: &f.ellipsoid} {
		t, err := tableOf("plots", alone, measure)
		if err != nil {
			return f, err
		}
		*figures = textsOf(t, t.Rows[0])
	}
	f.sides = abuttals(m.rings, m.around, m.park)
	return f, nil
}

// checksum is over the plot's figures, its points as printed and what lies around.
func (m *plotMap) checksum() string {
	s := newSum(m.sheet.Name)
	s.line("head", m.sheet.Title, m.sheet.Number, m.At.String(), strconv.FormatInt(int64(m.Seq), 10), m.sheet.CRS.String())
	for _, row := range m.factRows() {
		var texts []string
		for _, c := range row {
			texts = append(texts, c.text)
		}
		s.line(texts...)
	}
	for _, r := range pointRows(m.rings) {
		s.line(r.ring, r.label, r.north, r.east, r.length)
	}
	return s.String()
}

// drawFirst draws the page with the map.
func (m *plotMap) drawFirst(pages int) {
	line := &redLine{fonts: m.fonts, window: m.ground, placer: newPlacer(m.ground.Frame), rings: m.rings, plane: m.plane}
	m.grid(m.ground, line.placer)
	arrow, marks := northArrow(m.ground.Frame)
	line.placer.take(box{centre: arrow.centre(), w: arrow.W, h: arrow.H})
	line.neighbours(m.near, m.park)
	line.draw()
	line.name(fraction{m.Plot.PlotNo, m.Plot.UseText(), m.facts.plane["area_m2"] + " m²"})
	line.numberPoints()
	line.measureEdges()
	line.nameNeighbours(m.near)
	m.unnoted = line.unnoted
	m.add(m.ground)
	m.add(marks...)
	m.rect(m.ground.Frame, thin)
	for _, r := range m.layout.parts {
		m.rect(r, thin)
	}
	m.rect(m.layout.frame, thick)
	if m.layout.points.W > 0 {
		m.listPoints()
	}
	m.keyMap(m.layout.key)
	m.legend(m.layout.legend)
	m.factTable(m.layout.facts)
	m.scaleBar(m.ground.Frame.centre()[0]+16, m.layout.frame.bottom()+10.5, m.scale)
	m.running(m.sheet, m.layout.frame, 1, pages)
}

// listPoints prints the boundary points beside the map.
func (m *plotMap) listPoints() {
	r := m.layout.points
	title := Rect{r.X, r.Y, r.W, m.layout.rowHeight}
	m.within(title, paper.Centre, black, "界址点坐标成果表")
	m.pointTable(r.X, title.bottom(), r.W, m.layout.rowHeight, pointRows(m.rings))
}

// keyMap shows where in the park the plot lies (位置示意图).
func (m *plotMap) keyMap(r Rect) {
	m.text(r.centre()[0], r.Y+2.6, 2.6, paper.Centre, black, "位置示意图")
	frame := Rect{r.X + 1.5, r.Y + 4.8, r.W - 3, r.H - 6.3}
	b := m.park.Bound().Union(m.plane.Bound())
	w := &Window{Frame: frame, Centre: b.Center(), Key: true}
	w.Scale = 1000 * max((b.Max[0]-b.Min[0])/(frame.W-2), (b.Max[1]-b.Min[1])/(frame.H-2), 0.001)
	for i := range m.around {
		for _, polygon := range m.around[i].plane {
			for _, ring := range polygon {
				w.add(&Line{Points: ring[:len(ring)-1], Closed: true, Pen: Pen{Color: pale, Width: 0.08}})
			}
		}
	}
	for _, polygon := range m.park {
		for _, ring := range polygon {
			w.add(&Line{Points: ring[:len(ring)-1], Closed: true, Pen: Pen{Color: plum, Width: 0.25}})
		}
	}
	for _, polygon := range m.plane {
		w.add(&Area{Rings: polygon, Color: red})
	}
	own := m.plane.Bound()
	const visible = 2.0 // mm
	if max(own.Max[0]-own.Min[0], own.Max[1]-own.Min[1])/w.metres() < visible {
		w.add(&Circle{At: own.Center(), Diameter: 3.2, Pen: Pen{Color: red, Width: 0.3}})
	}
	m.add(w)
}

// legend explains the map's signs (图例).
func (m *plotMap) legend(r Rect) {
	m.text(r.centre()[0], r.Y+2.6, 2.6, paper.Centre, black, "图　例")
	entries := []struct {
		name string
		sign func(x, y float64)
	}{
		{"用地红线", func(x, y float64) { m.rule(Pen{Color: red, Width: redLineWidth}, geo.Point{x, y}, geo.Point{x + 9, y}) }},
		{"界址点及点号", func(x, y float64) {
			m.add(&Circle{At: geo.Point{x + 3, y}, Diameter: pointDiameter, Pen: Pen{Color: red, Width: 0.13}, Fill: white})
			m.text(x+4.2, y, pointSize, paper.Left, red, "J1")
		}},
		{"边长（米）", func(x, y float64) { m.text(x+4.5, y, lengthSize, paper.Centre, red, "12.34") }},
		{"相邻地块", func(x, y float64) { m.rule(Pen{Color: grey, Width: 0.13}, geo.Point{x, y}, geo.Point{x + 9, y}) }},
		{"园区边界", func(x, y float64) {
			m.rule(Pen{Color: plum, Width: 0.35, Dash: []float64{4, 1, 0.5, 1}}, geo.Point{x, y}, geo.Point{x + 9, y})
		}},
		{"坐标格网（公里）", func(x, y float64) {
			pen := Pen{Color: blue, Width: 0.13}
			m.rule(pen, geo.Point{x + 2, y}, geo.Point{x + 7, y})
			m.rule(pen, geo.Point{x + 4.5, y - 2.5}, geo.Point{x + 4.5, y + 2.5})
		}},
	}
	columns := max(int(r.W/33), 1)
	rows := (len(entries) + columns - 1) / columns
	step := min((r.H-6)/float64(rows), 8)
	for i, e := range entries {
		x := r.X + 3 + float64(i/rows)*(r.W-3)/float64(columns)
		y := r.Y + 5 + step*(float64(i%rows)+0.5)
		e.sign(x, y)
		m.text(x+11, y, 2.4, paper.Left, black, e.name)
	}
	if m.unnoted > 0 {
		m.text(r.X+3, r.bottom()-2.4, 2.2, paper.Left, black, fmt.Sprintf("注：%d 个界址点图上未注点号", m.unnoted))
	}
}

// factColumns are parts of the width of the table of facts.
var factColumns = []float64{18, 19, 18, 19, 18, 18}

// factTable prints what the register says of the plot, and the title block (图签).
func (m *plotMap) factTable(r Rect) {
	widths := make([]float64, len(factColumns))
	for i, w := range factColumns {
		widths[i] = w * r.W / 110
	}
	rows := append(m.factRows(), m.sheetRows()...)
	const signatures = 2
	height := min(r.H/float64(len(rows)+signatures+1), 7)
	y := r.Y
	for _, cells := range rows {
		m.row(r.X, y, height, widths, cells...)
		y += height
	}
	last := (r.bottom() - y) / signatures
	m.row(r.X, y, last, widths, head("制图"), value("", 1), head("校核"), value("", 1), head("审核"), value("", 1))
	m.row(r.X, y+last, last, widths, head("制图单位"), value("", 3), head("日期"), value("", 1))
}

func (m *plotMap) factRows() [][]cell {
	plane, ellipsoid := m.facts.plane, m.facts.ellipsoid
	areas := func(row map[string]string, on string) cell {
		return value(row["area_m2"]+" m²　"+row["area_mu"]+" 亩　"+row["area_ha"]+" 公顷（"+on+"）", 5)
	}
	centred := func(text string) cell { return cell{text: text, align: paper.Centre} }
	use := plane["land_use"] + " " + plane["land_use_name"]
	if u, ok := land.LookupUse(land.UseCode{Scheme: land.MNR2023, Code: m.Plot.Use2023}); ok {
		use += "（2023 分类：" + u.Code + " " + u.NameZh + "）"
	}
	rows := [][]cell{
		{head("园区"), value(m.Park.NameZh, 2), head("地块编号"), value(m.Plot.PlotNo, 2)},
		{head("地块名称"), value(cmp.Or(m.Plot.Name, "-"), 5)},
		{head("用地性质"), value(use, 5)},
		{head("权利人"), value(cmp.Or(m.Plot.Holder, "-"), 5)},
		{head("供地状态"), value(plane["status"], 1), head("供应方式"), value(plane["supply_mode"], 1), head("供应日期"), value(plane["supplied_on"], 1)},
		{head("平面面积"), areas(plane, m.sheet.CRS.String())},
		{head("椭球面积"), areas(ellipsoid, "CGCS2000 椭球")},
	}
	if a := m.Plot.StatedArea; a != nil {
		rows = append(rows, []cell{head("证载面积"), value(geo.FormatFixed(float64(*a), geo.SquareMetreDecimals)+" m²", 5)})
	}
	rows = append(rows,
		[]cell{head("容积率"), head("计容建筑面积 (m²)"), head("建筑密度 (%)"), head("绿地率 (%)"), head("建筑限高 (m)"), head("界址点数")},
		[]cell{centred(plane["far"]), centred(plane["gfa_max_m2"]), centred(plane["density_max"]), centred(plane["green_min"]), centred(plane["height_max"]), centred(m.pointCount())},
		[]cell{head("建筑退让"), value(cmp.Or(m.Plot.Setbacks, "-"), 5)},
		[]cell{head("四至：" + sides[0]), value(m.facts.sides[0], 2), head("四至：" + sides[1]), value(m.facts.sides[1], 2)},
		[]cell{head("四至：" + sides[2]), value(m.facts.sides[2], 2), head("四至：" + sides[3]), value(m.facts.sides[3], 2)},
	)
	return rows
}

// sheetRows say what the sheet stands on.
func (m *plotMap) sheetRows() [][]cell {
	rows := [][]cell{
		{head("坐标系"), value(m.sheet.CRS.Described().Zh+"（"+m.sheet.CRS.String()+"）", 5)},
		{head("数据日期"), value(m.At.Chinese(), 2), head("登记变更号"), value(strconv.FormatInt(int64(m.Seq), 10), 2)},
		{head("图号"), value(m.sheet.Number, 2), head("校验码"), value(m.sheet.Checksum[:16], 2)},
	}
	if m.Park.Demonstration {
		rows = append(rows, []cell{head("数据性质"), {text: demonstrationNote, span: 5, color: red}})
	}
	return rows
}

func (m *plotMap) pointCount() string {
	n := pointsOf(m.rings)
	if m.annexed() {
		return fmt.Sprintf("%d（见附页）", n)
	}
	return strconv.Itoa(n)
}
