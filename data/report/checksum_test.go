package report

import (
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func TestChecksumIsOverAllThatATableSays(t *testing.T) {
	seen := map[string]string{}
	later := day(t, "2016-07-01")
	for what, change := range map[string]func(*Table){
		"nothing":   func(*Table) {},
		"title":     func(t *Table) { t.TitleZh += "（修订）" },
		"day":       func(t *Table) { t.Head.AsOf = later },
		"change":    func(t *Table) { t.Head.Seq++ },
		"measure":   func(t *Table) { t.Head.Measure = Ellipsoid },
		"crs":       func(t *Table) { t.Head.CRS = geo.GK38.String() },
		"nature":    func(t *Table) { t.Head.Demonstration = false },
		"park":      func(t *Table) { t.Head.Parks = t.Head.Parks[:1] },
		"unit":      func(t *Table) { t.Columns[1].Unit = "公顷" },
		"digit":     func(t *Table) { t.Rows[0].Cells[1].Value.Units++ },
		"none":      func(t *Table) { t.Rows[0].Cells[1] = Cell{} },
		"kind":      func(t *Table) { t.Rows[0].Kind = Subtotal },
		"row":       func(t *Table) { t.Rows = t.Rows[1:] },
		"note":      func(t *Table) { t.Notes = t.Notes[1:] },
		"two notes": func(t *Table) { t.Notes[0] += t.Notes[1] },
	} {
		table := Overview(sample(t), Options{})
		change(&table)
		sum := table.Checksum()
		if other, known := seen[sum]; known {
			t.Errorf("a table with another %s has the checksum of one with another %s", what, other)
		}
		seen[sum] = what
	}
	if one, two := Overview(sample(t), Options{}), Overview(sample(t), Options{}); one.Checksum() != two.Checksum() || len(one.Checksum()) != 64 {
		t.Errorf("checksums of one table are %s and %s", one.Checksum(), two.Checksum())
	}
}

func TestStampsReadAsWritten(t *testing.T) {
	table := Overview(sample(t), Options{Measure: Ellipsoid})
	stamp := table.Stamp()
	read, err := ParseStamp(stamp.String())
	if err != nil || read.String() != stamp.String() || len(read.Parks) != 2 || read.Seq != 812 || read.Measure != Ellipsoid || read.At.String() != "2016-06-30" {
		t.Errorf("%s reads as %+v (%v)", stamp, read, err)
	}
	for _, text := range []string{"", "dikuai:", "balance", "dikuai:table=balance&register_seq=-1", "dikuai:table=balance&register_seq=x", "dikuai:table=balance&register_seq=1&at=May"} {
		if s, err := ParseStamp(text); err == nil {
			t.Errorf("%q reads as %+v", text, s)
		}
	}
}
