// Package icaltest is a strict reader of calendars (RFC 5545): what it does not take
// is a fault of the writer.
package icaltest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/exchange/ical"
	"github.com/dikuai/dikuai/data/land"
)

// property is a content line, unfolded, its value still escaped.
type property struct{ name, parameters, value string }

// lines reads the content lines of the calendar itself and of its events.
func lines(calendar string) (head []property, events [][]property, err error) {
	if !strings.HasSuffix(calendar, "\r\n") {
		return nil, nil, fmt.Errorf("the last line does not end")
	}
	if !utf8.ValidString(calendar) {
		return nil, nil, fmt.Errorf("this is no UTF-8")
	}
	var content []string
	for i, l := range strings.Split(strings.TrimSuffix(calendar, "\r\n"), "\r\n") {
		if strings.ContainsAny(l, "\r\n") || len(l) > 75 || !utf8.ValidString(l) || l == "" {
			return nil, nil, fmt.Errorf("line %d: %q", i+1, l)
		}
		if more, folded := strings.CutPrefix(l, " "); folded && i > 0 {
			content[len(content)-1] += more
			continue
		}
		content = append(content, l)
	}
	form := regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[A-Z]+)*):(.*)$`)
	var inside []string
	for i, l := range content {
		m := form.FindStringSubmatch(l)
		if m == nil {
			return nil, nil, fmt.Errorf("content line %d: %q", i+1, l)
		}
		p := property{m[1], m[2], m[3]}
		switch {
		case i == 0 && l != "BEGIN:VCALENDAR", i == len(content)-1 && l != "END:VCALENDAR":
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

// Read reads a calendar and holds it to every rule that it must keep: its days, and
// its name.
func Read(calendar string) (days []ical.Day, name string, err error) {
	head, events, err := lines(calendar)
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
		var d ical.Day
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
