// Package layout draws the demonstration layout of the three parks: an invented
// regulatory plan (控规图则) that stands in for the true plot drawings, which are
// not public. Nothing in it was surveyed, and the parks' centres are rough.
//
// A park is designed as lines: its outline (用地边界), the centre lines of its
// roads with their widths (红线宽度), and for every block between them a recipe
// that divides it into plots. The lines are cut at their crossings, road sides
// are offset from the centre lines, corners at junctions are cut off (道路切角),
// and the blocks are divided by cuts. Every point is put once on the 0.001 m
// grid of EPSG:4547 and is shared from then on by all who touch it, so the
// plots cover the park without gap or overlap by construction. At the end a few
// points of the outline are moved by millimetres until the park has exactly the
// plan's area.
//
// Development plots have 8 to 120 亩. Roads, green space, squares, parking and
// utilities may be smaller or larger.
//
// Inside the package coordinates are metres east and north of the park's
// centre, and millimetres once on the grid.
package layout
