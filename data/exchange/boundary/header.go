package boundary

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// header is an attribute section (属性描述): key=value lines.
type header struct {
	row     int
	values  map[string]string
	checked bool
	sound   bool
}

// mandatoryKeys are those without which the plane must be derived (check 1102).
var mandatoryKeys = []string{"坐标系", "几度分带", "投影类型", "计量单位", "带号"}

func (h *header) set(line string) bool {
	i := strings.IndexAny(line, "=＝")
	if i < 0 {
		return false
	}
	if h.values == nil {
		h.values = map[string]string{}
	}
	key := strings.TrimSpace(line[:i])
	if key == "分带" {
		key = "几度分带"
	}
	h.values[key] = strings.TrimSpace(strings.TrimLeft(line[i:], "=＝"))
	return true
}

// check tells once what the header says that cannot be read, and what it leaves
// out. With a given system (asked by the caller) the header's own is set aside.
func (h *header) check(log *intake.Log, given geo.CRS) bool {
	if h.checked {
		return h.sound
	}
	h.checked = true
	before := log.Faults()
	var missing []string
	for _, key := range mandatoryKeys {
		if h.values[key] == "" {
			missing = append(missing, key)
		}
	}
	if given == 0 && len(missing) > 0 {
		log.Add(land.Finding{Code: "1102", Severity: land.Warn, Row: h.row}.Saying(
			geo.Say("文件头（属性描述）缺少 %s；已按 CGCS2000 高斯－克吕格、单位米读取，带号由坐标得出",
				"the header (属性描述) leaves out %s; CGCS2000 Gauss-Krüger in metres was taken, and the zone from the coordinates", strings.Join(missing, ", ")),
			geo.Say("请补全文件头", "fill the header in")))
	}
	refuse := func(key string, why, remedy geo.Words) {
		severity := land.Block
		if given != 0 {
			severity, why = land.Warn, geo.Say("%s；已按要求以 %s 读取", "%s; read as %s, as asked", why, given)
		}
		log.Add(land.Finding{Code: "1103", Severity: severity, Row: h.row, Field: key}.Saying(
			geo.Say("%s=%s：%s", "%s=%s: %s", key, h.values[key], why), remedy))
	}
	if why, refused := systemFault(h.values["坐标系"]); refused {
		refuse("坐标系", why, inCGCS2000)
	}
	if p := strings.ToLower(h.values["投影类型"]); p != "" && !strings.Contains(p, "高斯") && !strings.Contains(p, "gauss") {
		refuse("投影类型", geo.Say("投影不是高斯克吕格", "the projection is not Gauss-Krüger (高斯克吕格)"), geo.Say("请以 CGCS2000 高斯克吕格分带提交", "deliver the file in a CGCS2000 Gauss-Krüger zone"))
	}
	if u := strings.ToLower(h.values["计量单位"]); !slices.Contains([]string{"", "米", "m", "meter", "metre"}, u) {
		refuse("计量单位", geo.Say("单位不是米", "the unit is not the metre (米)"), geo.Say("请以米提交坐标", "deliver coordinates in metres"))
	}
	if given == 0 {
		h.checkZone(refuse)
	}
	if p := h.values["转换参数"]; strings.Trim(p, ",，0. ") != "" {
		log.Add(land.Finding{Code: "1102", Severity: land.Warn, Row: h.row, Field: "转换参数"}.Saying(
			geo.Say("转换参数 %s 未使用", "the transformation parameters %s were not applied", p),
			geo.Say("请提交已转换到 CGCS2000 的坐标", "deliver coordinates that are already in CGCS2000")))
	}
	h.sound = log.Faults() == before
	return h.sound
}

func (h *header) checkZone(refuse func(key string, why, remedy geo.Words)) {
	zone, zoneOK := h.zone()
	belt, beltOK := h.belt()
	switch {
	case !zoneOK:
		refuse("带号", geo.Say("中国没有此带号", "there is no such zone in China"),
			geo.Say("请填 3 度带 25–45 或 6 度带 13–23；广州在 38 带", "give a 3° zone from 25 to 45 or a 6° zone from 13 to 23; Guangzhou lies in 38"))
	case !beltOK:
		refuse("几度分带", geo.Say("既不是 3 也不是 6", "it is neither 3 nor 6"), geo.Say("请填 3 或 6", "give 3 or 6"))
	case zone != 0 && belt != 0 && beltOf(zone) != belt:
		refuse("带号", geo.Say("%d 带是 %d 度带，但几度分带为 %d", "zone %d is a %d° zone, but 几度分带 says %d", zone, beltOf(zone), belt),
			geo.Say("请改正两者之一", "correct one of the two"))
	}
}

