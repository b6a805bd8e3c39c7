package api

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/api/outward"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// How webhooks are told of changes.
const (
	couriers     = 8                // webhooks that are told at once by this instance
	changesRead  = 50               // at a time
	longestRound = 30 * time.Second // for one webhook, before the next has its turn
	leaseTerm    = time.Minute      // more than a call may take
	pollEvery    = 5 * time.Second  // for those that wait after a failure or a round
)

// Deliveries tell webhooks of the changes that this instance shows. Several
// instances share the work: one at a time has a webhook.
type Deliveries struct {
	db     *postgis.DB
	live   *tiles.Live
	log    *slog.Logger
	client *http.Client
}

// NewDeliveries prepares to tell the webhooks of a service.
func NewDeliveries(c Config) *Deliveries {
	return &Deliveries{c.DB, c.Live, c.Log, outward.Client(c.PrivateWebhooks)}
}

// Run tells webhooks of changes until ctx ends. A change is told at least once: what
// was sent before this instance could write that down is sent again.
func (d *Deliveries) Run(ctx context.Context) {
	slots := make(chan struct{}, couriers)
	var under sync.WaitGroup
	defer under.Wait()
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		shown := d.live.View().Seq
		l, err := d.db.LeaseWebhook(ctx, shown, leaseTerm)
		if l != nil && err == nil {
			under.Go(func() {
				defer func() { <-slots }()
				d.tell(ctx, l, shown)
			})
			continue
		}
		<-slots
		if err != nil && ctx.Err() == nil {
			d.log.Warn("cannot read webhooks", "error", err)
		}
		wait, cancel := context.WithTimeout(ctx, pollEvery)
		_, err = d.live.After(wait, shown+1)
		cancel()
		if errors.Is(err, tiles.ErrStopped) {
			return
		}
	}
}

