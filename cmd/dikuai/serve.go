package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/api/web"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
)

func serve(ctx context.Context, args []string, stdout io.Writer) error {
	flags := newFlags("serve", "[flags]")
	home := flags.home()
	limits := flags.limits()
	listen := flags.String("listen", "127.0.0.1:8080", "address to serve on")
	font := flags.font()
	publicURL := flags.String("public-url", "", "address under which clients reach the service, where a proxy stands before it")
	demo := flags.Bool("demo", false, "load the three parks' demonstration layout where it is missing")
	tileCache := flags.Int64("tile-cache-mb", 512, "memory for drawn tiles, in MB")
	keep := flags.String("keep", "", "file that holds the plots from one start to the next, so that starting is quick; \"none\" for no file (default plots.kept in the home, if that is there)")
	rates := flags.rates()
	var proxies networks
	flags.Var(&proxies, "trusted-proxies", "`networks` of proxies that say for whom they ask (X-Forwarded-For), such as 10.0.0.0/8, with commas; this machine is one")
	warning := flags.Int("quota-warning", land.DefaultQuotaWarning, "percent of its allocation below which a quota account is told to be low, 1 to 100")
	near := flags.Int("near-days", land.DefaultNearDays, "working days before the last from which a case's deadline is told to be near")
	idleNear := flags.Int("idle-near-days", land.DefaultIdleNear, "days before work on supplied land is to begin from which that is told to be near")
	private := flags.Bool("webhooks-to-private", false, "let webhooks be at addresses of this machine and its networks too")
	verbose := flags.Bool("verbose", false, "log every request")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	if len(words) > 0 {
		return fmt.Errorf("%w: serve takes no %q", errMisuse, words[0])
	}
	if *warning < 1 || *warning > 100 {
		return fmt.Errorf("%w: --quota-warning takes a number from 1 to 100", errMisuse)
	}
	if *near < 1 || *near > 366 || *idleNear < 1 || *idleNear > 3660 {
		return fmt.Errorf("%w: --near-days takes a number from 1 to 366, --idle-near-days from 1 to 3660", errMisuse)
	}
	level := slog.LevelInfo
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))

	// The address is taken first: a port that is in use is known at once.
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return fmt.Errorf("cannot serve on %s: %w; choose another with --listen", *listen, err)
	}
	defer listener.Close()
	return withDatabase(ctx, *home, func(db *postgis.DB) error {
		db.HoldTo(limits.Limits)
		if *demo {
			if err := seedAll(ctx, db, stdout); err != nil {
				return err
			}
		}
		live, err := tiles.NewLive(ctx, db, tiles.Options{CacheBytes: *tileCache << 20, Keep: keptFile(*keep, *home)}, log)
		if err != nil {
			return err
		}
		if err := greet(ctx, db, stdout, "http://"+listener.Addr().String()); err != nil {
			return err
		}
		config := api.Config{DB: db, Live: live, Page: web.Files(), PublicURL: *publicURL, Log: log, Rates: *rates, Proxies: proxies, Font: *font, PrivateWebhooks: *private, QuotaWarning: *warning, NearDays: *near, IdleNearDays: *idleNear, Schedule: plan.Schedule()}
		defer inBackground(ctx, api.NewDeliveries(config).Run)()
		return listenAndServe(ctx, listener, live, api.New(config))
	})
}

// inBackground runs something until ctx ends or the function is called that it
// gives back, which waits for the end.
func inBackground(ctx context.Context, run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(ctx)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// keptFile is the file of kept plots that --keep asks for. Where there is no home,
// as with a database elsewhere, there is none by default.
func keptFile(keep, home string) string {
	switch info, err := os.Stat(home); {
	case keep == "none", keep == "" && (err != nil || !info.IsDir()):
		return ""
	case keep == "":
		return filepath.Join(home, "plots.kept")
	}
	return keep
}

// greet says where the service is, and at the first start hands out the key of
// an administrator.
func greet(ctx context.Context, db *postgis.DB, stdout io.Writer, address string) error {
	has, err := db.HasKeys(ctx)
	if err != nil {
		return err
	}
	if !has {
		key, err := db.CreateKey(ctx, land.Actor{Name: "administrator", Role: land.Admin}, time.Time{})
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "administrator's key, shown only now: %s\n", key)
	}
	_, err = fmt.Fprintf(stdout, "dikuai serves %s\nreading is open; to edit, use a key (make more with: bin/dikuai access key create --role officer)\n", address)
	return err
}

// listenAndServe serves until ctx ends, then finishes what is under way.
func listenAndServe(ctx context.Context, listener net.Listener, live *tiles.Live, handler http.Handler) error {
	following, stopFollowing := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		live.Run(following)
	}()
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		stopFollowing() // ends the answers that wait for changes
		stopping, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		err = server.Shutdown(stopping)
	}
	stopFollowing()
	<-followed
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
