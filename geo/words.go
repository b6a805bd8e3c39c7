package geo

import (
	"errors"
	"fmt"
	"strings"
)

// Words say one thing in Chinese and in English. They serve as an error too,
// which is told in English where only one language will do.
type Words struct{ Zh, En string }

// Say puts one thing into both languages. The formats have the same arguments,
// in whatever order (%[2]s); an argument that has Words of its own stands in
// each language in that language.
func Say(zh, en string, args ...any) Words {
	inZh, inEn := make([]any, len(args)), make([]any, len(args))
	for i, arg := range args {
		inZh[i], inEn[i] = arg, arg
		if s, ok := arg.(sayer); ok {
			w := s.Words()
			inZh[i], inEn[i] = w.Zh, w.En
		}
	}
	return Words{fmt.Sprintf(zh, inZh...), fmt.Sprintf(en, inEn...)}
}

// Names says what is the same in both languages, such as a list of codes.
func Names(s string) Words { return Words{s, s} }

// List says several things one after another.
func List(all []Words) Words {
	zh, en := make([]string, len(all)), make([]string, len(all))
	for i, w := range all {
		zh[i], en[i] = w.Zh, w.En
	}
	return Words{strings.Join(zh, "、"), strings.Join(en, ", ")}
}

// sayer is what has words in both languages.
type sayer interface{ Words() Words }

// Words are the words themselves.
func (w Words) Words() Words { return w }

func (w Words) Error() string { return w.En }

// Then is the words with more after them.
func (w Words) Then(more Words) Words { return Words{w.Zh + more.Zh, w.En + more.En} }

// WordsOf tells an error in both languages. One of another program or library
// is told in both as it tells itself.
func WordsOf(err error) Words {
	var s sayer
	if errors.As(err, &s) {
		return Words{s.Words().Zh, err.Error()}
	}
	return Names(err.Error())
}
