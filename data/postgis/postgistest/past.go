package postgistest

import (
	"cmp"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Past writes cases as if they had been dealt with on days that are over: their
// events alone, without what those do to plots and quota.
type Past struct {
	t    testing.TB
	conn *pgx.Conn
	next int64
}

// NewPast writes to a database that URL made.
func NewPast(t testing.TB, url string) *Past {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return &Past{t: t, conn: conn, next: 1 << 40}
}

// Act is an act on a case on a day: at 10 o'clock in China. Facts may be empty.
type Act struct {
	Name  land.ActName
	On    land.Date
	Facts string
}

// Did is an act that tells nothing.
func Did(name land.ActName, on land.Date) Act { return Act{Name: name, On: on} }

// Accepted are the acts by which a case is accepted on a day.
func Accepted(on land.Date) []Act { return []Act{Did("submit", on), Did("accept", on)} }

// Case opens a case of a park and does its acts by the table of flows; of several
// modes of supply by the last, allocation. Content is what it states, as JSON; the
// documents that its acts issue have numbers of their own.
func (p *Past) Case(no land.CaseNo, kind land.CaseKind, park land.ParkCode, content string, opened land.Date, acts ...Act) {
	p.t.Helper()
	open := Act{land.ActOpen, opened, fmt.Sprintf(`{"kind":%q,"park":%q,"applicant":{"key":7,"name":"示范检测公司"},"content":%s}`, kind, park, content)}
	state := land.CaseState("")
	for i, a := range append([]Act{open}, acts...) {
		p.next++
		to, role, document, number := land.CaseDrafted, land.Officer, land.DocumentType(""), ""
		var day *time.Time
		for _, f := range land.FlowsOf(kind) {
			if f.From != state || f.Act != a.Name {
				continue
			}
			to, role = f.To, f.Roles[len(f.Roles)-1]
			if f.Document.Form(a.On).Issued {
				on := a.On.Time()
				document, number, day = f.Document, fmt.Sprintf("测〔2026〕%d号", p.next), &on
			}
		}
		p.Exec(`
			INSERT INTO case_events (id, act, case_no, step, name, from_state, to_state, actor, key, role, at, document, document_no, document_on, facts, digest)
			VALUES ($1, $1, $2, $3::integer, $4, $5, $6, 'Officer Li', $3::integer, $7, $8, $9, $10, $11, $12, '')`,
			p.next, no, i+1, a.Name, state, to, role, a.On.Time().Add(2*time.Hour+time.Duration(i)*time.Second), document, number, day, cmp.Or(a.Facts, "{}"))
		state = to
	}
}

// Exec runs a statement.
func (p *Past) Exec(sql string, args ...any) {
	p.t.Helper()
	if _, err := p.conn.Exec(context.Background(), sql, args...); err != nil {
		p.t.Fatal(err)
	}
}
