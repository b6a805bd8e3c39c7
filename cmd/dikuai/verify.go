package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

const verifySynopsis = `FILE [flags]
  holds a table that "report" or the service printed to the register. It is
    current  it says what the register said, and still says   (exit code 0)
    stale    it does, but the register says otherwise today   (3)
    altered  it does not say what the register said           (1)
    foreign  it is no table of this register                  (1)
  A CSV file does not tell of which parks, day and change it is: --table, --park, --at,
  --seq and --measure do. Without them it is held to what the register says today.`

// errStale says that a printed table is true but no longer current.
var errStale = errors.New("stale")

// mostTold is how many differences are told on a terminal.
const mostTold = 20

func verifyReport(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("verify", verifySynopsis)
	home := flags.home()
	font := flags.font()
	var csv csvOrigin
	flags.StringVar(&csv.table, "table", "", "which table a CSV file is; empty: the one with its headings")
	flags.Var(&csv.parks, "park", "code of a park of a CSV file; may be repeated; none: all parks, or the one that fits")
	at := flags.String("at", "", "day as of which a CSV file was made, such as 2018-06-30; empty: today")
	seq := flags.Int64("seq", -1, "number of the register's last change when a CSV file was made (Register-Seq); none: the last now")
	measure := flags.String("measure", "plane", "plane or ellipsoid, of a CSV file")
	asJSON := flags.Bool("json", false, "print a JSON object")
	lang := flags.language()
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) != 1 {
		return fmt.Errorf("%w: say verify FILE", errMisuse)
	}
	if csv.stamp.At, err = land.ParseDate(*at); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if csv.stamp.Measure, err = report.ParseMeasure(*measure); err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	csv.stamp.Seq = land.Seq(*seq)
	file, err := os.ReadFile(words[0])
	if err != nil {
		return err
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		verdict, err := verifyFile(ctx, db, file, csv, paper.NewShelf(*font))
		if err != nil {
			return lang.refusal(err)
		}
		if *asJSON {
			err = json.NewEncoder(stdout).Encode(describeVerdict(words[0], verdict))
		} else {
			tellVerdict(stdout, *lang, words[0], verdict)
		}
		switch {
		case err != nil || verdict.State == report.Current:
			return err
		case verdict.State == report.Stale:
			return fmt.Errorf("%w: %s", errStale, words[0])
		}
		return fmt.Errorf("%s: %s", words[0], lang.say(verdict.State.Words()))
	})
}

func verifyFile(ctx context.Context, db *postgis.DB, file []byte, csv csvOrigin, fonts *paper.Shelf) (report.Verdict, error) {
	verifier := report.Verifier{Fonts: fonts, Make: func(ctx context.Context, s report.Stamp, today bool) (report.Table, error) {
		return tableOfStamp(ctx, db, s, today)
	}}
	format, stamp, err := report.Recognize(file)
	if err != nil {
		return report.Verdict{State: report.Foreign, Format: format, Remark: geo.WordsOf(err)}, nil
	}
	if format != "csv" {
		return verifier.Verify(ctx, file, format, stamp)
	}
	stamps, err := csv.stamps(ctx, db)
	if err != nil {
		return report.Verdict{}, err
	}
	stamp, found, err := verifier.Closest(ctx, file, stamps)
	if err != nil || !found {
		return report.Verdict{State: report.Foreign, Format: format, Remark: geo.Say("没有报表具有该文件的列", "no table has the file's columns")}, err
	}
	verdict, err := verifier.Verify(ctx, file, format, stamp)
	if verdict.Remark == (geo.Words{}) && csv.stamp.Seq < 0 {
		verdict.Remark = geo.Say("CSV 文件不记载其变更号，按最新变更核对；可用 --seq 与 --at 指定", "a CSV file does not tell its change: it was held to the last; name another by --seq and --at")
	}
	return verdict, err
}

// tableOfStamp makes the table of a stamp as it was known at the stamp's change,
// or of today.
func tableOfStamp(ctx context.Context, db *postgis.DB, s report.Stamp, today bool) (report.Table, error) {
	if len(s.Asked) > 0 {
		return report.Table{}, land.Invalid("table", geo.Say("报表的参数 %s 未知", "the table was made with %s, which is not known", s.Asked.Encode()), geo.Words{})
	}
	var m land.Moment
	if !today {
		known, err := db.KnownAt(ctx, s.Seq)
		if err != nil {
			return report.Table{}, err
		}
		m = land.Moment{At: s.At, Known: known}
	}
	register, err := db.Load(ctx, m, s.Parks...)
	if err != nil {
		return report.Table{}, err
	}
	return report.Build(s.Table, report.Register(register), report.Options{Measure: s.Measure})
}

