package dxf

import (
	"math"
	"strconv"
	"strings"
)

// foreground is AutoCAD's colour 7, black on white and white on black.
const foreground = 7

// parseColor reads #RRGGBB.
func parseColor(color string) (rgb [3]int, ok bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 32)
	if err != nil || len(color) != len("#RRGGBB") {
		return rgb, false
	}
	return [3]int{int(n >> 16 & 0xFF), int(n >> 8 & 0xFF), int(n & 0xFF)}, true
}

// nearestIndex is the AutoCAD colour index nearest to a colour, for programs that
// do not know true colours (group 420).
func nearestIndex(color string) int {
	rgb, ok := parseColor(color)
	if !ok {
		return foreground
	}
	best, least := foreground, math.MaxInt
	for i := 10; i <= 255; i++ {
		distance := 0
		for c, v := range indexed(i) {
			distance += (v - rgb[c]) * (v - rgb[c])
		}
		if distance < least {
			best, least = i, distance
		}
	}
	return best
}

// indexed is the colour of an index from 10: 24 hues in steps of 15°, each in
// five brightnesses, at full and half saturation by turns; then six greys.
func indexed(i int) [3]int {
	if i >= 250 {
		grey := [...]int{51, 91, 132, 173, 214, 255}[i-250]
		return [3]int{grey, grey, grey}
	}
	value := [...]float64{255, 204, 153, 127, 76}[i%10/2]
	lowest := 0.0
	if i%2 == 1 {
		lowest = value / 2
	}
	hue := float64(i/10-1) * 15 / 60 // in sixths of the circle
	var rgb [3]int
	for c, at := range []float64{0, 2, 4} { // red, green, blue
		away := math.Abs(math.Mod(hue-at+9, 6) - 3) // 0 … 3 around the circle
		part := min(max(2-away, 0), 1)
		rgb[c] = int(math.Round(lowest + part*(value-lowest)))
	}
	return rgb
}
