package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestNoQuotaEntryIsLostToAKill posts to the quota ledger while the service and
// its PostgreSQL are killed outright, again and again. A call that brought no
// answer is sent again under its key. Every entry must be there once.
func TestNoQuotaEntryIsLostToAKill(t *testing.T) {
	wanted := sized(t, "DIKUAI_ACTS", 200)
	p := killable(t)
	key := p.key
	const account = "/api/v1/quotas/panyu/2016/entries"
	if _, ok := p.quota(key, account, `{"kind":"new","entry":"grant","mu":1000000,"document_no":"下达 1"}`, "grant"); !ok {
		t.Fatal("nothing was granted")
	}

	var acknowledged sync.Map // entry's number → case
	var count, again atomic.Int64
	var enough atomic.Bool
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := 0; !enough.Load(); i++ {
				name := fmt.Sprintf("case %d-%d", w, i)
				body := fmt.Sprintf(`{"kind":"new","entry":"reserve","mu":0.01,"document_no":"受理","case_no":%q}`, name)
				for !enough.Load() {
					if id, ok := p.quota(key, account, body, name); ok {
						acknowledged.Store(id, name)
						count.Add(1)
						break
					}
					again.Add(1)
					time.Sleep(20 * time.Millisecond)
				}
			}
		})
	}
	kills := p.killUntil(func() bool { return count.Load() >= int64(wanted) })
	enough.Store(true)
	group.Wait()
	t.Logf("%d entries acknowledged through %d kills, %d calls sent again", count.Load(), kills, again.Load())

	kept, cases := map[int]string{}, map[string]int{}
	next := fmt.Sprint(p.address.Load(), account, "?limit=1000")
	for next != "" {
		request, err := http.NewRequest(http.MethodGet, next, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Next    string
			Entries []struct {
				ID     int
				CaseNo string `json:"case_no"`
			}
		}
		err = json.NewDecoder(response.Body).Decode(&page)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			kept[e.ID] = e.CaseNo
			cases[e.CaseNo]++
		}
		next = page.Next
	}
	acknowledged.Range(func(id, name any) bool {
		if kept[id.(int)] != name {
			t.Errorf("entry %v was acknowledged as that of %q and is kept as that of %q", id, name, kept[id.(int)])
		}
		return true
	})
	for name, n := range cases {
		if n != 1 {
			t.Errorf("%q has %d entries", name, n)
		}
	}
	p.checkLog()
}

// quota posts an entry and tells the number that acknowledged it.
func (p *process) quota(key, path, body, once string) (id int, ok bool) {
	request, err := http.NewRequest(http.MethodPost, fmt.Sprint(p.address.Load(), path), strings.NewReader(body))
	if err != nil {
		return 0, false
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Idempotency-Key", strings.ReplaceAll(once, " ", "-"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusCreated {
		if response.StatusCode/100 == 4 {
			p.t.Errorf("%s: %d %s", once, response.StatusCode, text)
		}
		return 0, false
	}
	var answer struct{ Entry struct{ ID int } }
	err = json.Unmarshal(text, &answer)
	return answer.Entry.ID, err == nil
}
