package main

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram/examples/internal/program/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "realtime")
	programtest.Refuses(t, "realtime", "extra")
	programtest.Refuses(t, "realtime", "-every", "-1s")
	programtest.Refuses(t, "realtime", "-duration", "-10s")
	programtest.Stops(t, "realtime", 1)
}

var latency = regexp.MustCompile(`[0-9.]+(µs|ms|s)\b`)

// lines are those of a text without what differs from run to run: how long things took, the width
// of columns, and which of two lists was asked first.
func lines(text string) []string {
	var lines []string
	for line := range strings.Lines(latency.ReplaceAllString(text, "0s")) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// Both ways tell of each media, in less time than the program takes by itself. Media with the tag
// are over a second apart here as well: updates have whole seconds.
func TestRun(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-duration", "6s", "-every", "600ms"}, &out, io.Discard))
	var want []string
	for range 2 {
		want = append(want, "@mira.solane A walk, part 1 after 0s", "@mira.solane A walk, part 2 after 0s",
			"@tilo.brandvik Flake 1 #firstsnow after 0s", "@tilo.brandvik Flake 2 #firstsnow after 0s")
	}
	want = append(want, "Through the webhook:", "By watching:", "WAY POSTED DELIVERED MEDIAN WORST", "webhook 4 4 0s 0s", "watch 4 4 0s 0s")
	slices.Sort(want)
	assert.Equal(t, want, lines(out.String()))
}

func TestRunStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	var out bytes.Buffer
	_ = run(ctx, nil, &out, io.Discard)
	assert.Less(t, time.Since(start), 5*time.Second)
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{{"-duration", "1s"}, {"-every", "0s"}, {"-every", "-1s"}, {"-unknown"}} {
		var out bytes.Buffer
		assert.Error(t, run(t.Context(), args, &out, io.Discard))
		assert.Empty(t, out.String())
	}
}
