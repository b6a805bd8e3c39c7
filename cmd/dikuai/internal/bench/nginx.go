package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"text/template"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
)

// nginx serves files from a folder, with the compressed form beside each, as one
// would who has all tiles on disk.
type nginx struct {
	host    string
	cmd     *exec.Cmd
	version string
}

var nginxConfig = template.Must(template.New("nginx").Parse(`
daemon off;
worker_processes {{.Workers}};
pid {{.Dir}}/nginx.pid;
error_log {{.Dir}}/error.log;
{{if .Root}}user root;{{end}}
events { worker_connections 256; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 2000000000;
	open_file_cache max=20000 inactive=1h;
	open_file_cache_valid 1h;
	gzip_static on;
	types { ` + tileType + ` mvt; }
	client_body_temp_path {{.Dir}}/temp;
	proxy_temp_path {{.Dir}}/temp;
	fastcgi_temp_path {{.Dir}}/temp;
	uwsgi_temp_path {{.Dir}}/temp;
	scgi_temp_path {{.Dir}}/temp;
	server { listen {{.Host}}; root {{.Dir}}/tiles; }
}
`))

// startNginx writes the tiles under dir and serves them with the nginx on PATH
// or where Debian has it.
func startNginx(ctx context.Context, dir string, workers int, list []maptile.Tile, drawn map[string]*tiles.Drawn) (*nginx, error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return nil, errors.New("nginx is not installed: install Debian's package nginx-light, or leave --nginx out")
		}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	for _, t := range list {
		path := filepath.Join(dir, "tiles", tilePath(t))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		d := drawn[tilePath(t)]
		if err := errors.Join(os.WriteFile(path, d.Body, 0o644), os.WriteFile(path+".gz", d.Gzip(), 0o644)); err != nil {
			return nil, err
		}
	}
	n := &nginx{}
	if n.host, err = freePort(ctx); err != nil {
		return nil, err
	}
	var config bytes.Buffer
	err = nginxConfig.Execute(&config, struct {
		Workers   int
		Dir, Host string
		Root      bool
	}{workers, dir, n.host, os.Geteuid() == 0})
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, config.Bytes(), 0o644); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, program, "-v").CombinedOutput(); err == nil {
		_, version, _ := bytes.Cut(bytes.TrimSpace(out), []byte("nginx/"))
		n.version = string(version)
	}
	n.cmd = exec.Command(program, "-p", dir, "-c", file, "-e", filepath.Join(dir, "error.log"))
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := n.cmd.Start(); err != nil {
		return nil, err
	}
	for range 100 {
		conn, err := net.DialTimeout("tcp", n.host, time.Second)
		if err == nil {
			return n, conn.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "error.log"))
	return nil, errors.Join(fmt.Errorf("nginx does not answer: %s", log), n.stop())
}

func (n *nginx) stop() error {
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return n.cmd.Wait()
}

func freePort(ctx context.Context) (string, error) {
	var l net.ListenConfig
	listener, err := l.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func tilePath(t maptile.Tile) string { return fmt.Sprintf("/%d/%d/%d.mvt", t.Z, t.X, t.Y) }
