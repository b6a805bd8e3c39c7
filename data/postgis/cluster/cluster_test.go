package cluster

import (
	"context"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestClusterSurvivesKillAndStopsWithItsLastUser(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	dir := t.TempDir()
	first, err := Start(ctx, dir, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	second, err := Start(ctx, dir, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	query(t, ctx, first, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7); CHECKPOINT")

	pid, err := first.serverPID()
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for first.listening() {
		time.Sleep(10 * time.Millisecond)
	}
	for !first.listening() {
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			t.Fatal("the killed server was not started again")
		}
	}
	if err := first.awaitReady(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if got := query(t, ctx, second, "SELECT n FROM kept"); got != "7\n" {
		t.Errorf("after the kill: %q", got)
	}

	if err := first.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if !second.listening() {
		t.Error("the server stopped while somebody used it")
	}
	if err := second.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if second.listening() {
		t.Error("the server runs on after its last user left")
	}
}

func query(t *testing.T, ctx context.Context, c *Cluster, sql string) string {
	t.Helper()
	out, err := exec.CommandContext(ctx, c.bin.path("psql"), "-XAtq", c.URL("postgres"), "-c", sql).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