// csvOrigin is what a caller says of a CSV file.
type csvOrigin struct {
	table string
	parks list
	stamp report.Stamp // without them; Seq is negative for the last
}

// stamps are of what the file may be.
func (o csvOrigin) stamps(ctx context.Context, db *postgis.DB) ([]report.Stamp, error) {
	register, err := db.Load(ctx, land.Moment{})
	if err != nil {
		return nil, err
	}
	var parks [][]land.ParkCode
	if len(o.parks) > 0 {
		var named []land.ParkCode
		for _, p := range o.parks {
			named = append(named, land.ParkCode(p))
		}
		parks = append(parks, named)
	} else {
		parks = append(parks, nil)
		for _, p := range register.Parks {
			parks = append(parks, []land.ParkCode{p.Code})
		}
	}
	tables := report.Names()
	if o.table != "" {
		tables = []string{o.table}
	}
	if o.stamp.Seq < 0 {
		o.stamp.Seq = register.Seq
	}
	if o.stamp.At.IsZero() {
		o.stamp.At = register.At
	}
	var all []report.Stamp
	for _, table := range tables {
		for _, codes := range parks {
			s := o.stamp
			s.Table, s.Parks = table, codes
			all = append(all, s)
		}
	}
	return all, nil
}

// verdict is what verify has found, as JSON.
type verdict struct {
	File        string          `json:"file"`
	Format      string          `json:"format"`
	Verdict     report.State    `json:"verdict"`
	Table       string          `json:"table,omitempty"`
	Parks       []land.ParkCode `json:"parks,omitempty"`
	AsOf        string          `json:"as_of,omitempty"`
	Seq         land.Seq        `json:"register_seq"`
	Measure     string          `json:"measure"`
	Checksum    string          `json:"checksum,omitempty"`
	Differences []difference    `json:"differences"`
	Remark      string          `json:"remark,omitempty"`
	RemarkZh    string          `json:"remark_zh,omitempty"`
}

type difference struct {
	Place    string `json:"place"`
	PlaceZh  string `json:"place_zh"`
	Printed  string `json:"printed"`
	Register string `json:"register"`
}

func describeVerdict(file string, v report.Verdict) verdict {
	s := v.Stamp
	told := verdict{File: file, Format: v.Format, Verdict: v.State, Table: s.Table, Parks: s.Parks, AsOf: s.At.String(), Seq: s.Seq, Measure: s.Measure.String(),
		Checksum: s.Checksum, Differences: []difference{}, Remark: v.Remark.En, RemarkZh: v.Remark.Zh}
	for _, d := range v.Differences {
		told.Differences = append(told.Differences, difference{d.Place.En, d.Place.Zh, d.Printed, d.Register})
	}
	return told
}

func tellVerdict(w io.Writer, lang language, file string, v report.Verdict) {
	fmt.Fprintf(w, "%s: %s\n", file, lang.say(v.State.Words()))
	if s := v.Stamp; s.Table != "" {
		fmt.Fprintln(w, lang.say(geo.Say("  报表 %s，数据日期 %s，登记变更号 %d", "  table %s, as of %s, register change %d", s.Table, s.At, s.Seq)))
	}
	if v.Remark != (geo.Words{}) {
		fmt.Fprintln(w, "  "+lang.say(v.Remark))
	}
	register := geo.Words{Zh: "登记库当时", En: "the register then"}
	if v.State == report.Stale {
		register = geo.Words{Zh: "登记库今日", En: "the register today"}
	}
	for _, d := range v.Differences[:min(len(v.Differences), mostTold)] {
		fmt.Fprintln(w, "  "+lang.say(geo.Say("%[1]s：文件为“%[2]s”，%[3]s为“%[4]s”", "%[1]s: %[2]q in the file, %[4]q in %[3]s", d.Place, d.Printed, register, d.Register)))
	}
	if more := len(v.Differences) - mostTold; more > 0 {
		fmt.Fprintln(w, "  "+lang.say(geo.Say("另有 %d 处", "and %d more", more)))
	}
}
