package instagram_test

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// sourceFunc is a token source that a test makes up.
type sourceFunc func() (*oauth2.Token, error)

func (f sourceFunc) Token() (*oauth2.Token, error) { return f() }

// sentTokens answers with an empty list, and notes the token of each request.
func sentTokens(transport *httpmock.MockTransport) *[]string {
	tokens := new([]string)
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		r.ParseForm()
		*tokens = append(*tokens, r.Form.Get("access_token"))
		return answer(200, `{"meta":{"code":200},"data":[],"pagination":{"next_max_id":"`+time.Now().String()+`"}}`)(r)
	})
	return tokens
}

// A refreshed token is used at once, in the middle of a walk too; whether one has expired is for
// the server to say.
func TestTokenSourceIsAskedOnEachCall(t *testing.T) {
	client, transport := mockClient(t)
	tokens := sentTokens(transport)
	held := "first"
	source := sourceFunc(func() (*oauth2.Token, error) {
		return &oauth2.Token{AccessToken: held, Expiry: time.Unix(1, 0)}, nil
	})
	pager := client.WithTokenSource(source).Users.Feed(nil)
	_, err := pager.Next(t.Context())
	require.NoError(t, err)
	held = "second"
	_, err = pager.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"first", "second"}, *tokens)
}

func TestTokenSourceFails(t *testing.T) {
	lost := errors.New("the vault is closed")
	tests := map[string]struct {
		token *oauth2.Token
		err   error
		want  error
		text  string
	}{
		"error":        {nil, lost, lost, "token source: the vault is closed"},
		"no token":     {nil, nil, instagram.ErrInvalidParameters, "access_token: the token source has none"},
		"empty token":  {&oauth2.Token{}, nil, instagram.ErrInvalidParameters, "access_token: it is empty"},
		"broken token": {&oauth2.Token{AccessToken: "7.a\nb"}, nil, instagram.ErrInvalidParameters, "control character"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			client = client.WithTokenSource(sourceFunc(func() (*oauth2.Token, error) { return tt.token, tt.err }))
			_, err := client.Users.Get(t.Context(), instagram.Self)
			require.ErrorIs(t, err, tt.want)
			assert.ErrorContains(t, err, tt.text)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

// Reads go out under the client id alone; there is no write without a user.
func TestClientIDAlone(t *testing.T) {
	transport := httpmock.NewMockTransport()
	client, err := instagram.NewClient(
		instagram.WithClientCredentials("app", ""),
		instagram.WithHTTPClient(&http.Client{Transport: transport}),
	)
	require.NoError(t, err)
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "client_id=app", r.URL.RawQuery)
		return answer(200, `{"meta":{"code":200},"data":{"id":"7"}}`)(r)
	})
	_, err = client.Users.Get(t.Context(), "7")
	require.NoError(t, err)

	// The token of a derived client takes its place, and can be left off again.
	tokens := sentTokens(transport)
	derived := client.WithToken(testToken)
	_, err = derived.Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	_, err = derived.WithTokenSource(nil).Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{testToken, ""}, *tokens)
}

// A derived client is another user of the same client: same server, options and connections.
func TestWithTokenSharesTheRest(t *testing.T) {
	client, transport := mockClient(t, instagram.WithBaseURL("http://gateway.example/ig/v1"), instagram.WithMaxBodySize(100))
	transport.RegisterResponder("GET", "http://gateway.example/ig/v1/users/self", func(r *http.Request) (*http.Response, error) {
		return answer(200, `{"meta":{"code":200},"data":{"id":"7","username":"`+r.URL.Query().Get("access_token")+`"}}`)(r)
	})
	derived := client.WithToken("another")
	for c, want := range map[*instagram.Client]string{client: testToken, derived: "another"} {
		user, err := c.Users.Get(t.Context(), instagram.Self)
		require.NoError(t, err)
		assert.Equal(t, want, user.Username)
	}
	transport.RegisterNoResponder(answer(200, `{"meta":{"code":200},"data":{"id":"7","bio":"`+string(make([]byte, 100))+`"}}`))
	_, err := derived.Users.Get(t.Context(), "7")
	assert.ErrorIs(t, err, instagram.ErrBodyTooLarge)

	_, err = client.WithToken("").Users.Get(t.Context(), "7")
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

func TestWithTokenIsOneAllocation(t *testing.T) {
	client, _ := mockClient(t)
	var derived *instagram.Client
	allocs := testing.AllocsPerRun(100, func() { derived = client.WithToken(testToken) })
	assert.NotNil(t, derived)
	assert.LessOrEqual(t, allocs, 1.0)
}

func BenchmarkWithToken(b *testing.B) {
	client, err := instagram.NewClient()
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		client.WithToken(testToken)
	}
}

