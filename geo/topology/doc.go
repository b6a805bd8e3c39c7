// Package topology edits and checks coverages: plots that share their borders
// point for point. All coordinates are metres in one plane system, east before
// north, on the 0.001 m grid that survey coordinates are given in. What decides
// about the shape of land is computed exactly, in whole millimetres; floating
// point serves distances that are compared with a tolerance, and nothing else.
//
// [Split], [Merge], [Move], [Partition] and [Stitch] are the edits: they neither
// lose land nor make any, but for the 0.001 m² or so that the grid costs where a
// line crosses an edge. [Valid], [Check] and [Coverage] find what is wrong, with
// the place; [Mend] proposes a remedy. [Overlay] and [Window] measure what polygons have in common.
package topology
