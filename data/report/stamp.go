package report

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Stamp is what a printed table tells machines of its making: enough to make it
// again from the register.
type Stamp struct {
	Table    string
	Parks    []land.ParkCode
	At       land.Date
	Seq      land.Seq
	Measure  Measure
	Checksum string // of the table
}

// Stamp says how the table was made.
func (t Table) Stamp() Stamp {
	s := Stamp{Table: t.Name, At: t.Head.AsOf, Seq: t.Head.Seq, Measure: t.Head.Measure, Checksum: t.Checksum()}
	for _, p := range t.Head.Parks {
		s.Parks = append(s.Parks, p.Code)
	}
	return s
}

const (
	stampName   = "dikuai-table" // of the property of a file that holds a stamp
	stampPrefix = "dikuai:"      // begins a stamp's text
)

// String is the stamp as files carry it, such as
// "dikuai:at=2016-06-30&checksum=…&measure=plane&park=panyu&register_seq=812&table=balance".
func (s Stamp) String() string {
	v := url.Values{"table": {s.Table}, "at": {s.At.String()}, "register_seq": {strconv.FormatInt(int64(s.Seq), 10)}, "measure": {s.Measure.String()}, "checksum": {s.Checksum}}
	for _, p := range s.Parks {
		v.Add("park", string(p))
	}
	return stampPrefix + v.Encode()
}

// ParseStamp reads a stamp's text.
func ParseStamp(text string) (Stamp, error) {
	query, ours := strings.CutPrefix(text, stampPrefix)
	v, err := url.ParseQuery(query)
	if !ours || err != nil {
		return Stamp{}, errNoStamp
	}
	s := Stamp{Table: v.Get("table"), Checksum: v.Get("checksum")}
	if s.At, err = land.ParseDate(v.Get("at")); err != nil {
		return Stamp{}, err
	}
	if s.Measure, err = ParseMeasure(v.Get("measure")); err != nil {
		return Stamp{}, err
	}
	seq, err := strconv.ParseInt(v.Get("register_seq"), 10, 64)
	if err != nil || seq < 0 || s.Table == "" {
		return Stamp{}, errNoStamp
	}
	s.Seq = land.Seq(seq)
	for _, p := range v["park"] {
		s.Parks = append(s.Parks, land.ParkCode(p))
	}
	return s, nil
}

var errNoStamp = geo.Say("文件中没有本系统的报表标记", "the file carries no mark of a table that this service made")
