package instagram

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// A ratio is what one way takes, as a share of what another way takes that does the same.
type ratio struct {
	name      string
	way, than string
}

var ratios = []ratio{
	{"decode/tokens", "decode", "tokens"},
	{"decode/encoding-json", "decode", "decode by encoding-json"},
	{"marshal/encoding-json", "marshal", "marshal by encoding-json"},
	{"encode/encoding-json", "encode", "encode by encoding-json"},
	{"call/discard+decode", "call", "call by discard+decode"},
}

// ratiosFile holds the ratios that were measured last, by name.
const ratiosFile = "testdata/ratios.json"

// BenchmarkRatios measures how this package stands to what does the same, in CPU time, on which
// other programs of the machine tell least: that of one thread, or of all where there is a server.
// The ratios are of medians of ten rounds, in each of which everything is measured once. It fails
// where a ratio is more than a quarter above the one that the file keeps; RATIOS=keep writes the
// file. One run is enough: -benchtime 1x.
func BenchmarkRatios(b *testing.B) {
	ways := benchmarkWays(b)
	times := map[string][]time.Duration{}
	for range 10 {
		for name, way := range ways {
			threads := syscall.RUSAGE_THREAD
			if strings.HasPrefix(name, "call") {
				threads = syscall.RUSAGE_SELF
			}
			times[name] = append(times[name], cpuTime(b, way, threads))
		}
	}
	measured := map[string]float64{}
	for _, r := range ratios {
		measured[r.name] = math.Round(100*float64(median(times[r.way]))/float64(median(times[r.than]))) / 100
		b.ReportMetric(measured[r.name], r.name)
	}
	for name := range ways {
		b.Logf("%v: %v of CPU time, %v at best", name, median(times[name]), slices.Min(times[name]))
	}
	b.ReportMetric(0, "ns/op")
	if os.Getenv("RATIOS") == "keep" {
		text, err := json.MarshalIndent(measured, "", "\t")
		require.NoError(b, err)
		require.NoError(b, os.WriteFile(ratiosFile, append(text, '\n'), 0o600))
	}
	text, err := os.ReadFile(ratiosFile)
	require.NoError(b, err)
	var kept map[string]float64
	require.NoError(b, json.Unmarshal(text, &kept))
	for _, r := range ratios {
		if measured[r.name] > 1.25*kept[r.name] {
			b.Errorf("%s is %.2f, and was %.2f", r.name, measured[r.name], kept[r.name])
		}
	}
}

// benchmarkWays are what is compared, each on one page.
func benchmarkWays(b *testing.B) map[string]func() error {
	page := benchmarkPage(false)
	decode := func() error {
		_, err := decodeList[MediaEntry](page, false)
		return err
	}
	answer, err := decodeList[MediaEntry](page, false)
	require.NoError(b, err)
	var plain plainPage
	require.NoError(b, json.Unmarshal(page, &plain))
	tokens := jsontext.NewDecoder(new(bytes.Buffer))
	client, get := benchmarkServer(b, page)
	return map[string]func() error{
		"decode":                  decode,
		"decode by encoding-json": func() error { return json.Unmarshal(page, new(plainPage)) },
		"tokens":                  func() error { return passTokens(tokens, page) },
		"marshal": func() error {
			for _, media := range answer.Items {
				if _, err := media.MarshalJSON(); err != nil {
					return err
				}
			}
			return nil
		},
		"marshal by encoding-json": func() error {
			for i := range plain.Data {
				if _, err := json.Marshal(&plain.Data[i]); err != nil {
					return err
				}
			}
			return nil
		},
		"encode": func() error { return Encode(io.Discard, answer.Items...) },
		"encode by encoding-json": func() error {
			encoder := json.NewEncoder(io.Discard)
			for i := range plain.Data {
				if err := encoder.Encode(&plain.Data[i]); err != nil {
					return err
				}
			}
			return nil
		},
		"call": func() error {
			_, err := client.Users.RecentMedia(Self, nil).Next(b.Context())
			return err
		},
		"call by discard+decode": func() error {
			if err := get(discardBody); err != nil {
				return err
			}
			return decode()
		},
	}
}

// cpuTime is the mean of what a way takes, over enough runs that the clock's steps do not matter.
func cpuTime(b *testing.B, way func() error, threads int) time.Duration {
	const enough = 30 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	runtime.GC()
	for n, began := 1, cpu(b, threads); ; n++ {
		require.NoError(b, way())
		if took := cpu(b, threads) - began; took >= enough {
			return took / time.Duration(n)
		}
	}
}

// cpu is the time that all cores have worked for this thread, or for all of this process.
func cpu(b *testing.B, threads int) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(threads, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[len(times)/2]
}
