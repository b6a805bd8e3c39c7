package report

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// randomRegister has up to three parks with up to forty plots each, of areas on
// the millimetre grid, many of them on a half of a printed unit.
func randomRegister(r *rand.Rand) Register {
	reg := Register{Seq: land.Seq(r.Int63n(1000))}
	var uses []land.Use
	for _, u := range land.Uses() {
		if u.Scheme != land.MNR2023 || r.Intn(8) == 0 {
			uses = append(uses, u)
		}
	}
	for i := range 1 + r.Intn(3) {
		park := land.Park{Code: land.ParkCode(fmt.Sprintf("p%d", i)), NameZh: fmt.Sprintf("园区%d", i), PlaneCRS: geo.GK114, Demonstration: r.Intn(2) == 0, Area: randomArea(r)}
		if r.Intn(4) > 0 {
			park.Plan = &land.ParkPlan{Land: geo.Mu(r.Intn(1500)), Investment: r.Float64() * 90, Output: 20}
		}
		reg.Parks = append(reg.Parks, park)
		for j := range []int{0, 1, r.Intn(40)}[r.Intn(3)] {
			p := land.Plot{ID: land.PlotID(100*i + j), Park: park.Code, Area: randomArea(r)}
			p.AreaEllipsoid = randomArea(r)
			p.PlotNo = fmt.Sprintf("P%d-%d", i, r.Intn(1000))
			p.Use = uses[r.Intn(len(uses))].UseCode
			p.Status = land.Statuses()[r.Intn(9)].Status
			if r.Intn(2) == 0 {
				p.FARMax = num(float64(r.Intn(500)) / 100)
			}
			reg.Plots = append(reg.Plots, p)
		}
	}
	return reg
}

func randomArea(r *rand.Rand) geo.SquareMetres {
	units := []int64{1, 5, 5000, 10_000_000}[r.Intn(4)] // of 1e-6 m²
	return geo.SquareMetres(float64(r.Int63n(100_000_000_000/units)*units) / 1e6)
}

// printedOnce is the sum of areas in a unit of m², rounded half up once, worked
// out in fractions.
func printedOnce(areas []geo.SquareMetres, m2 *big.Rat, decimals int) string {
	sum := new(big.Rat)
	for _, a := range areas {
		exact, _ := new(big.Rat).SetString(geo.FormatFixed(float64(a), 6))
		sum.Add(sum, exact)
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	sum.Quo(sum, m2).Mul(sum, scale).Add(sum, big.NewRat(1, 2))
	whole := new(big.Int).Quo(sum.Num(), sum.Denom())
	return Decimal{whole.Int64(), decimals}.String()
}

// seeds of the registers that the tests below look at; a failure names its own.
func forRandomRegisters(t *testing.T, check func(t *testing.T, reg Register, opt Options)) {
	for seed := range int64(150) {
		reg := randomRegister(rand.New(rand.NewSource(seed)))
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			check(t, reg, Options{Measure: Measure(seed % 2)})
		})
	}
}

func TestSumsAddUpAsPrinted(t *testing.T) {
	forRandomRegisters(t, func(t *testing.T, reg Register, opt Options) {
		for _, name := range Names() {
			table, err := Build(name, reg, opt)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range table.Rows {
				if len(row.Cells) != len(table.Columns) {
					t.Fatalf("%s row %d has %d cells for %d columns", name, i, len(row.Cells), len(table.Columns))
				}
				if row.Kind == Body {
					continue
				}
				for c, column := range table.Columns {
					if cell := row.Cells[c]; column.Additive && cell.Kind != None {
						want := Decimal{Places: column.Decimals}
						for _, s := range row.Sums {
							for _, part := range table.Rows[s.From:s.To] {
								if part.Kind != Body {
									t.Fatalf("%s row %d adds up the sum %v", name, i, part)
								}
								want.Units += part.Cells[c].Value.Units
							}
						}
						if cell.String() != want.String() {
							t.Errorf("%s row %d, %s: %s, its rows add up to %s", name, i, column.Key, cell, want)
						}
					}
				}
			}
			last := table.Rows[len(table.Rows)-1]
			body := 0
			for _, s := range last.Sums {
				body += s.To - s.From
			}
			for _, row := range table.Rows {
				if row.Kind == Body {
					body--
				}
			}
			if last.Kind != Total || body != 0 {
				t.Errorf("%s: the last row is a %v that misses %d rows", name, last.Kind, -body)
			}
		}
	})
}

