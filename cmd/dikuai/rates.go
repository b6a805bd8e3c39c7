package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/api/access"
)

// mostRate bounds the requests a minute that a flag may allow.
const mostRate = 1_000_000_000

// rates are flags: how many requests a minute are answered. They are generous:
// they stop a program that has run wild, not an office.
func (f *flagSet) rates() *api.Rates {
	r := &api.Rates{}
	for _, flag := range []struct {
		name, of string
		rate     *access.Rate
		usual    int
	}{
		{"rate-limit", "of an address without a key", &r.Address, 6_000},
		{"rate-limit-keys", "of a key", &r.Key, 30_000},
		{"rate-limit-tiles", "for tiles, of an address", &r.Tiles, 0},
	} {
		*flag.rate = access.Rate{Requests: flag.usual, Per: time.Minute}
		f.Var((*perMinute)(flag.rate), flag.name, "`requests` a minute "+flag.of+" that are answered, 0 for any number; what comes from this machine is not counted")
	}
	return r
}

// perMinute is a flag.
type perMinute access.Rate

func (r *perMinute) String() string { return strconv.Itoa(r.Requests) }

func (r *perMinute) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > mostRate {
		return fmt.Errorf("give a whole number from 0 to %d", mostRate)
	}
	r.Requests = n
	return nil
}

// networks is a flag: networks such as 10.0.0.0/8, or single addresses.
type networks []netip.Prefix

func (n *networks) String() string {
	texts := make([]string, len(*n))
	for i, p := range *n {
		texts[i] = p.String()
	}
	return strings.Join(texts, ",")
}

func (n *networks) Set(text string) error {
	var all networks
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		p, err := netip.ParsePrefix(part)
		if a, alone := netip.ParseAddr(part); alone == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return fmt.Errorf("%q is no network; give one such as 10.0.0.0/8", part)
		}
		all = append(all, p)
	}
	*n = all
	return nil
}
