// Package outward makes calls to addresses that others have named, and so must not
// be led to what only this machine and its network can reach.
package outward

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// longestCall is how long a call may take, from the look-up of the name to the end
// of the answer.
const longestCall = 10 * time.Second

// Client makes calls over http and https to public addresses; with private also to
// those of this machine and its networks. An address is looked at when it is
// dialled, so that what a name means at that moment counts. Redirections are not
// followed, and no proxy is asked.
func Client(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: -1}
	if !private {
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return check(address) }
	}
	return &http.Client{
		Timeout:       longestCall,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				return dialer.DialContext(ctx, network, address)
			},
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  longestCall,
			MaxResponseHeaderBytes: 16 << 10,
			DisableKeepAlives:      true, // calls are few, and a connection is checked as it is made
			DisableCompression:     true,
		},
	}
}

// check refuses an address that is dialled, such as 10.0.0.1:80.
func check(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return fmt.Errorf("%s is no address", host)
	}
	if !Public(ip) {
		return Refusal(ip)
	}
	return nil
}

// Refusal says that an address is not called.
func Refusal(ip netip.Addr) error {
	return geo.Say("不向非公网地址 %s 发送", "nothing is sent to %s, which is no public address", ip)
}

// inner are the networks that are not public beside those that package netip
// knows, from the IANA special-purpose address registries.
var inner = func() (all []netip.Prefix) {
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}()

// Public says whether an address can be reached by all the world: it is not of this
// machine, a private or link-local network, a group, or reserved, nor does it
// carry an IPv4 address that could be.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range inner {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
