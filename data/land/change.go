package land

import "time"

// Seq numbers the changes of the register in the order in which they were
// committed; 0 is before the first.
type Seq int64

// ChangeKind names what an act did.
type ChangeKind string

// The kinds of change.
const (
	Seeded     ChangeKind = "seed"
	Imported   ChangeKind = "import"
	Created    ChangeKind = "create"
	Updated    ChangeKind = "update"
	SplitUp    ChangeKind = "split"    // 分割
	Merged     ChangeKind = "merge"    // 合并
	Adjusted   ChangeKind = "adjust"   // 界址调整
	Reshaped   ChangeKind = "reshape"  // 边界重划
	Renumbered ChangeKind = "renumber" // 重新编号
	Retired    ChangeKind = "retire"   // 注销

	ControlImported  ChangeKind = "control_import"   // 管控图层入库
	ControlPublished ChangeKind = "control_publish"  // 管控图层发布
	ControlWithdrawn ChangeKind = "control_withdraw" // 管控图层撤回

	QuotaPosted ChangeKind = "quota" // 指标台账记录
	CaseActed   ChangeKind = "case"  // 案件办理
)

// Change is one committed act on the register (变更). Hash chains it to the one
// before, so that a rewritten past shows.
type Change struct {
	Seq        Seq
	Kind       ChangeKind
	Park       ParkCode
	Actor      string
	Reason     string
	CaseNo     string
	Import     int64 // the import that made it, 0 for another act
	RecordedAt time.Time
	Plots      []ChangedPlot
	Control    ChangedControl // of a change of a control layer; else zero
	Quota      []ChangedQuota // entries of the quota ledger that it posted, by number
	Case       []ChangedCase  // acts on cases that it is, in their order
	OfCase     bool           // CaseNo is that of a case in the register
	Lineage    []Descent
	Hash       []byte
}

// ChangedPlot is a plot version that a change made.
type ChangedPlot struct {
	ID      PlotID
	Version int
}

// ChangedControl is a control layer's version that a change imported, published
// or withdrew; Digest is the SHA-256, in hexadecimal, of all that it says.
type ChangedControl struct {
	Layer   ControlCode
	Version int
	Digest  string
}

// ChangedQuota is an entry of the quota ledger that a change posted; Digest is the
// SHA-256, in hexadecimal, of all that it says. The change log is open to all, and
// what the entry says is not: it proves the entry without telling it.
type ChangedQuota struct {
	Entry  EntryID
	Digest string
}

// ChangedCase is an act on a case that a change is; Digest is the SHA-256, in
// hexadecimal, of all that the act says, of which the log tells no more, as of
// quota.
type ChangedCase struct {
	Event  int64
	Digest string
}

// For is the change as an actor may see it: who may not see the cases of its park
// is told neither of which case it is nor, of an act on one, by whom and why.
func (c Change) For(a Actor) Change {
	if !c.OfCase || a.MaySeeCases(c.Park) {
		return c
	}
	c.CaseNo = ""
	if c.Kind == CaseActed {
		c.Actor, c.Reason = "", ""
	}
	return c
}

// Descent says that a plot came out of another (沿革).
type Descent struct{ Parent, Child PlotID }

// Register is everything that holds at one moment, read in one snapshot.
// Controls are the features of the published layers, whatever their days. Proof
// is the change log's last hash at Seq with the schema's number: where both are
// the same, so are the plots.
type Register struct {
	Seq      Seq
	Proof    string
	At       Date
	Parks    []Park
	Plots    []Plot
	Controls []ControlFeature
}

// Past is the register as it held at a moment, told apart from the register as it
// holds after change Held: Earlier are the versions that held then of plots of
// which a later version holds now, or none. Of all other plots what holds now held
// then too, if it had begun and was known.
type Past struct {
	Register // without plots
	Held     Seq
	Earlier  []Plot
}

// Delta is what changed between two moments: the plots as they hold at Seq, and
// those that ended. Parks are all of them, being few. Controls are all that are
// published, when a change touched one. At is today, which comes without a change.
type Delta struct {
	Seq             Seq
	Proof           string // as Register's
	At              Date
	Parks           []Park
	Plots           []Plot
	Retired         []PlotID
	Controls        []ControlFeature
	ControlsChanged bool
}
