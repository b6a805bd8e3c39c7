package bench

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Table is what a run found.
type Table struct {
	Title   string    `json:"title"`
	Began   time.Time `json:"began"`
	Machine Machine   `json:"machine"`
	Notes   []string  `json:"notes"`
	Rows    []Row     `json:"rows"`
}

// Row is one thing measured: ours first, then those it is held against.
type Row struct {
	Group    string    `json:"group"`
	What     string    `json:"what"`
	Figures  []Figure  `json:"figures"`
	Verdicts []Verdict `json:"verdicts,omitempty"`
}

// Figure is one contender's. What is zero was not measured.
type Figure struct {
	Who       string  `json:"who"`
	PerSecond float64 `json:"per_second,omitempty"`
	P50       float64 `json:"p50_ms,omitempty"`
	P99       float64 `json:"p99_ms,omitempty"`
	CPU       float64 `json:"cpu_us,omitempty"` // of a piece of work, in all processes that are known to do it
	Bytes     float64 `json:"bytes,omitempty"`  // of a piece of work, as they were sent
	Zipped    float64 `json:"gzip_bytes,omitempty"`
	Count     int     `json:"count,omitempty"` // of pieces in all runs
	Note      string  `json:"note,omitempty"`
}

// Verdict is a budget and what came of it.
type Verdict struct {
	Budget string  `json:"budget"`
	Got    float64 `json:"got"`
	Unit   string  `json:"unit"`
	Met    bool    `json:"met"`
}

// atLeast and atMost judge a figure by a budget.
func atLeast(limit float64, unit, of string, got float64) Verdict {
	return Verdict{Budget: fmt.Sprintf("≥ %g %s%s", limit, unit, of), Got: got, Unit: unit, Met: got >= limit}
}

func atMost(limit float64, unit, of string, got float64) Verdict {
	return Verdict{Budget: fmt.Sprintf("≤ %g %s%s", limit, unit, of), Got: got, Unit: unit, Met: got <= limit}
}

func (v Verdict) String() string {
	met := "met"
	if !v.Met {
		met = "NOT met"
	}
	return fmt.Sprintf("%s: %s, %s", v.Budget, short(v.Got), met)
}

// ratio is how many times the best of the others ours does.
func (r *Row) ratio() float64 { return r.ratioTo(1) }

// ratioTo is the same of the others from one on.
func (r *Row) ratioTo(from int) float64 {
	best := 0.0
	for _, f := range r.Figures[from:] {
		best = max(best, f.PerSecond)
	}
	if best == 0 {
		return 0
	}
	return r.Figures[0].PerSecond / best
}

// header names the columns of both forms.
var header = []string{"what", "who", "per second", "p50 ms", "p99 ms", "CPU µs", "bytes", "gzip", "ours ×", "budget, note"}

// times is how many times another's work ours does in the same time, and, where
// both are known, by the processor time that it takes, which other work of the
// machine changes less.
func (r *Row) times(other Figure) string {
	ours := r.Figures[0]
	if ours.PerSecond == 0 || other.PerSecond == 0 {
		return ""
	}
	text := short(ours.PerSecond / other.PerSecond)
	if ours.CPU > 0 && other.CPU > 0 {
		text += " (by CPU " + short(other.CPU/ours.CPU) + ")"
	}
	return text
}

// lines are a row's cells.
func (r *Row) lines() [][]string {
	var lines [][]string
	for i, f := range r.Figures {
		var told []string
		what, times := "", ""
		if i == 0 {
			what = r.What
			for _, v := range r.Verdicts {
				told = append(told, v.String())
			}
		} else {
			times = r.times(f)
		}
		if f.Note != "" {
			told = append(told, f.Note)
		}
		lines = append(lines, []string{what, f.Who, given(f.PerSecond), given(f.P50), given(f.P99), given(f.CPU), size(f.Bytes), size(f.Zipped), times, strings.Join(told, "; ")})
	}
	return lines
}

// Write prints the table for a terminal, or as Markdown.
func (t *Table) Write(w io.Writer, markdown bool) error {
	var b strings.Builder
	notes := append([]string{t.machine()}, t.Notes...)
	if markdown {
		fmt.Fprintf(&b, "### %s\n\n", t.Title)
		for _, n := range notes {
			fmt.Fprintf(&b, "%s\n", n)
		}
		t.markdown(&b)
	} else {
		fmt.Fprintln(&b, t.Title)
		for _, n := range notes {
			fmt.Fprintln(&b, " ", n)
		}
		t.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) machine() string {
	m := t.Machine
	text := fmt.Sprintf("%s: %d cores of %s, %d MB, %s", t.Began.Format(time.DateOnly), m.Cores, m.CPU, m.MemoryMB, m.Go)
	if m.Database != "" {
		text += ", " + m.Database
	}
	return text + fmt.Sprintf("; load average %s at the start, %s at the end.", m.LoadStart, m.LoadEnd)
}

func (t *Table) markdown(b *strings.Builder) {
	group := ""
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(b, "\n**%s**\n\n| %s |\n|%s\n", group, strings.Join(header, " | "), strings.Repeat("---|", len(header)))
		}
		for _, cells := range r.lines() {
			fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
		}
	}
}

func (t *Table) text(b *strings.Builder) {
	for from := 0; from < len(t.Rows); {
		group := t.Rows[from].Group
		fmt.Fprintf(b, "\n%s\n", group)
		columns := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(columns, "  "+strings.Join(header, "\t"))
		for ; from < len(t.Rows) && t.Rows[from].Group == group; from++ {
			for _, cells := range t.Rows[from].lines() {
				fmt.Fprintln(columns, "  "+strings.Join(cells, "\t"))
			}
		}
		_ = columns.Flush() // memory takes everything
	}
}

// given is a number, or a dash where nothing was measured.
func given(v float64) string {
	if v == 0 {
		return "–"
	}
	return short(v)
}

// short prints three digits that count.
func short(v float64) string {
	if math.Abs(v) >= 999.5 {
		return grouped(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(max(math.Abs(v), 0.001))))), 64)
}

// grouped puts a comma between thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func size(bytes float64) string {
	switch {
	case bytes == 0:
		return "–"
	case bytes < 10_000:
		return grouped(int64(math.Round(bytes))) + " B"
	case bytes < 10_000_000:
		return short(bytes/1000) + " KB"
	}
	return short(bytes/1e6) + " MB"
}
