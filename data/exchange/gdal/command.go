package gdal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// tool is one run of a GDAL program on a file in a private directory. It can
// open nothing but the named drivers' files, has no network where the system
// lets one take it away, and is bounded in memory, CPU, file size and time.
type tool struct {
	drivers []string // GDAL's short names, such as "ESRI Shapefile"
	dir     string   // private working and temporary directory
	env     []string
	limits  Limits
}

// writer is the driver through which features come back; it only writes.
const writer = "PGDUMP"

// maxMessages bounds what is kept of a program's messages.
const maxMessages = 16 << 10

// start runs a program and gives its output to consume, to the end or until
// consume fails. messages is what it said on standard error.
func (t tool) start(ctx context.Context, consume func(io.Reader) error, program string, args ...string) (messages string, err error) {
	skip, err := skipped(t.drivers)
	if err != nil {
		return "", err
	}
	asked := ctx
	ctx, cancel := context.WithTimeout(ctx, t.limits.Time)
	defer cancel()
	cmd := exec.CommandContext(ctx, "prlimit", append([]string{
		fmt.Sprintf("--as=%d", t.limits.Memory), fmt.Sprintf("--cpu=%d", int(t.limits.CPU.Seconds())),
		fmt.Sprintf("--fsize=%d", t.limits.Bytes), "--nofile=64", "--core=0", program}, args...)...)
	if prefix := isolation(); len(prefix) > 0 {
		cmd = exec.CommandContext(ctx, prefix[0], slices.Concat(prefix[1:], cmd.Args)...)
	}
	cmd.Dir = t.dir
	cmd.Env = slices.Concat(environment(), []string{"HOME=" + t.dir, "TMPDIR=" + t.dir, "CPL_TMPDIR=" + t.dir, "OGR_SKIP=" + skip}, t.env)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	said := &head{}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	var consumed error
	if err = cmd.Start(); err == nil {
		if consumed = consume(out); consumed != nil {
			cancel()
		}
		err = cmd.Wait()
	}
	messages = strings.ReplaceAll(said.String(), t.dir+"/", "")
	switch {
	case asked.Err() != nil:
		return messages, asked.Err()
	case consumed != nil:
		return messages, consumed
	case ctx.Err() != nil:
		return messages, &unreadableError{geo.Say("用时超过 %v", "it took longer than %v", t.limits.Time)}
	case err != nil:
		return messages, &unreadableError{geo.Names(lastLine(messages, err))}
	}
	return messages, nil
}

// errUnreadable marks a failure that is the file's and not the machine's.
var errUnreadable error = geo.Say("GDAL 无法读取该文件", "GDAL cannot read the file")

// unreadableError says why GDAL cannot read the file.
type unreadableError struct{ why geo.Words }

func (e *unreadableError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *unreadableError) Words() geo.Words {
	return geo.Say("%s：%s", "%s: %s", errUnreadable, e.why)
}

func (e *unreadableError) Unwrap() error { return errUnreadable }

// head keeps the beginning of what is written to it.
type head struct{ bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	if room := maxMessages - h.Len(); room > 0 {
		h.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func lastLine(messages string, err error) string {
	lines := strings.Split(strings.TrimSpace(messages), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return last
	}
	return err.Error()
}

// environment is what a GDAL program needs of the system's.
func environment() []string {
	env := []string{"LC_ALL=C.UTF-8", "GDAL_DRIVER_PATH=disable", "PROJ_NETWORK=OFF", "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE=NO", "PG_USE_COPY=YES"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// isolation is the command before the command that takes the network away, or
// nothing where the system does not let it.
var isolation = sync.OnceValue(func() []string {
	for _, prefix := range [][]string{{"unshare", "--net"}, {"unshare", "--map-root-user", "--net"}} {
		if exec.Command(prefix[0], append(prefix[1:], "true")...).Run() == nil {
			return prefix
		}
	}
	return nil
})

var formatLine = regexp.MustCompile(`(?m)^  (.+?) -[a-z,]+- \(`)

var installed = sync.OnceValues(func() ([]string, error) {
	for _, program := range []string{"ogrinfo", "ogr2ogr", "prlimit"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, fmt.Errorf("reading this format needs %s; install gdal-bin and util-linux: %w", program, err)
		}
	}
	cmd := exec.Command("ogrinfo", "--formats")
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing GDAL's drivers: %w", err)
	}
	var names []string
	for _, m := range formatLine.FindAllStringSubmatch(string(out), -1) {
		names = append(names, m[1])
	}
	return names, nil
})

// skipped lists the drivers that GDAL must not load: all but the wanted ones and
// the writer. GDAL 3.6's ogr2ogr has no option that names the input driver.
func skipped(wanted []string) (string, error) {
	all, err := installed()
	if err != nil {
		return "", err
	}
	needed := append(wanted[:len(wanted):len(wanted)], writer)
	for _, name := range needed {
		if !slices.Contains(all, name) {
			return "", fmt.Errorf("this GDAL was built without its driver %s", name)
		}
	}
	var skip []string
	for _, name := range all {
		if !slices.Contains(needed, name) {
			skip = append(skip, name)
		}
	}
	return strings.Join(skip, ","), nil
}
