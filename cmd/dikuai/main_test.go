package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

func TestMain(m *testing.M) {
	if home := os.Getenv(actsIn); home != "" { // a process of TestNoActOnACaseIsLostToAKill
		fmt.Println(actUntilKilled(home, os.Getenv(actsOn)))
		os.Exit(1)
	}
	os.Exit(postgistest.Main(m))
}

// register gives the commands that follow an empty register of the test's own.
func register(t *testing.T) (databaseURL string) {
	t.Helper()
	databaseURL = postgistest.URL(t)
	t.Setenv("DATABASE_URL", databaseURL)
	return databaseURL
}

// dikuai runs a command and returns what it printed.
func dikuai(t testing.TB, args ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(context.Background(), args, &out); err != nil {
		t.Fatalf("dikuai %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// refused runs a command that must fail, and returns why.
func refused(t *testing.T, args ...string) error {
	t.Helper()
	err := run(context.Background(), args, io.Discard)
	if err == nil {
		t.Fatalf("dikuai %s was not refused", strings.Join(args, " "))
	}
	return err
}

// serving starts dikuai serve and returns its address and the administrator's
// key that the first start hands out; it stops with the test.
func serving(t *testing.T) (address, key string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"serve", "--listen", "127.0.0.1:0"}, write)
		write.CloseWithError(errors.Join(err, io.EOF))
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "administrator's key, shown only now: "); ok {
			key = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "dikuai serves "); ok {
			go func() { _, _ = io.Copy(io.Discard, read) }()
			return text, key
		}
	}
	t.Fatal("serve did not come up")
	return "", ""
}

// tell asks the database itself.
func tell[T any](t testing.TB, databaseURL, sql string, args ...any) T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var v T
	if err := conn.QueryRow(ctx, sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// gdalSource is the database as GDAL's tools name it.
func gdalSource(t testing.TB, databaseURL string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	return "PG:host=" + q.Get("host") + " user=" + q.Get("user") + " dbname=" + strings.TrimPrefix(u.Path, "/")
}

// tool runs a program of the machine and returns what it printed.
func tool(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, exit.Stderr)
		}
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}
