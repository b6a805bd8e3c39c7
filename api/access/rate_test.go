package access

import (
	"strconv"
	"testing"
	"time"
)

func TestLimiterLetsABurstThroughAndThenTheRate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := NewLimiter("address", Rate{6, time.Minute})
	l.now = func() time.Time { return now }
	for i := range 6 {
		if left := l.Take("a"); !left.OK || left.Remaining != 5-i || left.Reset != time.Duration(i+1)*10*time.Second {
			t.Errorf("request %d: %+v", i, left)
		}
	}
	if left := l.Take("a"); left.OK || left.Wait() != 10 || l.Header(left) != `"address";r=0;t=10` || l.Policy() != `"address";q=6;w=60` {
		t.Errorf("%+v, %s, %s", left, l.Header(left), l.Policy())
	}
	if left := l.Take("b"); !left.OK || left.Remaining != 5 {
		t.Errorf("another client has %+v", left)
	}
	now = now.Add(9 * time.Second)
	if l.Take("a").OK || l.Take("a").Wait() != 1 {
		t.Error("a second too early")
	}
	now = now.Add(time.Second)
	if !l.Look("a").OK || !l.Take("a").OK || l.Take("a").OK {
		t.Error("one request is within the rate after ten seconds")
	}
	now = now.Add(time.Hour)
	if left := l.Take("a"); left.Remaining != 5 {
		t.Errorf("after an hour %+v", left)
	}
}

func TestLimiterForgetsWithinBounds(t *testing.T) {
	t.Parallel()
	l := NewLimiter("address", Rate{2, time.Hour})
	l.Take("first")
	l.Take("first")
	for i := range mostClients {
		l.Take(strconv.Itoa(i))
	}
	if l.Look("first").OK {
		t.Error("the first client is forgotten already")
	}
	for i := range 3 * mostClients {
		l.Take("x" + strconv.Itoa(i))
	}
	if held := len(l.fresh) + len(l.old); held > 2*mostClients || !l.Look("first").OK {
		t.Errorf("%d clients are held", held)
	}
	if NewLimiter("none", Rate{}) != nil {
		t.Error("a zero rate limits")
	}
}

func BenchmarkLimiter(b *testing.B) {
	l := NewLimiter("address", Rate{1 << 30, time.Minute})
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			l.Take("203.0.113.7")
		}
	})
}
