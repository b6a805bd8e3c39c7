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
	Asked    url.Values // what else the table was asked for with
	Checksum string     // of the table
}

// Stamp says how the table was made.
func (t Table) Stamp() Stamp {
	s := Stamp{Table: t.Name, At: t.Head.AsOf, Seq: t.Head.Seq, Measure: t.Head.Measure, Asked: t.Head.Asked, Checksum: t.Checksum()}
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
	for name, values := range s.Asked {
		v[name] = values
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
		return Stamp{}, errNoStamp
	}
	if s.Measure, err = ParseMeasure(v.Get("measure")); err != nil {
		return Stamp{}, errNoStamp
	}
	seq, err := strconv.ParseInt(v.Get("register_seq"), 10, 64)
	if err != nil || seq < 0 || s.Table == "" {
		return Stamp{}, errNoStamp
	}
	s.Seq = land.Seq(seq)
	for _, p := range v["park"] {
		s.Parks = append(s.Parks, land.ParkCode(p))
	}
	for _, known := range []string{"table", "park", "at", "register_seq", "measure", "checksum"} {
		v.Del(known)
	}
	if len(v) > 0 {
		s.Asked = v
	}
	return s, nil
}

var errNoStamp = geo.Say("文件不是本系统输出的报表，或其标记已被删改", "the file is no table of this service, or its mark was taken out")