// Two users on one client do not get into each other's way.
func TestTwoUsersOnOneClient(t *testing.T) {
	server := startServer(t)
	base := signedIn(t, server, server.Users()[2])
	users := public(server.Users())[:2]
	tokens := []string{server.AccessToken(users[0].ID), server.AccessToken(users[1].ID)}
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			user, client := users[i%2], base.WithToken(tokens[i%2])
			for range 5 {
				self, err := client.Users.Get(context.Background(), instagram.Self)
				if assert.NoError(t, err) {
					assert.Equal(t, user.ID, self.ID)
				}
				page, err := client.Users.RecentMedia(instagram.Self, nil).Next(context.Background())
				if assert.NoError(t, err) && len(page.Items) > 0 {
					assert.Equal(t, user.ID, page.Items[0].User.ID)
				}
			}
		})
	}
	all.Wait()
}

// The server checks what is signed; every kind of call has to pass.
func TestSignedRequestsOnServer(t *testing.T) {
	// Since 2016 a client id alone is refused, and one of these calls has no more.
	server := startServer(t, instagramtest.WithWire(instagramtest.Wire2013),
		instagramtest.WithSignedRequests(), instagramtest.WithSignedForwardedFor())
	me, other := server.Users()[0], public(server.Users())[1]
	client := signedIn(t, server, me,
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
		instagram.WithSignedRequests(),
	)
	client = client.WithForwardedFor(netip.MustParseAddr("200.15.1.1"), netip.MustParseAddr("2001:db8::7"))
	posted := server.PostMedia(other.ID, instagramtest.Media{Caption: "First frost #über"})

	assert.Len(t, collect(t, client.Users.RecentMedia(instagram.Self, nil)), 240, "pages")
	_, err := client.Users.Search(t.Context(), "a b&c=d|é+%2F #?", nil)
	require.NoError(t, err, "parameters that need escaping")
	tag, err := client.Tags.Get(t.Context(), "über")
	require.NoError(t, err, "a path that needs escaping")
	assert.Equal(t, "über", tag.Name)
	_, err = client.Tags.Get(t.Context(), "a/b c?d")
	assert.NotErrorIs(t, err, instagram.ErrNotAllowed)

	_, err = client.Comments.Create(t.Context(), posted.ID, "Föhn & snow = 100% + more | wow")
	require.NoError(t, err, "POST")
	comments, err := client.Comments.List(t.Context(), posted.ID)
	require.NoError(t, err)
	require.NoError(t, client.Comments.Delete(t.Context(), posted.ID, comments[0].ID), "DELETE")
	_, err = client.Relationships.Modify(t.Context(), other.ID, instagram.ActionFollow)
	require.NoError(t, err)

	// A read under the client id is signed as well.
	_, err = client.WithTokenSource(nil).Users.Get(t.Context(), other.ID)
	require.NoError(t, err)

	// And the server does look.
	_, err = signedIn(t, server, me).Users.Get(t.Context(), instagram.Self)
	assert.ErrorIs(t, err, instagram.ErrNotAllowed)
	err = signedIn(t, server, me,
		instagram.WithClientCredentials(server.ClientID, server.ClientSecret),
		instagram.WithSignedRequests(),
	).Likes.Like(t.Context(), posted.ID)
	assert.ErrorIs(t, err, instagram.ErrNotAllowed, "without X-Insta-Forwarded-For")
}

// The endpoint is signed as it reads, not as it is escaped on its way.
func TestSignatureOfPath(t *testing.T) {
	client, transport := mockClient(t, instagram.WithClientCredentials("app", testSecret), instagram.WithSignedRequests())
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		mac := hmac.New(sha256.New, []byte(testSecret))
		mac.Write([]byte("/tags/über été/media/recent|access_token=" + testToken + "|count=5"))
		assert.Equal(t, hex.EncodeToString(mac.Sum(nil)), r.URL.Query().Get("sig"))
		return answer(200, `{"meta":{"code":200},"data":[]}`)(r)
	})
	_, err := client.Tags.RecentMedia("über été", &instagram.TagMediaOptions{Count: 5}).Next(t.Context())
	require.NoError(t, err)
}

