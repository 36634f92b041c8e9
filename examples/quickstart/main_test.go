package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "quickstart")
	programtest.Refuses(t, "quickstart", "extra")
	programtest.Refuses(t, "quickstart", "-base-url", "http://localhost/v1") // without -token
	programtest.StopsWaiting(t, "quickstart")
	_, _, status := programtest.Output(t)
	assert.Regexp(t, `own server at http://127\.0\.0\.1:\d+,`, status)
}

// docs/programs.md shows what the program prints.
func TestRunPrintsWhatIsShown(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), nil, &out, io.Discard))
	page, err := os.ReadFile("../../docs/programs.md")
	require.NoError(t, err)
	assert.Contains(t, strings.ReplaceAll(string(page), "\r\n", "\n"), "\n"+out.String())
}

func TestRunAgainstAnotherServer(t *testing.T) {
	server := instagramtest.NewServer(instagramtest.WithWire(instagramtest.Wire2011), instagramtest.WithSeed(7))
	defer server.Close()
	var out bytes.Buffer
	args := []string{"-base-url", server.BaseURL(), "-token", server.AccessToken(server.Users()[0].ID)}
	require.NoError(t, run(t.Context(), args, &out, io.Discard))
	assert.Contains(t, out.String(), "@"+server.Users()[0].Username)
}

func TestRunRefuses(t *testing.T) {
	for want, args := range map[string][]string{
		"absolute http or https URL": {"-base-url", "/v1", "-token", "x"},
		"-base-url needs -token":     {"-base-url", "http://localhost/v1"},
		"-token needs -base-url":     {"-token", "x"},
	} {
		var out bytes.Buffer
		assert.ErrorContains(t, run(t.Context(), args, &out, io.Discard), want)
		assert.Empty(t, out.String())
	}
}
