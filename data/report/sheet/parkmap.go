package sheet

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/exchange/dxf"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Layers of a land-use plan beside those of the land uses, which are named as in
// exported drawings.
const (
	layerRoads = "道路注记"
)

// Parts of a land-use plan on A3, mm.
var (
	parkFrame = Rect{20, 22, 380, 255}
	parkLeft  = Rect{20, 22, 269, 255}
	parkPanel = Rect{289, 22, 111, 255}
)

// parkRoom is what a land-use plan keeps free about the park, mm.
const parkRoom = 4

// ParkScale is the scale at which a park's land-use plan is drawn. One that does
// not fit on the paper is a *land.InvalidError that lists those that do.
func ParkScale(park land.Park, o Options) (int, error) {
	m, err := planPark(park, o)
	return m.scale, err
}

// parkPlan is a land-use plan before anything is drawn.
type parkPlan struct {
	project func(geo.Point) geo.Point
	plane   geo.MultiPolygon // the park
	scale   int
}

func planPark(park land.Park, o Options) (p parkPlan, err error) {
	if o.Paper != "" && o.Paper != paper.A3.Name {
		return p, land.Invalid("paper", geo.Say("园区用地规划图用 A3 纸", "the land-use plan is drawn on A3"), geo.Say("请用 A3", "use A3"))
	}
	if p.project, err = onGrid(park.PlaneCRS); err != nil {
		return p, err
	}
	p.plane = geo.MapPoints(park.Boundary, p.project)
	b := p.plane.Bound()
	p.scale, _, err = choose(Scales(ParkMapName), b.Max[0]-b.Min[0], b.Max[1]-b.Min[1], []Rect{parkLeft.inset(strip)}, parkRoom, o.Scale)
	return p, err
}

// ParkMap draws the land-use plan of a park (园区用地规划图) on A3: land by use in
// the planning colours, hatched by status. reg holds one park with its plots. The
// legend's figures are those of the table balance. Errors are those of ParkScale.
func ParkMap(fonts *paper.Fonts, reg land.Register, o Options) (*Sheet, error) {
	if len(reg.Parks) != 1 {
		return nil, land.Invalid("park", geo.Say("规划图一次画一个园区", "the plan is drawn for one park at a time"), geo.Say("请给出园区代码", "give a park's code"))
	}
	park := reg.Parks[0]
	plan, err := planPark(park, o)
	if err != nil {
		return nil, err
	}
	balance, err := tableOf("balance", reg, report.Plane)
	if err != nil {
		return nil, err
	}
	m := &parkMap{parkPlan: plan, form: newForm(fonts), Park: park, balance: balance, plots: tractsOf(reg.Plots, plan.project)}
	m.ground = &Window{Frame: parkLeft.inset(strip), Centre: plan.plane.Bound().Center(), Scale: float64(plan.scale)}
	m.sheet = &Sheet{
		Name: ParkMapName, Title: park.NameZh + " 用地规划图", Number: fmt.Sprintf("%s-%d", park.Code, reg.Seq),
		AsOf: reg.At, Seq: reg.Seq, CRS: park.PlaneCRS, Scale: plan.scale, Demonstration: park.Demonstration, fonts: fonts,
	}
	m.sheet.Checksum = m.checksum()
	m.compose()
	return m.sheet, nil
}

// parkMap is a land-use plan in the making.
type parkMap struct {
	parkPlan
	*form
	land.Park
	sheet   *Sheet
	balance report.Table
	plots   []tract
	ground  *Window
	placer  *placer
}

// checksum is over the plots, as the map shows them, and the table's figures.
func (m *parkMap) checksum() string {
	s := newSum(m.sheet.Name)
	s.line("head", m.sheet.Title, m.sheet.Number, m.sheet.AsOf.String(), strconv.FormatInt(int64(m.sheet.Seq), 10), m.sheet.CRS.String())
	for _, t := range m.plots {
		s.line("plot", strconv.FormatInt(int64(t.ID), 10), strconv.Itoa(t.Version), t.PlotNo, t.UseText(), string(t.Status), geo.FormatFixed(float64(t.Area), geo.SquareMetreDecimals))
	}
	for _, row := range m.useRows() {
		s.line(row...)
	}
	return s.String()
}

