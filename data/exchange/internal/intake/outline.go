package intake

import (
	"math"
	"slices"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// MaxPoints bounds the points of one plot.
const MaxPoints = 2_000_000

// Site is where a geometry stands in a file, for the findings about it.
type Site struct {
	Row    int
	PlotNo string
	CRS    geo.CRS
}

func (s Site) finding(code string, severity land.Severity, message, remedy geo.Words) land.Finding {
	return land.Finding{Code: code, Severity: severity, Row: s.Row, PlotNo: s.PlotNo}.Saying(message, remedy)
}

// Refuse records a blocking finding about the geometry.
func (s Site) Refuse(log *Log, code string, message, remedy geo.Words) {
	log.Add(s.finding(code, land.Block, message, remedy))
}

// Remark records a warning or a piece of information that is likely to repeat.
func (s Site) Remark(log *Log, code string, severity land.Severity, message, remedy geo.Words) {
	log.Tally(s.finding(code, severity, message, remedy))
}

// Clean brings a polygon into the register's form (RFC 7946, 3.1.6): rings
// closed, no point repeated, outer rings anticlockwise, holes clockwise. What it
// changed is remarked; a ring that cannot be land is a fault and makes the
// answer nil. The polygon's memory is reused.
func (s Site) Clean(log *Log, p geo.MultiPolygon) geo.MultiPolygon {
	points := 0
	for _, polygon := range p {
		if len(polygon) == 0 {
			s.Refuse(log, "2101", geo.Say("多边形有一个部件没有环", "the polygon has a part without a ring"), geo.Say("请删去空的部件", "take the empty part out"))
			return nil
		}
		for _, ring := range polygon {
			points += len(ring)
		}
	}
	switch {
	case len(p) == 0:
		s.Refuse(log, "2101", geo.Say("图形为空", "the geometry is empty"), geo.Say("请画出地块界址，或删去该记录", "draw the plot's boundary, or take the record out"))
		return nil
	case points > MaxPoints:
		s.Refuse(log, "2101", geo.Say("地块有 %d 个点", "the plot has %d points", points), geo.Say("每个地块最多 %d 个点", "deliver plots of at most %d points", MaxPoints))
		return nil
	}
	sound, n := true, 0
	for i := range p {
		for j := range p[i] {
			n++
			ring := s.CleanRing(log, n, p[i][j])
			sound = sound && ring != nil
			p[i][j] = ring
		}
	}
	if !sound {
		return nil
	}
	for _, polygon := range p {
		Orient(polygon)
	}
	if len(p) > 1 {
		s.Remark(log, "2109", land.Warn, geo.Say("地块由 %d 个分离的部分组成", "the plot has %d separate parts", len(p)),
			geo.Say("除非文件把各部分列为一宗，请给每部分单独编号", "give each part a plot number of its own unless the document names them together"))
	}
	return p
}

// CleanRing checks and closes one ring and drops repeated points; n numbers the
// ring for the messages, from 1. It is nil when the ring is refused.
func (s Site) CleanRing(log *Log, n int, ring geo.Ring) geo.Ring {
	for i, q := range ring {
		if math.IsNaN(q[0]) || math.IsNaN(q[1]) || math.IsInf(q[0], 0) || math.IsInf(q[1], 0) {
			s.Refuse(log, "2114", geo.Say("第 %d 环第 %d 点的坐标 %v，%v 不是数", "ring %d, point %d: the coordinates %v, %v are no numbers", n, i+1, q[0], q[1]), geo.Say("请给出有限的坐标", "give finite coordinates"))
			return nil
		}
	}
	if last := len(ring) - 1; last > 2 && ring[last] != ring[0] && planar.Distance(ring[last], ring[0]) <= s.tolerance() {
		ring[last] = ring[0]
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		f := s.finding("2103", land.Warn, geo.Say("第 %d 环首尾不相接，已闭合", "ring %d does not end where it begins; it was closed", n), geo.Say("请在末尾重复首点", "repeat the first point at the end"))
		f.Place = Locate(s.CRS, ring[0])
		log.Tally(f)
		ring = append(ring, ring[0])
	}
	before := len(ring)
	ring = slices.Compact(ring)
	if dropped := before - len(ring); dropped > 0 {
		s.Remark(log, "2105", land.Warn, geo.Say("第 %d 环有 %d 个连续重复的点，已删去", "ring %d repeats %d points one after another; the repetitions were dropped", n, dropped), geo.Words{})
	}
	if !threeDistinct(ring) {
		f := s.finding("2102", land.Block, geo.Say("第 %d 环不足三个不同的点", "ring %d has fewer than three different points", n), geo.Say("请给出完整的界址，或删去该环", "give the whole boundary, or take the ring out"))
		if len(ring) > 0 {
			f.Place = Locate(s.CRS, ring[0])
		}
		log.Add(f)
		return nil
	}
	return ring
}

// tolerance is the gap that counts as closed: 0.001 m with what decimals lose in
// binary, or about that in degrees.
func (s Site) tolerance() float64 {
	if s.CRS.Geographic() {
		return 1e-8
	}
	return 0.001 + 1e-6
}

func threeDistinct(ring geo.Ring) bool {
	if len(ring) == 0 {
		return false
	}
	second := slices.IndexFunc(ring, func(q geo.Point) bool { return q != ring[0] })
	return second >= 0 && slices.ContainsFunc(ring[second:], func(q geo.Point) bool { return q != ring[0] && q != ring[second] })
}

// Orient turns the outer ring anticlockwise and the holes clockwise.
func Orient(polygon geo.Polygon) {
	for i, ring := range polygon {
		if anticlockwise := geo.SignedArea(ring) > 0; anticlockwise != (i == 0) {
			ring.Reverse()
		}
	}
}
