package report

import (
	"cmp"
	"strings"
)

// comparePlotNo orders plot numbers as people do: runs of digits by their
// value, so that PY-2 comes before PY-10.
func comparePlotNo(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		dx, restX := leadingDigits(x)
		dy, restY := leadingDigits(y)
		if dx != "" && dy != "" {
			nx, ny := strings.TrimLeft(dx, "0"), strings.TrimLeft(dy, "0")
			if c := cmp.Or(cmp.Compare(len(nx), len(ny)), cmp.Compare(nx, ny)); c != 0 {
				return c
			}
			x, y = restX, restY
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

func leadingDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)], rest
}