func TestForwardedFor(t *testing.T) {
	client, transport := mockClient(t, instagram.WithClientCredentials("app", "6dc1787668c64c939929c17683d7cb74"))
	var headers []string
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		headers = append(headers, r.Header.Get("X-Insta-Forwarded-For"))
		return answer(200, `{"meta":{"code":200},"data":null}`)(r)
	})
	const want = "200.15.1.1|7e3c45bc34f56fd8e762ee4590a53c8c2bbce27e967a85484712e5faa0191688"
	derived := client.WithForwardedFor(netip.MustParseAddr("::ffff:200.15.1.1")).WithToken("another")
	require.NoError(t, derived.Likes.Like(t.Context(), "11_7"))
	require.NoError(t, derived.Likes.Unlike(t.Context(), "11_7"))
	require.NoError(t, client.Likes.Like(t.Context(), "11_7"))
	assert.Equal(t, []string{want, want, ""}, headers)

	require.NoError(t, client.WithForwardedFor(netip.MustParseAddr("fe80::1%eth0")).Likes.Like(t.Context(), "11_7"))
	assert.Regexp(t, `^fe80::1\|[0-9a-f]{64}$`, headers[3], "which network card is this machine's affair")
}

func TestForwardedForRefuses(t *testing.T) {
	client, transport := mockClient(t)
	err := client.WithForwardedFor(netip.MustParseAddr("200.15.1.1")).Likes.Like(t.Context(), "11_7")
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.ErrorContains(t, err, "client_secret")

	client, _ = mockClient(t, instagram.WithClientCredentials("app", "s3cret"))
	err = client.WithForwardedFor(netip.Addr{}).Likes.Like(t.Context(), "11_7")
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
}

// A token that is taken back ends a walk where it is, and a new sign-in goes on from there.
func TestRevocationInMidPaging(t *testing.T) {
	server := startServer(t)
	me := server.Users()[0]
	client := signedIn(t, server, me)
	want := ids(collect(t, client.Users.RecentMedia(instagram.Self, nil)))

	var got []string
	var cursor instagram.Cursor
	var failed error
	for page, err := range client.Users.RecentMedia(instagram.Self, nil).Pages(t.Context()) {
		if failed = err; err != nil {
			break
		}
		got, cursor = append(got, ids(page.Items)...), page.Cursor()
		if len(got) > 50 {
			server.Revoke(server.AccessToken(me.ID))
		}
	}
	require.ErrorIs(t, failed, instagram.ErrUnauthorized)
	assert.NotErrorIs(t, failed, io.EOF)
	var failure *instagram.Error
	require.ErrorAs(t, failed, &failure)
	assert.Equal(t, instagram.ErrorTypeOAuthAccessTokenException, failure.Type)
	assert.Less(t, len(got), len(want))

	again := client.WithToken(server.AccessToken(me.ID))
	got = append(got, ids(collect(t, again.Users.RecentMedia(instagram.Self, nil).From(cursor)))...)
	assert.Equal(t, want, got)
}

// The id of the app stands for nobody in a write, and an empty one is not sent.
func TestClientIDIsForReads(t *testing.T) {
	for name, tt := range map[string]struct {
		opts []instagram.Option
		get  string
	}{
		"an id": {[]instagram.Option{instagram.WithClientCredentials("app", "")}, "client_id=app"},
		"none":  {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var sent []string
			client, err := instagram.NewClient(append(tt.opts, instagram.WithHTTPClient(&http.Client{
				Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(cmp.Or[io.Reader](r.Body, http.NoBody))
					assert.NoError(t, err)
					sent = append(sent, r.URL.RawQuery+"|"+string(body))
					return answer(200, goodAnswer)(r)
				}),
			}))...)
			require.NoError(t, err)
			_, err = client.Users.Get(t.Context(), "7")
			require.NoError(t, err)
			require.NoError(t, client.Likes.Like(t.Context(), "1"))
			require.NoError(t, client.Likes.Unlike(t.Context(), "1"))
			assert.Equal(t, []string{tt.get + "|", "|", "|"}, sent)
		})
	}
}

// The addresses are those of the time when they were given.
func TestForwardedForKeepsNoSliceOfTheCaller(t *testing.T) {
	client, transport := mockClient(t, instagram.WithClientCredentials("app", testSecret))
	var sent []string
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("X-Insta-Forwarded-For"))
		return answer(200, goodAnswer)(r)
	})
	ips := []netip.Addr{netip.MustParseAddr("200.15.1.1")}
	client = client.WithForwardedFor(ips...)
	ips[0] = netip.MustParseAddr("10.0.0.1")
	_, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	require.Len(t, sent, 1)
	assert.True(t, strings.HasPrefix(sent[0], "200.15.1.1|"), sent[0])
}
