package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/api/outward"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// webhook is a webhook as its holder sees it. The secret is told once, when it is
// made.
type webhook struct {
	ID          int64          `json:"id"`
	URL         string         `json:"url"`
	Park        *land.ParkCode `json:"park"`
	Filter      *string        `json:"filter"`
	Search      *int64         `json:"search"`
	Seq         land.Seq       `json:"seq"` // the last change that was told or passed over
	State       string         `json:"state"`
	Failures    int            `json:"failures"`
	LastError   *string        `json:"last_error"`
	NextAt      time.Time      `json:"next_at"`
	DisabledAt  *time.Time     `json:"disabled_at"`
	DeliveredAt *time.Time     `json:"delivered_at"`
	CreatedAt   time.Time      `json:"created_at"`
	Secret      string         `json:"secret,omitempty"`
}

func describeWebhook(w land.Webhook) webhook {
	state := "active"
	switch {
	case !w.DisabledAt.IsZero():
		state = "disabled"
	case w.Failures > 0:
		state = "retrying"
	}
	return webhook{
		ID: w.ID, URL: w.URL, Park: orNull(w.Park), Filter: orNull(w.Filter), Search: orNull(w.Search), Seq: w.Seq,
		State: state, Failures: w.Failures, LastError: orNull(w.LastError), NextAt: w.NextAt,
		DisabledAt: orNull(w.DisabledAt), DeliveredAt: orNull(w.DeliveredAt), CreatedAt: w.CreatedAt,
	}
}

// orNull is null for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// postWebhook has an address told of changes from now on, or after one that the
// client holds.
func (s *server) postWebhook(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	var body struct {
		URL    string        `json:"url"`
		Park   land.ParkCode `json:"park"`
		Filter string        `json:"filter"`
		Search int64         `json:"search"`
		Secret string        `json:"secret"`
		Since  *land.Seq     `json:"since"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	w := land.Webhook{URL: body.URL, Park: body.Park, Filter: body.Filter, Search: body.Search, Seq: -1}
	if err := s.checkWebhook(w); err != nil {
		return err
	}
	if body.Since != nil {
		if w.Seq = *body.Since; w.Seq < 0 || w.Seq > s.live.View().Seq {
			return land.Invalid("since", geo.Say("没有变更 %d", "there is no change %d", w.Seq), geo.Say("请给出您持有的最后一个变更号，或 0", "give the number of the last change that you hold, or 0"))
		}
	}
	var err error
	if body.Secret != "" {
		w.Secret, err = land.ParseSecret(body.Secret)
	} else {
		w.Secret = make([]byte, 32)
		_, err = rand.Read(w.Secret)
	}
	if err != nil {
		return err
	}
	if w, err = s.DB.CreateWebhook(c.Request().Context(), access.Actor(c), w); err != nil {
		return err
	}
	told := describeWebhook(w)
	told.Secret = land.FormatSecret(w.Secret)
	h := c.Response().Header()
	h.Set(echo.HeaderLocation, fmt.Sprintf("%s/api/v1/webhooks/%d", s.base(c), w.ID))
	h.Set("Cache-Control", "no-store")
	return door.Answer(c, http.StatusCreated, told)
}

// checkWebhook refuses what could never be told: an address that is not called, a
// filter that does not read, a park that is not there.
func (s *server) checkWebhook(w land.Webhook) error {
	if err := w.Validate(); err != nil {
		return err
	}
	if u, err := url.Parse(w.URL); err == nil && !s.PrivateWebhooks {
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !outward.Public(ip) {
			return land.Invalid("url", geo.WordsOf(outward.Refusal(ip)), geo.Say("请给出公网地址", "give a public address"))
		}
	}
	if w.Park != "" {
		if _, ok := s.live.View().Park(w.Park); !ok {
			return &land.NotFoundError{What: "park", Name: string(w.Park)}
		}
	}
	_, err := filter(url.Values{"filter": {w.Filter}})
	return err
}

// getWebhooks lists the webhooks of the holder of the key; an administrator's all.
func (s *server) getWebhooks(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	all, err := s.DB.Webhooks(c.Request().Context(), access.Actor(c))
	if err != nil {
		return err
	}
	told := make([]webhook, len(all))
	for i, w := range all {
		told[i] = describeWebhook(w)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"webhooks": told})
}

func (s *server) getWebhook(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := numberOf(c, "webhook")
	if err != nil {
		return err
	}
	w, err := s.DB.Webhook(c.Request().Context(), access.Actor(c), id)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeWebhook(w))
}

// resumeWebhook has a webhook go on now that was disabled or waits.
func (s *server) resumeWebhook(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := numberOf(c, "webhook")
	if err != nil {
		return err
	}
	w, err := s.DB.ResumeWebhook(c.Request().Context(), access.Actor(c), id)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeWebhook(w))
}

func (s *server) deleteWebhook(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := numberOf(c, "webhook")
	if err != nil {
		return err
	}
	if err := s.DB.DeleteWebhook(c.Request().Context(), access.Actor(c), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
