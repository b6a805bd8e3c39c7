// Package postgistest gives a test a migrated register of its own in a real
// PostGIS: a private cluster is started once, a template is migrated once, and
// each test works on a clone.
package postgistest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/cluster"
	"github.com/dikuai/dikuai/migrations"
)

// shared is the cluster of this test process, set by Main before any test runs.
var shared *cluster.Cluster

// Main runs a package's tests with the cluster up. Its caller is the package's
// TestMain: os.Exit(postgistest.Main(m)).
func Main(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("dikuai-test-%d", os.Geteuid()))
	var err error
	// Test data may be lost with the machine, so the disk need not be waited for.
	shared, err = cluster.Start(ctx, dir, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")
	if err == nil {
		err = prepareTemplate(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := shared.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// templateLock keeps test processes from migrating the template at once.
const templateLock = 1

// templateName changes with the migrations and with the flows of cases, which are
// written with them.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := migrations.Files.ReadFile(path)
		sum.Write(text)
		return err
	})
	fmt.Fprint(sum, land.CaseFlows())
	return "template_" + hex.EncodeToString(sum.Sum(nil))[:12], err
}

func prepareTemplate(ctx context.Context) error {
	name, err := templateName()
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, shared.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, templateLock); err != nil {
		return err
	}
	var ready bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&ready); err != nil || ready {
		return err
	}
	making := name + "_making"
	if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+making); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+making); err != nil {
		return err
	}
	if err := postgis.Migrate(ctx, shared.URL(making)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `ALTER DATABASE `+making+` RENAME TO `+name)
	return err
}

// URL makes an empty, migrated register that is dropped with the test, and
// gives its connection string.
func URL(t testing.TB) string {
	t.Helper()
	template, err := templateName()
	if err != nil {
		t.Fatal(err)
	}
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	name := "test_" + hex.EncodeToString(random)
	admin(t, `CREATE DATABASE `+name+` TEMPLATE `+template)
	t.Cleanup(func() { admin(t, `DROP DATABASE `+name+` WITH (FORCE)`) })
	return shared.URL(name)
}

// Open makes an empty, migrated register that is dropped with the test, and
// gives it open, with its connection string.
func Open(t testing.TB) (db *postgis.DB, url string) {
	t.Helper()
	url = URL(t)
	db, err := postgis.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, url
}

// New is Open for a test that asks the register alone.
func New(t testing.TB) *postgis.DB {
	t.Helper()
	db, _ := Open(t)
	return db
}

func admin(t testing.TB, sql string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, shared.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}
