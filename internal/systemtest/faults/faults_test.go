// Package faults runs every kind of call through every kind of fault, of the server and of the
// network, and looks at what came of it on both sides.
package faults

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// TestMain has more cells run at a time than there are processors: they wait more than they work.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	zerolog.SetGlobalLevel(zerolog.Disabled)            // toxics write to the standard error otherwise
	const toxiproxy = "github.com/Shopify/toxiproxy/v2" // whose links end in their own time
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction(toxiproxy+".(*ToxicLink).read"),
		goleak.IgnoreAnyFunction(toxiproxy+".(*ToxicLink).write"),
		goleak.IgnoreAnyFunction(toxiproxy+"/toxics.(*ToxicStub).Run"))
}

const (
	// patience is the time for one attempt of a call, short in the rows where it runs out, and slow
	// is too slow for that.
	patience, short = 20 * time.Second, time.Second
	slow            = 5 * time.Second

	maxBody = 1 << 20
)

// A scene is a server with a fault before it or in it, a client that has to cope with that, and
// another one that sees the server as it is.
type scene struct {
	server *instagramtest.Server
	client *instagram.Client
	direct *instagram.Client

	media, another string // two media of the main user
	comment        string // one of theirs on the first media
	pager          *instagram.Pager[instagram.MediaEntry]

	proxy *toxiproxy.Proxy // where there is one between the client and the server
	tries atomic.Int32     // attempts since the fault is there
	heal  func()           // ends the fault, before the second attempt
}

// text is what the comment says that a call posts.
const text = "what a view"

// A call is something to do to the server.
type call struct {
	endpoint string
	path     string // that the server sees, or how it begins
	do       func(context.Context, *scene) error

	// done counts how often the call has had its effect, as the server has it. Reads have none.
	done func(*testing.T, *scene) int
}

// calls are the columns of the matrix.
var calls = [...]call{
	{
		"GET /media/{media-id}", "/v1/media/",
		func(ctx context.Context, s *scene) error {
			media, err := s.client.Media.Get(ctx, s.media)
			if err == nil && media.ID != s.media {
				return errors.New("another media")
			}
			return err
		},
		nil,
	},
	{
		"POST /media/{media-id}/comments", "/v1/media/",
		func(ctx context.Context, s *scene) error {
			_, err := s.client.Comments.Create(ctx, s.media, text)
			return err
		},
		func(t *testing.T, s *scene) int {
			n := 0
			for _, comment := range s.comments(t) {
				if comment.Text == text {
					n++
				}
			}
			return n
		},
	},
	{
		"POST /media/{media-id}/likes", "/v1/media/",
		func(ctx context.Context, s *scene) error { return s.client.Likes.Like(ctx, s.media) },
		func(t *testing.T, s *scene) int {
			media, err := s.direct.Media.Get(t.Context(), s.media)
			require.NoError(t, err)
			if media.UserHasLiked {
				return 1
			}
			return 0
		},
	},
	{
		"DELETE /media/{media-id}/comments/{comment-id}", "/v1/media/",
		func(ctx context.Context, s *scene) error { return s.client.Comments.Delete(ctx, s.media, s.comment) },
		func(t *testing.T, s *scene) int {
			if slices.ContainsFunc(s.comments(t), func(c *instagram.CommentEntry) bool { return c.ID == s.comment }) {
				return 0
			}
			return 1
		},
	},
	{
		"GET /users/{user-id}/media/recent", "/v1/users/self/media/recent",
		func(ctx context.Context, s *scene) error { // the second and last page
			page, err := s.pager.Next(ctx)
			if err == nil && (len(page.Items) != 1 || page.Items[0].ID != s.another || page.Cursor() != instagram.CursorEnd) {
				return errors.New("another page")
			}
			return err
		},
		nil,
	},
}

func (s *scene) comments(t *testing.T) []*instagram.CommentEntry {
	t.Helper()
	comments, err := s.direct.Comments.List(t.Context(), s.media)
	require.NoError(t, err)
	return comments
}

// A cell says what comes of a call under a fault.
type cell struct {
	err   error // nil for success
	tries int   // attempts of the client
	seen  int   // requests that the server saw
	done  bool  // whether a write that failed had its effect nevertheless
}

func ok(tries, seen int) cell               { return cell{tries: tries, seen: seen} }
func fails(err error, tries, seen int) cell { return cell{err: err, tries: tries, seen: seen} }
func unknown(err error, tries, seen int) cell {
	return cell{err: err, tries: tries, seen: seen, done: true}
}

