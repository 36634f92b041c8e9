package realtime

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newHub(t *testing.T) *Hub {
	h := New("secret", V1)
	t.Cleanup(h.Close)
	return h
}

func TestAddAndDelete(t *testing.T) {
	h := newHub(t)
	var areas uint64
	name := func(g *world.Geography) { areas++; g.ID = areas }
	sky := h.Add(&Subscription{Object: "tag", ObjectID: "sky", Callback: "http://localhost/a"}, name)
	assert.Same(t, sky, h.Add(&Subscription{Object: "tag", ObjectID: "sky", Callback: "http://localhost/a"}, name), "it is there already")
	here := h.Add(&Subscription{Object: "geography", Callback: "http://localhost/a", Area: &world.Geography{}}, name)
	there := h.Add(&Subscription{Object: "geography", Callback: "http://localhost/a", Area: &world.Geography{}}, name)
	assert.Equal(t, []string{"1", "2"}, []string{here.ObjectID, there.ObjectID})
	assert.Equal(t, []*Subscription{here, there}, h.Delete(func(s *Subscription) bool { return s.Object == "geography" }))
	assert.Equal(t, []*Subscription{sky}, h.List())
	h.Reset()
	assert.Empty(t, h.List())
}

func TestVerify(t *testing.T) {
	answers := map[string]http.HandlerFunc{
		"":         func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.FormValue("hub.challenge")) }, //nolint:errcheck
		"received": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "no") },                         //nolint:errcheck
		"status 500": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
		},
	}
	for want, answer := range answers {
		app := httptest.NewServer(answer)
		problem := newHub(t).Verify(app.URL+"/?x=1", "token")
		app.Close()
		if want == "" {
			assert.Empty(t, problem)
		} else {
			assert.Contains(t, problem, want)
		}
	}
	assert.Contains(t, newHub(t).Verify("http://127.0.0.1:1/", ""), "Unable to reach")
}

func TestAnnounceSendsWhatWasWritten(t *testing.T) {
	bodies := make(chan string, 1)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		bodies <- string(b) + r.Header.Get("X-Hub-Signature")
	}))
	defer app.Close()
	h := newHub(t)
	h.Add(&Subscription{Object: "tag", ObjectID: "sky", Callback: app.URL}, nil)
	h.Add(&Subscription{Object: "tag", ObjectID: "sea", Callback: app.URL}, nil)
	h.Announce(func(s *Subscription) []byte {
		if s.ObjectID != "sky" {
			return nil
		}
		return []byte(`{"n":1}`)
	})
	body := <-bodies
	require.Greater(t, len(body), 40)
	assert.Equal(t, `[{"n":1}]`, body[:len(body)-40])
	assert.Regexp(t, `^[0-9a-f]{40}$`, body[len(body)-40:])
}

// TestUpdatesStayInOrder announces while a slow callback is busy: it is asked once at a time, and
// gets everything in order. What comes after a pause is sent, too.
func TestUpdatesStayInOrder(t *testing.T) {
	var inFlight, most atomic.Int32
	bodies := make(chan string, 100)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		now := inFlight.Add(1)
		defer inFlight.Add(-1)
		most.Store(max(most.Load(), now))
		b, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		time.Sleep(10 * time.Millisecond)
		bodies <- strings.Trim(string(b), "[]")
	}))
	defer app.Close()
	h := newHub(t)
	h.Add(&Subscription{Object: "user", Callback: app.URL}, nil)
	var want, got []string
	send := func(from, to int) {
		for i := from; i < to; i++ {
			want = append(want, strconv.Itoa(i))
			h.Announce(func(*Subscription) []byte { return []byte(strconv.Itoa(i)) })
			time.Sleep(time.Millisecond)
		}
		for len(got) < len(want) {
			select {
			case b := <-bodies:
				got = append(got, strings.Split(b, ",")...)
			case <-time.After(10 * time.Second):
				t.Fatal("updates are lost: ", got)
			}
		}
	}
	send(0, 50)
	for inFlight.Load() > 0 {
		time.Sleep(time.Millisecond)
	}
	send(50, 60)
	assert.Equal(t, want, got)
	assert.Equal(t, int32(1), most.Load())
}
