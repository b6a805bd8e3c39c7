// Command dikuai is the land and spatial-planning service of the three parks of
// the National Inspection and Testing High-tech Service Cluster (Guangzhou).
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, errMisuse):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case errors.Is(err, errStale):
		fmt.Fprintln(os.Stderr, "dikuai:", err)
		os.Exit(3)
	default:
		fmt.Fprintln(os.Stderr, "dikuai:", err)
		os.Exit(1)
	}
}

// command is one word that the program knows.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string, stdout io.Writer) error
}

// Exit codes are 0 for done, 1 for failed, 2 for misused, and 3 for a printed
// table that is true but no longer current.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	commands := []command{
		{"serve", "serve the map, tiles and routes", serve},
		{"migrate", "bring the database up to this program's schema", migrate},
		{"seed", "load the three parks of the plan with the demonstration layout", seed},
		{"generate", "make a synthetic city, into a file or the register", generate},
		{"import", "take a file of plots into a park", importFile},
		{"edit", "split, merge, adjust, reshape, renumber or retire plots", edit},
		{"check", "check the register, or with --log that its past was not altered", check},
		{"export", "write a park's plots as a file for other programs", exportPlots},
		{"report", "write a land-use table", writeReport},
		{"verify", "tell whether a printed table is true, and whether it is current", verifyReport},
		{"controls", "import, publish and list control layers", manageControls},
		{"tiles", "pack the public tiles into a file, verify and compare such files", manageTiles},
		{"bench", "measure tiles against what others would use", benchmark},
		{"access", "make keys: access key create --role R", manageAccess},
	}
	if len(args) > 0 {
		for _, c := range commands {
			if c.name == args[0] {
				return c.run(ctx, args[1:], stdout)
			}
		}
	}
	if len(args) > 0 && (args[0] == "help" || args[0] == "--help" || args[0] == "-h") {
		usage(stdout, commands)
		return nil
	}
	usage(os.Stderr, commands)
	if len(args) == 0 {
		return fmt.Errorf("%w: name a command", errMisuse)
	}
	return fmt.Errorf("%w: there is no command %q", errMisuse, args[0])
}

func usage(w io.Writer, commands []command) {
	fmt.Fprintln(w, "dikuai COMMAND [flags]; dikuai COMMAND --help tells its flags")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-8s %s\n", c.name, c.does)
	}
}

// errMisuse marks a call that is wrong in itself.
var errMisuse = errors.New("misuse")
