package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// largestFile bounds what import reads; it is kept whole in the register.
const largestFile = 1 << 30

func importFile(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("import", "FILE --park CODE [flags]")
	home := flags.home()
	limits := flags.limits()
	park := flags.String("park", "", "code of the park; one that does not exist is founded on the file's plots")
	crs := flags.String("crs", "", "reference system of the coordinates, such as EPSG:4547, where the file does not say")
	format := flags.String("format", "", "format of the file; empty: by its content and name")
	var columns list
	flags.Var(&columns, "map", "SRC=DST reads column SRC as property DST; =VALUE=DST gives every plot VALUE; may be repeated")
	source := flags.String("source", "", "who delivers; the source's --map is remembered for its next file")
	dryRun := flags.Bool("dry-run", false, "check everything and write nothing")
	replace := flags.Bool("replace", false, "plots whose numbers exist get a new version")
	reason := flags.String("reason", "", "why, for the audit trail")
	actor := flags.String("actor", "command line", "who acts, for the audit trail")
	asJSON := flags.Bool("json", false, "print a JSON object")
	lang := flags.language()
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 || *park == "" {
		return fmt.Errorf("%w: say import FILE --park CODE", errMisuse)
	}
	handling, err := exchange.ParseHandling(*crs, columns)
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	in := land.Import{Park: land.ParkCode(*park), Replace: *replace, DryRun: *dryRun, Kind: land.Imported, Reason: *reason, Format: *format, Handling: handling, Source: *source}
	if in.File, err = handIn(words[0]); err != nil {
		return err
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		db.HoldTo(limits.Limits)
		who := land.Actor{Name: *actor, Role: land.Admin}
		in, err := db.Remembered(ctx, in)
		if err != nil {
			return err
		}
		result, err := db.Import(ctx, who, in, func(emit func(land.Draft) error) (land.Delivery, error) {
			return exchange.Read(ctx, words[0], in.Format, in.Handling, emit)
		})
		var invalid *land.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			return err
		}
		if *asJSON {
			if err := json.NewEncoder(stdout).Encode(api.DescribeImport(result)); err != nil {
				return err
			}
		} else {
			tellImport(stdout, result, *lang)
		}
		if invalid != nil {
			return notTaken(words[0], invalid, *lang)
		}
		return nil
	})
}

func handIn(path string) (land.HandedIn, error) {
	info, err := os.Stat(path)
	if err != nil {
		return land.HandedIn{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > largestFile {
		return land.HandedIn{}, fmt.Errorf("%s is not a file of at most %d bytes", path, largestFile)
	}
	raw, err := os.ReadFile(path)
	return land.HandedIn{Name: filepath.Base(path), SHA256: sha256.Sum256(raw), Raw: raw}, err
}

// notTaken says that a file was not taken in.
func notTaken(path string, e *land.InvalidError, lang language) error {
	return lang.refusal(geo.Say("%s 有 %d 处问题，未入库；未写入任何内容", "%s is refused for %d fault(s); nothing was written", path, len(e.Findings)))
}

func tellImport(w io.Writer, r land.ImportResult, lang language) {
	lang.tell(w, append(r.Delivery.Notes, r.Faults...))
	if len(r.Faults) > 0 {
		return
	}
	did := "imported as change " + fmt.Sprint(r.Change)
	if r.DryRun {
		did = "dry run, nothing written"
	}
	fmt.Fprintf(w, "%s: %d new, %d changed, %d the same; %s m² = %s 亩; format %s, %s", did, r.New, r.Changed, r.Same,
		printArea(r.Area), geo.FormatFixed(float64(r.Area.Mu()), geo.MuDecimals), r.Delivery.Format, r.Delivery.CRS)
	if r.Delivery.Encoding != "" {
		fmt.Fprintf(w, ", %s", r.Delivery.Encoding)
	}
	fmt.Fprintf(w, "; vertices moved at most %s m onto the grid\n", geo.FormatFixed(r.MaxShift, 6))
}

func printArea(a geo.SquareMetres) string {
	return geo.FormatFixed(float64(a), geo.SquareMetreDecimals)
}
