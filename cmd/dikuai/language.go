package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// language is a flag: zh or en, in which findings are told on a terminal.
type language string

const (
	chinese language = "zh"
	english language = "en"
)

// language is a flag, by default what the terminal speaks.
func (f *flagSet) language() *language {
	l := spoken()
	f.Var(&l, "lang", "language of what is found, zh or en; by default the terminal's")
	return &l
}

// spoken is the language of the environment (POSIX, 8.2).
func spoken() language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, string(chinese)) {
				return chinese
			}
			break
		}
	}
	return english
}

func (l *language) String() string { return string(*l) }

func (l *language) Set(s string) error {
	switch language(s) {
	case chinese, english:
		*l = language(s)
		return nil
	}
	return errors.New("give zh or en")
}

func (l language) say(w geo.Words) string {
	if l == chinese {
		return w.Zh
	}
	return w.En
}

// tell writes findings, one a line.
func (l language) tell(w io.Writer, found []land.Finding) {
	for _, f := range found {
		what := geo.Words{Zh: f.Chinese(), En: f.String()}
		if name := f.CheckName().Zh; name != "" {
			what = geo.Say("%s：%s", "%s: %s", geo.Words{Zh: f.Code + " " + name, En: f.Code}, what)
		}
		fmt.Fprintln(w, l.say(geo.Say("%s %s", "%s %s", f.Severity, what)))
	}
}

// refusal is an error in the language.
func (l language) refusal(err error) error {
	if l == chinese && err != nil {
		return errors.New(geo.WordsOf(err).Zh)
	}
	return err
}
