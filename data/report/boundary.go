package report

import (
	"context"
	"fmt"
	"math"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Decimals of coordinates and edges in metres.
const (
	coordinateDecimals = 3
	edgeDecimals       = 2
)

// mostBoundaries is of how many plots the points are listed in one table; files
// of boundary points hold any number.
const mostBoundaries = 2000

func boundaryColumns() []Column {
	return []Column{
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 9},
		{Key: "plot_no", Zh: "地块编号", En: "Plot number", Kind: Text, Width: 12},
		{Key: "holder", Zh: "权利人", En: "Holder", Kind: Text, Width: 16},
		{Key: "area_m2", Zh: "宗地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 12},
		{Key: "area_mu", Zh: "宗地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 9},
		{Key: "ring", Zh: "地块圈号", En: "Ring", Kind: Integer, Width: 8},
		{Key: "point", Zh: "界址点号", En: "Point", Kind: Text, Width: 9},
		{Key: "x_m", Zh: "纵坐标X", En: "X, north", Kind: Number, Unit: "m", Decimals: coordinateDecimals, Width: 13},
		{Key: "y_m", Zh: "横坐标Y", En: "Y, east", Kind: Number, Unit: "m", Decimals: coordinateDecimals, Width: 13},
		{Key: "edge_m", Zh: "反算边长", En: "Edge to the next point", Kind: Number, Unit: "m", Decimals: edgeDecimals, Width: 10, Additive: true},
	}
}

// boundary is the list of boundary points (界址点坐标成果表, of surveys by TD/T 1008),
// plot by plot: a row that heads the plot with its area and, as printed, the sum
// of its edges, and a row a point. A ring ends with its first point again. X is
// north and Y is east.
func boundary(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	lists, err := listPlots(ctx, from, opt)
	if err != nil {
		return Table{}, err
	}
	n := 0
	for _, l := range lists {
		n += len(l.ids)
	}
	if n > mostBoundaries {
		return Table{}, land.Invalid("plot", geo.Say("所选地块有 %d 个，界址点成果表至多 %d 个", "%d plots are chosen; a list of boundary points has at most %d", n, mostBoundaries),
			geo.Say("请用 plot 或 filter 选择地块，或导出界址点文件（格式 boundary-txt）", "choose plots by plot or filter, or export the boundary points (format boundary-txt)"))
	}
	t := tableOf("boundary", reg, opt, "界址点坐标成果表", "Boundary points")
	t.Lead, t.Columns = 2, boundaryColumns()
	total := Row{Kind: Total, Cells: make([]Cell, len(t.Columns))}
	m2, mu := Decimal{Places: geo.SquareMetreDecimals}, Decimal{Places: geo.MuDecimals}
	var crs []geo.CRS
	var parkOf []*land.Park
	for _, l := range lists {
		plane := opt.CRS
		if plane == 0 {
			plane = l.park.PlaneCRS
		}
		transform, err := geo.NewTransformer(geo.CGCS2000, plane)
		if err != nil {
			return Table{}, err
		}
		if len(l.ids) > 0 {
			crs = append(crs, plane)
		}
		for p, err := range l.plots(ctx, from, true) {
			if err != nil {
				return Table{}, err
			}
			head := len(t.Rows)
			row := t.boundaryHead(l.park, p, opt)
			m2, mu = m2.Plus(row.Cells[t.column("area_m2")].Value), mu.Plus(row.Cells[t.column("area_mu")].Value)
			t.Rows = append(t.Rows, row)
			t.Rows = append(t.Rows, boundaryPoints(l.park, p, transform)...)
			t.Rows[head].Sums = t.bodySpans(head+1, len(t.Rows))
			for len(parkOf) < len(t.Rows) {
				parkOf = append(parkOf, l.park)
			}
		}
	}
	total.Sums = t.bodySpans(0, len(t.Rows))
	total.Cells[t.column("park")], total.Cells[t.column("plot_no")] = textCell("合计"), textCell(fmt.Sprintf("%d 块", n))
	total.Cells[t.column("area_m2")], total.Cells[t.column("area_mu")] = numberCell(m2), numberCell(mu)
	t.Rows = append(t.Rows, total)
	parkOf = append(parkOf, nil)
	t.addUp()
	t.note(planeNotes(crs)...)
	t.note("每个地块先列表头行（面积、周长），再列界址点；各圈从西北角起，外圈顺时针、内圈逆时针，末行为该圈第一点，边长为该点至下一点的平面距离。周长、合计为各行之和。",
		"1 亩 = 2000/3 m²；面积合计为各地块之和。")
	t.markDemonstration(reg.Parks, func(row int) *land.Park { return parkOf[row] })
	return t, nil
}

// boundaryHead is the row that heads a plot.
func (t *Table) boundaryHead(park *land.Park, p *land.Plot, opt Options) Row {
	area := opt.plot(p)
	row := Row{Kind: Subtotal, Cells: make([]Cell, len(t.Columns))}
	copy(row.Cells, []Cell{textCell(park.NameZh), textCell(p.PlotNo), textCell(p.Holder), numberCell(squareMetres.round(area)), numberCell(mus.round(area))})
	return row
}

// boundaryPoints are the rows of a plot's points. The last point of a ring has no
// edge.
func boundaryPoints(park *land.Park, p *land.Plot, transform func(geo.Point) geo.Point) []Row {
	points := land.BoundaryPoints(geo.SurveyOrder(p.Boundary, transform))
	rows := make([]Row, len(points))
	for i, q := range points {
		edge := Cell{}
		if i+1 < len(points) && points[i+1].Ring == q.Ring {
			next := points[i+1].At
			edge = numberCell(Fixed(math.Hypot(next[0]-q.At[0], next[1]-q.At[1]), edgeDecimals))
		}
		rows[i] = Row{Indent: 1, Cells: []Cell{
			textCell(park.NameZh), textCell(p.PlotNo), {}, {}, {}, countCell(q.Ring), textCell(q.Name()),
			numberCell(Fixed(q.At[1], coordinateDecimals)), numberCell(Fixed(q.At[0], coordinateDecimals)), edge,
		}}
	}
	return rows
}

// planeNotes name the planes of the coordinates.
func planeNotes(planes []geo.CRS) (notes []string) {
	for i, crs := range planes {
		if i == 0 || crs != planes[i-1] {
			notes = append(notes, "坐标系：2000国家大地坐标系高斯－克吕格投影 "+crs.String()+"，X 为北、Y 为东，单位 m。")
		}
	}
	return notes
}
