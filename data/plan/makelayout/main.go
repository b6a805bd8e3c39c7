// Makelayout writes the demonstration layout of the three parks, one GeoJSON
// file a park, into demonstration/ or the folder given as argument.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dikuai/dikuai/data/plan/makelayout/layout"
)

func main() {
	folder := "demonstration"
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := run(folder); err != nil {
		fmt.Fprintln(os.Stderr, "makelayout:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	layouts, err := layout.Make()
	if err != nil {
		return err
	}
	for _, l := range layouts {
		text, err := l.GeoJSON()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, string(l.Park)+".geojson"), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
