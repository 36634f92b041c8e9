package archive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

var someone = List{Users, "1574083"}

func open(t *testing.T) *Archive {
	t.Helper()
	a, err := Open(t.TempDir())
	require.NoError(t, err)
	return a
}

// A server has pages of three media each, the newest first.
type server struct{ media int }

func (s server) page(at instagram.Cursor) (media []*instagram.MediaEntry, next instagram.Cursor) {
	first := s.media
	if at != "" {
		_, _ = fmt.Sscanf(string(at), "max_id=%d", &first)
	}
	for id := first; id > max(first-3, 0); id-- {
		media = append(media, &instagram.MediaEntry{ID: fmt.Sprintf("%d_1574083", id)})
	}
	if first > 3 {
		return media, instagram.Cursor(fmt.Sprintf("max_id=%d", first-3))
	}
	return media, instagram.CursorEnd
}

// read reads a list as a worker does.
func (s server) read(a *Archive, epoch uint64, step func(string)) error {
	c, err := a.claim(someone, Epoch{"store", epoch}, step)
	if err != nil {
		return err
	}
	defer c.Release()
	for c.Cursor() != instagram.CursorEnd {
		media, next := s.page(c.Cursor())
		if i := slices.IndexFunc(media, func(m *instagram.MediaEntry) bool { return c.Known(m.ID) }); i >= 0 {
			media, next = media[:i], instagram.CursorEnd
		}
		if err := c.Add(media, next); err != nil {
			return err
		}
	}
	_, err = c.Finish()
	return err
}

// ids are those of a list's file, in its order.
func ids(t *testing.T, a *Archive, list List) (ids []string) {
	t.Helper()
	text, err := os.ReadFile(a.File(list))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		id, err := mediaID([]byte(line))
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(line, "\n"))
		ids = append(ids, id)
	}
	return ids
}

func (s server) ids() (ids []string) {
	for at := instagram.Cursor(""); at != instagram.CursorEnd; {
		media, next := s.page(at)
		for _, m := range media {
			ids = append(ids, m.ID)
		}
		at = next
	}
	return ids
}

