package pmtiles

import "fmt"

// Rule names what an archive breaks.
type Rule string

// Rules of header and sections (2, 3).
const (
	Truncated       Rule = "truncated"        // shorter than a header
	Magic           Rule = "magic"            // not an archive
	Version         Rule = "version"          // not 3
	Section         Rule = "section"          // reaches past the file's end
	SectionsOverlap Rule = "sections-overlap" // one another or the header
	RootPlace       Rule = "root-place"       // not in the first 16 KiB
	InternalForm    Rule = "internal-form"    // a compression of directories that cannot be read
	TileForm        Rule = "tile-form"        // a compression of tiles that is none
	TileType        Rule = "tile-type"        // none of the table's
	Zooms           Rule = "zooms"            // disordered, or not those of the tiles
	Bounds          Rule = "bounds"           // disordered or off the world
	Center          Rule = "center"           // outside bounds or zooms
	Clustered       Rule = "clustered"        // the flag is not true
	CountAddressed  Rule = "count-addressed"  // tiles
	CountEntries    Rule = "count-entries"
	CountContents   Rule = "count-contents"
)

// Rules of metadata (5).
const (
	MetadataForm Rule = "metadata-form" // not a compressed JSON object
	VectorLayers Rule = "vector-layers" // absent, or without id or fields
)

// Rules of directories (4).
const (
	DirectoryForm Rule = "directory-form" // cannot be read
	DirectorySize Rule = "directory-size" // larger than is read
	EntryOrder    Rule = "entry-order"    // ids do not rise
	EntryOverlap  Rule = "entry-overlap"  // a run reaches the next entry
	EntryLength   Rule = "entry-length"   // none
	EntryPlace    Rule = "entry-place"    // outside its section
	LeafStart     Rule = "leaf-start"     // another first id than its entry says
	LeafDepth     Rule = "leaf-depth"     // leaves of leaves of leaves
)

// Rules of tiles' data.
const (
	ContentOverlap Rule = "content-overlap" // with another content, in part
	ContentUnused  Rule = "content-unused"  // bytes that no entry refers to
	TileUnread     Rule = "tile-unread"     // does not decompress
	TileSize       Rule = "tile-size"       // more than allowed once decompressed
	TileContent    Rule = "tile-content"    // found wrong by the caller's check
)

// Fault is one way in which an archive is wrong.
type Fault struct {
	Rule Rule
	Tile *ID // that it was seen at, if at one
	Text string
	Err  error // of the caller's check, with TileContent
}

func (f *Fault) Error() string {
	if f.Tile != nil {
		return fmt.Sprintf("tile %s: %s: %s", f.Tile, f.Rule, f.Text)
	}
	return fmt.Sprintf("%s: %s", f.Rule, f.Text)
}

func (f *Fault) Unwrap() error { return f.Err }

func flaw(rule Rule, format string, args ...any) *Fault {
	return &Fault{Rule: rule, Text: fmt.Sprintf(format, args...)}
}

func (f *Fault) at(id ID) *Fault {
	f.Tile = &id
	return f
}
