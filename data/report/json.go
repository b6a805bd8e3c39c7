package report

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/dikuai/dikuai/data/land"
)

type jsonColumn struct {
	Key      string `json:"key"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
	Group    string `json:"group,omitempty"`
	GroupEn  string `json:"group_en,omitempty"`
	Kind     string `json:"kind"`
	Unit     string `json:"unit,omitempty"`
	Decimals int    `json:"decimals"`
}

type jsonPark struct {
	Code string `json:"code"`
	Zh   string `json:"name_zh"`
	En   string `json:"name_en"`
}

type jsonTable struct {
	Name          string            `json:"name"`
	TitleZh       string            `json:"title_zh"`
	TitleEn       string            `json:"title_en"`
	Source        string            `json:"source"`
	AsOf          string            `json:"as_of"`
	Seq           land.Seq          `json:"register_seq"`
	CRS           string            `json:"crs"`
	Measure       string            `json:"measure"`
	MeasureZh     string            `json:"measure_zh"`
	Demonstration bool              `json:"demonstration"`
	Parks         []jsonPark        `json:"parks"`
	Checksum      string            `json:"checksum"`
	Stamp         string            `json:"stamp"`
	Columns       []jsonColumn      `json:"columns"`
	Rows          []json.RawMessage `json:"rows"`
	Notes         []string          `json:"notes"`
}

// JSON writes the table as one object. A row is an object by column key, beside
// its kind and indent; numbers are JSON numbers with the printed decimals
// (300.00), and what does not apply is null.
func JSON(w io.Writer, t Table) error {
	stamp := t.Stamp()
	doc := jsonTable{
		Name: t.Name, TitleZh: t.TitleZh, TitleEn: t.TitleEn,
		Source: Source.En, AsOf: t.Head.AsOf.String(), Seq: t.Head.Seq, CRS: t.Head.CRS,
		Measure: t.Head.Measure.String(), MeasureZh: t.Head.MeasureZh(), Demonstration: t.Head.Demonstration,
		Parks: []jsonPark{}, Checksum: stamp.Checksum, Stamp: stamp.String(), Columns: []jsonColumn{}, Rows: []json.RawMessage{}, Notes: append([]string{}, t.Notes...),
	}
	for _, p := range t.Head.Parks {
		doc.Parks = append(doc.Parks, jsonPark{string(p.Code), p.Zh, p.En})
	}
	for _, c := range t.Columns {
		doc.Columns = append(doc.Columns, jsonColumn{c.Key, c.Zh, c.En, c.Group, c.GroupEn, c.Kind.String(), c.Unit, c.Decimals})
	}
	for _, row := range t.Rows {
		members, err := jsonRow(t.Columns, row)
		if err != nil {
			return err
		}
		doc.Rows = append(doc.Rows, members)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

// jsonRow writes a row's members in column order, which a map would not keep.
func jsonRow(columns []Column, row Row) (json.RawMessage, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	member := func(key string, value any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		b.WriteString(`"` + key + `":`)
		b.Write(text)
		return nil
	}
	if err := member("kind", row.Kind.String()); err != nil {
		return nil, err
	}
	if err := member("indent", row.Indent); err != nil {
		return nil, err
	}
	for i, cell := range row.Cells {
		var value any
		switch cell.Kind {
		case Text:
			value = cell.Text
		case Integer, Number:
			value = json.Number(cell.Value.String())
		}
		if err := member(columns[i].Key, value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
