package main

import (
	"os"
	"os/exec"
	"testing"
)

// TestPageInABrowser runs the page's own tests against the service in Chromium.
func TestPageInABrowser(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	address, key := serving(t)
	command := exec.Command("npx", "playwright", "test")
	command.Dir = "../../api/web"
	command.Env = append(os.Environ(), "DIKUAI_URL="+address, "DIKUAI_KEY="+key)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
