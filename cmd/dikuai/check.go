package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

func check(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("check", "[--park CODE] [--log] [flags]")
	home := flags.home()
	limits := flags.limits()
	var parks list
	flags.Var(&parks, "park", "code of a park; may be repeated; none: all parks")
	log := flags.Bool("log", false, "check the change log instead: that nothing recorded was altered or taken out")
	asJSON := flags.Bool("json", false, "print a JSON object")
	lang := flags.language()
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) > 0 {
		return fmt.Errorf("%w: check takes no %q", errMisuse, words[0])
	}
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		db.HoldTo(limits.Limits)
		if *log {
			return checkLog(ctx, db, stdout)
		}
		codes := make([]land.ParkCode, len(parks))
		for i, p := range parks {
			codes[i] = land.ParkCode(p)
		}
		progress := newProgress("checked", "plots")
		defer progress.end()
		report, err := db.Check(ctx, progress.show, codes...)
		if err != nil {
			return err
		}
		progress.end()
		if *asJSON {
			if err := json.NewEncoder(stdout).Encode(api.DescribeCheck(report)); err != nil {
				return err
			}
		} else {
			lang.tell(stdout, report.Findings)
			fmt.Fprintln(stdout, lang.say(geo.Say("截至变更 %[2]d，检查地块 %[1]d 个：错误 %[3]d，警告 %[4]d，提示 %[5]d",
				"%d plots checked as of change %d: %d errors, %d warnings, %d remarks",
				report.Plots, report.Seq, report.Count(land.Block), report.Count(land.Warn), report.Count(land.Inform))))
		}
		if n := report.Count(land.Block); n > 0 {
			return lang.refusal(geo.Say("登记库有 %d 处错误", "the register has %d error(s)", n))
		}
		return nil
	})
}

func checkLog(ctx context.Context, db *postgis.DB, stdout io.Writer) error {
	progress := newProgress("checked", "changes")
	faults, last, err := db.CheckLog(ctx, progress.show)
	progress.end()
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Fprintf(stdout, "change %d: %s\n", f.Seq, f.Message)
	}
	fmt.Fprintf(stdout, "the log ends with change %d, hash %s\n", last.Seq, hex.EncodeToString(last.Hash))
	if len(faults) > 0 {
		return fmt.Errorf("the log has %d fault(s)", len(faults))
	}
	return nil
}