// errAny stands for an error that has no name.
var errAny = errors.New("any error")

// A row of the matrix is a fault and a cell for each call.
type row struct {
	fault                               func(t *testing.T, s *scene, c call) // begins the fault
	get, comment, like, uncomment, page cell
}

// outOfTime reports whether a row is about attempts that take too long.
func (r row) outOfTime() bool {
	return slices.ContainsFunc(r.cells(), func(c cell) bool { return c.err == context.DeadlineExceeded })
}

// all is a row in which each call fares alike.
func all(fault func(*testing.T, *scene, call), each cell) row {
	return row{fault, each, each, each, each, each}
}

func (r row) cells() []cell {
	return []cell{r.get, r.comment, r.like, r.uncomment, r.page}
}

// run tests the rows of a matrix. The client reaches the server by the URL that connect returns.
func run(t *testing.T, rows map[string]row, connect func(*testing.T, *scene) string) {
	for name, row := range rows {
		for i, want := range row.cells() {
			c := calls[i]
			t.Run(name+"/"+c.endpoint, func(t *testing.T) {
				t.Parallel()
				timeout := patience
				if row.outOfTime() {
					timeout = short
				}
				s := newScene(t, timeout, connect)
				row.fault(t, s, c)
				s.tries.Store(0)
				before := s.seen(c)
				err := c.do(t.Context(), s)
				tries, seen := int(s.tries.Load()), s.seen(c)-before
				s.server.ClearFaults()

				switch want.err {
				case nil:
					require.NoError(t, err)
				case errAny:
					require.Error(t, err)
				default:
					require.ErrorIs(t, err, want.err)
				}
				assert.Equal(t, want.tries, tries, "attempts")
				assert.Equal(t, want.seen, seen, "requests seen")
				var failure *instagram.Error
				if err != nil && assert.ErrorAs(t, err, &failure) {
					assert.Equal(t, tries, failure.Attempts)
				}
				if c.done != nil {
					times := map[bool]int{true: 1}[want.err == nil || want.done]
					assert.Equal(t, times, c.done(t, s), "times that it had its effect")
				}
			})
		}
	}
}

func newScene(t *testing.T, timeout time.Duration, connect func(*testing.T, *scene) string) *scene {
	t.Helper()
	s := &scene{server: instagramtest.NewServer(instagramtest.WithUsers(3), instagramtest.WithMedia(2, 2))}
	t.Cleanup(s.server.Close)
	user := s.server.Users()[0]
	newClient := func(url string, opts ...instagram.Option) *instagram.Client {
		client, err := instagram.NewClient(append([]instagram.Option{
			instagram.WithBaseURL(url),
			instagram.WithAccessToken(s.server.AccessToken(user.ID)),
		}, opts...)...)
		require.NoError(t, err)
		t.Cleanup(client.Close)
		return client
	}
	s.direct = newClient(s.server.BaseURL())
	var media []string
	for m, err := range s.direct.Users.RecentMedia(instagram.Self, nil).All(t.Context()) {
		require.NoError(t, err)
		media = append(media, m.ID)
	}
	require.Len(t, media, 2)
	s.media, s.another = media[0], media[1]
	_ = s.direct.Likes.Unlike(t.Context(), s.media)
	comment, err := s.direct.Comments.Create(t.Context(), s.media, "to be deleted")
	require.NoError(t, err)
	s.comment = comment.ID

	transport := instagram.NewTransport()
	transport.DisableKeepAlives = true // so that net/http repeats nothing by itself
	s.client = newClient(connect(t, s),
		instagram.WithHTTPClient(&http.Client{Transport: transport, Timeout: timeout}),
		instagram.WithRetry(instagram.RetryPolicy{BaseDelay: time.Millisecond}),
		instagram.WithMaxBodySize(maxBody),
		instagram.WithLimiter(s))
	s.pager = s.client.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 1})
	_, err = s.pager.Next(t.Context())
	require.NoError(t, err)
	return s
}

// seen is how many requests for a call the server has seen.
func (s *scene) seen(c call) int {
	method, _, _ := strings.Cut(c.endpoint, " ")
	n := 0
	for _, r := range s.server.Requests() {
		if r.Method == method && strings.HasPrefix(r.Path, c.path) {
			n++
		}
	}
	return n
}

// Wait is asked before each attempt.
func (s *scene) Wait(context.Context, instagram.LimiterRequest) error {
	if s.tries.Add(1) == 2 && s.heal != nil {
		s.heal()
	}
	return nil
}

func (s *scene) Observe(instagram.LimiterRequest, instagram.LimiterAnswer) {}
