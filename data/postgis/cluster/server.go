package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// binaries is the folder of a PostgreSQL version's programs.
type binaries string

// findBinaries chooses the version that made the data, else the newest one.
func findBinaries(dataDir string) (binaries, error) {
	version := "*"
	if made, err := os.ReadFile(filepath.Join(dataDir, "PG_VERSION")); err == nil {
		version = strings.TrimSpace(string(made))
	}
	found, err := filepath.Glob("/usr/lib/postgresql/" + version + "/bin/postgres")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("PostgreSQL %s is not installed: run `make setup`, or install the packages postgresql-15 and postgresql-15-postgis-3, or set DATABASE_URL", strings.Replace(version, "*", "15", 1))
	}
	slices.Sort(found)
	return binaries(filepath.Dir(found[len(found)-1])), nil
}

func (b binaries) path(program string) string { return filepath.Join(string(b), program) }

// inherited is where a child finds the data folder that it is handed as an open
// file. Going through the descriptor, a server that runs as another user needs
// no way through the folders above, which may be closed to it (such as /root).
const inherited = "/proc/self/fd/3"

// command prepares a program of the server's that works on the data in dir.
func (c *Cluster) command(ctx context.Context, dir, program string, args ...string) (*exec.Cmd, func(), error) {
	data, err := os.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, c.bin.path(program), append([]string{"-D", inherited}, args...)...)
	cmd.ExtraFiles = []*os.File{data}
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.owner.credential()}
	return cmd, func() { data.Close() }, nil
}

// initialise makes a new cluster beside its place and moves it there when it is whole.
func (c *Cluster) initialise(ctx context.Context) error {
	fresh := c.dataDir() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := c.owner.makeDir(fresh); err != nil {
		return err
	}
	cmd, done, err := c.command(ctx, fresh, "initdb", "-U", superuser, "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust")
	if err != nil {
		return err
	}
	defer done()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("set up the database cluster in %s: %w\n%s", c.dir, err, out)
	}
	return os.Rename(fresh, c.dataDir())
}

// launch starts the server if none is there and waits until it answers. After a kill, backends
// of the dead server may hold its memory for a moment, and a server that a
// killed process was starting may be coming up; so a start that fails is tried
// again, unless a server is there by then.
func (c *Cluster) launch(ctx context.Context) error {
	const tries = 60
	var err error
	for range tries {
		var exited <-chan error
		err = nil
		if !c.listening() {
			exited, err = c.spawn()
		}
		if err == nil {
			if err = c.awaitReady(ctx, exited); err == nil {
				return nil
			}
		}
		if pauseErr := pause(ctx, 500*time.Millisecond); pauseErr != nil {
			return errors.Join(err, pauseErr)
		}
	}
	return err
}

func (c *Cluster) spawn() (<-chan error, error) {
	args := []string{"-c", "listen_addresses=", "-c", "unix_socket_directories=../socket", "-c", "timezone=UTC"}
	for _, s := range c.settings {
		args = append(args, "-c", s)
	}
	cmd, done, err := c.command(context.Background(), c.dataDir(), "postgres", args...)
	if err != nil {
		return nil, err
	}
	defer done()
	log, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return exited, nil
}

func (c *Cluster) logFile() string { return filepath.Join(c.dir, "postgres.log") }

// awaitReady waits until the server takes connections, or the process that was
// started for it has exited, or one that was found has gone: a killed server
// listens until the kernel has buried it.
func (c *Cluster) awaitReady(ctx context.Context, exited <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute) // recovery after a crash replays the log
	defer cancel()
	for {
		if exec.CommandContext(ctx, c.bin.path("pg_isready"), "-q", "-h", c.socketDir(), "-U", superuser, "-d", "postgres").Run() == nil {
			return nil
		}
		select {
		case err := <-exited:
			return fmt.Errorf("the database server stopped while starting (%v); its log is %s", err, c.logFile())
		case <-ctx.Done():
			return fmt.Errorf("the database server does not answer; its log is %s: %w", c.logFile(), ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
		if exited == nil && !c.listening() {
			return errors.New("the database server went away")
		}
	}
}

// shutDown asks the server for a fast shutdown and waits for it.
func (c *Cluster) shutDown(ctx context.Context) error {
	if !c.listening() {
		return nil
	}
	pid, err := c.serverPID()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	pidFile := filepath.Join(c.dataDir(), "postmaster.pid")
	for {
		if _, err := os.Stat(pidFile); err != nil {
			return nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("the database server takes long to stop: %w", err)
		}
	}
}

func (c *Cluster) serverPID() (int, error) {
	f, err := os.Open(filepath.Join(c.dataDir(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(line))
}
