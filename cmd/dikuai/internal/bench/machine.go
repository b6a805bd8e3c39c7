package bench

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Machine is where figures were taken.
type Machine struct {
	CPU       string `json:"cpu"`
	Cores     int    `json:"cores"`
	MemoryMB  int    `json:"memory_mb"`
	Go        string `json:"go"`
	Database  string `json:"database,omitempty"`
	LoadStart string `json:"load_at_start"`
	LoadEnd   string `json:"load_at_end,omitempty"`
}

func thisMachine() Machine {
	return Machine{CPU: cpuName(), Cores: runtime.GOMAXPROCS(0), MemoryMB: memory("MemTotal:") >> 20, Go: runtime.Version(), LoadStart: loadAverage()}
}

// loadAverage is how many processes waited for a core over 1, 5 and 15 minutes.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

func cpuName() string {
	if name, ok := procField("/proc/cpuinfo", "model name"); ok {
		return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), ":"))
	}
	return runtime.GOARCH
}

// memory is a line of /proc/meminfo in bytes; 0 where it is not told.
func memory(name string) int {
	text, ok := procField("/proc/meminfo", name)
	if !ok {
		return 0
	}
	kB, err := strconv.Atoi(strings.Fields(text)[0])
	if err != nil {
		return 0
	}
	return kB << 10
}

func procField(path, name string) (string, bool) {
	f, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name); ok {
			return rest, true
		}
	}
	return "", false
}

// ownCPU is the processor time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// withChildren is the processor time of this process and of the living children
// of another, which is a server's.
func withChildren(server int) func() time.Duration {
	return func() time.Duration {
		total := ownCPU()
		stats, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil {
			return total
		}
		for _, path := range stats {
			if parent, used, ok := processStat(path); ok && parent == server {
				total += used
			}
		}
		return total
	}
}

// processStat reads proc_pid_stat(5): the parent, and the time in user and
// system mode.
func processStat(path string) (parent int, used time.Duration, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, false // it has ended
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const ppid, utime, stime = 1, 11, 12 // from the state on
	if len(fields) <= stime {
		return 0, 0, false
	}
	parent, _ = strconv.Atoi(string(fields[ppid]))
	user, _ := strconv.ParseInt(string(fields[utime]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[stime]), 10, 64)
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux of today
	return parent, time.Duration(user+system) * tick, true
}
