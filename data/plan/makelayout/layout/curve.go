package layout

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// stop is a point through which a line of the design passes. The line runs
// smoothly through it, or turns sharply where it is a corner.
type stop struct {
	at    geo.Point
	sharp bool
}

func via(x, y float64) stop    { return stop{geo.Point{x, y}, false} }
func corner(x, y float64) stop { return stop{geo.Point{x, y}, true} }

// p is a point of the drawing.
func p(x, y float64) geo.Point { return geo.Point{x, y} }

// flatness is how far a chord may stray from its curve, in metres.
const flatness = 0.15

// spline draws a line through stops with chords: a cubic Hermite curve between
// corners, with more points where it bends more.
func spline(stops []stop, closed bool) []geo.Point {
	n := len(stops)
	last := n - 1
	if closed {
		last = n
	}
	line := []geo.Point{stops[0].at}
	for i := range last {
		a, b := stops[i], stops[(i+1)%n]
		chord := minus(b.at, a.at)
		leave, arrive := chord, chord
		if !a.sharp && (closed || i > 0) {
			leave = tangent(stops[(i+n-1)%n].at, a.at, b.at, math.Hypot(chord[0], chord[1]))
		}
		if !b.sharp && (closed || i+2 < n) {
			arrive = tangent(a.at, b.at, stops[(i+2)%n].at, math.Hypot(chord[0], chord[1]))
		}
		line = bend(line, a.at, b.at, leave, arrive)
		line = append(line, b.at)
	}
	if closed {
		line = line[:len(line)-1]
	}
	return line
}

// tangent is the direction of a smooth line at b between a and c, with length.
func tangent(a, b, c geo.Point, length float64) geo.Point {
	d0, d1 := distance(a, b), distance(b, c)
	return times(unit(plus(times(minus(b, a), d1/d0), times(minus(c, b), d0/d1))), length)
}

// bend appends the inner points of a Hermite curve from a to b.
func bend(line []geo.Point, a, b, leave, arrive geo.Point) []geo.Point {
	at := func(t float64) geo.Point {
		t2, t3 := t*t, t*t*t
		p := plus(times(a, 2*t3-3*t2+1), times(b, 3*t2-2*t3))
		return plus(p, plus(times(leave, t3-2*t2+t), times(arrive, t3-t2)))
	}
	var halve func(t0, t1 float64)
	halve = func(t0, t1 float64) {
		p, q := at(t0), at(t1)
		n := leftOf(unit(minus(q, p)))
		for _, f := range []float64{0.25, 0.5, 0.75} {
			if math.Abs(dot(minus(at(t0+f*(t1-t0)), p), n)) > flatness {
				m := (t0 + t1) / 2
				halve(t0, m)
				line = append(line, at(m))
				halve(m, t1)
				return
			}
		}
	}
	halve(0, 1)
	return line
}

// offset shifts a line to its left by d metres (to its right for negative d),
// keeping the number of points; at bends the shifted chords meet.
func offset(line []geo.Point, d float64) []geo.Point {
	if d == 0 {
		return line
	}
	shifted := make([]geo.Point, len(line))
	for i, p := range line {
		var in, out geo.Point
		if i > 0 {
			in = leftOf(unit(minus(p, line[i-1])))
		}
		if i+1 < len(line) {
			out = leftOf(unit(minus(line[i+1], p)))
		}
		n := unit(plus(in, out))
		shifted[i] = plus(p, times(n, d/max(dot(n, in), dot(n, out))))
	}
	return shifted
}

// at is the point of a line at a place: the whole part counts chords, the rest
// is a fraction of the next one.
func at(line []geo.Point, place float64) geo.Point {
	i := min(int(place), len(line)-2)
	return between(line[i], line[i+1], place-float64(i))
}

// advance is the place that lies metres further along a line, or back when
// metres are negative.
func advance(line []geo.Point, place, metres float64) float64 {
	for {
		i := min(int(place), len(line)-2)
		if metres < 0 && float64(i) == place && i > 0 {
			i--
		}
		length := distance(line[i], line[i+1])
		next := place + metres/length
		switch {
		case next > float64(i+1) && i+2 < len(line):
			metres -= (float64(i+1) - place) * length
			place = float64(i + 1)
		case next < float64(i) && i > 0:
			metres += (place - float64(i)) * length
			place = float64(i)
		default:
			return next
		}
	}
}

// shortest is the length in metres under which a road's side has no chord.
const shortest = 1.5

// stretch is the part of a line from one place to a later one, without points
// that are nearer than clear metres to its ends.
func stretch(line []geo.Point, from, to, clear float64) []geo.Point {
	a, b := at(line, from), at(line, to)
	part := []geo.Point{a}
	for i := int(math.Floor(from)) + 1; float64(i) < to; i++ {
		if distance(line[i], a) > clear && distance(line[i], b) > clear {
			part = append(part, line[i])
		}
	}
	return append(part, b)
}
