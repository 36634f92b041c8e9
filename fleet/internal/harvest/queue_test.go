package harvest

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/fleet/internal/archive"
	"github.com/igv1/instagram/fleet/internal/embedded"
)

// A store is a NATS server whose directory can be put back to what it was, as a kill in the middle
// of its work leaves it.
type store struct {
	t      *testing.T
	dir    string
	server *embedded.Server
	nc     *nats.Conn
}

func newStore(t *testing.T) *store {
	s := &store{t: t, dir: filepath.Join(t.TempDir(), "nats")}
	s.start()
	nc, err := nats.Connect(s.server.URL(), nats.Token(s.server.Token), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	require.NoError(t, err)
	s.nc = nc
	t.Cleanup(func() { nc.Close(); s.server.Close() })
	return s
}

func (s *store) start() {
	server, err := embedded.Start(embedded.Options{Dir: s.dir})
	require.NoError(s.t, err)
	s.server = server
}

func (s *store) queue(c Config) *Queue {
	js, err := jetstream.New(s.nc)
	require.NoError(s.t, err)
	q, err := OpenQueue(s.t.Context(), js, c)
	require.NoError(s.t, err)
	return q
}

// save copies the directory, when what is written a little later has been written.
func (s *store) save() (copied string) {
	time.Sleep(300 * time.Millisecond)
	copied = filepath.Join(s.t.TempDir(), "copy")
	require.NoError(s.t, os.CopyFS(copied, os.DirFS(s.dir)))
	return copied
}

// restart has the server start again with what a copy holds, and with the consumers of another one.
func (s *store) restart(messages, consumers string) {
	s.server.Close()
	require.NoError(s.t, os.RemoveAll(s.dir))
	require.NoError(s.t, os.CopyFS(s.dir, os.DirFS(messages)))
	found, err := filepath.Glob(consumers + "/jetstream/*/streams/*/obs")
	require.NoError(s.t, err)
	require.NotEmpty(s.t, found)
	for _, from := range found {
		name, err := filepath.Rel(consumers, from)
		require.NoError(s.t, err)
		require.NoError(s.t, os.RemoveAll(filepath.Join(s.dir, name)))
		require.NoError(s.t, os.CopyFS(filepath.Join(s.dir, name), os.DirFS(from)))
	}
	s.start()
}

func lists(names ...string) iter.Seq2[archive.List, error] {
	return func(yield func(archive.List, error) bool) {
		for _, name := range names {
			if !yield(archive.List{Kind: archive.Users, Name: name}, nil) {
				return
			}
		}
	}
}

func next(t *testing.T, q *Queue) *Item {
	t.Helper()
	for range 20 { // connections come back after a while
		if item, err := q.Next(timeout(t, time.Second)); err == nil && item != nil {
			return item
		}
	}
	require.FailNow(t, "nothing came")
	return nil
}

// NATS is killed after it has noted an acknowledgement, and before it has removed the message.
func TestWhatIsAcknowledgedAndStillThereIsRemoved(t *testing.T) {
	s := newStore(t)
	q := s.queue(Config{Lease: time.Second})
	added, there, err := q.Add(t.Context(), "", lists("1", "2", "3", "4"))
	require.NoError(t, err)
	assert.Equal(t, []int{4, 0}, []int{added, there})
	_, second := next(t, q), next(t, q)
	before := s.save()
	require.NoError(t, second.done(t.Context()))
	s.restart(before, s.save())

	read := map[string]bool{}
	for range 3 {
		item := next(t, q)
		read[item.List.Name] = true
		require.NoError(t, item.done(t.Context()))
	}
	assert.Equal(t, map[string]bool{"1": true, "3": true, "4": true}, read)
	item, err := q.Next(timeout(t, 2*time.Second))
	assert.NoError(t, err)
	assert.Nil(t, item, "nobody gets what is acknowledged")
	work, err := q.work.Info(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, work.State.Msgs, "it is there; if it is not, NATS removes it by now, and empty need not")

	empty, err := q.empty(t.Context())
	require.NoError(t, err)
	assert.False(t, empty)
	empty, err = q.empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty)
}

