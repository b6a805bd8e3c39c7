package sheet

import (
	"fmt"

	"github.com/dikuai/dikuai/data/report/paper"
)

// annexPages are the pages with boundary points that the sheet has no room for:
// three columns of a table whose heads repeat.
func (m *plotMap) annexPages() []Page {
	if !m.annexed() {
		return nil
	}
	const rowHeight, columns = 4.9, 3
	frame := Rect{20, 24, 170, 253}
	width := frame.W / columns
	top := frame.Y + 14.0
	perColumn := int((frame.bottom()-8-top)/rowHeight) - 2 // a head, and the half row by which lengths are lower
	rows := pointRows(m.rings)
	pages := (len(rows) + perColumn*columns - 1) / (perColumn * columns)
	var all []Page
	for page := range pages {
		f := newForm(m.fonts)
		f.rect(frame, thick)
		f.text(frame.centre()[0], frame.Y+4.5, 4, paper.Centre, black, "界址点坐标成果表")
		f.text(frame.X+2, frame.Y+10.5, 2.6, paper.Left, black, "地块编号："+m.Plot.PlotNo)
		f.text(frame.right()-2, frame.Y+10.5, 2.6, paper.Right, black, fmt.Sprintf("界址点 %d 个，第 %d 页 共 %d 页", pointsOf(m.rings), page+1, pages))
		for column := range columns {
			if len(rows) == 0 {
				break
			}
			n := min(perColumn, len(rows))
			f.pointTable(frame.X+float64(column)*width, top, width, rowHeight, rows[:n])
			rows = rows[n:]
		}
		f.text(frame.X+2, frame.bottom()-4, 2.6, paper.Left, black, m.areaLine())
		f.running(m.sheet, frame, page+2, pages+1)
		all = append(all, Page{paper.A4, f.marks})
	}
	return all
}

// areaLine is the last line of a table of boundary points.
func (m *plotMap) areaLine() string {
	return fmt.Sprintf("面积 S = %s 平方米，合 %s 亩（%s 平面）", m.facts.plane["area_m2"], m.facts.plane["area_mu"], m.Park.PlaneCRS)
}
