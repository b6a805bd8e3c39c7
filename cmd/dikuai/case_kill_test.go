package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
)

// actsIn and actsOn tell a process of this test to act on cases: the home of the
// database, and the plot that the cases are about.
const (
	actsIn = "DIKUAI_TEST_ACTS_IN"
	actsOn = "DIKUAI_TEST_ACTS_ON"
)

// TestNoActOnACaseIsLostToAKill acts on cases in processes that are killed
// outright, as are the service and its PostgreSQL, again and again. An act that
// brought no answer is done again under its key. Every act that was acknowledged
// must be there, once, and none half.
func TestNoActOnACaseIsLostToAKill(t *testing.T) {
	wanted := sized(t, "DIKUAI_ACTS", 200)
	ctx := context.Background()
	p := killable(t)
	db, done, err := openDatabase(ctx, p.home)
	if err != nil {
		t.Fatal(err)
	}
	plots := makeAvailable(t, db)

	a := &actors{t: t, home: p.home, plots: plots, acknowledged: map[string]land.Seq{}}
	for range 4 {
		a.start()
	}
	kills := 0
	for ; kills < 6 || a.count() < wanted; kills++ {
		time.Sleep(time.Duration(300+rand.IntN(700)) * time.Millisecond)
		if kills%2 == 0 {
			a.kill()
			a.start()
			continue
		}
		p.kill(kills%6 != 3, kills%6 != 5)
		p.start()
	}
	for range 4 {
		a.kill()
	}
	a.ended.Wait()
	t.Logf("%d acts acknowledged through %d kills", a.count(), kills)

	for act, seq := range a.acknowledged {
		no, step, _ := strings.Cut(act, " ")
		events, err := db.CaseEvents(ctx, keeper, land.CaseNo(no))
		if err != nil {
			t.Fatal(err)
		}
		n, _ := strconv.Atoi(step)
		if len(events) < n || events[n-1].Step != n || events[n-1].Seq != seq {
			t.Errorf("step %s was acknowledged as change %d, and is not there", act, seq)
		}
	}
	if err := done(); err != nil {
		t.Error(err)
	}
	p.checkLog()
}

var (
	keeper  = land.Actor{Key: 1, Name: "officer", Role: land.Admin}
	decider = land.Actor{Key: 2, Name: "approver", Role: land.Approver}
)

// makeAvailable puts the plots of a park on the supply plan, and grants quota.
func makeAvailable(t *testing.T, db *postgis.DB) (plots []land.PlotID) {
	t.Helper()
	ctx := context.Background()
	register, err := db.Load(ctx, land.Moment{}, "nansha")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range register.Plots {
		if p.Status != land.Available && p.Status != land.Planned && p.Status != land.Reserved {
			continue
		}
		_, _, err := db.UpdatePlot(ctx, keeper, p.ID, land.Update{Version: p.Version, Change: func(a *land.Attributes) error { a.Status = land.Available; return nil }})
		if err != nil {
			t.Fatal(err)
		}
		if plots = append(plots, p.ID); len(plots) == 60 {
			break
		}
	}
	account := land.QuotaAccount{Park: "nansha", Year: db.Today().Year(), Kind: land.NewLand}
	_, _, err = db.PostQuota(ctx, keeper, land.QuotaEntry{Account: account, Type: land.EntryGrant, Quantity: land.Quantity{Total: land.MuAmount(5000)}, DocumentNo: "下达 1"}, land.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return plots
}

// actors are processes that act on cases, and what they were acknowledged.
type actors struct {
	t       *testing.T
	home    string
	plots   []land.PlotID // of which each process takes one
	running []*exec.Cmd
	ended   sync.WaitGroup

	mu           sync.Mutex
	acknowledged map[string]land.Seq // case and step → change
}

func (a *actors) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.acknowledged)
}

