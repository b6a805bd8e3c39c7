// Package pmtiles writes, reads, verifies, compares and re-packs archives of map
// tiles in one file: PMTiles version 3
// (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md). Section
// numbers beside what they define are that document's.
//
// An archive is written in one go with the tiles in the order of their ids: the
// first 16 KiB are left free for header and root directory, the tiles' data
// follow, then leaf directories and metadata. The same tiles make the same bytes,
// whether by one pack, one that was killed and resumed, or a re-pack.
package pmtiles