func (m *parkMap) compose() {
	m.placer = newPlacer(m.ground.Frame)
	arrow, marks := northArrow(m.ground.Frame)
	m.placer.take(box{centre: arrow.centre(), w: arrow.W, h: arrow.H})
	for i := range m.plots {
		m.paint(&m.plots[i])
	}
	for i := range m.plots {
		m.outline(&m.plots[i])
	}
	for _, polygon := range m.plane {
		for _, ring := range polygon {
			m.ground.add(&Line{Layer: layerPark, Points: ring[:len(ring)-1], Closed: true, Pen: Pen{Color: plum, Width: 0.5, Dash: []float64{4, 1, 0.5, 1}}})
		}
	}
	m.grid(m.ground, m.placer)
	m.nameAll()
	m.add(m.ground)
	m.add(marks...)
	m.rect(m.ground.Frame, thin)
	m.rect(parkLeft, thin)
	m.panel(parkPanel)
	m.rect(parkFrame, thick)
	m.scaleBar(m.ground.Frame.centre()[0]+16, parkFrame.bottom()+10.5, m.sheet.Scale)
	annex := m.annexPages()
	m.running(m.sheet, parkFrame, 1, 1+len(annex))
	m.sheet.Pages = append([]Page{{paper.A3.Landscape(), m.form.marks}}, annex...)
}

// noColor stands where no source names a planning colour.
const noColor = "#E6E6E6"

func colorOf(c land.UseCode) string {
	for ; c.Code != ""; c = land.ParentUse(c) {
		if u, ok := land.LookupUse(c); ok && u.Color != "" {
			return u.Color
		}
	}
	return noColor
}

// paint fills a plot with its use's colour and hatches it by its status.
func (m *parkMap) paint(t *tract) {
	for _, polygon := range t.plane {
		m.ground.add(&Area{Rings: polygon, Color: colorOf(t.Use)})
		rings := make([]geo.Ring, len(polygon))
		for i, ring := range polygon {
			for _, q := range ring {
				rings[i] = append(rings[i], m.ground.Paper(q))
			}
		}
		m.ground.add(m.onGround(hatchings[t.Status].over(rings))...)
	}
}

// onGround puts lines of the paper on the ground.
func (m *parkMap) onGround(marks []Mark) []Mark {
	for _, mark := range marks {
		if l, ok := mark.(*Line); ok {
			for i, p := range l.Points {
				l.Points[i] = m.ground.Ground(p)
			}
		}
	}
	return marks
}

func (m *parkMap) outline(t *tract) {
	for _, polygon := range t.plane {
		for i, ring := range polygon {
			layer := strings.ReplaceAll(t.UseText(), "/", "+")
			if i > 0 {
				layer += dxf.HoleSuffix
			}
			m.ground.add(&Line{Layer: layer, Points: ring[:len(ring)-1], Closed: true, Pen: Pen{Color: grey, Width: 0.13}})
			for j := range len(ring) - 1 {
				m.placer.avoid(m.ground.Paper(ring[j]), m.ground.Paper(ring[j+1]), overOthers)
			}
		}
	}
}

// roadsApart is how far two labels of one road stand apart at least, mm.
const roadsApart = 60

// nameAll names roads along their course and then plots, the largest first, where
// they have room.
func (m *parkMap) nameAll() {
	ordered := slices.Clone(m.plots)
	slices.SortStableFunc(ordered, func(a, b tract) int { return cmp.Compare(b.Area, a.Area) })
	named := map[string][]geo.Point{}
	for i := range ordered {
		t := &ordered[i]
		if !isRoad(t.Use) || t.called() == t.PlotNo {
			continue
		}
		near := func(at geo.Point) bool {
			return slices.ContainsFunc(named[t.called()], func(p geo.Point) bool { return planar.Distance(p, at) < roadsApart })
		}
		for _, size := range []float64{2.6, 2.2, 1.8} {
			if b, ok := m.spot(t, size, []string{t.called()}, true); ok && !near(b.centre) {
				m.label(t, layerRoads, b, size, t.called())
				named[t.called()] = append(named[t.called()], b.centre)
				break
			}
		}
	}
	for i := range ordered {
		t := &ordered[i]
		if isRoad(t.Use) && t.called() != t.PlotNo {
			continue
		}
		for _, l := range []struct {
			size  float64
			lines []string
			along bool
		}{
			{2.5, []string{t.PlotNo, t.UseText()}, false}, {2.1, []string{t.PlotNo, t.UseText()}, false},
			{2.1, []string{t.PlotNo}, false}, {1.8, []string{t.PlotNo}, false}, {2.1, []string{t.PlotNo}, true}, {1.6, []string{t.PlotNo}, true},
		} {
			if b, ok := m.spot(t, l.size, l.lines, l.along); ok {
				m.label(t, layerPlotNo, b, l.size, l.lines...)
				break
			}
		}
	}
}

