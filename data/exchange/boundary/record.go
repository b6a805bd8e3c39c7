package boundary

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// record is one plot as the file writes it: its plot line and its points.
type record struct {
	row    int
	count  string // 界址点数
	area   string // 地块面积
	plotNo string // 地块编号
	name   string // 地块名称
	shape  string // 记录图形属性: 点, 线 or 面
	sheet  string // 图幅号
	use    string // 地块用途
	code   string // 地类编码
	extra  []string
	points []point
	broken bool // a line of it did not read
}

// point is a boundary point (界址点); north is X in the file, east is Y.
type point struct {
	row         int
	label       string
	ring        int
	north, east float64
	odd         string // a coordinate without 2 to 4 decimals, as written
}

// xy is the point x before y: east, north, or longitude, latitude.
func (p point) xy() geo.Point { return geo.Point{p.east, p.north} }

// isPlotLine tells a plot line by its last field, @.
func isPlotLine(line string) bool { return strings.HasSuffix(line, "@") }

// parsePlotLine reads "n,area,no,name,面,sheet,use,code,…,@". Names may hold
// commas: what stands before 点, 线 or 面 is the name.
func parsePlotLine(line string, row int) (*record, error) {
	line = strings.TrimSuffix(line, "@")
	fields := splitTrim(line, ",")
	if len(fields) < 5 {
		fields = splitTrim(strings.ReplaceAll(line, "，", ","), ",")
	}
	if last := len(fields) - 1; fields[last] == "" {
		fields = fields[:last]
	}
	if len(fields) < 4 {
		return nil, geo.Say("地块行有 %d 个字段", "the plot line has %d fields", len(fields))
	}
	at := 4
	if len(fields) <= at || !isShape(fields[at]) {
		if i := slices.IndexFunc(fields[3:], isShape); i >= 0 {
			at = 3 + i
		} else if len(fields) > at && fields[at] != "" {
			return nil, geo.Say("地块行没有字段是点、线或面", "no field of the plot line is 点, 线 or 面")
		}
	}
	field := func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	}
	r := &record{row: row, count: fields[0], area: fields[1], plotNo: fields[2],
		name: strings.Join(fields[3:min(at, len(fields))], ","), shape: field(at), sheet: field(at + 1), use: field(at + 2), code: field(at + 3)}
	if len(fields) > at+4 {
		r.extra = fields[at+4:]
	}
	return r, nil
}

func isShape(s string) bool { return s == "点" || s == "线" || s == "面" }

func splitTrim(s, sep string) []string {
	fields := strings.Split(s, sep)
	for i := range fields {
		fields[i] = strings.Trim(fields[i], " \t\u00A0\u3000")
	}
	return fields
}

// parsePoint reads "label,ring,X,Y"; full-width commas serve as well.
func parsePoint(line string, row int) (point, error) {
	fields := splitTrim(fullWidthCommas.Replace(line), ",")
	if len(fields) == 5 && fields[4] == "" {
		fields = fields[:4]
	}
	if len(fields) != 4 {
		return point{}, geo.Say("该行有 %d 个字段，界址点应有 4 个：点号、圈号、X、Y", "the line has %d fields where a point has 4: number, ring, X, Y", len(fields))
	}
	ring, err := strconv.Atoi(fields[1])
	if err != nil || ring < 0 {
		return point{}, geo.Say("地块圈号 %q 不是数", "ring number (地块圈号) %q is not a number", fields[1])
	}
	p := point{row: row, label: fields[0], ring: ring}
	for i, at := range []*float64{&p.north, &p.east} {
		if *at, err = parseCoordinate(fields[2+i]); err != nil {
			return point{}, err
		}
		if d := decimals(fields[2+i]); d < 2 || d > 4 {
			p.odd = fields[2+i]
		}
	}
	return p, nil
}

var fullWidthCommas = strings.NewReplacer("，", ",", "、", ",")

// parseCoordinate takes decimal notation only: no infinities, hexadecimal
// numbers or empty fields.
func parseCoordinate(s string) (float64, error) {
	if strings.Trim(s, "+-.0123456789eE") == "" {
		if v, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(v, 0) {
			return v, nil
		}
	}
	return 0, geo.Say("坐标 %q 不是数", "coordinate %q is not a number", s)
}

func decimals(s string) int {
	_, after, _ := strings.Cut(s, ".")
	return len(after)
}

// areaUnit is a unit that may be glued to 地块面积, and its size in m².
type areaUnit struct {
	suffix string
	size   float64
}

var areaUnits = []areaUnit{
	{"平方米", 1}, {"㎡", 1}, {"m²", 1}, {"m2", 1},
	{"公顷", 10000}, {"hm²", 10000}, {"hm2", 10000}, {"ha", 10000},
	{"亩", 2000.0 / 3},
}

// statedArea reads field 2, nil when it is blank. Hectares are the rule, yet
// square metres are met: without a unit, the reading that comes nearer to the
// plane area counts, and hectares where no plane area is known (0).
func (r *record) statedArea(plane geo.SquareMetres) (stated *geo.SquareMetres, asSquareMetres bool, err error) {
	text := r.area
	if text == "" {
		return nil, false, nil
	}
	size := 0.0
	for _, u := range areaUnits {
		if number, ok := strings.CutSuffix(strings.ToLower(text), u.suffix); ok {
			text, size = strings.TrimSpace(number), u.size
			break
		}
	}
	v, err := parseCoordinate(text)
	if err != nil || v < 0 {
		return nil, false, geo.Say("地块面积 %q 不是数", "area (地块面积) %q is not a number", r.area)
	}
	if size == 0 {
		size = 10000
		if plane > 0 && math.Abs(v-float64(plane)) < math.Abs(v*10000-float64(plane)) {
			size, asSquareMetres = 1, true
		}
	}
	a := geo.SquareMetres(v * size)
	return &a, asSquareMetres, nil
}

// useText chooses the land use: field 8 if it is a code of a dictionary, else
// field 7. Where both are blank it is empty.
func (r *record) useText(scheme land.Scheme) (string, error) {
	for _, text := range []string{r.code, r.use} {
		if text == "" {
			continue
		}
		if _, _, err := land.ParseUse(text, scheme); err == nil {
			return text, nil
		}
	}
	if r.code == "" && r.use == "" {
		return "", nil
	}
	return "", geo.Say("地类编码 %q 和地块用途 %q 都不是字典中的用地代码", "neither 地类编码 %q nor 地块用途 %q is a land-use code of a dictionary", r.code, r.use)
}

// codesNamed lists the codes that the dictionaries call by a Chinese name.
func codesNamed(name string) []geo.Words {
	var codes []geo.Words
	for _, u := range land.Uses() {
		if name != "" && u.NameZh == name {
			codes = append(codes, geo.Say("%[2]s 的 %[1]s", "%[1]s of %[2]s", u.Code, u.Scheme))
		}
	}
	return codes
}
