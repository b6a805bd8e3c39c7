// Package cluster keeps a private PostgreSQL cluster with PostGIS in one
// folder: it sets it up, starts it, watches it and stops it with its last user.
// It listens on a socket in that folder and on nothing else, so that it never
// meets another server of the machine.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// superuser owns the databases; the socket's folder is closed to everyone else.
const superuser = "dikuai"

// longestSocket is what fits sun_path of unix(7) with the socket's own name.
const longestSocket = 107 - len("/.s.PGSQL.5432")

// Cluster is a running private cluster. Several processes may hold the same
// folder; the last one to call Stop shuts the server down.
type Cluster struct {
	dir      string
	bin      binaries
	owner    *owner
	settings []string
	users    *os.File // shared lock: somebody uses the server
	stop     context.CancelFunc
	watched  chan struct{}
}

// Start sets the cluster up in dir if it is not there, starts it if it is not
// running, and keeps it running until Stop. Each setting is a server parameter
// such as "work_mem=64MB".
func Start(ctx context.Context, dir string, settings ...string) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if len(dir)+len("/socket") > longestSocket {
		return nil, fmt.Errorf("the folder %s is too long a path for a database socket: set DIKUAI_HOME to a shorter one", dir)
	}
	c := &Cluster{dir: dir, settings: settings, watched: make(chan struct{})}
	if c.owner, err = findOwner(); err != nil {
		return nil, err
	}
	for _, d := range []string{dir, c.socketDir()} {
		if err := c.owner.makeDir(d); err != nil {
			return nil, err
		}
	}
	if c.bin, err = findBinaries(c.dataDir()); err != nil {
		return nil, err
	}
	if c.users, err = os.OpenFile(filepath.Join(dir, "users.lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	err = c.exclusively(ctx, func() error {
		if err := c.ensure(ctx); err != nil {
			return err
		}
		return syscall.Flock(int(c.users.Fd()), syscall.LOCK_SH)
	})
	if err != nil {
		c.users.Close()
		return nil, err
	}
	watch, stop := context.WithCancel(context.Background())
	c.stop = stop
	go c.watch(watch)
	return c, nil
}

// URL is the connection string of a database of the cluster.
func (c *Cluster) URL(database string) string {
	q := url.Values{"host": {c.socketDir()}, "user": {superuser}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: q.Encode()}).String()
}

// Stop lets go of the cluster and, when nobody else uses it, shuts it down and
// waits for it to be down.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop()
	<-c.watched
	defer c.users.Close()
	return c.exclusively(ctx, func() error {
		err := syscall.Flock(int(c.users.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil
		}
		if err != nil {
			return err
		}
		return c.shutDown(ctx)
	})
}

func (c *Cluster) dataDir() string   { return filepath.Join(c.dir, "data") }
func (c *Cluster) socketDir() string { return filepath.Join(c.dir, "socket") }

// exclusively runs f while no other process starts or stops the cluster.
func (c *Cluster) exclusively(ctx context.Context, f func() error) error {
	lock, err := os.OpenFile(filepath.Join(c.dir, "start.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	for {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// ensure sets up and starts what is not there.
func (c *Cluster) ensure(ctx context.Context) error {
	if _, err := os.Stat(c.dataDir()); errors.Is(err, fs.ErrNotExist) {
		if err := c.initialise(ctx); err != nil {
			return err
		}
	}
	return c.launch(ctx)
}

// listening says whether a server holds the socket; a killed one leaves the
// file behind, but refuses the connection.
func (c *Cluster) listening() bool {
	conn, err := net.DialTimeout("unix", filepath.Join(c.socketDir(), ".s.PGSQL.5432"), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// watch starts the server again when it was killed.
func (c *Cluster) watch(ctx context.Context) {
	defer close(c.watched)
	for pause(ctx, time.Second) == nil {
		if c.listening() {
			continue
		}
		// A failure shows in the server's log and is tried again.
		_ = c.exclusively(ctx, func() error { return c.ensure(ctx) })
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