// The 3° planes of the older systems, without zone, to be refused by name.
const (
	xian1980    geo.CRS = 2383
	beijing1954 geo.CRS = 2435
)

var inCGCS2000 = geo.Say("请以 CGCS2000（2000国家大地坐标系）提交，或用 --crs 指定代码", "deliver the file in CGCS2000 (2000国家大地坐标系), or name its code with --crs")

// systemFault says why a reference system's name is refused, if it is.
func systemFault(name string) (why geo.Words, refused bool) {
	n := strings.ToUpper(strings.ReplaceAll(name, " ", ""))
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(n, p) })
	}
	switch {
	case n == "":
		return geo.Words{}, false
	case has("广州", "地方", "独立", "GZ"):
		return geo.Say("地方坐标系的参数在此未知", "a local system's parameters are not known here"), true
	case has("2000", "CGCS"):
		return geo.Words{}, false
	case has("80", "西安", "XIAN"):
		return geo.WordsOf(xian1980.Supported()), true
	case has("54", "北京", "BEIJING"):
		return geo.WordsOf(beijing1954.Supported()), true
	}
	return geo.Say("不认识的坐标系", "the reference system is not known"), true
}

// zone is the header's zone number, 0 when it gives none.
func (h *header) zone() (int, bool) {
	text := strings.Trim(h.values["带号"], "第带号 ")
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && beltOf(n) != 0
}

// belt is the width of zones in degrees, 0 when the header gives none.
func (h *header) belt() (int, bool) {
	text := h.values["几度分带"]
	switch {
	case text == "":
		return 0, true
	case strings.HasPrefix(text, "3"), strings.HasPrefix(text, "三"):
		return 3, true
	case strings.HasPrefix(text, "6"), strings.HasPrefix(text, "六"):
		return 6, true
	}
	return 0, false
}

// beltOf tells 3° zones of China (25–45) from 6° zones (13–23); 0 is neither.
func beltOf(zone int) int {
	switch {
	case zone >= 25 && zone <= 45:
		return 3
	case zone >= 13 && zone <= 23:
		return 6
	}
	return 0
}

// plane works out the plane of a point from the header and the easting: the
// millions of an easting of eight digits are the zone. A conflict between the
// two is a fault, told as why and remedy; crs is then 0.
func (h *header) plane(east float64) (crs geo.CRS, why, remedy geo.Words) {
	zone, _ := h.zone()
	belt, _ := h.belt()
	prefix := int(east / 1e6)
	switch {
	case prefix != 0 && beltOf(prefix) == 0:
		return 0, geo.Say("东坐标 %.3f 以 %d 开头，中国没有此带号", "easting %.3f begins with %d, which is no zone of China", east, prefix), geo.Say("请核对东坐标（Y）", "check the easting (Y)")
	case prefix != 0 && zone != 0 && prefix != zone:
		return 0, geo.Say("东坐标 %.3f 在 %d 带，但带号为 %d", "easting %.3f is in zone %d, but 带号 says %d", east, prefix, zone), geo.Say("请改正带号或坐标", "correct 带号 or the coordinates")
	case prefix != 0 && belt != 0 && beltOf(prefix) != belt:
		return 0, geo.Say("东坐标 %.3f 在 %d 带（%d 度带），但几度分带为 %d", "easting %.3f is in zone %d, a %d° zone, but 几度分带 says %d", east, prefix, beltOf(prefix), belt),
			geo.Say("请改正几度分带或坐标", "correct 几度分带 or the coordinates")
	case prefix != 0:
		return withZone(prefix), why, remedy
	case zone != 0:
		return withoutZone(zone), why, remedy
	}
	switch guess, _, ok := intake.Guess(geo.Point{east, guangzhouNorth}); {
	case ok && (belt == 0 || beltOf(zoneOf(guess)) == belt):
		return guess, why, remedy
	case belt == 6:
		return withoutZone(19), why, remedy
	}
	return withoutZone(38), why, remedy
}

// guangzhouNorth is a northing in the middle of the city; eastings alone tell
// 3° zones from 6° ones.
const guangzhouNorth = 2_560_000

func zoneOf(crs geo.CRS) int {
	if crs == geo.GK114 || crs == geo.GK38 {
		return 38
	}
	return 19
}

// EPSG numbers the CGCS2000 zones in runs: 6° with the zone before the easting
// from 4491 and without from 4502, 3° with it from 4513 and without from 4534.
func withZone(zone int) geo.CRS {
	if beltOf(zone) == 6 {
		return geo.CRS(4491 + zone - 13)
	}
	return geo.CRS(4513 + zone - 25)
}

func withoutZone(zone int) geo.CRS {
	if beltOf(zone) == 6 {
		return geo.CRS(4502 + zone - 13)
	}
	return geo.CRS(4534 + zone - 25)
}