// spot finds room for lines of text inside a plot, upright or along its edges.
func (m *parkMap) spot(t *tract, size float64, lines []string, along bool) (box, bool) {
	w := m.widest(lines, size)
	h := size * (1 + leading*float64(len(lines)-1))
	inMetres := m.ground.metres()
	if width, height := t.bound.max[0]-t.bound.min[0], t.bound.max[1]-t.bound.min[1]; math.Hypot(width, height) < w*inMetres || !along && width < w*inMetres {
		return box{}, false
	}
	pole, room := geo.LabelPoint(t.plane)
	const imprecise = 1.5 // the pole is not quite the point with most room
	if room*imprecise < h/2*inMetres {
		return box{}, false
	}
	for _, c := range lattice(m.ground.Paper(pole), w, h, 24, 1.5) {
		at := m.ground.Ground(c.box.centre)
		if !t.bound.holds(at) || !planar.MultiPolygonContains(t.plane, at) {
			continue
		}
		if along {
			c.box.angle = bearing(t.plane, at)
		}
		if m.placer.clear(c.box) && m.placer.free(c) {
			return c.box, true
		}
	}
	return box{}, false
}

// label writes lines of text on a plot, whose hatching leaves room for them.
func (m *parkMap) label(t *tract, layer string, b box, size float64, lines ...string) {
	m.placer.take(b)
	corners := b.corners()
	ring := make(geo.Ring, len(corners))
	for i, p := range corners {
		ring[i] = m.ground.Ground(p)
	}
	color := colorOf(t.Use)
	m.ground.add(&Area{Rings: []geo.Ring{ring}, Color: color})
	_, across := b.axes()
	for i, line := range lines {
		d := leading * size * (float64(i) - float64(len(lines)-1)/2)
		at := geo.Point{b.centre[0] + across[0]*d, b.centre[1] + across[1]*d}
		m.ground.add(&Text{Layer: layer, At: m.ground.Ground(at), Size: size, Angle: b.angle, Align: paper.Centre, Color: over(color), Text: line})
	}
}

// over is the colour of text on a colour: white on what is dark.
func over(color string) string {
	r, g, b := rgb(color)
	if 0.299*float64(r)+0.587*float64(g)+0.114*float64(b) < 105 {
		return white
	}
	return black
}

// useRows are the rows of land by use that the plan's legend prints, of the table
// balance: code, name, plots, hectares, mu and share; the last is the total.
func (m *parkMap) useRows() [][]string {
	var rows [][]string
	for _, row := range m.balance.Rows {
		if row.Kind == report.Subtotal {
			continue
		}
		all := textsOf(m.balance, row)
		var texts []string
		for _, key := range []string{"land_use", "land_use_name", "plots", "area_ha", "area_mu", "share_pct"} {
			texts = append(texts, all[key])
		}
		rows = append(rows, texts)
	}
	return rows
}

// colorOfCode is the planning colour of a row's code, in the scheme in which a
// plot has it.
func (m *parkMap) colorOfCode(code string) string {
	for _, t := range m.plots {
		if t.Use.Code == code {
			return colorOf(t.Use)
		}
	}
	return noColor
}

// useColumns are the widths of 图例, 代码, 用地名称, 地块数, 公顷, 亩 and 比例.
var useColumns = []float64{10, 12, 29, 11, 18, 17, 14}

