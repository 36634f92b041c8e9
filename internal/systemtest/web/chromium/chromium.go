// Package chromium finds the browser that the tests drive.
package chromium

import (
	"os/exec"
	"testing"
)

// Path returns where a Chromium is, or skips the test.
func Path(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium: apt-get install -y chromium, and run this test again")
	return ""
}
