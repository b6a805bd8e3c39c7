package land

import (
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Import asks for a file's plots to be taken into a park, all or none.
type Import struct {
	Park     ParkCode
	Found    *Park // how to found the park where it does not exist, without a boundary: on its plots' outline; nil: so, named by its code
	Replace  bool  // a plot whose number is there gets a new version; else that is a fault
	DryRun   bool  // do everything, then undo it
	Kind     ChangeKind
	Reason   string
	Format   string // of the file; empty: by its content and name
	Handling Handling
	Source   string // who delivers, such as a surveyor's name; its column map is remembered
	File     HandedIn
	Progress func(Progress) // told now and then; may be nil
}

// Progress is how far an import has come.
type Progress struct {
	Stage string // reading, checking, writing
	Plots int    // read so far
}

// Tell reports progress to whoever asked for it.
func (in Import) Tell(stage string, plots int) {
	if in.Progress != nil {
		in.Progress(Progress{stage, plots})
	}
}

// ImportState is what became of an import.
type ImportState string

// The states of an import.
const (
	ImportRunning   ImportState = "running"
	ImportDone      ImportState = "done"
	ImportRefused   ImportState = "refused"   // for faults of the file
	ImportFailed    ImportState = "failed"    // for another reason, or cancelled
	ImportDiscarded ImportState = "discarded" // a dry run that will not be applied
)

// HandedIn is a file as it came, kept with the change that it made.
type HandedIn struct {
	Name   string
	SHA256 [32]byte
	Raw    []byte
}

// ImportResult tells what an import did, or would do.
type ImportResult struct {
	ID         int64
	State      ImportState
	Park       ParkCode
	File       string
	Delivery   Delivery
	New        int
	Changed    int
	Same       int
	Area       geo.SquareMetres // plane area of the plots in the file
	MaxShift   float64          // m, the longest way a vertex moved onto the 0.001 m grid
	DryRun     bool
	Faults     []Finding // why it was refused; then nothing was written
	Change     Seq       // 0 when nothing was written
	RecordedAt time.Time
}

// PreviewedPlot is a plot of a delivery, or of the register, with what the
// import would do about it.
type PreviewedPlot struct {
	Plot
	Row        int // in the file; 0 of a plot that the file leaves out
	Difference string
	Changes    []Difference // of a plot that the import changes
}

// What an import does about a plot.
const (
	IsNew     = "new"
	IsChanged = "changed"
	IsSame    = "same"
	IsMissing = "missing" // in the park, and not in the file: it stays as it is
)