func (m *parkMap) useTable(f *form, x, y, width, height float64, rows [][]string) {
	widths := make([]float64, len(useColumns))
	for i, w := range useColumns {
		widths[i] = w * width / 111
	}
	f.row(x, y, height, widths, head("图例"), head("代码"), head("用地名称"), head("地块数"), head("公顷"), head("亩"), head("比例 (%)"))
	for _, row := range rows {
		y += height
		total := row[0] == "-"
		cells := []cell{value("", 1), {text: row[0], align: paper.Centre}, value(row[1], 1), number(row[2]), number(row[3]), number(row[4]), number(row[5])}
		if total {
			cells[1].text = ""
			for i := range cells {
				cells[i].head = true
			}
		}
		f.row(x, y, height, widths, cells...)
		if !total {
			m.swatch(f, Rect{x + 1.2, y + 0.8, widths[0] - 2.4, height - 1.6}, m.colorOfCode(row[0]))
		}
	}
}

func (m *parkMap) swatch(f *form, r Rect, color string) {
	f.fill(r, color)
	f.rect(r, thin)
}

// Heights in a land-use plan's panel, mm.
const (
	useRowHeight   = 4.6
	statusHeight   = 25.0
	factsHeight    = 66.0
	notesHeight    = 30.0
	leastRowHeight = 3.6
)

// useRoom is how high the table of land by use may be.
func useRoom(r Rect) float64 { return r.H - statusHeight - factsHeight - notesHeight }

// annexed tells whether the table of land by use goes on a page of its own.
func (m *parkMap) annexed() bool {
	return float64(len(m.useRows())+2)*leastRowHeight > useRoom(parkPanel)
}

// panel prints what stands beside the map.
func (m *parkMap) panel(r Rect) {
	y := r.Y
	if !m.annexed() {
		rows := m.useRows()
		height := min(useRoom(r)/float64(len(rows)+2), 6)
		m.within(Rect{r.X, y, r.W, height}, paper.Centre, black, "用地汇总表")
		m.useTable(m.form, r.X, y+height, r.W, height, rows)
		y += height * float64(len(rows)+2)
	} else {
		y = m.useKey(Rect{r.X, y, r.W, useRoom(r)})
	}
	y = m.statusKey(Rect{r.X, y, r.W, statusHeight})
	y = m.factTable(Rect{r.X, y, r.W, factsHeight})
	notes := Rect{r.X, y, r.W, r.bottom() - y}
	m.rect(notes, thin)
	m.notes(notes)
}

// useKey shows the colours alone, where the table is on another page.
func (m *parkMap) useKey(r Rect) float64 {
	m.rect(r, thin)
	m.text(r.centre()[0], r.Y+3, 2.8, paper.Centre, black, "图　例（用地汇总表见附页）")
	rows := m.useRows()
	rows = rows[:len(rows)-1]
	const columns = 3
	perColumn := (len(rows) + columns - 1) / columns
	step := min((r.H-7)/float64(perColumn), 6)
	for i, row := range rows {
		x := r.X + 2 + float64(i/perColumn)*(r.W-2)/columns
		y := r.Y + 6 + step*float64(i%perColumn)
		m.swatch(m.form, Rect{x, y + 0.4, 6, step - 0.8}, m.colorOfCode(row[0]))
		m.within(Rect{x + 6.2, y, (r.W-2)/columns - 6.4, step}, paper.Left, black, row[0]+" "+row[1])
	}
	return r.bottom()
}

// statusKey explains the hatching and the lines.
func (m *parkMap) statusKey(r Rect) float64 {
	m.rect(r, thin)
	const columns, size = 5, 2.3
	names := land.Statuses()
	entry := func(i int) (Rect, float64) {
		x := r.X + 2 + float64(i%columns)*(r.W-2)/columns
		y := r.Y + 1.5 + float64(i/columns)*7.6
		return Rect{x, y, 8.5, 5.5}, y + 2.75
	}
	for i, s := range names {
		box, y := entry(i)
		m.fill(box, white)
		m.add(hatchings[s.Status].over([]geo.Ring{box.corners()})...)
		m.rect(box, thin)
		m.text(box.right()+1, y, size, paper.Left, black, s.Zh)
	}
	box, y := entry(len(names))
	m.rule(Pen{Color: plum, Width: 0.5, Dash: []float64{4, 1, 0.5, 1}}, geo.Point{box.X, y}, geo.Point{box.right(), y})
	m.text(box.right()+1, y, size, paper.Left, black, "园区边界")
	m.within(Rect{r.X + 1, r.Y + 16.5, r.W - 2, 8}, paper.Left, black, "填色为规划用地性质（主用途），影线为供地状态；地块注记为地块编号与用地代码，道路注记为道路名称。")
	return r.bottom()
}