func TestTotalsAreRoundedOnce(t *testing.T) {
	aMu := big.NewRat(2000, 3)
	forRandomRegisters(t, func(t *testing.T, reg Register, opt Options) {
		areas := opt.plots(reg.Plots)
		var parks []geo.SquareMetres
		for _, p := range reg.Parks {
			parks = append(parks, opt.park(p))
		}
		for _, want := range []struct{ table, column, printed string }{
			{"balance", "area_m2", printedOnce(areas, big.NewRat(1, 1), 2)},
			{"balance", "area_ha", printedOnce(areas, big.NewRat(10000, 1), 4)},
			{"balance", "area_mu", printedOnce(areas, aMu, 2)},
			{"plots", "area_ha", printedOnce(areas, big.NewRat(10000, 1), 4)},
			{"plots", "area_mu", printedOnce(areas, aMu, 2)},
			{"overview", "plots_mu", printedOnce(areas, aMu, 2)},
			{"overview", "boundary_mu", printedOnce(parks, aMu, 2)},
		} {
			table, err := Build(want.table, reg, opt)
			if err != nil {
				t.Fatal(err)
			}
			got := table.Rows[len(table.Rows)-1].Cells[table.column(want.column)].String()
			if got != want.printed {
				t.Errorf("%s %s is %s, want %s", want.table, want.column, got, want.printed)
			}
		}
	})
}

func TestPlotsOwnAreaIsNeverAdjusted(t *testing.T) {
	forRandomRegisters(t, func(t *testing.T, reg Register, opt Options) {
		want := map[string]string{}
		for _, p := range reg.Plots {
			want[string(p.Park)+fmt.Sprint(p.ID)] = printedOnce([]geo.SquareMetres{opt.plot(p)}, big.NewRat(1, 1), 2)
		}
		var printed, expected []string
		table := Plots(reg, opt)
		for _, row := range table.Rows {
			if row.Kind == Body {
				printed = append(printed, row.Cells[table.column("area_m2")].String())
			}
		}
		for _, w := range want {
			expected = append(expected, w)
		}
		slices.Sort(printed)
		slices.Sort(expected)
		if !slices.Equal(printed, expected) {
			t.Errorf("printed %v, want %v", printed, expected)
		}
	})
}

func TestSharesAddUpToAHundred(t *testing.T) {
	forRandomRegisters(t, func(t *testing.T, reg Register, opt Options) {
		table := Balance(reg, opt)
		for _, row := range table.Rows {
			if row.Cells[0].Text == "H11" && row.Kind == Subtotal && row.Cells[table.column("area_m2")].Value.Units > 0 {
				if got := row.Cells[table.column("urban_pct")].String(); got != "100.00" {
					t.Errorf("urban development land has %s %%", got)
				}
			}
		}
		last := table.Rows[len(table.Rows)-1]
		if got := last.Cells[table.column("share_pct")].String(); last.Cells[table.column("area_m2")].Value.Units > 0 && got != "100.00" {
			t.Errorf("all land has %s %%", got)
		}
	})
}

func TestStatusesAddUpToTheParksPlots(t *testing.T) {
	forRandomRegisters(t, func(t *testing.T, reg Register, opt Options) {
		table := Overview(reg, opt)
		for _, row := range table.Rows {
			groups, statuses := Decimal{Places: 2}, Decimal{Places: 2}
			for _, g := range statusGroups {
				groups = groups.Plus(row.Cells[table.column(g.key)].Value)
				for _, s := range g.statuses {
					statuses = statuses.Plus(row.Cells[table.column(string(s)+"_mu")].Value)
				}
			}
			if plots := row.Cells[table.column("plots_mu")].Value; groups != plots || statuses != plots {
				t.Errorf("%s: plots have %s 亩, stages %s, statuses %s", row.Cells[0], plots, groups, statuses)
			}
		}
	})
}

