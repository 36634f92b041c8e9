package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/examples/internal/program/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

func TestProgram(t *testing.T) {
	programtest.Behaves(t, "archive")
	programtest.Refuses(t, "archive", "-top", "-1")
	programtest.Refuses(t, "archive", "-sample", "0")

	// What a file holds does not reach the terminal as it is.
	name := filepath.Join(t.TempDir(), "hostile.json")
	text := `{"id":"3_7","created_time":"1500000000","user":{"id":"7","username":"ada\u001b[2J"}}` + "\n" + `{"id":"4_7\u001b[2J","likes":{"count":"a\u001b[2J"}}`
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	code, out, status := programtest.Output(t, name)
	assert.Zero(t, code)
	assert.Contains(t, out, "ada")
	assert.NotContains(t, out+status, "\x1b")
}

// Ctrl-C ends the program while it waits for more.
func TestStops(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	defer write.Close()
	_, err = io.WriteString(write, broken+"\n"+strings.Repeat(" ", 1<<15)) // it says that this does not decode
	require.NoError(t, err)
	programtest.StopsReading(t, "archive", read, 1, "-")
}

const (
	first  = `{"meta":{"code":200},"data":[{"id":1,"type":1,"created_time":"2010-11-05T10:00:00+0000","user":{"id":7,"username":"ada"},"like_count":2,"tags":["snow"],"comments":[]}]}`
	third  = `{"id":"3_7","created_time":"1500000000","user":{"id":"7","username":"ada"},"likes":{"count":3},"comments":{"count":1},"location":{"id":5,"name":"Quay"},"tags":["snow","été"]}`
	broken = `{"id":"4_7","likes":{"count":"many"}}`
	failed = `{"meta":{"code":400,"error_type":"APINotFoundError"}}`
	person = `{"data":{"id":"7","full_name":"Ada"}}`
)

const wantTotals = `2 media with 5 likes and 1 comments, 3 entries that do not decode

BY YEAR
  2010  1
  2017  1

BY TAG
  snow  2
  été   1

BY PLACE
  Quay  1

BY AUTHOR
  ada  2
`

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "2017", "june"), 0o755))
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := io.WriteString(writer, third+"\n"+broken)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	for name, text := range map[string]string{
		"2010.json": first, "2017/june/a.jsonl.gz": zipped.String(), "2017/errors.ndjson": failed + "\n" + person, "2017/notes.txt": third,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	var out, status bytes.Buffer
	require.NoError(t, run(t.Context(), []string{dir}, nil, &out, &status))
	assert.Equal(t, wantTotals, out.String())
	assert.Contains(t, status.String(), "likes.count")
	assert.Contains(t, status.String(), "APINotFoundError")
}

func TestStandardInput(t *testing.T) {
	var out, status bytes.Buffer
	in := strings.NewReader(first + "\n" + third + broken + failed + person)
	require.NoError(t, run(t.Context(), []string{"-"}, in, &out, &status))
	assert.Equal(t, wantTotals, out.String())
}

func TestRunRefuses(t *testing.T) {
	var out, status bytes.Buffer
	assert.Error(t, run(t.Context(), []string{filepath.Join(t.TempDir(), "nothing.json")}, nil, &out, &status))
	assert.Error(t, run(t.Context(), []string{"-nonsense"}, nil, &out, &status))
	assert.Empty(t, out.String())
}

// A full ranking is off by no more than it says.
func TestRanking(t *testing.T) {
	exact, bounded := map[string]int{}, newRanking(64)
	draw := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		name := fmt.Sprint(int(draw.ExpFloat64() * 20))
		exact[name]++
		bounded.add(name)
	}
	require.Greater(t, len(exact), 64)
	require.Len(t, bounded.byName, 64)
	off := bounded.byCount[0].count
	for _, c := range bounded.top(20) {
		assert.GreaterOrEqual(t, c.count, exact[c.name])
		assert.LessOrEqual(t, c.count-off, exact[c.name])
	}
	assert.Contains(t, bounded.caveat(), fmt.Sprint(off))
}

// repeat reads a block again and again, so many times, and looks at the live heap after the first
// time and after the last.
type repeat struct {
	block       []byte
	at, times   int
	first, last int64
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.at == len(r.block) {
		r.at = 0
		r.times--
		if r.first == 0 {
			r.first = liveHeap()
		}
	}
	if r.times == 0 {
		r.last = liveHeap()
		return 0, io.EOF
	}
	n := copy(p, r.block[r.at:])
	r.at += n
	return n, nil
}

// BenchmarkArchive walks 1 GB; -benchtime 1x is enough. It reports how much the live heap grew on
// the way.
func BenchmarkArchive(b *testing.B) {
	block, err := io.ReadAll(newSample(16 << 20))
	require.NoError(b, err)
	b.SetBytes(64 * int64(len(block)))
	for b.Loop() {
		in := &repeat{block: block, times: 64}
		var out, status bytes.Buffer
		require.NoError(b, run(b.Context(), []string{"-"}, in, &out, &status))
		b.ReportMetric(float64(in.last-in.first)/(1<<20), "MB-grown")
	}
}

func liveHeap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
