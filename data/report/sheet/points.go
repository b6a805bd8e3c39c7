package sheet

import (
	"fmt"
	"math"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// onSheet is how many boundary points of one ring a sheet lists beside its map;
// more lines than those go on annexed pages.
const onSheet = 20

// pointRow is a line of the table of boundary points: a point with the length of
// the edge that leads from it to the next, or a ring's heading.
type pointRow struct {
	label, north, east string
	length             string // empty on a ring's last line, which repeats its first point
	ring               string // of a heading
}

// pointRows lists the rings' points, X north and Y east (界址点坐标成果表).
func pointRows(rings []ring) []pointRow {
	var rows []pointRow
	for _, r := range rings {
		if len(rings) > 1 {
			kind := "外环"
			if r.hole {
				kind = "内环"
			}
			rows = append(rows, pointRow{ring: fmt.Sprintf("第 %d 圈（%s）", r.number, kind)})
		}
		n := len(r.points)
		for i := range n + 1 {
			q := r.points[i%n]
			row := pointRow{label: fmt.Sprintf("J%d", r.first+i%n), north: geo.FormatFixed(q[1], 3), east: geo.FormatFixed(q[0], 3)}
			if next := r.points[(i+1)%n]; i < n {
				row.length = lengthText(math.Hypot(next[0]-q[0], next[1]-q[1]))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// pointColumns are the widths of 点号, X, Y and 边长.
var pointColumns = []float64{9, 20, 18.5, 12.5}

const (
	pointTableWidth = 60
	pointTypeSize   = 2.6
)

// pointTable prints rows of boundary points under the heads. A length stands
// between the two points that it joins.
func (f *form) pointTable(x, y, width, height float64, rows []pointRow) {
	defer func(size float64) { f.largest = size }(f.largest)
	f.largest = pointTypeSize
	columns := make([]float64, len(pointColumns))
	for i, w := range pointColumns {
		columns[i] = w * width / pointTableWidth
	}
	f.row(x, y, height, columns, head("点号"), head("X (m)"), head("Y (m)"), head("边长 (m)"))
	y += height
	edge := x + columns[0] + columns[1] + columns[2]
	for i, r := range rows {
		if r.ring != "" {
			f.row(x, y, height, columns, cell{text: r.ring, span: 4, head: true, align: paper.Centre})
			y += height
			continue
		}
		f.row(x, y, height, columns[:3], cell{text: r.label, align: paper.Centre}, number(r.north), number(r.east))
		place := Rect{edge, y + height/2, columns[3], height}
		switch {
		case r.length == "":
			f.rule(thin, geo.Point{edge, y + height}, geo.Point{place.right(), y + height})
		case i == len(rows)-1: // the next point is on the next page
			place.Y = y
			f.rule(thin, geo.Point{edge, y + height}, geo.Point{place.right(), y + height})
		default:
			f.rule(thin, geo.Point{edge, place.bottom()}, geo.Point{place.right(), place.bottom()})
		}
		f.within(place, paper.Right, black, r.length)
		f.rule(thin, geo.Point{place.right(), y}, geo.Point{place.right(), y + height})
		y += height
	}
}