// What waits, is being read, or is to be read once more, stays.
func TestNothingElseIsRemoved(t *testing.T) {
	s := newStore(t)
	q := s.queue(Config{Lease: time.Second})
	_, _, err := q.Add(t.Context(), "", lists("1", "2", "3", "4"))
	require.NoError(t, err)
	first, second, third := next(t, q), next(t, q), next(t, q)
	require.NoError(t, second.done(t.Context()))
	require.NoError(t, third.again(0))
	for range 3 {
		empty, err := q.empty(t.Context())
		require.NoError(t, err)
		assert.False(t, empty)
	}
	require.NoError(t, first.done(t.Context()))
	_, err = q.empty(t.Context())
	require.NoError(t, err)
	left := map[string]bool{}
	for range 2 {
		left[next(t, q).List.Name] = true
	}
	assert.Equal(t, map[string]bool{"3": true, "4": true}, left)
}

// NATS is killed before it has noted a delivery, and then does not answer the acknowledgement.
func TestAnAcknowledgementThatIsNotAnsweredEnds(t *testing.T) {
	s := newStore(t)
	q := s.queue(Config{Lease: time.Second})
	_, _, err := q.Add(t.Context(), "", lists("1"))
	require.NoError(t, err)
	before := s.save()
	item := next(t, q)
	s.restart(before, before)
	began := time.Now()
	assert.ErrorIs(t, item.done(t.Context()), errNotTaken)
	assert.Less(t, time.Since(began), 15*time.Second)
	again := next(t, q)
	assert.Equal(t, "1", again.List.Name)
	require.NoError(t, again.done(t.Context()))
}

// Workers that start at the same time add the same file.
func TestSeveralAddTheSameInput(t *testing.T) {
	s := newStore(t)
	one, other := s.queue(Config{}), s.queue(Config{})
	began, known, err := one.beginRun(t.Context(), "file")
	require.NoError(t, err)
	require.False(t, known)
	_, _, err = one.publish(t.Context(), began.String(), lists("1", "2")) // and is not at the end yet
	require.NoError(t, err)
	require.NoError(t, next(t, one).done(t.Context()))
	otherBegan, known, err := other.beginRun(t.Context(), "file")
	require.NoError(t, err)
	assert.False(t, known)
	added, there, err := other.publish(t.Context(), otherBegan.String(), lists("1", "2", "3"))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, []int{added, there}, "a list that has been read meanwhile is not added again")
	work, err := one.work.Info(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, work.State.Msgs)
}

// Whoever may write to NATS names no directory.
func TestAnItemOfAnotherProgramIsDropped(t *testing.T) {
	s := newStore(t)
	q := s.queue(Config{})
	for i, value := range []string{"nonsense", `{"kind":"../../etc","name":"1"}`, `{"kind":"users"}`} {
		_, err := q.js.Publish(t.Context(), q.subject("work")+".users."+strconv.Itoa(i), []byte(value))
		require.NoError(t, err)
		item, err := q.Next(timeout(t, 5*time.Second))
		assert.ErrorContains(t, err, "none of this program")
		assert.Nil(t, item)
	}
	require.Eventually(t, func() bool {
		empty, err := q.empty(t.Context())
		return err == nil && empty
	}, 10*time.Second, 10*time.Millisecond)
}

func TestOnlyAListThatIsThereIsThere(t *testing.T) {
	full := func(text string) error {
		return &jetstream.APIError{Code: 503, ErrorCode: 10077, Description: text}
	}
	assert.True(t, isThere(full("maximum messages per subject exceeded")))
	assert.False(t, isThere(full("no space left on device")))
	assert.False(t, isThere(errors.New("maximum messages per subject exceeded")))

	s := newStore(t)
	q := s.queue(Config{})
	for _, want := range [][]int{{1, 0}, {0, 1}} {
		added, there, err := q.Add(t.Context(), "", lists("1"))
		require.NoError(t, err)
		assert.Equal(t, want, []int{added, there})
	}
}

func timeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
