package land

// AttributeEdit is what an edited sheet says of one plot: the version that it
// was made with and the text of its properties; empty text clears one.
type AttributeEdit struct {
	Row        int
	ID         PlotID
	Version    int
	Properties map[string]string
}

// BulkEdit asks for the attributes of many plots of a park to be changed, all or
// none.
type BulkEdit struct {
	Act
	Park   ParkCode
	Edits  []AttributeEdit
	DryRun bool // tell what would change, and change nothing
}

// Locate gives an error of one row of a sheet that row and its plot; other
// errors come back as they are.
func Locate(err error, row int, plotNo string) ([]Finding, error) {
	invalid, ok := err.(*InvalidError)
	if !ok {
		return nil, err
	}
	located := make([]Finding, len(invalid.Findings))
	for i, f := range invalid.Findings {
		f.Row, f.PlotNo = row, plotNo
		located[i] = f
	}
	return located, nil
}
