package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/examples/internal/program/programtest"
	"github.com/igv1/instagram/instagramtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "place")
	programtest.Behaves(t, "latest")
	programtest.Refuses(t, "latest")
	programtest.Refuses(t, "latest", file, "extra")
	programtest.Refuses(t, "latest", "-base-url", "http://localhost/v1", file)
	programtest.Refuses(t, "latest", "-token", "1574083.ab", file)
	programtest.StopsWaiting(t, "latest", file)
}

// Processes that follow each other print all media, each once.
func TestGoesOn(t *testing.T) {
	server := instagramtest.NewServer(instagramtest.WithMedia(120, 10))
	defer server.Close()
	client, err := instagram.NewClient(instagram.WithBaseURL(server.BaseURL()), instagram.WithAccessToken(server.AccessToken(server.Users()[0].ID)))
	require.NoError(t, err)
	defer client.Close()
	var want []string
	for media, err := range client.Users.RecentMedia(instagram.Self, nil).All(t.Context()) {
		require.NoError(t, err)
		want = append(want, media.Link)
	}
	args := []string{"-base-url", server.BaseURL(), "-token", server.AccessToken(server.Users()[0].ID), filepath.Join(t.TempDir(), "place")}
	var got []string
	for _, n := range []int{50, 50, 20, 0} {
		code, out, status := programtest.Output(t, args...)
		require.Zero(t, code, status)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if n == 0 {
			assert.Empty(t, out)
			break
		}
		assert.Len(t, lines, n)
		for _, line := range lines {
			got = append(got, line[strings.LastIndex(line, " ")+1:])
		}
	}
	assert.Equal(t, want, got)
}
