package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// flagSet reads a command's flags. Each flag has a twin in the environment,
// named after it: --listen is DIKUAI_LISTEN; the flag wins.
type flagSet struct {
	*flag.FlagSet
	synopsis string
}

func newFlags(name, synopsis string) *flagSet {
	f := &flagSet{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), synopsis: synopsis}
	f.SetOutput(io.Discard)
	return f
}

// errHelp says that help was asked for and given.
var errHelp = errors.New("help")

// parse reads args, in which flags may stand before or after the words, and
// returns the words.
func (f *flagSet) parse(args []string, stdout io.Writer) ([]string, error) {
	var problem error
	f.VisitAll(func(g *flag.Flag) {
		twin := "DIKUAI_" + strings.ToUpper(strings.ReplaceAll(g.Name, "-", "_"))
		if value, ok := os.LookupEnv(twin); ok && problem == nil {
			if err := g.Value.Set(value); err != nil {
				problem = fmt.Errorf("%w: %s=%q: %v", errMisuse, twin, value, err)
			}
		}
	})
	if problem != nil {
		return nil, problem
	}
	var words []string
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				f.describe(stdout)
				return nil, errHelp
			}
			return nil, fmt.Errorf("%w: %v (dikuai %s --help tells the flags)", errMisuse, err, f.Name())
		}
		args = f.Args()
		if len(args) > 0 {
			words, args = append(words, args[0]), args[1:]
		}
	}
	return words, nil
}

func (f *flagSet) describe(w io.Writer) {
	fmt.Fprintf(w, "dikuai %s %s\n", f.Name(), f.synopsis)
	f.SetOutput(w)
	f.PrintDefaults()
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(s string) error {
	*l = append(*l, s)
	return nil
}
