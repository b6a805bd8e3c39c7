package report

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func day(t testing.TB, s string) land.Date {
	t.Helper()
	d, err := land.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func num(v float64) *float64 { return &v }

func use(scheme land.Scheme, code string) land.UseCode {
	return land.UseCode{Scheme: scheme, Code: code}
}

// Register is a register in memory, from which tests make tables.
type Register land.Register

// Build makes a table of a register in memory.
func Build(name string, reg Register, opt Options) (Table, error) {
	kind, err := Lookup(name)
	if err != nil {
		return Table{}, err
	}
	return kind.Make(context.Background(), memory(reg, Register{}), opt)
}

func built(name string, reg Register, opt Options) Table {
	table, err := Build(name, reg, opt)
	if err != nil {
		panic(err)
	}
	return table
}

// Overview, Balance and Plots make tables of a register that holds together.
func Overview(reg Register, opt Options) Table { return built("overview", reg, opt) }
func Balance(reg Register, opt Options) Table  { return built("balance", reg, opt) }
func Plots(reg Register, opt Options) Table    { return built("plots", reg, opt) }

// inMemory is a Source of a register, and of what it was on any other day.
type inMemory struct {
	Source
	now, then Register
}

func memory(now, then Register) inMemory {
	return inMemory{Hold(land.Register(now)), now, then}
}

func (m inMemory) Sums(ctx context.Context, by land.SumBy, on land.Date, ellipsoid bool) ([]land.PlotSum, error) {
	if on.IsZero() {
		return m.Source.Sums(ctx, by, on, ellipsoid)
	}
	return Hold(land.Register(m.then)).Sums(ctx, by, land.Date{}, ellipsoid)
}

func (m inMemory) Successions(_ context.Context, year int, _ bool) ([]land.Succession, error) {
	if len(m.now.Parks) == 0 {
		return nil, nil
	}
	park := m.now.Parks[0].Code
	day := func(year int) land.Date { return land.DateOf(time.Date(year, 3, 9, 0, 0, 0, 0, time.UTC)) }
	exact := func(m2 float64) geo.ExactArea { return geo.SquareMetres(m2).Exact() }
	all := []land.Succession{
		{Seq: 811, Kind: land.SplitUp, Park: park, Day: day(2018), Reason: "分期供地", CaseNo: "A-10", From: land.PlotState{ID: 90, PlotNo: "PY-9", Area: exact(100.005)}, To: &land.PlotState{ID: 92, PlotNo: "PY-9-10", Area: exact(40)}},
		{Seq: 811, Kind: land.SplitUp, Park: park, Day: day(2018), Reason: "分期供地", CaseNo: "A-10", From: land.PlotState{ID: 90, PlotNo: "PY-9", Area: exact(100.005)}, To: &land.PlotState{ID: 91, PlotNo: "PY-9-2", Area: exact(60.005)}},
		{Seq: 812, Kind: land.Retired, Park: park, Day: day(2019), Reason: "=重复登记", From: land.PlotState{ID: 92, PlotNo: "PY-9-10", Area: exact(40)}},
	}
	return slices.DeleteFunc(all, func(s land.Succession) bool { return year != 0 && s.Day.Time().Year() != year }), nil
}

func (m inMemory) Quotas(_ context.Context, years []int, _ []land.QuotaKind) ([]land.QuotaStatement, error) {
	var all []land.QuotaStatement
	for i, p := range m.now.Parks {
		s := land.QuotaStatement{Documents: []string{"穗国土〔2016〕8号"}}
		s.Account = land.QuotaAccount{Park: p.Code, Year: 2016 + i, Kind: land.NewLand}
		// 10.005 + 3.33333 − 0.003 公顷, of which 12.3 公顷 are used
		s.Granted = land.Quantity{Total: 150_075_000 + 49_999_950, Farmland: 150_075_000}
		s.Adjusted = land.Quantity{Total: 49_999_950}
		s.Transferred = land.Quantity{Total: -45_000}
		s.Used = land.Quantity{Total: 184_500_000, Farmland: 150_000_000, Cultivated: 90_000_750}
		s.Reserved = land.Quantity{Total: 10_000_000 * land.Amount(i)}
		s.Available = s.Allocated().Minus(s.Used).Minus(s.Reserved)
		all = append(all, s)
	}
	return slices.DeleteFunc(all, func(s land.QuotaStatement) bool { return len(years) > 0 && !slices.Contains(years, s.Account.Year) }), nil
}

func (m inMemory) QuotaUses(_ context.Context, _ []int, _ []land.QuotaKind) ([]land.QuotaUse, error) {
	var all []land.QuotaUse
	for i, p := range m.now.Parks {
		for _, kind := range []land.QuotaKind{land.NewLand, land.Stock} {
			u := land.QuotaUse{Account: land.QuotaAccount{Park: p.Code, Year: 2016, Kind: kind}, Documents: []string{"粤国土资(建)字〔2016〕1号"}, Plots: []string{"PY-10", "PY-2"}}
			u.CaseNo, u.Used, u.Reserved = "A-1", land.Quantity{Total: 12_345_000 * land.Amount(i+1), Farmland: 12_345_000, Cultivated: 750}, land.Quantity{Total: 5_000}
			all = append(all, u)
		}
	}
	return all, nil
}

func (m inMemory) Compliance(context.Context, bool) (land.Compliance, error) {
	if len(m.now.Parks) == 0 {
		return land.Compliance{}, nil
	}
	s := land.Survey{Park: m.now.Parks[0], Area: 5000.335}
	rules := land.ComplianceRules()
	layer := &land.ControlLayer{NameZh: "永久基本农田", Version: 2, Source: "市国土规划委"}
	return land.Compliance{Survey: s, Verdict: land.Fails, Findings: []land.ComplianceFinding{
		{Rule: rules[0], Outcome: land.Passes, Ignored: 0.25, Words: geo.Names("在园区内")},
		{Rule: rules[2], Outcome: land.Doubtful, Area: 1666.78, Plots: []land.PlotShare{{PlotNo: "PY-1", Area: 1666.78}}, Words: geo.Names("用途不同")},
		{Rule: rules[9], Outcome: land.Fails, Area: 12.345, Layer: layer, Features: []land.FeatureShare{{Code: "NT-1", Name: "一号田", Area: 12.345}}, Words: geo.Names("占用基本农田")},
		{Rule: rules[10], Outcome: land.Skipped, Words: geo.Names("没有图层")},
	}}, nil
}

// sample is a hand-made register: a demonstration park of 30 亩 with six plots,
// whose 亩 do not add up when each is rounded alone, and a surveyed one of two.
func sample(t testing.TB) Register {
	plot := func(id land.PlotID, park land.ParkCode, no, name string, u land.UseCode, s land.Status, area float64) land.Plot {
		return land.Plot{ID: id, Park: park, Area: geo.SquareMetres(area), AreaEllipsoid: geo.SquareMetres(area * 0.99992), Version: 1,
			Attributes: land.Attributes{PlotNo: no, Name: name, Use: u, Status: s}}
	}
	lab := plot(1, "panyu", "PY-1", "检测楼", use(land.GB50137, "A35"), land.Supplied, 6000.335)
	lab.FARMax, lab.DensityMax, lab.GreenMin, lab.HeightMax = num(2.5), num(35), num(30), num(60)
	lab.SupplyMode, lab.SuppliedOn, lab.Holder = "划拨", day(t, "2016-05-20"), "广州质量监督检测研究院"
	works := plot(2, "panyu", "PY-10", "=HYPERLINK(\"x\")", use(land.GB50137, "M1"), land.Available, 5000.335)
	works.SecondaryUse = []string{"M0"}
	works.FARMin, works.FARMax, works.DensityMax, works.GreenMin = num(1.5), num(3), num(40), num(20)
	stated := geo.SquareMetres(5000.4)
	works.StatedArea, works.Setbacks = &stated, "西侧道路红线后退 10 米"
	m0 := plot(3, "panyu", "PY-2", "研发中试", use(land.GZ2019, "M0"), land.Idle, 4000.335)
	m0.FARMin, m0.GFAMax = num(2), num(9999.5)
	shop := plot(4, "panyu", "PY-3", "配套商业", use(land.GB50137, "B"), land.Planned, 2000.335)
	office := plot(5, "panyu", "PY-4", "商务办公", use(land.GB50137, "B29"), land.Committed, 1999.33)
	road := plot(6, "panyu", "PY-5", "规划一路", use(land.GB50137, "S1"), land.Reserved, 999.33)
	hall := plot(7, "nansha", "NS-1", "认证大厦", use(land.MNR2023, "0803"), land.UnderConstruction, 3333.33)
	water := plot(8, "nansha", "NS-2", "-河涌", use(land.GB50137, "E11"), land.Planned, 6666.67)
	return Register{
		Seq: 812, At: day(t, "2016-06-30"),
		Parks: []land.Park{
			{Code: "panyu", NameZh: "番禺园区", NameEn: "Panyu Park", PlaneCRS: geo.GK114, Area: 20000, AreaEllipsoid: 19998.4, Demonstration: true,
				Plan: &land.ParkPlan{Land: 30, Investment: 27.5, Output: 20, Source: "建设方案（2016—2020年）"}},
			{Code: "nansha", NameZh: "南沙园区", NameEn: "Nansha Park", PlaneCRS: geo.GK114, Area: 10000, AreaEllipsoid: 9999.2},
		},
		Plots: []land.Plot{works, lab, m0, water, shop, office, road, hall},
	}
}