func assertClean(t *testing.T, a *Archive) {
	t.Helper()
	left, err := os.ReadDir(a.Meta(workDir))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func goOn(string) {}

func TestAListIsReadOnceAndThenOnlyWhatIsNew(t *testing.T) {
	a := open(t)
	for epoch, media := range []int{0, 0, 1, 8, 8, 10, 25} {
		require.NoError(t, server{media}.read(a, uint64(epoch+1), goOn))
		assert.Equal(t, server{media}.ids(), ids(t, a, someone))
		assertClean(t, a)
	}
}

// A run is a worker that can be held before each step.
type run struct {
	steps chan string
	goOn  chan struct{}
	over  chan error
}

func start(s server, a *Archive, epoch uint64) *run {
	r := &run{make(chan string), make(chan struct{}), make(chan error, 1)}
	go func() {
		err := s.read(a, epoch, func(step string) { r.steps <- step; <-r.goOn })
		close(r.steps)
		r.over <- err
	}()
	return r
}

// to lets a worker do n steps, and reports whether it then stands before another.
func (r *run) to(n int) bool {
	for range n {
		if _, ok := <-r.steps; !ok {
			return false
		}
		r.goOn <- struct{}{}
	}
	_, ok := <-r.steps
	return ok
}

// end lets a worker that stands before a step go on to its end.
func (r *run) end() error {
	r.goOn <- struct{}{}
	for range r.steps {
		r.goOn <- struct{}{}
	}
	return <-r.over
}

// One worker stalls before any of its steps, another takes over and stalls, too, the first one
// wakes up and goes on to its end, and then the other does.
func TestAWorkerThatStallsAndWakesUpSpoilsNothing(t *testing.T) {
	outcomes := map[string]int{}
	for first := 0; ; first++ {
		more := false
		for second := 0; ; second++ {
			a := open(t)
			require.NoError(t, server{2}.read(a, 1, goOn)) // an earlier harvest
			old, next := start(server{7}, a, 2), start(server{8}, a, 3)
			if more = old.to(first); !more {
				next.to(0)
				require.NoError(t, next.end())
				break
			}
			both := next.to(second)
			oldErr := old.end()
			var nextErr error
			if both {
				nextErr = next.end()
			} else {
				nextErr = <-next.over
			}
			for _, err := range []error{oldErr, nextErr} {
				if err != nil {
					require.ErrorIs(t, err, ErrSuperseded)
				}
			}
			// The queue gives an item that nobody finished to somebody else.
			if nextErr != nil {
				require.NoError(t, server{8}.read(a, 4, goOn))
			}
			outcomes[fmt.Sprintf("first %v, second %v", oldErr == nil, nextErr == nil)]++
			found := ids(t, a, someone)
			assert.Equal(t, server{8}.ids()[8-len(found):], found, "first at %d, second at %d", first, second)
			assert.GreaterOrEqual(t, len(found), 7)
			require.NoError(t, server{8}.read(a, 5, goOn))
			assert.Equal(t, server{8}.ids(), ids(t, a, someone), "first at %d, second at %d", first, second)
			assertClean(t, a)
			if !both {
				break
			}
		}
		if !more {
			break
		}
	}
	t.Log(outcomes)
	assert.Greater(t, outcomes["first false, second true"], 20, "the stalled one was fenced off")
}

// One worker is killed before any of its steps, and the next one as well.
func TestAWorkerThatIsKilledLosesNothing(t *testing.T) {
	for first := 0; ; first++ {
		a := open(t)
		old := start(server{11}, a, 1)
		more := old.to(first)
		if more {
			start(server{11}, a, 2).to(first)
		}
		require.NoError(t, server{11}.read(a, 3, goOn))
		assert.Equal(t, server{11}.ids(), ids(t, a, someone), "killed at %d", first)
		assertClean(t, a)
		if !more {
			break
		}
	}
}

func TestWhoGoesOnAsksForNoPageTwice(t *testing.T) {
	a := open(t)
	c, err := a.Claim(someone, Epoch{"store", 1})
	require.NoError(t, err)
	for range 2 {
		media, next := server{11}.page(c.Cursor())
		require.NoError(t, c.Add(media, next))
	}
	// The last write of somebody who was killed, or lost power, may be cut off.
	_, err = c.pages.WriteString(`{"next":"max_id=2","media":[{"id":"5_15740`)
	require.NoError(t, err)
	next, err := a.Claim(someone, Epoch{"store", 2})
	require.NoError(t, err)
	assert.Equal(t, instagram.Cursor("max_id=5"), next.Cursor())
	assert.Equal(t, 2, next.Pages())

	assert.ErrorIs(t, c.Check(), ErrSuperseded)
	assert.ErrorIs(t, c.Add(nil, instagram.CursorEnd), ErrSuperseded)
	_, err = c.Finish()
	assert.ErrorIs(t, err, ErrSuperseded)
	_, err = a.Claim(someone, Epoch{"store", 1})
	assert.ErrorIs(t, err, ErrSuperseded, "an earlier epoch")
	assert.Equal(t, 2, next.Pages())
	require.NoError(t, next.Check())

	anew, err := a.Claim(someone, Epoch{"other", 1})
	require.NoError(t, err, "NATS lost its store, and numbers anew")
	assert.Equal(t, instagram.Cursor("max_id=5"), anew.Cursor())
	anew.Release()
	next.Release()
}

func TestNamesAreSafe(t *testing.T) {
	a := open(t)
	seen := map[string]bool{}
	for _, name := range []string{"nature", "../../../etc/passwd", "a/b", "", ".", "日本", "x y", "a*>.b", strings.Repeat("a", 200), "Nature", "-rf"} {
		list := List{Tags, name}
		file, err := filepath.Rel(a.Dir(), a.File(list))
		require.NoError(t, err)
		assert.Regexp(t, `^tags/[0-9a-f]{2}/[0-9a-z_-]{1,80}\.jsonl$`, filepath.ToSlash(file))
		assert.Regexp(t, `^[0-9a-zA-Z_-]+$`, list.Key())
		assert.False(t, seen[file], name)
		seen[file] = true
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for _, l := range []List{{}, {"", "1"}, {Users, ""}, {"../users", "1"}, {"users/..", "1"}, {"Users", "1"}} {
		assert.Error(t, l.Check(), l)
	}
	for _, l := range []List{{Users, "1"}, {Tags, "日本"}, {Locations, "833"}} {
		assert.NoError(t, l.Check(), l)
	}
}

func TestAnArchiveHasOneIdentity(t *testing.T) {
	a := open(t)
	first, err := a.Identify("one")
	require.NoError(t, err)
	again, err := a.Identify("two")
	require.NoError(t, err)
	assert.Equal(t, []string{"one", "one"}, []string{first, again})
}

func TestAFileThatIsBrokenIsNotWrittenOver(t *testing.T) {
	a := open(t)
	require.NoError(t, os.MkdirAll(filepath.Dir(a.File(someone)), 0o755))
	require.NoError(t, os.WriteFile(a.File(someone), []byte("{\"id\":\"1\"}\nnonsense\n"), 0o644))
	_, err := a.Claim(someone, Epoch{"store", 1})
	require.ErrorContains(t, err, "line 2")
	assert.False(t, errors.Is(err, ErrSuperseded))
}
