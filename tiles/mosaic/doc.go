// Package mosaic draws land use at low zooms, where a million plots must be
// shown without gaps and true in colour, in bounded size and time.
//
// A [Grid] is a tile divided in side×side cells, each of one class. [Workspace.Rasterise]
// makes the grids of the base zoom from plots, [Workspace.Reduce] makes a parent
// of four children, up to the world, and [Workspace.Shapes] gives the outlines
// that a vector tile holds. After an edit the base grids it touched are made anew
// and the grids above them reduced again; nothing else changes. So that this is a
// small part of a tile, a tile's grid may be put together of the grids of smaller
// squares by [Workspace.Join]; parents are then made of such parts, not of what they
// are joined to.
//
// # Units
//
// Classes are numbers, 0 is no land. Plots come in whole 2^-32 parts of the
// Web-Mercator world's side, x east, y south from the north-west corner. Areas
// are in cells of the grid that tells them. Shapes are in tile units, [Extent]
// along a side, y south.
//
// # Gaps and overlaps
//
// A cell belongs to the plot over its centre, told by exact integer arithmetic
// with half-open spans, so that of two plots with a common border one and only
// one has it. From there on a cell has a class and every step is about whole
// cells: nothing can gape or overlap.
//
// # Area
//
// Every grid knows each class's true area: at the base what the plots have inside
// the tile, above it the sum of the children's, so that errors do not pile up over
// the levels. A class is given that many cells, give or take one. At the base,
// plots too small or thin to have a cell hand their area on, by class, and cells
// are paid out where such plots lie; a class that still has none keeps its claims, for
// what is made of the grid. In a reduction a cell goes to the class with
// the highest share of it, plus a price that rises while the class has had less
// than its due and falls when it has had more, plus a bonus for continuing a
// neighbour. That is error diffusion with a slow hand: the prices come near those
// of a transport problem, under which the cells that have most of a class get it,
// so that wide roads stay whole and narrow ones go, instead of all turning to dust.
// What is then still missing changes hands at the borders between classes, and only
// if that is not enough at the border of all land, which would wander from level to
// level.
//
// # Outlines
//
// The borders between cells are cut into arcs at nodes, where three regions meet,
// and each arc is simplified once, for both its sides. A chord may replace a part
// of an arc that steps in only two directions, as the edge of a drawn straight
// line does, when every corner of it is less than one cell away, measured along
// the axis that the chord is steeper against. In each row or column of the lattice
// that leaves no lattice point between the chord and the part but the part's own,
// and since all vertices are lattice points, a chord can neither cross nor touch
// another border, nor equal another chord, as both would begin with the same step.
// No outline needs to be tested or repaired afterwards.
// The area that chords cut off on one side is carried along the arc and bounded by
// a cell; classes that still lost or won more than a few parts in a thousand get
// arcs back as they were.
//
// # Margin
//
// Fills are drawn with a softened rim, one pixel wide, on every edge, also where a
// shape ends only because its tile does; between translucent tiles that shows as a
// net of hairlines. So shapes may reach beyond the tile by a margin, in which the
// outermost cells are repeated; renderers cut it off at the tile's edge. To take
// the margin from the neighbours would tie a tile's bytes to eight others for
// something never seen.
package mosaic

import "iter"

// Extent is the length of a tile's side in units of its shapes.
const Extent = 4096

// Tile is a tile of the Web-Mercator pyramid, y south.
type Tile struct {
	Z    uint8
	X, Y uint32
}

// Plot is a piece of land of one class. Its rings may be closed or open and turn
// either way; no two may cross.
type Plot struct {
	Class uint16
	Rings []Ring
}

// Ring bounds a part of a plot, or a hole in one.
type Ring struct {
	Points [][2]uint32 // x, y in 2^-32 of the world's side
	Hole   bool
}

// Plots are asked for once, in any order; the order makes no difference. What is
// yielded is read before the next is asked for, so its memory may be used again.
type Plots = iter.Seq[Plot]

// Share is what a grid has of one class.
type Share struct {
	Class uint16
	Area  float64 // true area in the tile, in cells
	Cells int     // cells shown
}

// Shape is all land of one class in a tile: rings without a repeated first point,
// each outer ring (clockwise on the screen) followed by its holes.
type Shape struct {
	Class uint16
	Rings [][][2]int32
}
