package embedded

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func begin(t testing.TB, o Options) (*Server, jetstream.JetStream) {
	t.Helper()
	s, err := Start(o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	nc, err := nats.Connect(s.URL(), nats.Token(s.Token))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(512))
	require.NoError(t, err)
	return s, js
}

func TestAServerKeepsItsPortAndWhatItHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nats")
	began := time.Now()
	s, js := begin(t, Options{Dir: dir})
	t.Logf("a new server took %v to start", time.Since(began).Round(time.Millisecond))
	kv, err := js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "b"})
	require.NoError(t, err)
	_, err = kv.PutString(t.Context(), "k", "v")
	require.NoError(t, err)

	_, err = Start(Options{Dir: dir})
	require.ErrorIs(t, err, ErrRunning)
	s.Close()
	began = time.Now()
	again, js := begin(t, Options{Dir: dir})
	t.Logf("the same once more took %v", time.Since(began).Round(time.Millisecond))
	assert.Equal(t, s.Access, again.Access)
	kv, err = js.KeyValue(t.Context(), "b")
	require.NoError(t, err)
	e, err := kv.Get(t.Context(), "k")
	require.NoError(t, err)
	assert.Equal(t, "v", string(e.Value()))
}

func TestAServerWhosePortIsTaken(t *testing.T) {
	dir := t.TempDir()
	s, _ := begin(t, Options{Dir: dir})
	s.Close()
	l, err := net.Listen("tcp", s.Address)
	require.NoError(t, err)
	defer l.Close()
	other, _ := begin(t, Options{Dir: dir})
	assert.NotEqual(t, s.Address, other.Address)
	access, err := ReadAccess(dir)
	require.NoError(t, err)
	assert.Equal(t, other.Access, access)
}

func TestNobodyElseGetsIn(t *testing.T) {
	dir := t.TempDir()
	s, _ := begin(t, Options{Dir: dir})
	assert.Regexp(t, `^127\.0\.0\.1:`, s.Address)
	_, err := nats.Connect(s.URL())
	require.ErrorIs(t, err, nats.ErrAuthorization)
	_, err = nats.Connect(s.URL(), nats.Token("guess"))
	require.ErrorIs(t, err, nats.ErrAuthorization)
	info, err := os.Stat(filepath.Join(dir, accessFile))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// The rates in docs/fleet.md: go test -bench . ./internal/embedded
func BenchmarkNATS(b *testing.B) {
	value := make([]byte, 1500) // a record of the budget
	for _, sync := range []bool{true, false} {
		b.Run(map[bool]string{true: "sync", false: "nosync"}[sync], func(b *testing.B) {
			_, js := begin(b, Options{Dir: b.TempDir(), NoSync: !sync})
			ctx := context.Background()
			kv, err := js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "b"})
			require.NoError(b, err)
			_, err = js.CreateStream(ctx, jetstream.StreamConfig{Name: "s", Subjects: []string{"s.>"}, Retention: jetstream.WorkQueuePolicy})
			require.NoError(b, err)
			b.Run("compare-and-swap", func(b *testing.B) {
				revision := uint64(0)
				if e, err := kv.Get(ctx, "k"); err == nil {
					revision = e.Revision()
				}
				for b.Loop() {
					revision, err = kv.Update(ctx, "k", value, revision)
					require.NoError(b, err)
				}
				rate(b)
			})
			b.Run("compare-and-swap of 32 at a time", func(b *testing.B) {
				b.SetParallelism(16)
				b.RunParallel(func(pb *testing.PB) {
					key := fmt.Sprint(time.Now().UnixNano())
					revision := uint64(0)
					for pb.Next() {
						revision, err = kv.Update(ctx, key, value, revision)
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
				rate(b)
			})
			b.Run("get", func(b *testing.B) {
				for b.Loop() {
					_, err := kv.Get(ctx, "k")
					require.NoError(b, err)
				}
				rate(b)
			})
			b.Run("get of 32 at a time", func(b *testing.B) {
				b.SetParallelism(16)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := kv.Get(ctx, "k"); err != nil {
							b.Error(err)
							return
						}
					}
				})
				rate(b)
			})
			b.Run("add to the queue", func(b *testing.B) {
				n := 0
				for b.Loop() {
					n++
					_, err := js.PublishAsync(fmt.Sprintf("s.%d.%d", time.Now().UnixNano(), n), []byte(`{"kind":"users","name":"1574083"}`),
						jetstream.WithStallWait(time.Minute))
					require.NoError(b, err)
				}
				<-js.PublishAsyncComplete()
				rate(b)
			})
		})
	}
}

func rate(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s") }
