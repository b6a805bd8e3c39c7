// Package mvt reads Mapbox Vector Tiles 2.1 and says whether they are valid
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1). Check asks
// everything that the specification demands or advises; Decode gives what a tile
// holds. Both take bytes from anywhere: they never panic, and memory stays in
// proportion to the tile.
//
// Coordinates are tile units from the tile's north-west corner, x to the east
// and y to the south (4.3).
package mvt
