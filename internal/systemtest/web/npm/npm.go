// Package npm runs programs in JavaScript that tests need, from npm.
package npm

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Install puts packages from npm, as in name@version, into a folder of the user's cache, once, and
// returns the folder.
func Install(t *testing.T, packages ...string) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("there is no npm: apt-get install -y npm, and run this test again")
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(strings.Join(packages, "\n")))
	dir := filepath.Join(cache, "instagram-tests", hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	require.NoError(t, os.MkdirAll(filepath.Dir(dir), 0o755))
	// It gets its name when it is complete, so a test that was interrupted leaves nothing half
	// done.
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	require.NoError(t, err)
	defer os.RemoveAll(fresh)
	Run(t, fresh, "npm", append([]string{"install", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts",
		"--no-package-lock", "--save-exact", "--prefix", fresh}, packages...)...)
	if err := os.Rename(fresh, dir); err != nil {
		require.DirExists(t, dir, "%v", err) // another test was faster
	}
	return dir
}

// Run runs a program to its end and returns what it printed.
func Run(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "NO_COLOR=1")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), "%s %s\n%s%s", program, strings.Join(args, " "), &stdout, &stderr)
	return stdout.String()
}
