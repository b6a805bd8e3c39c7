package outward

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "203.119.25.1": true, "2400:3200::1": true, "172.32.0.1": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.1.2.3": false, "::1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "fd00::1": false, "fc00::1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "100.64.0.1": false, "198.18.0.1": false,
		"224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "240.0.0.1": false, "192.0.2.1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:7f00:1::": false, "2001:db8::1": false,
	} {
		if got := Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %t, want %t", address, got, want)
		}
	}
}

func TestAddressesAreCheckedWhenTheyAreDialled(t *testing.T) {
	t.Parallel()
	called := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called++
		http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
	}))
	defer server.Close()
	call := func(private bool, url string) (*http.Response, error) {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := Client(private).Do(request)
		if err == nil {
			_ = response.Body.Close()
		}
		return response, err
	}
	// A name is refused for what it means, not for what it is called.
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	for _, url := range []string{server.URL, byName, "http://[::1]:80/", "http://0.0.0.0:80/"} {
		if _, err := call(false, url); err == nil || !strings.Contains(err.Error(), "no public address") {
			t.Errorf("%s: %v", url, err)
		}
	}
	if called > 0 {
		t.Fatal("the server was called")
	}
	response, err := call(true, server.URL)
	if err != nil || response.StatusCode != http.StatusFound || called != 1 {
		t.Errorf("%v, %v: redirections are not followed", response, err)
	}
}
