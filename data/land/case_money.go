package land

import (
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Wan is money in hundredths of a yuan (分), of which a million make a 万元, the unit
// in which contracts state prices. It is written in 万元 with at most six decimals.
type Wan int64

// perWan is a 万元.
const perWan Wan = 1_000_000

// MostWan bounds an amount of money: ten million 万元.
const MostWan = 10_000_000 * perWan

// ParseWan reads an amount such as 1234.56 exactly. The field is named in the refusal.
func ParseWan(field, text string) (Wan, error) {
	refused := Invalid(field, geo.Say("%s 不是可用的金额", "%s is not an amount of money that can be used", quote(text)), geo.Say("请填 0 到 %s 之间、至多 6 位小数的万元数", "give 万元 from 0 to %s with at most 6 decimals", MostWan))
	if !plainDecimal.MatchString(text) {
		return 0, refused
	}
	whole, fraction, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+fraction+"000000"[len(fraction):], 10, 64)
	if err != nil || Wan(n) > MostWan {
		return 0, refused
	}
	return Wan(n), nil
}

// String is the amount in 万元, such as 1234.56.
func (w Wan) String() string { return Amount(w).String() }

// MarshalJSON is the amount in 万元 as a number.
func (w Wan) MarshalJSON() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalJSON reads a number of 万元.
func (w *Wan) UnmarshalJSON(text []byte) (err error) {
	*w, err = ParseWan("price_wan", string(text))
	return err
}
