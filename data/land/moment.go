package land

import "time"

// ChinaStandardTime decides on which day an act falls (东八区).
var ChinaStandardTime = time.FixedZone("CST", 8*60*60)

// Moment says as of when the register is read: At is the legal day, Known the
// moment of knowledge. The zero value of either means now.
type Moment struct {
	At    Date
	Known time.Time
}

// IsNow says that neither a day nor a moment of knowledge is asked for.
func (m Moment) IsNow() bool { return m.At.IsZero() && m.Known.IsZero() }