func TestDemonstrationIsMarkedOnEveryRowOfIt(t *testing.T) {
	for _, name := range Names() {
		table, err := Build(name, sample(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		last := len(table.Columns) - 1
		if table.Columns[last].Zh != "数据性质" {
			t.Fatalf("%s ends with column %s", name, table.Columns[last].Zh)
		}
		for _, row := range table.Rows {
			surveyed := strings.HasPrefix(row.Cells[0].Text+row.Cells[1].Text, "南沙园区")
			if got := row.Cells[last].String(); (got == "示范布局，非实测") == surveyed {
				t.Errorf("%s %v is marked %q", name, row.Cells, got)
			}
		}
	}
	reg := sample(t)
	reg.Parks[0].Demonstration = false
	if table := Balance(reg, Options{}); table.column("data_nature") >= 0 || table.Head.Demonstration {
		t.Error("surveyed land is marked as a demonstration")
	}
}

func TestTablesOfNothing(t *testing.T) {
	empty := sample(t)
	empty.Plots = nil
	for _, reg := range []Register{{}, empty} {
		for _, name := range Names() {
			table, err := Build(name, reg, Options{})
			if err != nil {
				t.Fatal(err)
			}
			last := table.Rows[len(table.Rows)-1]
			for c, column := range table.Columns {
				if strings.HasSuffix(column.Key, "_pct") && last.Cells[c].Kind != None {
					t.Errorf("%s: %s of nothing is %s", name, column.Key, last.Cells[c])
				}
			}
		}
	}
}

func TestBuildRefuses(t *testing.T) {
	var invalid *land.InvalidError
	if _, err := Build("ledger", Register{}, Options{}); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "overview, balance, plots") {
		t.Errorf("an unknown table gives %v", err)
	}
	if _, err := LookupFormat("doc", nil); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "xlsx, csv, json, html, pdf") {
		t.Errorf("an unknown format gives %v", err)
	}
	lost := sample(t)
	lost.Parks = lost.Parks[:1]
	if _, err := Build("plots", lost, Options{}); err == nil || !strings.Contains(err.Error(), "nansha") {
		t.Errorf("plots of a park that is not held give %v", err)
	}
}

func TestPlotNumbersInTheOrderOfPeople(t *testing.T) {
	want := []string{"NS-2", "PY-1", "PY-01-02", "PY-1-3", "PY-2", "PY-2a", "PY-10", "PY-10-1", "ZZ"}
	got := slices.Clone(want)
	rand.New(rand.NewSource(1)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, comparePlotNo)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v, want %v", got, want)
	}
}

func TestMeasuresAreNotMixed(t *testing.T) {
	reg := sample(t)
	table := Balance(reg, Options{Measure: Ellipsoid})
	if table.Head.MeasureZh() != "CGCS2000椭球面积" || table.Head.CRS != "EPSG:4490" {
		t.Errorf("head says %s, %s", table.Head.MeasureZh(), table.Head.CRS)
	}
	if got := table.Rows[len(table.Rows)-1].Cells[table.column("area_m2")].String(); got != "29997.60" {
		t.Errorf("ellipsoidal land is %s m², want 29997.60", got)
	}
	if head := Balance(reg, Options{}).Head; head.MeasureZh() != "EPSG:4547 平面面积" {
		t.Errorf("head says %s", head.MeasureZh())
	}
}

func TestDecimalPrintsEveryDigit(t *testing.T) {
	for _, c := range []struct {
		v      float64
		places int
		want   string
	}{{0, 2, "0.00"}, {2.675, 2, "2.68"}, {-0.125, 2, "-0.13"}, {300, 2, "300.00"}, {0.00005, 4, "0.0001"}, {9999.5, 0, "10000"}} {
		if got := Fixed(c.v, c.places).String(); got != c.want {
			t.Errorf("%v prints %s, want %s", c.v, got, c.want)
		}
	}
}
