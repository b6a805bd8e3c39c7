package main

import (
	"io"
	"os"

	"github.com/dikuai/dikuai/data/land"
)

// largestLimits bounds a file of limits.
const largestLimits = 1 << 16

// limits is a flag: the limits of the checks, out of a file.
type limits struct {
	path string
	land.Limits
}

// limits is a flag; without it the checks hold plots to the usual limits.
func (f *flagSet) limits() *limits {
	l := &limits{Limits: land.DefaultLimits()}
	f.Var(l, "limits", "JSON file of the checks' limits, such as {\"small_area_m2\": 300}; what it leaves out is as usual")
	return l
}

func (l *limits) String() string { return l.path }

func (l *limits) Set(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestLimits))
	if err != nil {
		return err
	}
	l.path = path
	l.Limits, err = land.ParseLimits(data)
	return err
}
