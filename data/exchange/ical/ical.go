// Package ical writes days as a calendar that calendar programs subscribe to
// (iCalendar, RFC 5545). The same days are the same bytes.
package ical

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/land"
)

// ContentType is the media type of a calendar (RFC 5545 §8.1).
const ContentType = "text/calendar; charset=utf-8"

// Calendar is a list of days with a name, which programs show.
type Calendar struct {
	Name string
	Days []Day
}

// Day is something that falls on a day as a whole. Its UID stays the same
// whenever it is written, and Stamp is when what it says was last changed, so
// that programs know it again and see what is new.
type Day struct {
	UID         string // such as nansha-2026-0001.due@dikuai
	On          land.Date
	Stamp       time.Time
	Sequence    int // how often it was changed
	Summary     string
	Description string
	URL         string
	Category    string
}

// Write writes a calendar.
func Write(w io.Writer, c Calendar) error {
	var b bytes.Buffer
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//dikuai//supervision//ZH")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("NAME", text(c.Name))         // RFC 7986
	line("X-WR-CALNAME", text(c.Name)) // what older programs read
	line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	for _, d := range c.Days {
		line("BEGIN", "VEVENT")
		line("UID", text(d.UID))
		line("DTSTAMP", moment(d.Stamp))
		line("LAST-MODIFIED", moment(d.Stamp))
		line("SEQUENCE", fmt.Sprint(d.Sequence))
		line("DTSTART;VALUE=DATE", d.On.Time().Format("20060102"))
		line("SUMMARY", text(d.Summary))
		if d.Description != "" {
			line("DESCRIPTION", text(d.Description))
		}
		if d.URL != "" {
			line("URL", d.URL)
		}
		if d.Category != "" {
			line("CATEGORIES", text(d.Category))
		}
		line("TRANSP", "TRANSPARENT") // nobody is busy all day
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	_, err := w.Write(b.Bytes())
	return err
}

// moment is a moment in UTC (§3.3.5), to the second.
func moment(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var escaped = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\r", `\n`, "\n", `\n`)

// text is a value of type TEXT (§3.3.11). Control characters, which it cannot
// have, are left out.
func text(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = escaped.Replace(s)
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// longest is how many bytes a line has at most, without its end (§3.1).
const longest = 75

// fold writes a content line, folded between characters where it is longer.
func fold(b *bytes.Buffer, line string) {
	room := longest
	for len(line) > room {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		b.WriteString(line[:at] + "\r\n ")
		line, room = line[at:], longest-1
	}
	b.WriteString(line + "\r\n")
}
