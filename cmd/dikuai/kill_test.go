package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestNothingAcknowledgedIsLostToAKill edits through the API while the service
// and its PostgreSQL are killed outright, again and again. Every edit that was
// acknowledged must be there, none half.
func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	wanted := sized(t, "DIKUAI_EDITS", 200)
	p := killable(t)
	key := p.key

	var acknowledged sync.Map // change number → reason
	var count atomic.Int64
	var enough atomic.Bool
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := 0; !enough.Load(); i++ {
				reason := fmt.Sprintf("edit %d-%d", w, i)
				if seq, ok := p.edit(key, 1+rand.IntN(251), reason); ok {
					acknowledged.Store(seq, reason)
					count.Add(1)
				}
			}
		})
	}
	kills := p.killUntil(func() bool { return count.Load() >= int64(wanted) })
	enough.Store(true)
	group.Wait()
	t.Logf("%d edits acknowledged through %d kills", count.Load(), kills)

	kept := map[int]string{}
	for since := 0; ; {
		var page struct {
			Changes []struct {
				Seq    int
				Kind   string
				Reason string
				Plots  []struct{ ID, Version int }
			}
		}
		p.get(fmt.Sprintf("/api/v1/changes?since=%d", since), &page)
		if len(page.Changes) == 0 {
			break
		}
		for _, c := range page.Changes {
			kept[c.Seq] = c.Reason
			since = c.Seq
			if c.Kind == "update" && len(c.Plots) != 1 {
				t.Errorf("change %d has %d plots", c.Seq, len(c.Plots))
			}
		}
	}
	acknowledged.Range(func(seq, reason any) bool {
		if kept[seq.(int)] != reason {
			t.Errorf("change %v was acknowledged as %q and is kept as %q", seq, reason, kept[seq.(int)])
		}
		return true
	})
	p.checkLog()
}

// process is a service of its own, which may be killed and started again.
type process struct {
	t             *testing.T
	program, home string
	command       *exec.Cmd
	address       atomic.Value // string
	key           string
}

// killable builds the program and starts it on a demonstration register.
func killable(t *testing.T) *process {
	t.Helper()
	t.Setenv("DATABASE_URL", "")
	dir := t.TempDir()
	p := &process{t: t, program: filepath.Join(dir, "dikuai"), home: filepath.Join(dir, "home")}
	if out, err := exec.Command("go", "build", "-o", p.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p.start("--demo")
	return p
}

// killUntil kills both, the database alone and the service alone in turn, each
// once at least, until enough is done; it says how often.
func (p *process) killUntil(enough func() bool) (kills int) {
	for ; kills < 3 || !enough(); kills++ {
		time.Sleep(time.Duration(500+rand.IntN(1000)) * time.Millisecond)
		p.kill(kills%3 != 1, kills%3 != 2)
		p.start()
	}
	return kills
}

// checkLog stops the service and has its change log checked.
func (p *process) checkLog() {
	p.stop()
	if out, err := exec.Command(p.program, "check", "--log", "--home", p.home).CombinedOutput(); err != nil {
		p.t.Errorf("check --log: %v\n%s", err, out)
	}
}

func (p *process) start(more ...string) {
	p.t.Helper()
	p.command = exec.Command(p.program, append([]string{"serve", "--listen", "127.0.0.1:0", "--home", p.home}, more...)...)
	out, err := p.command.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	var complaints strings.Builder
	p.command.Stderr = &complaints
	if err := p.command.Start(); err != nil {
		p.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "administrator's key, shown only now: "); ok {
			p.key = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "dikuai serves "); ok {
			p.address.Store(text)
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	_ = p.command.Wait()
	log, _ := os.ReadFile(filepath.Join(p.home, "postgres", "postgres.log"))
	p.t.Fatalf("serve did not come up: %s\n%s", complaints.String(), log[max(0, len(log)-2000):])
}

// kill ends the service, its database, or both, with no chance to tidy up. A
// service whose database alone is killed goes on, and is then ended too.
func (p *process) kill(service, database bool) {
	if database {
		pid, err := os.ReadFile(filepath.Join(p.home, "postgres", "data", "postmaster.pid"))
		if err != nil {
			p.t.Error(err)
			return
		}
		line, _, _ := strings.Cut(string(pid), "\n")
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			p.t.Error(err)
			return
		}
		if err := syscall.Kill(n, syscall.SIGKILL); err != nil {
			p.t.Error(err)
		}
	}
	if !service {
		time.Sleep(2 * time.Second) // it starts its database again by itself
	}
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
}

func (p *process) stop() {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Error(err)
	}
	if err := p.command.Wait(); err != nil {
		p.t.Errorf("the service did not stop well: %v", err)
	}
}

// edit renames a plot and tells the change that acknowledged it.
func (p *process) edit(key string, id int, reason string) (seq int, ok bool) {
	plot := fmt.Sprintf("%s/api/v1/plots/%d", p.address.Load(), id)
	read, err := http.Get(plot)
	if err != nil {
		time.Sleep(20 * time.Millisecond)
		return 0, false
	}
	read.Body.Close()
	body := fmt.Sprintf(`{"type":"Feature","properties":{"name":%q},"reason":%q}`, reason, reason)
	request, err := http.NewRequest(http.MethodPut, plot, strings.NewReader(body))
	if err != nil {
		return 0, false
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("If-Match", read.Header.Get("ETag"))
	done, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false
	}
	defer done.Body.Close()
	if _, err := io.ReadAll(done.Body); err != nil || done.StatusCode != http.StatusOK {
		return 0, false
	}
	seq, err = strconv.Atoi(done.Header.Get("Register-Seq"))
	return seq, err == nil
}

func (p *process) get(path string, into any) {
	p.t.Helper()
	response, err := http.Get(fmt.Sprint(p.address.Load(), path))
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		p.t.Fatal(err)
	}
}
