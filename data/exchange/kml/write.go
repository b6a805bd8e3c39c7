// Package kml writes plots as KML 2.2 (OGC 07-147r2), coloured by land use, with
// the properties as typed extended data. Coordinates are longitude, latitude,
// which KML knows no other of.
package kml

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Write writes plots as placemarks in one folder. The styles stand before the
// placemarks, as the schema asks, and are those of the land uses met, so that
// the placemarks wait in a temporary file. An error of plots is given back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	spool, err := outlet.NewSpool()
	if err != nil {
		return err
	}
	defer spool.Close()
	var uses []land.UseCode
	met := map[land.UseCode]bool{}
	for p, err := range plots {
		if err != nil {
			return err
		}
		if !met[p.Use] {
			met[p.Use] = true
			uses = append(uses, p.Use)
		}
		placemark(spool.Writer, p)
	}
	out := bufio.NewWriter(w)
	head(out, o, uses)
	if err := spool.CopyTo(out); err != nil {
		return err
	}
	out.WriteString("</Folder>\n</Document>\n</kml>\n")
	return out.Flush()
}

func head(w *bufio.Writer, o outlet.Options, uses []land.UseCode) {
	w.WriteString(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2">` + "\n<Document id=\"plots_document\">\n")
	fmt.Fprintf(w, "<name>%s</name>\n<description>", escape(o.Heading()))
	for _, m := range o.Members() {
		fmt.Fprintf(w, "%s: %s\n", m.Zh, escape(m.Text))
	}
	w.WriteString("</description>\n")
	for _, c := range uses {
		use, _ := land.LookupUse(c)
		fmt.Fprintf(w, `<Style id="%s"><LineStyle><color>ff404040</color><width>1</width></LineStyle><PolyStyle><color>b0%s</color></PolyStyle></Style>`+"\n",
			styleID(c), blueGreenRed(use.Color))
	}
	w.WriteString(`<Schema name="plots" id="plots">` + "\n")
	for _, f := range land.Fields() {
		fmt.Fprintf(w, `<SimpleField name="%s" type="%s"><displayName>%s</displayName></SimpleField>`+"\n", f.Name, kind(f), escape(f.Zh))
	}
	w.WriteString("</Schema>\n<Folder id=\"plots_folder\">\n<name>plots</name>\n")
}

func kind(f land.Field) string {
	if f.Kind == land.Number {
		return "double"
	}
	return "string" // KML's int has 32 bits, too few for an id
}

// unlisted is the colour of a use for which no source names one.
const unlisted = "CCCCCC"

// blueGreenRed turns #RRGGBB into KML's order.
func blueGreenRed(color string) string {
	c := strings.TrimPrefix(color, "#")
	if len(c) != 6 {
		c = unlisted
	}
	return strings.ToLower(c[4:6] + c[2:4] + c[0:2])
}

func styleID(c land.UseCode) string { return "use-" + string(c.Scheme) + "-" + c.Code }

func placemark(w *bufio.Writer, p *land.Plot) {
	fmt.Fprintf(w, "<Placemark id=\"plot-%d\">\n<name>%s</name>\n<styleUrl>#%s</styleUrl>\n<ExtendedData><SchemaData schemaUrl=\"#plots\">\n", p.ID, escape(p.PlotNo), styleID(p.Use))
	fields := land.Fields()
	for i := range fields {
		text := outlet.Text(fields[i].Name, fields[i].Get(p))
		if text != "" || fields[i].Name == "name" { // else GDAL takes the placemark's own name for it
			fmt.Fprintf(w, "<SimpleData name=\"%s\">%s</SimpleData>\n", fields[i].Name, escape(text))
		}
	}
	w.WriteString("</SchemaData></ExtendedData>\n<MultiGeometry>\n")
	for _, polygon := range p.Boundary {
		w.WriteString("<Polygon>")
		for i, ring := range polygon {
			boundary := "outerBoundaryIs"
			if i > 0 {
				boundary = "innerBoundaryIs"
			}
			w.WriteString("<" + boundary + "><LinearRing><coordinates>")
			coordinates(w, ring)
			w.WriteString("</coordinates></LinearRing></" + boundary + ">")
		}
		w.WriteString("</Polygon>\n")
	}
	w.WriteString("</MultiGeometry>\n</Placemark>\n")
}

func coordinates(w *bufio.Writer, ring geo.Ring) {
	var text []byte
	for i, q := range outlet.Closed(ring) {
		if i > 0 {
			text = append(text, ' ')
		}
		text = geo.AppendShortest(text, q[0])
		text = geo.AppendShortest(append(text, ','), q[1])
	}
	w.Write(text)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