// start starts a process on a plot that no other had.
func (a *actors) start() {
	a.t.Helper()
	if len(a.plots) == 0 {
		a.t.Fatal("there are no more plots")
	}
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), actsIn+"="+a.home, fmt.Sprint(actsOn, "=", a.plots[0]))
	a.plots = a.plots[1:]
	out, err := command.StdoutPipe()
	if err != nil {
		a.t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		a.t.Fatal(err)
	}
	a.running = append(a.running, command)
	a.ended.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fields := strings.Fields(lines.Text())
			if len(fields) != 4 || fields[0] != "done" {
				a.t.Errorf("an actor says: %s", lines.Text())
				continue
			}
			seq, err := strconv.ParseInt(fields[3], 10, 64)
			if err != nil {
				continue // the kill cut the line off
			}
			a.mu.Lock()
			a.acknowledged[fields[1]+" "+fields[2]] = land.Seq(seq)
			a.mu.Unlock()
		}
		_ = command.Wait()
	})
}

// kill ends the oldest process, with no chance to tidy up.
func (a *actors) kill() {
	command := a.running[0]
	a.running = a.running[1:]
	_ = command.Process.Kill()
}

// actUntilKilled sites a plot and revokes that, case after case, and says what was
// acknowledged.
func actUntilKilled(home, on string) error {
	ctx := context.Background()
	db, _, err := openDatabase(ctx, home) // nothing is let go of: it is killed
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(on, 10, 64)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		if err := siteAndRevoke(ctx, db, land.PlotID(id), fmt.Sprintf("%s-%d", on, i)); err != nil {
			return err
		}
	}
}

func siteAndRevoke(ctx context.Context, db *postgis.DB, plot land.PlotID, name string) error {
	far := 2.0
	draft := land.CaseDraft{Kind: land.Siting, Park: "nansha", CaseContent: land.CaseContent{Title: name, Plots: []land.PlotID{plot}, Declared: land.Declared{FAR: &far}}}
	c, err := acknowledge("open "+name, func(once land.Once) (postgis.Acted, error) { return db.OpenCase(ctx, keeper, draft, once) })
	if err != nil {
		return err
	}
	_, err = acknowledge("paper "+name, func(once land.Once) (postgis.Acted, error) {
		_, acted, err := db.AddDocument(ctx, keeper, c.No, land.CaseDocument{Type: "application", FileName: "申请书.pdf"}, []byte("%PDF-"), once)
		return acted, err
	})
	if err != nil {
		return err
	}
	for _, step := range []land.ActName{"submit", "accept", "check", "propose", "approve", "revoke"} {
		by := keeper
		if step == "approve" || step == "revoke" {
			by = decider
		}
		version := c.Version
		act := land.CaseAct{Name: step, Reason: name, Opinion: "同意", Document: land.Issuance{Number: fmt.Sprintf("%s%s〔2026〕1号", name, step)}}
		c, err = acknowledge(fmt.Sprint(step, " ", name), func(once land.Once) (postgis.Acted, error) {
			if step != "check" {
				return db.ActOnCase(ctx, by, c.No, version, act, once)
			}
			basis, err := db.CaseBasis(ctx, by, c.No)
			if err != nil {
				return postgis.Acted{}, err
			}
			_, acted, err := db.RecordCheck(ctx, by, c.No, basis, land.Passes, json.RawMessage(`{}`), once)
			return acted, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// acknowledge does an act until there is an answer, always under its key.
func acknowledge(name string, act func(land.Once) (postgis.Acted, error)) (land.Case, error) {
	once := land.Once{Key: strings.ReplaceAll(name, " ", "-")}
	for {
		acted, err := act(once)
		var conflict *land.ConflictError
		var invalid *land.InvalidError
		var forbidden *land.ForbiddenError
		switch {
		case err == nil:
			fmt.Println("done", acted.Case.No, acted.Event.Step, acted.Change.Seq)
			return acted.Case, nil
		case errors.Is(err, land.ErrStale), errors.As(err, &conflict), errors.As(err, &invalid), errors.As(err, &forbidden):
			return land.Case{}, fmt.Errorf("%s: %w", name, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
