package tiles

// The parts of the Mapbox Vector Tile specification 2.1 that the encoder writes
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1), as protocol
// buffers by hand: section numbers stand beside what they define.

// Geometry types (4.3.4).
const (
	pointType   = 1
	polygonType = 3
)

// Commands of geometry (4.3.1).
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// Field numbers of the messages (vector_tile.proto).
const (
	tileLayers = 3

	layerName     = 1
	layerFeatures = 2
	layerKeys     = 3
	layerValues   = 4
	layerExtent   = 5
	layerVersion  = 15

	featureID       = 1
	featureTags     = 2
	featureType     = 3
	featureGeometry = 4

	valueString = 1
	valueDouble = 3
	valueBool   = 7
)

// Wire types of protocol buffers.
const (
	wireVarint = 0
	wireDouble = 1
	wireBytes  = 2
)
