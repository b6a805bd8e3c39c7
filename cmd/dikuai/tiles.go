package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// manageTiles packs, verifies and compares archives of tiles.
func manageTiles(ctx context.Context, args []string, stdout io.Writer) error {
	commands := []command{
		{"pack", "write the public tiles into one file", packTiles},
		{"verify", "check an archive and every tile in it", verifyTiles},
		{"diff", "tell which tiles of two archives differ", diffTiles},
	}
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, args[1:], stdout)
			}
		}
	}
	help := len(args) > 0 && (args[0] == "help" || args[0] == "--help" || args[0] == "-help" || args[0] == "-h")
	to := io.Writer(os.Stderr)
	if help {
		to = stdout
	}
	fmt.Fprintln(to, "dikuai tiles COMMAND [flags]; dikuai tiles COMMAND --help tells its flags")
	for _, c := range commands {
		fmt.Fprintf(to, "  %-8s %s\n", c.name, c.does)
	}
	switch {
	case help:
		return nil
	case len(args) == 0:
		return fmt.Errorf("%w: say tiles pack, verify or diff", errMisuse)
	}
	return fmt.Errorf("%w: tiles knows no %q; say tiles pack, verify or diff", errMisuse, args[0])
}

// openArchive opens an archive that a command is given.
func openArchive(path string) (*pmtiles.Archive, error) {
	a, err := pmtiles.OpenFile(path)
	var fault *pmtiles.Fault
	if errors.As(err, &fault) {
		return nil, fmt.Errorf("%s is no archive of tiles that can be read: %w", path, fault)
	}
	return a, err
}