func (m *parkMap) factTable(r Rect) float64 {
	area := func(a geo.SquareMetres) string {
		return geo.FormatFixed(float64(a), geo.SquareMetreDecimals) + " m²　" + geo.FormatFixed(float64(a.Mu()), geo.MuDecimals) + " 亩　" + geo.FormatFixed(float64(a.Hectares()), geo.HectareDecimals) + " 公顷"
	}
	rows := [][]cell{
		{head("园区"), value(m.NameZh, 2), head("行政区"), value(m.District, 2)},
		{head("边界面积"), value(area(m.Area)+"（"+m.sheet.CRS.String()+"）", 5)},
		{head("椭球面积"), value(area(m.AreaEllipsoid)+"（CGCS2000 椭球）", 5)},
	}
	if m.Plan != nil {
		rows = append(rows, []cell{head("方案用地"), value(geo.FormatFixed(float64(m.Plan.Land), geo.MuDecimals)+" 亩", 2), head("地块数"), value(strconv.Itoa(len(m.plots)), 2)})
	} else {
		rows = append(rows, []cell{head("地块数"), value(strconv.Itoa(len(m.plots)), 5)})
	}
	rows = append(rows,
		[]cell{head("坐标系"), value(m.sheet.CRS.Described().Zh+"（"+m.sheet.CRS.String()+"）", 5)},
		[]cell{head("数据日期"), value(m.sheet.AsOf.Chinese(), 2), head("登记变更号"), value(strconv.FormatInt(int64(m.sheet.Seq), 10), 2)},
		[]cell{head("图号"), value(m.sheet.Number, 2), head("校验码"), value(m.sheet.Checksum[:16], 2)},
	)
	if m.Demonstration {
		rows = append(rows, []cell{head("数据性质"), {text: demonstrationNote, span: 5, color: red}})
	}
	rows = append(rows,
		[]cell{head("制图"), value("", 1), head("校核"), value("", 1), head("审核"), value("", 1)},
		[]cell{head("制图单位"), value("", 3), head("日期"), value("", 1)})
	widths := make([]float64, len(factColumns))
	for i, w := range factColumns {
		widths[i] = w * r.W / 110
	}
	height := r.H / float64(len(rows))
	y := r.Y
	for _, cells := range rows {
		m.row(r.X, y, height, widths, cells...)
		y += height
	}
	return r.bottom()
}

// notes prints what the table's figures stand on.
func (m *parkMap) notes(r Rect) {
	text := "注：" + strings.Join(m.balance.Notes, "\n")
	size := 2.7
	lines := m.fonts.Wrap(text, size/paper.Point, r.W-4)
	for size > smallestType && float64(len(lines))*leading*size > r.H-2 {
		size -= 0.1
		lines = m.fonts.Wrap(text, size/paper.Point, r.W-4)
	}
	y := r.Y + 1 + leading*size/2
	for _, line := range lines {
		m.text(r.X+2, y, size, paper.Left, black, line)
		y += leading * size
	}
}

// annexPages hold the table of land by use where it is too long for the panel;
// the heads repeat.
func (m *parkMap) annexPages() []Page {
	if !m.annexed() {
		return nil
	}
	frame := Rect{20, 24, 170, 253}
	const top, height = 12.0, 5.4
	perPage := int((frame.H-top-4)/height) - 1
	rows := m.useRows()
	pages := (len(rows) + perPage - 1) / perPage
	var all []Page
	for page := range pages {
		f := newForm(m.fonts)
		n := min(perPage, len(rows))
		f.text(frame.centre()[0], frame.Y+6, 4, paper.Centre, black, "用地汇总表")
		m.useTable(f, frame.X+4, frame.Y+top, frame.W-8, height, rows[:n])
		f.rect(frame, thick)
		f.running(m.sheet, frame, page+2, pages+1)
		rows = rows[n:]
		all = append(all, Page{paper.A4, f.marks})
	}
	return all
}
