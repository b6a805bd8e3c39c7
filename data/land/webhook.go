package land

import (
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Webhook is an address that is told of changes, one after the other.
type Webhook struct {
	ID     int64
	Owner  int64    // the key of whoever made it
	URL    string   // http or https
	Park   ParkCode // only changes in it; empty: in every one
	Filter string   // CQL2: only changes of plots that match, or did before; empty: every change
	Search int64    // a saved search, likewise; 0: none
	Secret []byte   // signs what is sent
	Seq    Seq      // the last change that was told or passed over

	Failures    int       // since the last success
	LastError   string    //
	NextAt      time.Time // not before
	DisabledAt  time.Time // zero: it is told
	DeliveredAt time.Time // the last success; zero: none yet
	CreatedAt   time.Time
}

// Bounds of webhooks.
const (
	MostWebhooks   = 20   // of a key
	longestURL     = 2000 // bytes
	LongestFilter  = 10_000
	leastSecret    = 24 // bytes, as the Standard Webhooks specification has it
	mostSecret     = 64
	secretPrefix   = "whsec_"
	longestFailure = 200 // characters of LastError
)

// Validate refuses an address to which nothing can be sent.
func (w Webhook) Validate() error {
	u, err := url.Parse(w.URL)
	switch {
	case len(w.URL) > longestURL:
		return Invalid("url", geo.Say("地址过长", "the address is too long"), geo.Say("最多 %d 字节", "use at most %d bytes", longestURL))
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Fragment != "" || u.Opaque != "":
		return Invalid("url", geo.Say("不是 http 或 https 地址", "this is no http or https address"), geo.Say("例如 https://example.org/dikuai", "give one such as https://example.org/dikuai"))
	case u.User != nil:
		return Invalid("url", geo.Say("地址中有用户名或口令", "the address has a user or password in it"), geo.Say("请去掉；应答方以签名核实来源", "leave it out: the receiver knows the sender by the signature"))
	case len(w.Filter) > LongestFilter:
		return Invalid("filter", geo.Say("条件过长", "the filter is too long"), geo.Say("最多 %d 字节", "use at most %d bytes", LongestFilter))
	}
	return nil
}

// MayHaveWebhooks refuses an actor who may not have the service send messages:
// visitors and applicants, and others for parks that are not theirs. Empty is
// every park.
func (a Actor) MayHaveWebhooks(park ParkCode) error {
	switch a.Role {
	case Officer, Approver, Admin:
		if a.Park == "" || a.Park == park {
			return nil
		}
		return &ForbiddenError{geo.Say("您的密钥仅用于园区 %s，请以其为 park", "your key is for park %s alone: give it as park", a.Park)}
	}
	return &ForbiddenError{geo.Say("接收通知需要 officer、approver 或 admin 角色，您的角色为 %s", "to be sent messages needs the role officer, approver or admin, not %s", a.Role)}
}

// ParseSecret reads a secret as the Standard Webhooks specification writes it:
// whsec_ and 24 to 64 bytes in base64.
func ParseSecret(text string) ([]byte, error) {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, secretPrefix))
	if err != nil || len(secret) < leastSecret || len(secret) > mostSecret {
		return nil, Invalid("secret", geo.Say("不是可用的密钥", "this is no secret that will do"), geo.Say("请给出 whsec_ 加 24 至 64 字节的 base64，或留空由服务生成", "give whsec_ and 24 to 64 bytes in base64, or leave it out and get one"))
	}
	return secret, nil
}

// FormatSecret writes a secret.
func FormatSecret(secret []byte) string {
	return secretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// The pauses between failures in a row double from the first to the longest;
// after the last nothing more is sent.
const (
	firstPause   = 5 * time.Second
	longestPause = time.Hour
	MostFailures = 15 // which takes five and a half hours
)

// Delivered is the webhook after a change was told, or passed over.
func (w Webhook) Delivered(seq Seq, now time.Time) Webhook {
	w.Seq, w.Failures, w.LastError, w.NextAt, w.DeliveredAt = seq, 0, "", now, now
	return w
}

// Failed is the webhook after an attempt that failed; one that is gone for good is
// disabled at once.
func (w Webhook) Failed(reason string, gone bool, now time.Time) Webhook {
	if r := []rune(strings.ToValidUTF8(reason, "?")); len(r) > longestFailure {
		reason = string(r[:longestFailure]) + "…"
	}
	w.Failures++
	w.LastError = reason
	w.NextAt = now.Add(min(firstPause<<min(w.Failures-1, 16), longestPause))
	if gone || w.Failures >= MostFailures {
		w.DisabledAt = now
	}
	return w
}

// Resumed is the webhook made to go on from the change after the last one.
func (w Webhook) Resumed(now time.Time) Webhook {
	w.Failures, w.NextAt, w.DisabledAt = 0, now, time.Time{}
	return w
}
