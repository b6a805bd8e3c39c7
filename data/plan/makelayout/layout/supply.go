package layout

import (
	"slices"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// latestPhase is the phase of what is left for after the plan's years.
const latestPhase = 4

// progress lists how far the plots of a phase have come by the end of 2020;
// plots draw one each until all have been drawn. Roads and facilities take the
// first, being built ahead.
var progress = [latestPhase + 1][]land.Status{
	1: {land.Verified, land.Verified, land.Verified, land.Completed, land.Completed},
	2: {land.Completed, land.Completed, land.UnderConstruction, land.UnderConstruction, land.UnderConstruction, land.Supplied},
	3: {land.UnderConstruction, land.Supplied, land.Supplied, land.Committed, land.Available, land.Available},
	4: {land.Planned, land.Planned, land.Planned, land.Reserved, land.Reserved, land.Available},
}

// days between which land of a status was supplied; the other statuses have not
// been reached by supply.
var suppliedBetween = map[land.Status][2]string{
	land.Verified:          {"2016-06-15", "2017-06-30"},
	land.Completed:         {"2017-03-01", "2018-06-30"},
	land.Idle:              {"2018-03-01", "2018-12-20"},
	land.UnderConstruction: {"2018-07-02", "2020-03-31"},
	land.Supplied:          {"2019-12-02", "2020-10-30"},
}

// Days from which a plot stands as it is: most in the plan's first form, some
// after an amendment of the detailed plan (控规调整). Guangzhou has had M0
// since 2019.
var (
	approved   = day("2016-01-01")
	amendments = []land.Date{day("2016-05-20"), day("2017-11-15"), day("2019-04-26")}
	since2019  = day("2019-05-06")
)

func day(s string) land.Date {
	d, err := land.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// supply sets a plot's status and, where it has been supplied, how, when and to whom.
func (w *writer) supply(a *land.Attributes, f *face) {
	ahead := f.road != nil || facilities[a.Use.Code] != ""
	public := ahead || a.Use.Code == "A21" || a.Use.Code == "A35" && w.random.IntN(5) < 3
	local := a.Use.Code == "M0"
	a.Status = progress[f.phase][0]
	switch {
	case f.status != "":
		a.Status = f.status
	case !ahead:
		a.Status = w.draw(f.phase)
	}
	if local && (a.Status == land.Verified || a.Status == land.Completed) {
		a.Status = land.UnderConstruction
	}
	a.ValidFrom = approved
	if local {
		a.ValidFrom = since2019
	} else if !ahead && w.random.IntN(4) == 0 {
		a.ValidFrom = amendments[w.random.IntN(len(amendments))]
	}
	between, ok := suppliedBetween[a.Status]
	if !ok {
		return
	}
	first := day(between[0])
	if local {
		first = day("2019-09-02")
	}
	a.SuppliedOn = w.workday(first, day(between[1]))
	if a.ValidFrom.After(a.SuppliedOn) {
		a.ValidFrom = approved
	}
	a.SupplyMode = "出让"
	if public {
		a.SupplyMode = "划拨"
	}
	a.Holder = w.holder(a.Use.Code, ahead, public)
}

// draw takes a status out of a phase's bag, which is filled again when empty.
func (w *writer) draw(phase int) land.Status {
	bag := w.bags[phase]
	if len(bag) == 0 {
		bag = slices.Clone(progress[phase])
		w.random.Shuffle(len(bag), func(i, j int) { bag[i], bag[j] = bag[j], bag[i] })
	}
	w.bags[phase] = bag[1:]
	return bag[0]
}

// workday draws a day between two on which offices are open.
func (w *writer) workday(first, last land.Date) land.Date {
	days := int(last.Time().Sub(first.Time()).Hours() / 24)
	t := first.Time().AddDate(0, 0, w.random.IntN(days+1))
	for closed(t) {
		t = t.AddDate(0, 0, -1)
	}
	return land.DateOf(t)
}

// closed tells weekends, New Year, Labour Day, the National Day week and the
// weeks in which the Spring Festival may fall.
func closed(t time.Time) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return true
	}
	switch day := t.Day(); t.Month() {
	case time.January:
		return day <= 3 || day >= 20
	case time.February:
		return day <= 22
	case time.May:
		return day <= 3
	case time.October:
		return day <= 7
	}
	return false
}

// institutes and firms hold supplied plots; all are invented.
var (
	institutes = []string{
		"示范质量检验所", "示范计量所", "示范纤维检验所", "示范特种设备检验所", "示范食品检验所", "示范标准化研究所",
		"示范能源检测所", "示范药品检验所", "示范建材检验所", "示范轻工检验所", "示范电子产品检验所", "示范环境监测所",
		"示范医疗器械检验所", "示范包装检验所", "示范珠宝检验所", "示范农产品检验所",
	}
	firms = map[string]string{
		"A35": "示范检测机构", "A21": "示范标准馆", "B1": "示范商业服务企业", "B29": "示范认证服务机构", "M1": "示范仪器制造企业",
		"M0": "示范检测装备企业", "W1": "示范样品物流企业", "R2": "示范人才公寓运营企业",
	}
	ordinals = []rune("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
)

func (w *writer) holder(code string, ahead, public bool) string {
	switch {
	case ahead:
		return "示范园区建设管理中心"
	case public && code == "A35":
		w.used["institutes"]++
		return institutes[(w.used["institutes"]-1)%len(institutes)]
	}
	n := w.used[code]
	w.used[code]++
	return firms[code] + string(ordinals[n%len(ordinals)])
}
