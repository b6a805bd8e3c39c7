package land

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Amount is an amount of quota in millionths of a 亩. Documents state 亩 and m² to
// 0.01 and hectares to 0.0001; all three are whole numbers of it, because
// 1 m² = 0.0015 亩 exactly, so amounts add up without rounding and are written in
// 亩 with at most six decimals.
type Amount int64

// Units in which amounts are given.
const (
	perMu          Amount = 1_000_000
	perSquareMetre Amount = 1_500
	perHectare     Amount = 15_000_000
)

// MostAmount bounds what one entry moves: a million 亩, more than a district has.
const MostAmount = 1_000_000 * perMu

// MuAmount is a whole number of 亩.
func MuAmount(mu int64) Amount { return Amount(mu) * perMu }

// AmountUnit is a unit in which amounts are given: its name in members such as
// farmland_ha, and the decimals that documents state it with.
type AmountUnit struct {
	Name     string
	Decimals int
	size     Amount
}

// AmountUnits lists the units. Answers state 亩 to the last digit, and so may
// what is sent.
func AmountUnits() []AmountUnit {
	return []AmountUnit{{"mu", 6, perMu}, {"m2", 2, perSquareMetre}, {"ha", 4, perHectare}}
}

var plainDecimal = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

// Parse reads an amount such as 12.35 exactly. The field is named in the refusal.
func (u AmountUnit) Parse(field, text string) (Amount, error) {
	refuse := func(message geo.Words) (Amount, error) {
		return 0, Invalid(field, message, geo.Say("请填 0 到 %s 之间、至多 %d 位小数的数，例如 12.35", "give a number from 0 to %s with at most %d decimals, such as 12.35", u.of(MostAmount), u.Decimals))
	}
	text = strings.TrimSpace(text)
	if !plainDecimal.MatchString(text) {
		return refuse(geo.Say("%s 不是可用的面积", "%s is not an amount of land that can be used", quote(text)))
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > u.Decimals {
		return refuse(geo.Say("%s 的小数位过多", "%s has too many decimals", text))
	}
	n, err := strconv.ParseInt(whole+fraction, 10, 64) // at most 18 digits
	if err != nil {
		return refuse(geo.Say("%s 不是可用的面积", "%s is not an amount of land that can be used", quote(text)))
	}
	step := u.size
	for range fraction {
		step /= 10
	}
	if n > int64(MostAmount/step) {
		return refuse(geo.Say("%s 过大", "%s is too much", text))
	}
	return Amount(n) * step, nil
}

func (u AmountUnit) of(a Amount) string { return strconv.FormatInt(int64(a/u.size), 10) }

// String is the amount in 亩, such as 12.35.
func (a Amount) String() string {
	sign := ""
	n := uint64(a)
	if a < 0 {
		sign, n = "-", -n
	}
	text := strconv.FormatUint(n/uint64(perMu), 10)
	if rest := n % uint64(perMu); rest > 0 {
		digits := strconv.FormatUint(rest+uint64(perMu), 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return sign + text
}

// MarshalJSON is the amount in 亩 as a number.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON reads a number of 亩.
func (a *Amount) UnmarshalJSON(text []byte) (err error) {
	*a, err = AmountUnits()[0].Parse("mu", string(text))
	return err
}

// AmountOf is an area as documents state it, rounded to 0.01 m².
func AmountOf(area geo.SquareMetres) Amount {
	return Amount(math.Round(float64(area)*100)) * perSquareMetre / 100
}

// Share is the amount as a percentage of another with two decimals, for people;
// 0 of nothing.
func (a Amount) Share(of Amount) float64 {
	if of == 0 {
		return 0
	}
	return geo.Round(float64(a)/float64(of)*100, geo.PercentDecimals)
}

// Quantity is an amount of quota with what of it is 农用地 (of that 耕地) and 未利用地.
// What is neither is undivided: no document says what land it is, or it is built
// up. Cultivated is in Farmland.
type Quantity struct {
	Total, Farmland, Cultivated, Unused Amount
}

// Plus adds.
func (q Quantity) Plus(r Quantity) Quantity {
	return Quantity{q.Total + r.Total, q.Farmland + r.Farmland, q.Cultivated + r.Cultivated, q.Unused + r.Unused}
}

// Minus takes away; the rest may be below nothing.
func (q Quantity) Minus(r Quantity) Quantity {
	return Quantity{q.Total - r.Total, q.Farmland - r.Farmland, q.Cultivated - r.Cultivated, q.Unused - r.Unused}
}

// undivided is what no document divides.
func (q Quantity) undivided() Amount { return q.Total - q.Farmland - q.Unused }

// component is one of the disjoint parts of a quantity, and the field that states it.
type component struct {
	field  string
	name   geo.Words
	of     func(Quantity) Amount
	divide bool // what nothing divides: whoever takes it may mean another part
}

var components = []component{
	{"cultivated_mu", geo.Words{Zh: "耕地", En: "cultivated land"}, func(q Quantity) Amount { return q.Cultivated }, false},
	{"farmland_mu", geo.Words{Zh: "其他农用地", En: "other farmland"}, func(q Quantity) Amount { return q.Farmland - q.Cultivated }, false},
	{"unused_mu", geo.Words{Zh: "未利用地", En: "unused land"}, func(q Quantity) Amount { return q.Unused }, false},
	{"farmland_mu", geo.Words{Zh: "未分类用地", En: "undivided land"}, Quantity.undivided, true},
}

// short is the part of which there is least and less than nothing; the whole
// where the whole is short.
func (q Quantity) short() (component, bool) {
	if q.Total < 0 {
		return component{field: "mu", of: func(q Quantity) Amount { return q.Total }}, true
	}
	worst, least := component{}, Amount(math.MaxInt64)
	for _, c := range components {
		if v := c.of(q); v < least {
			worst, least = c, v
		}
	}
	return worst, least < 0
}
