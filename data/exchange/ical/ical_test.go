package ical

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/land"
)

// property is a content line, unfolded, its value still escaped.
type property struct{ name, parameters, value string }

// read is a strict reader of RFC 5545: what it does not take is a fault of the
// writer.
func read(calendar string) (head []property, events [][]property, err error) {
	if !strings.HasSuffix(calendar, "\r\n") {
		return nil, nil, fmt.Errorf("the last line does not end")
	}
	if !utf8.ValidString(calendar) {
		return nil, nil, fmt.Errorf("this is no UTF-8")
	}
	var lines []string
	for i, l := range strings.Split(strings.TrimSuffix(calendar, "\r\n"), "\r\n") {
		if strings.ContainsAny(l, "\r\n") || len(l) > 75 || !utf8.ValidString(l) || l == "" {
			return nil, nil, fmt.Errorf("line %d: %q", i+1, l)
		}
		if more, folded := strings.CutPrefix(l, " "); folded && i > 0 {
			lines[len(lines)-1] += more
			continue
		}
		lines = append(lines, l)
	}
	form := regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[A-Z]+)*):(.*)$`)
	var inside []string
	for i, l := range lines {
		m := form.FindStringSubmatch(l)
		if m == nil {
			return nil, nil, fmt.Errorf("content line %d: %q", i+1, l)
		}
		p := property{m[1], m[2], m[3]}
		switch {
		case i == 0 && l != "BEGIN:VCALENDAR", i == len(lines)-1 && l != "END:VCALENDAR":
			return nil, nil, fmt.Errorf("%q", l)
		case p.name == "BEGIN":
			if inside = append(inside, p.value); len(inside) == 2 {
				events = append(events, nil)
			}
			if len(inside) > 2 || len(inside) == 2 && p.value != "VEVENT" {
				return nil, nil, fmt.Errorf("%q in %v", l, inside)
			}
		case p.name == "END":
			if len(inside) == 0 || inside[len(inside)-1] != p.value {
				return nil, nil, fmt.Errorf("%q in %v", l, inside)
			}
			inside = inside[:len(inside)-1]
		case len(inside) == 1 && len(events) == 0:
			head = append(head, p)
		case len(inside) == 2:
			events[len(events)-1] = append(events[len(events)-1], p)
		default:
			return nil, nil, fmt.Errorf("%q in %v", l, inside)
		}
	}
	return head, events, nil
}

// one is the only property of a name; "" and an error where there is not one.
func one(properties []property, name string) (string, error) {
	var found []string
	for _, p := range properties {
		if p.name == name {
			found = append(found, p.value)
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s comes %d times", name, len(found))
	}
	return found[0], nil
}

// unescape reads a TEXT.
func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.ContainsRune(`\;,`, rune(s[i+1])):
			i++
			b.WriteByte(s[i])
		case c == '\\' && i+1 < len(s) && s[i+1] == 'n':
			i++
			b.WriteByte('\n')
		case c == '\\', c == ';', c == ',', c < 0x20 && c != '\t', c == 0x7f:
			return "", fmt.Errorf("%q has a %q at %d", s, c, i)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// check reads a calendar with every rule that its events must keep.
func check(calendar string) (days []Day, name string, err error) {
	head, events, err := read(calendar)
	if err != nil {
		return nil, "", err
	}
	for want, pattern := range map[string]string{"VERSION": `^2\.0$`, "PRODID": `^-//.+//.+//[A-Z]+$`, "CALSCALE": "^GREGORIAN$", "METHOD": "^PUBLISH$"} {
		value, err := one(head, want)
		if err != nil || !regexp.MustCompile(pattern).MatchString(value) {
			return nil, "", fmt.Errorf("%s is %q, %v", want, value, err)
		}
	}
	if name, err = one(head, "NAME"); err != nil {
		return nil, "", err
	}
	if name, err = unescape(name); err != nil {
		return nil, "", err
	}
	var uids []string
	for _, e := range events {
		var d Day
		for _, p := range e {
			var err error
			switch p.name + p.parameters {
			case "UID":
				d.UID, err = unescape(p.value)
			case "DTSTAMP", "LAST-MODIFIED":
				d.Stamp, err = time.Parse("20060102T150405Z", p.value)
			case "SEQUENCE":
				_, err = fmt.Sscanf(p.value, "%d", &d.Sequence)
			case "DTSTART;VALUE=DATE":
				var t time.Time
				t, err = time.Parse("20060102", p.value)
				d.On = land.DateOf(t)
			case "SUMMARY":
				d.Summary, err = unescape(p.value)
			case "DESCRIPTION":
				d.Description, err = unescape(p.value)
			case "CATEGORIES":
				d.Category, err = unescape(p.value)
			case "URL":
				d.URL = p.value
				_, err = url.ParseRequestURI(p.value)
			case "TRANSP":
			default:
				err = fmt.Errorf("%s%s is not known", p.name, p.parameters)
			}
			if err != nil {
				return nil, "", err
			}
			if _, err := one(e, p.name); err != nil {
				return nil, "", err
			}
		}
		if d.UID == "" || d.Stamp.IsZero() || d.On.IsZero() || slices.Contains(uids, d.UID) {
			return nil, "", fmt.Errorf("an event lacks what it must have, or has another's UID: %+v", d)
		}
		uids = append(uids, d.UID)
		days = append(days, d)
	}
	return days, name, nil
}

func sample() Calendar {
	day, _ := land.ParseDate("2016-02-29")
	stamp := time.Date(2016, 1, 31, 23, 59, 59, 999, time.FixedZone("CST", 8*60*60))
	return Calendar{Name: "地块监督, 南沙; \\", Days: []Day{
		{UID: "nansha-2016-0001.due@dikuai", On: day, Stamp: stamp, Sequence: 7, Category: "办理时限",
			Summary:     "用地预审与选址 nansha-2016-0001 办理时限届满：" + strings.Repeat("检验检测中心；", 20),
			Description: "一\n二, 三; 四\\n\r\n五", URL: "https://land.example/?plot=41#map"},
		{UID: "nansha-2016-0002.start.41@dikuai", On: day.AddDays(1), Stamp: stamp, Summary: "a"},
	}}
}

func TestACalendarReadsBackAsItWas(t *testing.T) {
	t.Parallel()
	var b, again bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	days, name, err := check(b.String())
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
	if err := Write(&again, sample()); err != nil || again.String() != b.String() {
		t.Error("the same days are other bytes")
	}
	b.Reset()
	if err := Write(&b, Calendar{Name: "空"}); err != nil {
		t.Fatal(err)
	}
	if days, _, err := check(b.String()); err != nil || len(days) != 0 {
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
		if err := Write(&b, c); err != nil {
			t.Fatal(err)
		}
		days, read, err := check(b.String())
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
