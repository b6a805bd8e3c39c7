package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/api/access"
)

func TestRatesAreFlags(t *testing.T) {
	flags := newFlags("serve", "")
	rates := flags.rates()
	var proxies networks
	flags.Var(&proxies, "trusted-proxies", "")
	t.Setenv("DIKUAI_RATE_LIMIT", "60")
	if _, err := flags.parse([]string{"--rate-limit-tiles=0", "--trusted-proxies", "10.0.0.0/8, 192.0.2.1,fd00::/8"}, nil); err != nil {
		t.Fatal(err)
	}
	if rates.Address != (access.Rate{Requests: 60, Per: time.Minute}) || rates.Key.Requests != 30_000 || rates.Tiles.Requests != 0 {
		t.Errorf("%+v", rates)
	}
	if got := proxies.String(); got != "10.0.0.0/8,192.0.2.1/32,fd00::/8" {
		t.Errorf("proxies %s", got)
	}
	for _, bad := range []string{"--rate-limit=-1", "--rate-limit=many", "--rate-limit-keys=1e3", "--rate-limit=1000000001", "--trusted-proxies=10.0.0.0/33", "--trusted-proxies=us"} {
		if err := refused(t, "serve", bad); !errors.Is(err, errMisuse) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
