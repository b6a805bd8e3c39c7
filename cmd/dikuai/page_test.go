package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
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
	for role, name := range map[string]string{"applicant": "星海检测", "officer": "李经办", "approver": "王审批"} {
		var made struct{ Key string }
		if err := json.Unmarshal([]byte(dikuai(t, "access", "key", "create", "--role", role, "--name", name, "--json")), &made); err != nil {
			t.Fatal(err)
		}
		command.Env = append(command.Env, "DIKUAI_"+strings.ToUpper(role)+"_KEY="+made.Key)
	}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
