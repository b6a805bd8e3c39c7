package city

// outside is the face beyond a district's border.
const outside int32 = -1

// mesh is a district as faces that share their edges: each edge is two halves
// that run in opposite directions, h and h^1, with their faces on the left. A
// point that is put into an edge is in both faces at once, so that no two faces
// ever disagree on their common border.
type mesh struct {
	at         []pt    // of each vertex
	from       []int32 // vertex where a half-edge begins
	next, prev []int32
	face       []int32 // on the left of a half-edge
	faces      []face
}

// face is a part of the district: at first a large one, in the end a plot.
type face struct {
	edge   int32 // one of its half-edges
	points int32
	block  int32
	kind   faceKind
	use    useCode
}

// faceKind says what has become of a face.
type faceKind uint8

const (
	ground faceKind = iota // to be laid out
	road
	water
	belt // a green strip along something
	plot
)

// reset makes the mesh one face within a border.
func (m *mesh) reset(border []pt) {
	n := int32(len(border))
	m.at = append(m.at[:0], border...)
	m.from, m.next, m.prev, m.face, m.faces = m.from[:0], m.next[:0], m.prev[:0], m.face[:0], m.faces[:0]
	for v := range n {
		m.from = append(m.from, v, (v+1)%n)
		m.next = append(m.next, 2*((v+1)%n), -1)
		m.prev = append(m.prev, 2*((v+n-1)%n), -1)
		m.face = append(m.face, 0, outside)
	}
	m.faces = append(m.faces, face{edge: 0, points: n})
}

func (m *mesh) start(h int32) pt { return m.at[m.from[h]] }
func (m *mesh) end(h int32) pt   { return m.at[m.from[h^1]] }
func (m *mesh) way(h int32) pt   { return m.end(h).minus(m.start(h)) }

// fixed says whether an edge is the district's border, which gets no more points.
func (m *mesh) fixed(h int32) bool { return m.face[h] == outside || m.face[h^1] == outside }

// loop appends the half-edges around a face.
func (m *mesh) loop(dst []int32, f int32) []int32 {
	first := m.faces[f].edge
	for h := first; ; {
		dst = append(dst, h)
		if h = m.next[h]; h == first {
			return dst
		}
	}
}

// edgeFrom is the half-edge of a face that begins at a vertex, or -1.
func (m *mesh) edgeFrom(f, vertex int32) int32 {
	first := m.faces[f].edge
	for h := first; ; {
		if m.from[h] == vertex {
			return h
		}
		if h = m.next[h]; h == first {
			return -1
		}
	}
}

// area is twice the area of a face in mm².
func (m *mesh) area(f int32) (sum int64) {
	first := m.faces[f].edge
	o := m.start(first)
	for h := m.next[first]; h != first; h = m.next[h] {
		sum += cross(m.start(h).minus(o), m.end(h).minus(o))
	}
	return sum
}

// squareMetres is the area of a face in whole m².
func (m *mesh) squareMetres(f int32) int64 { return m.area(f) / 2_000_000 }

// pair adds an edge between two vertices.
func (m *mesh) pair(a, b int32) int32 {
	h := int32(len(m.from))
	m.from = append(m.from, a, b)
	m.next = append(m.next, -1, -1)
	m.prev = append(m.prev, -1, -1)
	m.face = append(m.face, outside, outside)
	return h
}

func (m *mesh) link(h, next int32) { m.next[h], m.prev[next] = next, h }

// split puts a point into an edge. The half-edge h ends there then; the rest of
// it is given back.
func (m *mesh) split(h int32, p pt) int32 {
	v := int32(len(m.at))
	m.at = append(m.at, p)
	t := h ^ 1
	k := m.pair(v, m.from[t])
	m.face[k], m.face[k^1] = m.face[h], m.face[t]
	m.link(k, m.next[h])
	m.link(h, k)
	m.link(m.prev[t], k^1)
	m.link(k^1, t)
	m.from[t] = v
	m.faces[m.face[h]].points++
	m.faces[m.face[t]].points++
	return k
}

// divide cuts a face from the beginning of half-edge a to that of b, through the
// points of a path. What lies on the right of the path becomes a new face.
func (m *mesh) divide(f, a, b int32, path []pt) int32 {
	g := int32(len(m.faces))
	beforeA, beforeB := m.prev[a], m.prev[b]
	at := m.from[a]
	left, right := beforeA, b // where the path's two sides are linked in
	for n := range len(path) + 1 {
		to := m.from[b]
		if n < len(path) {
			to = int32(len(m.at))
			m.at = append(m.at, path[n])
		}
		h := m.pair(at, to)
		m.face[h], m.face[h^1] = f, g
		m.link(left, h)
		if n == 0 {
			m.link(h^1, a)
		} else {
			m.link(h^1, right)
		}
		left, right, at = h, h^1, to
	}
	m.link(left, b)
	m.link(beforeB, right)
	m.faces = append(m.faces, m.faces[f])
	m.faces[f].edge, m.faces[g].edge = b, a
	m.recount(f)
	m.recount(g)
	return g
}

// recount walks around a face and makes its half-edges its own.
func (m *mesh) recount(f int32) {
	first, n := m.faces[f].edge, int32(0)
	for h := first; ; {
		m.face[h] = f
		n++
		if h = m.next[h]; h == first {
			break
		}
	}
	m.faces[f].points = n
}