// tell tells a webhook of the changes through a number, as many as there is time
// for, and gives it back.
func (d *Deliveries) tell(ctx context.Context, l *postgis.Lease, through land.Seq) {
	err := d.tellAll(ctx, l, through)
	var failed *undelivered
	switch {
	case err == nil || ctx.Err() != nil:
	case errors.As(err, &failed):
		l.Webhook = l.Failed(reasonOf(failed.err), failed.gone, time.Now())
		d.log.Info("webhook not delivered", "webhook", l.ID, "after", l.Seq, "failures", l.Failures, "error", l.LastError, "disabled", !l.DisabledAt.IsZero())
	default:
		d.log.Warn("cannot read changes", "webhook", l.ID, "error", err)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := d.db.ReleaseWebhook(ending, l); err != nil {
		d.log.Warn("cannot write how far a webhook is come", "webhook", l.ID, "error", err)
	}
}

func (d *Deliveries) tellAll(ctx context.Context, l *postgis.Lease, through land.Seq) error {
	wanted, err := d.selections(ctx, l.Webhook)
	if err != nil {
		return &undelivered{err: err}
	}
	for began := time.Now(); l.Seq < through && time.Since(began) < longestRound; {
		changes, err := d.db.ChangesInFull(ctx, l.Seq, changesRead)
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, c := range changes {
			if c.Seq > through {
				return nil
			}
			m, ok := messageOf(l.Webhook, c, wanted)
			if !ok {
				l.Seq = c.Seq
				continue
			}
			if gone, err := d.send(ctx, l.Webhook, m); err != nil {
				return &undelivered{err, gone}
			}
			l.Webhook = l.Delivered(c.Seq, time.Now())
			if kept, err := d.db.KeepWebhook(ctx, l); err != nil || !kept {
				return err
			}
		}
	}
	return nil
}

// selections are what a plot must match that the webhook is told of.
func (d *Deliveries) selections(ctx context.Context, w land.Webhook) (all []*tiles.Search, err error) {
	add := func(q url.Values) error {
		s, err := search(q, d.live.View())
		all = append(all, s)
		return err
	}
	if w.Filter != "" {
		if err := add(url.Values{"filter": {w.Filter}}); err != nil {
			return nil, err
		}
	}
	if w.Search > 0 {
		saved, err := d.db.SavedSearch(ctx, land.Actor{Role: land.Admin}, w.Search)
		if err != nil {
			return nil, err
		}
		q, err := door.ReadQuery(saved.Query, savedNames...)
		if err != nil {
			return nil, err
		}
		if err := add(q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// message is what a webhook is sent. Of a change of very many plots it does not say
// which match, and is sent whatever the filter.
type message struct {
	Type    string      `json:"type"`
	Webhook int64       `json:"webhook"`
	Change  change      `json:"change"`
	Many    bool        `json:"many"`
	Plots   []plotMatch `json:"plots"`
}

// plotMatch says of a plot whether it matches, and did before the change; one that
// began or ended with it did not or does not.
type plotMatch struct {
	ID      land.PlotID   `json:"id"`
	Park    land.ParkCode `json:"park"`
	PlotNo  string        `json:"plot_no"`
	Matched bool          `json:"matched"`
	Matches bool          `json:"matches"`
	Href    string        `json:"href"`
}

// messageOf is what a webhook is told of a change, and false where that is nothing. An
// address is told of a change what anyone is.
func messageOf(w land.Webhook, c postgis.FullChange, wanted []*tiles.Search) (message, bool) {
	m := message{"change", w.ID, describeFullChange(c, land.Actor{}), len(c.Versions) < len(c.Plots), []plotMatch{}}
	if m.Many {
		return m, w.Park == "" || w.Park == c.Park
	}
	if len(c.Versions) == 0 { // of a control layer
		return m, w.Park == "" && len(wanted) == 0
	}
	var now []land.Plot
	for _, v := range c.Versions {
		if !v.Retired {
			now = append(now, v.Plot)
		}
	}
	matched, matches := among(wanted, c.Before), among(wanted, now)
	for _, v := range c.Versions {
		one := plotMatch{v.ID, v.Park, v.PlotNo, matched[v.ID], matches[v.ID], plotPath(v.ID)}
		if (w.Park == "" || w.Park == v.Park) && (one.Matched || one.Matches) {
			m.Plots = append(m.Plots, one)
		}
	}
	return m, len(m.Plots) > 0
}

// among says which plots match every search.
func among(wanted []*tiles.Search, plots []land.Plot) map[land.PlotID]bool {
	all := map[land.PlotID]bool{}
	for _, p := range plots {
		all[p.ID] = true
	}
	for _, s := range wanted {
		found := s.Among(plots)
		for id := range all {
			all[id] = all[id] && found[id]
		}
	}
	return all
}

// send makes one call, signed as the Standard Webhooks specification has it. A
// change has the same id however often it is sent. Gone says that the receiver
// wants no more.
func (d *Deliveries) send(ctx context.Context, w land.Webhook, m message) (gone bool, err error) {
	body, err := json.Marshal(m)
	if err != nil {
		return false, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return false, err
	}
	id, at := fmt.Sprintf("msg_%d_%d", w.ID, m.Change.Seq), strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "dikuai")
	r.Header.Set("webhook-id", id)
	r.Header.Set("webhook-timestamp", at)
	r.Header.Set("webhook-signature", "v1,"+signature(w.Secret, id, at, body))
	response, err := d.client.Do(r)
	if err != nil {
		return false, err
	}
	defer response.Body.Close() // what it says is of no interest
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return response.StatusCode == http.StatusGone, fmt.Errorf("HTTP %d", response.StatusCode)
	}
	return false, nil
}

// signature signs what a call says.
func signature(secret []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// undelivered says why a webhook could not be told, which is its own fault or its
// receiver's.
type undelivered struct {
	err  error
	gone bool
}

func (e *undelivered) Error() string { return e.err.Error() }

// reasonOf tells an error without the address, in whose parameters there may be a
// secret.
func reasonOf(err error) string {
	var call *url.Error
	if errors.As(err, &call) {
		err = call.Err
	}
	return geo.WordsOf(err).En
}
