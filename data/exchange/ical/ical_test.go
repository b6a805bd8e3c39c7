package ical_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/exchange/ical"
	"github.com/dikuai/dikuai/data/exchange/ical/icaltest"
	"github.com/dikuai/dikuai/data/land"
)

func sample() ical.Calendar {
	day, _ := land.ParseDate("2016-02-29")
	stamp := time.Date(2016, 1, 31, 23, 59, 59, 999, time.FixedZone("CST", 8*60*60))
	return ical.Calendar{Name: "地块监督, 南沙; \\", Days: []ical.Day{
		{UID: "nansha-2016-0001.due@dikuai", On: day, Stamp: stamp, Sequence: 7, Category: "办理时限",
			Summary:     "用地预审与选址 nansha-2016-0001 办理时限届满：" + strings.Repeat("检验检测中心；", 20),
			Description: "一\n二, 三; 四\\n\r\n五", URL: "https://land.example/?plot=41#map"},
		{UID: "nansha-2016-0002.start.41@dikuai", On: day.AddDays(1), Stamp: stamp, Summary: "a"},
	}}
}

func TestACalendarReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	var b, again bytes.Buffer
	if err := ical.Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	days, name, err := icaltest.Read(b.String())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	want := sample().Days
	want[0].Description = "一\n二, 三; 四\\n\n五"
	for i := range want {
		want[i].Stamp = want[i].Stamp.UTC().Truncate(time.Second)
	}
	if name != sample().Name || !slices.Equal(days, want) {
		t.Errorf("%s\n got %+v\nwant %+v", name, days, want)
	}
	if !strings.Contains(b.String(), "DTSTART;VALUE=DATE:20160229\r\n") || !strings.Contains(b.String(), "DTSTAMP:20160131T155959Z\r\n") {
		t.Error(b.String())
	}
	if err := ical.Write(&again, sample()); err != nil || again.String() != b.String() {
		t.Error("the same days are other bytes")
	}
	b.Reset()
	if err := ical.Write(&b, ical.Calendar{Name: "空"}); err != nil {
		t.Fatal(err)
	}
	if days, _, err := icaltest.Read(b.String()); err != nil || len(days) != 0 {
		t.Errorf("%v %v", days, err)
	}
}

// FuzzAnyTextIsWritten holds the writer to the reader, whatever the texts are.
func FuzzAnyTextIsWritten(f *testing.F) {
	f.Add("选址", "a\r\nEND:VEVENT\r\n", "\\;,")
	f.Add(strings.Repeat("地", 80), "\x00\x7f\t", "\xff\xfe")
	f.Fuzz(func(t *testing.T, name, summary, description string) {
		c := sample()
		c.Name, c.Days[0].Summary, c.Days[0].Description = name, summary, description
		var b bytes.Buffer
		if err := ical.Write(&b, c); err != nil {
			t.Fatal(err)
		}
		days, read, err := icaltest.Read(b.String())
		if err != nil {
			t.Fatalf("%v\n%q", err, b.String())
		}
		if read != plain(name) || days[0].Summary != plain(summary) || days[0].Description != plain(description) {
			t.Errorf("%q %q %q came back as %q %q %q", name, summary, description, read, days[0].Summary, days[0].Description)
		}
	})
}

// plain is a text as a calendar can have it.
func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
