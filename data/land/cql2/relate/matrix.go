package relate

import "github.com/paulmach/orb"

// Matrix has the dimension of what the interior, the boundary and the exterior
// of one shape have in common with those of another, -1 where it is nothing.
type Matrix [3][3]int

// String is the customary form, such as "212101212".
func (m Matrix) String() string {
	var b []byte
	for _, row := range m {
		for _, d := range row {
			b = append(b, "F012"[d+1])
		}
	}
	return string(b)
}

func (m Matrix) transposed() Matrix {
	var t Matrix
	for i := range m {
		for j := range m {
			t[j][i] = m[i][j]
		}
	}
	return t
}

func (m *Matrix) raise(i, j Location, dim int) { m[i][j] = max(m[i][j], dim) }

// raiseIf raises when something has been seen.
func (m *Matrix) raiseIf(seen bool, i, j Location, dim int) {
	if seen {
		m.raise(i, j, dim)
	}
}

// Of computes the matrix of two shapes that are not empty.
func Of(a, b *Shape) Matrix {
	if a.dim > b.dim {
		return Of(b, a).transposed()
	}
	m := Matrix{{-1, -1, -1}, {-1, -1, -1}, {-1, -1, 2}}
	switch {
	case a.dim == 0:
		m.points(a, b)
	case a.dim == 2:
		m.areas(arrange(a, b))
	case b.dim == 2:
		m.lineArea(arrange(a, b))
	default:
		m.lines(arrange(a, b))
	}
	return m
}

func (m *Matrix) points(a, b *Shape) {
	for _, p := range a.points {
		m.raise(Interior, b.Locate(p), 0)
	}
	switch b.dim {
	case 0:
		for _, p := range b.points {
			if a.Locate(p) == Exterior {
				m.raise(Exterior, Interior, 0)
			}
		}
	case 1:
		m.raise(Exterior, Interior, 1)
		for p, odd := range b.ends {
			if odd && a.Locate(p) == Exterior {
				m.raise(Exterior, Boundary, 0)
			}
		}
	case 2:
		m.raise(Exterior, Interior, 2)
		m.raise(Exterior, Boundary, 1)
	}
}

// areas follows from where pieces of the boundaries lie, for whatever region two
// areas make with each other has such a piece in its boundary.
func (m *Matrix) areas(r *arrangement) {
	a, b := r.piece[0], r.piece[1]
	m.raiseIf(a[Interior] || b[Interior] || r.same, Interior, Interior, 2)
	m.raiseIf(a[Exterior] || b[Interior] || r.across, Interior, Exterior, 2)
	m.raiseIf(b[Exterior] || a[Interior] || r.across, Exterior, Interior, 2)
	m.raiseIf(b[Interior], Interior, Boundary, 1)
	m.raiseIf(a[Interior], Boundary, Interior, 1)
	m.raiseIf(a[Exterior], Boundary, Exterior, 1)
	m.raiseIf(b[Exterior], Exterior, Boundary, 1)
	m.raiseIf(a[Boundary], Boundary, Boundary, 1)
	m.raiseIf(r.crossed || len(r.nodes) > 0, Boundary, Boundary, 0)
}

func (m *Matrix) lineArea(r *arrangement) {
	line := r.piece[0]
	m.raiseIf(line[Interior], Interior, Interior, 1)
	m.raiseIf(line[Boundary], Interior, Boundary, 1)
	m.raiseIf(line[Exterior], Interior, Exterior, 1)
	m.raiseIf(r.crossed || r.at[Interior][Boundary], Interior, Boundary, 0)
	m.ends(r.shapes[0], func(p orb.Point) { m.raise(Boundary, r.shapes[1].Locate(p), 0) })
	m.raise(Exterior, Interior, 2)
	m.raiseIf(r.piece[1][Exterior], Exterior, Boundary, 1)
}

func (m *Matrix) lines(r *arrangement) {
	a, b := r.piece[0], r.piece[1]
	m.raiseIf(a[Interior], Interior, Interior, 1)
	m.raiseIf(r.crossed || r.at[Interior][Interior], Interior, Interior, 0)
	m.raiseIf(r.at[Interior][Boundary], Interior, Boundary, 0)
	m.raiseIf(r.at[Boundary][Interior], Boundary, Interior, 0)
	m.raiseIf(r.at[Boundary][Boundary], Boundary, Boundary, 0)
	m.raiseIf(a[Exterior], Interior, Exterior, 1)
	m.raiseIf(b[Exterior], Exterior, Interior, 1)
	m.ends(r.shapes[0], func(p orb.Point) {
		m.raiseIf(r.shapes[1].Locate(p) == Exterior, Boundary, Exterior, 0)
	})
	m.ends(r.shapes[1], func(p orb.Point) {
		m.raiseIf(r.shapes[0].Locate(p) == Exterior, Exterior, Boundary, 0)
	})
}

func (m *Matrix) ends(line *Shape, visit func(orb.Point)) {
	for p, odd := range line.ends {
		if odd {
			visit(p)
		}
	}
}
