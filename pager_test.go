package instagram_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// pages answers a list: its keys are the queries that ask for a page, less the token, and its
// values the entries' ids and the pagination member.
type pages map[string]struct {
	ids        string
	pagination string
}

func (p pages) serve(t *testing.T, transport *httpmock.MockTransport) {
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		assert.Equal(t, "api.instagram.com", r.URL.Host)
		assert.Equal(t, "https", r.URL.Scheme)
		query := r.URL.Query()
		assert.Equal(t, testToken, query.Get("access_token"))
		query.Del("access_token")
		page, ok := p[query.Encode()]
		if !assert.True(t, ok, "unexpected query %q", query.Encode()) {
			return answer(404, "")(r)
		}
		var entries []string
		for id := range strings.FieldsSeq(page.ids) {
			entries = append(entries, fmt.Sprintf(`{"id":%q}`, id))
		}
		return answer(200, fmt.Sprintf(`{"meta":{"code":200},"data":[%s]%s}`, strings.Join(entries, ","), page.pagination))(r)
	})
}

func mediaID(m *instagram.MediaEntry) string   { return m.ID }
func userID(u *instagram.UserShortInfo) string { return u.ID }

// walk collects the ids of a list until it ends.
func walk[T any](ctx context.Context, pager *instagram.Pager[T], id func(*T) string) (string, error) {
	var ids []string
	for item, err := range pager.All(ctx) {
		if err != nil {
			return strings.Join(ids, " "), err
		}
		ids = append(ids, id(item))
	}
	return strings.Join(ids, " "), nil
}

// Each kind of pagination is followed to the end, by next_url or by id, without going where
// next_url points.
func TestPaginationKinds(t *testing.T) {
	recent := func(c *instagram.Client) (string, error) {
		return walk(context.Background(), c.Users.RecentMedia(instagram.Self, &instagram.UserMediaOptions{Count: 2}), mediaID)
	}
	liked := func(c *instagram.Client) (string, error) {
		return walk(context.Background(), c.Users.LikedMedia(nil), mediaID)
	}
	follows := func(c *instagram.Client) (string, error) {
		return walk(context.Background(), c.Relationships.Follows("7", nil), userID)
	}
	tagged := func(c *instagram.Client) (string, error) {
		return walk(context.Background(), c.Tags.RecentMedia("snow", nil), mediaID)
	}
	tests := map[string]struct {
		pages pages
		walk  func(*instagram.Client) (string, error)
	}{
		"next_url": {pages{
			"count=2":            {"1 2", `,"pagination":{"next_url":"http://evil.example/v1/users/7/media/recent?access_token=theirs&count=50&max_id=2_7&q=x"}`},
			"count=2&max_id=2_7": {"3", `,"pagination":{}`},
		}, recent},
		"next_max_id":          {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":"2"}`}, "count=2&max_id=2": {"3", ``}}, recent},
		"next_max_id a number": {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":22987123}`}, "count=2&max_id=22987123": {"3", ``}}, recent},
		"next_url before id":   {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":"9","next_url":"http://h/?max_id=2"}`}, "count=2&max_id=2": {"3", ``}}, recent},
		"id, next_url broken":  {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":"2","next_url":"http://h/?page=2"}`}, "count=2&max_id=2": {"3", ``}}, recent},
		"id, next_url no URL":  {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":"2","next_url":"http://h:x/%zz"}`}, "count=2&max_id=2": {"3", ``}}, recent},
		"paging, next":         {pages{"count=2": {"1 2", `,"paging":{"next":"http://h/?max_id=2"}`}, "count=2&max_id=2": {"3", `,"paging":null`}}, recent},
		"empty page, next":     {pages{"count=2": {"1 2", `,"pagination":{"next_max_id":"2"}`}, "count=2&max_id=2": {"", `,"pagination":{"next_max_id":"3"}`}, "count=2&max_id=3": {"3", ``}}, recent},
		"next_max_like_id":     {pages{"": {"1 2", `,"pagination":{"next_max_like_id":"2"}`}, "max_like_id=2": {"3", ``}}, liked},
		"liked, next_url":      {pages{"": {"1 2", `,"pagination":{"next_url":"http://h/?max_like_id=2"}`}, "max_like_id=2": {"3", ``}}, liked},
		"next_cursor":          {pages{"": {"1 2", `,"pagination":{"next_cursor":"a=&b"}`}, "cursor=a%3D%26b": {"3", ``}}, follows},
		"cursor, next_url":     {pages{"": {"1 2", `,"pagination":{"next_url":"http://h/?cursor=a%3D%26b"}`}, "cursor=a%3D%26b": {"3", ``}}, follows},
		"next_max_tag_id": {pages{
			"":             {"1 2", `,"pagination":{"next_max_tag_id":"2","next_max_id":"9","min_tag_id":"1","next_min_id":"1","deprecation_warning":"w"}`},
			"max_tag_id=2": {"3", `,"pagination":{"min_tag_id":"3","next_min_id":"3","deprecation_warning":"w"}`},
		}, tagged},
		"tag, next_max_id":  {pages{"": {"1 2", `,"pagination":{"next_max_id":"2"}`}, "max_tag_id=2": {"3", ``}}, tagged},
		"tag, old next_url": {pages{"": {"1 2", `,"pagination":{"next_url":"http://h/?max_id=2"}`}, "max_id=2": {"3", ``}}, tagged},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			tt.pages.serve(t, transport)
			ids, err := tt.walk(client)
			require.NoError(t, err)
			assert.Equal(t, "1 2 3", ids)
			assert.Equal(t, len(tt.pages), transport.GetTotalCallCount())
		})
	}
}

// A next page that cannot be asked for is an error, not the end.
func TestPaginationWithoutWayOn(t *testing.T) {
	client, transport := mockClient(t)
	pages{"": {"1", `,"pagination":{"next_url":"http://h/?page=2"}`}}.serve(t, transport)
	_, err := client.Users.Feed(nil).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrInvalidResponse)
	assert.EqualError(t, err, "instagram: GET /users/self/feed: 200: pagination.next_url does not say where the next page starts")
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999}, failure.RateLimit)
	assert.Equal(t, 1, failure.Attempts)
}

func TestPagerIsLazy(t *testing.T) {
	client, transport := mockClient(t)
	pager := client.Users.Feed(nil)
	_ = pager.All(t.Context())
	_ = pager.Pages(t.Context())
	assert.Zero(t, transport.GetTotalCallCount())
}

func TestPagerNext(t *testing.T) {
	client, transport := mockClient(t)
	pages{
		"":         {"1 2", `,"pagination":{"next_url":"https://u:p@h/?max_id=2&access_token=` + testToken + `&sig=5"}`},
		"max_id=2": {"3", ``},
	}.serve(t, transport)
	pager := client.Users.Feed(nil)

	page, err := pager.Next(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 2)
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999}, page.RateLimit)
	assert.Equal(t, 200, page.Meta.Code)
	assert.Equal(t, "https://h/?max_id=2", page.Pagination.NextURL, "no credentials in what may be logged")
	assert.Equal(t, instagram.Cursor("max_id=2"), page.Cursor())

	page, err = pager.Next(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 1)
	assert.Equal(t, instagram.CursorEnd, page.Cursor())

	for range 2 {
		_, err = pager.Next(t.Context())
		assert.Equal(t, io.EOF, err)
	}
	assert.Equal(t, 2, transport.GetTotalCallCount())
}

func TestPagerFrom(t *testing.T) {
	client, transport := mockClient(t)
	pages{
		"":         {"1 2", `,"pagination":{"next_max_id":"2"}`},
		"max_id=2": {"3 4", `,"pagination":{"next_max_id":"4"}`},
		"max_id=4": {"5", ``},
	}.serve(t, transport)
	pager := client.Users.Feed(nil)
	page, err := pager.Next(t.Context())
	require.NoError(t, err)

	ids, err := walk(t.Context(), client.Users.Feed(nil).From(page.Cursor()), mediaID)
	require.NoError(t, err)
	assert.Equal(t, "3 4 5", ids)

	ids, err = walk(t.Context(), client.Users.Feed(nil).From(instagram.CursorEnd), mediaID)
	require.NoError(t, err)
	assert.Empty(t, ids, "a finished walk stays finished")
	ids, err = walk(t.Context(), pager.From(""), mediaID)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3 4 5", ids)
}

// A loop that ends early leaves the rest to come first.
func TestPagerBreak(t *testing.T) {
	client, transport := mockClient(t)
	pages{
		"":         {"1 2 3", `,"pagination":{"next_max_id":"3"}`},
		"max_id=3": {"4", ``},
	}.serve(t, transport)
	pager := client.Users.Feed(nil)
	for media, err := range pager.All(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "1", media.ID)
		break
	}
	assert.Equal(t, 1, transport.GetTotalCallCount(), "breaking out stops at once")
	ids, err := walk(t.Context(), pager, mediaID)
	require.NoError(t, err)
	assert.Equal(t, "2 3 4", ids)
}

func TestPagerLoop(t *testing.T) {
	for name, list := range map[string]pages{
		"the same page":     {"": {"1", `,"pagination":{"next_max_id":"1"}`}, "max_id=1": {"2", `,"pagination":{"next_max_id":"1"}`}},
		"back to the first": {"": {"1", `,"pagination":{"next_max_id":"1"}`}, "max_id=1": {"2", `,"pagination":{"next_max_id":"2"}`}, "max_id=2": {"", `,"pagination":{"next_max_id":"1"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			list.serve(t, transport)
			pager := client.Users.Feed(nil)
			ids, err := walk(t.Context(), pager, mediaID)
			require.ErrorIs(t, err, instagram.ErrPaginationLoop)
			assert.Equal(t, "1 2", ids)
			assert.Equal(t, len(list), transport.GetTotalCallCount())
			_, err = pager.Next(t.Context())
			assert.ErrorIs(t, err, instagram.ErrPaginationLoop, "and stays so")
		})
	}
}

// An error in a page leaves those before it delivered, and the page is tried again.
func TestPagerError(t *testing.T) {
	client, transport := mockClient(t)
	failures := 1
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		at := query.Get("max_id")
		if at == "6" && failures > 0 {
			failures--
			return answer(404, `{"meta":{"code":404,"error_type":"APINotFoundError"}}`)(r)
		}
		var n int
		_, _ = fmt.Sscan(at, &n)
		next := fmt.Sprintf(`,"pagination":{"next_max_id":"%d"}`, n+1)
		if n == 9 {
			next = ""
		}
		return answer(200, fmt.Sprintf(`{"meta":{"code":200},"data":[{"id":"%d"}]%s}`, n+1, next))(r)
	})
	pager := client.Users.Feed(nil)
	ids, err := walk(t.Context(), pager, mediaID)
	require.ErrorIs(t, err, instagram.ErrNotFound)
	assert.Equal(t, "1 2 3 4 5 6", ids)

	page, err := pager.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "7", page.Items[0].ID)
	ids, err = walk(t.Context(), pager, mediaID)
	require.NoError(t, err)
	assert.Equal(t, "8 9 10", ids)
}

func TestPagerContext(t *testing.T) {
	client, transport := mockClient(t)
	pages{
		"":         {"1 2 3", `,"pagination":{"next_max_id":"3"}`},
		"max_id=3": {"4", ``},
	}.serve(t, transport)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pager := client.Users.Feed(nil)
	var ids []string
	var last error
	for media, err := range pager.All(ctx) {
		if last = err; err != nil {
			break
		}
		ids = append(ids, media.ID)
		if len(ids) == 2 {
			cancel()
		}
	}
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.ErrorIs(t, last, context.Canceled)

	_, err := client.Users.Feed(nil).Next(ctx)
	assert.ErrorIs(t, err, context.Canceled)

	rest, err := walk(t.Context(), pager, mediaID)
	require.NoError(t, err)
	assert.Equal(t, "3 4", rest)
}

// A cursor is the place and nothing else.
func TestCursorHasNoSecrets(t *testing.T) {
	client, transport := mockClient(t)
	pages{"": {"1", `,"pagination":{"next_url":"http://h/?access_token=` + url.QueryEscape(testToken) + `&max_id=1"}`}}.serve(t, transport)
	page, err := client.Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, instagram.Cursor("max_id=1"), page.Cursor())
}

// Nor has what else a page says of those around it.
func TestPaginationHasNoSecrets(t *testing.T) {
	client, transport := mockClient(t)
	pages{"": {"1", `,"pagination":{"next_url":"http://h/?max_id=1","next":"http://h/?access_token=` + testToken + `\u0026max_id=2",
		"links":{"back":["http://h/?max_id=0\u0026sig=5#top","http://h/?q=access_token"]}}`}}.serve(t, transport)
	page, err := client.Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	assert.JSONEq(t, `{"next_url":"http://h/?max_id=1","next":"http://h/?access_token=[redacted]&max_id=2",
		"links":{"back":["http://h/?max_id=0&sig=[redacted]#top","http://h/?q=access_token"]}}`, marshalled(t, page.Pagination))
}

func marshalled(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// Skipped entries are never silent.
func TestLenientDecoding(t *testing.T) {
	const body = `{"meta":{"code":200},"data":[{"id":"1"},{"id":"2","likes":{"count":"x"}},{"id":"3"}]}`

	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, body))
	_, err := client.Users.Feed(nil).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrInvalidResponse)
	var bad *instagram.DecodeError
	require.ErrorAs(t, err, &bad)
	assert.Contains(t, bad.Path, "likes.count")

	client, transport = mockClient(t, instagram.WithLenientDecoding())
	transport.RegisterNoResponder(answer(200, body))
	page, err := client.Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 2)
	require.Len(t, page.Skipped, 1)
	assert.True(t, errors.As(page.Skipped[0], &bad))

	_, err = client.Media.Popular(t.Context())
	require.ErrorAs(t, err, &bad, "a list without pages cannot say what it left out")
	assert.Equal(t, "data[1].likes.count", bad.Path)
}

// pagesOf is a list of the numbers up to n in pages of size, as a function that fakes its server.
func pagesOf(n, size int, asked *[]instagram.Cursor) func(context.Context, instagram.Cursor) (*instagram.Page[instagram.MediaEntry], error) {
	return func(_ context.Context, at instagram.Cursor) (*instagram.Page[instagram.MediaEntry], error) {
		if asked != nil { // a list that is fetched ahead has it nil
			*asked = append(*asked, at)
		}
		query, _ := url.ParseQuery(string(at))
		first, _ := strconv.Atoi(cmp.Or(query.Get("max_id"), "0"))
		page := &instagram.Page[instagram.MediaEntry]{}
		for id := first + 1; id <= min(first+size, n); id++ {
			page.Items = append(page.Items, &instagram.MediaEntry{ID: strconv.Itoa(id)})
		}
		if first+size < n {
			page.Pagination.NextMaxID = strconv.Itoa(first + size)
		}
		return page, nil
	}
}

func TestNewPager(t *testing.T) {
	var asked []instagram.Cursor
	items, err := instagram.NewPager(pagesOf(7, 3, &asked)).Collect(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2", "3", "4", "5", "6", "7"}, ids(items))
	assert.Equal(t, []instagram.Cursor{"", "max_id=3", "max_id=6"}, asked)

	fails := instagram.NewPager(func(context.Context, instagram.Cursor) (*instagram.Page[int], error) { return nil, io.ErrClosedPipe })
	_, err = fails.Next(t.Context())
	require.ErrorIs(t, err, io.ErrClosedPipe)
	ends := instagram.NewPager(func(context.Context, instagram.Cursor) (*instagram.Page[int], error) { return nil, io.EOF })
	_, err = ends.Collect(t.Context(), 0)
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure, "a list that breaks off is no list that ends")
	require.ErrorIs(t, err, io.EOF)
	nothing := instagram.NewPager(func(context.Context, instagram.Cursor) (*instagram.Page[int], error) { return nil, nil })
	_, err = nothing.Next(t.Context())
	require.ErrorContains(t, err, "neither a page nor an error")
}

func TestCollect(t *testing.T) {
	var asked []instagram.Cursor
	pager := instagram.NewPager(pagesOf(10, 4, &asked))
	for _, want := range [][]string{{"1", "2", "3", "4", "5"}, {"6", "7", "8", "9", "10"}, {}} {
		items, err := pager.Collect(t.Context(), 5)
		require.NoError(t, err)
		assert.Equal(t, want, ids(items))
	}
	assert.Len(t, asked, 3, "no page twice")

	_, err := pager.Collect(t.Context(), -1)
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)

	broken := instagram.NewPager(func(ctx context.Context, at instagram.Cursor) (*instagram.Page[instagram.MediaEntry], error) {
		if at != "" {
			return nil, io.ErrClosedPipe
		}
		return pagesOf(10, 4, &asked)(ctx, at)
	})
	items, err := broken.Collect(t.Context(), 9)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	assert.Len(t, items, 4, "what it has got by then")
}

// A walk can be left at any entry, and be gone on with elsewhere.
func TestPagerCursor(t *testing.T) {
	for _, prefetch := range []int{0, 2} {
		for stop := range 11 {
			pager := instagram.NewPager(pagesOf(10, 4, nil)).Prefetch(prefetch)
			var first []string
			if stop > 0 {
				for item, err := range pager.All(t.Context()) {
					require.NoError(t, err)
					first = append(first, item.ID)
					elsewhere, err := instagram.NewPager(pagesOf(10, 4, nil)).From(pager.Cursor()).Collect(t.Context(), 0)
					require.NoError(t, err, "within the loop")
					assert.Len(t, append(first, ids(elsewhere)...), 10)
					if len(first) == stop {
						break
					}
				}
			}
			place := pager.Cursor()
			rest, err := instagram.NewPager(pagesOf(10, 4, nil)).From(place).Collect(t.Context(), 0)
			require.NoError(t, err)
			assert.Equal(t, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}, append(first, ids(rest)...), string(place))

			more, err := pager.Collect(t.Context(), 1) // the same walk goes on, and is left again
			require.NoError(t, err)
			again, err := instagram.NewPager(pagesOf(10, 4, nil)).From(pager.Cursor()).Collect(t.Context(), 0)
			require.NoError(t, err)
			assert.Equal(t, []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"},
				append(append(first, ids(more)...), ids(again)...), string(pager.Cursor()))
		}
	}

	// What was added in between is not taken for what was read.
	pager := instagram.NewPager(pagesOf(10, 4, nil))
	_, err := pager.Collect(t.Context(), 2)
	require.NoError(t, err)
	grown := func(first string) []string {
		items, err := instagram.NewPager(func(ctx context.Context, at instagram.Cursor) (*instagram.Page[instagram.MediaEntry], error) {
			page, err := pagesOf(10, 4, nil)(ctx, at)
			if at == "" {
				page.Items = append([]*instagram.MediaEntry{{ID: first}}, page.Items...)
			}
			return page, err
		}).From(pager.Cursor()).Collect(t.Context(), 0)
		require.NoError(t, err)
		return ids(items)
	}
	assert.Equal(t, []string{"3", "4", "5", "6", "7", "8", "9", "10"}, grown("new"))
}

// Where entries have no id, their number on the page counts.
func TestPagerCursorOfOtherEntries(t *testing.T) {
	page := func(context.Context, instagram.Cursor) (*instagram.Page[string], error) {
		a, b, c := "a", "b", "c"
		return &instagram.Page[string]{Items: []*string{&a, &b, &c}}, nil
	}
	pager := instagram.NewPager(page)
	_, err := pager.Collect(t.Context(), 2)
	require.NoError(t, err)
	rest, err := instagram.NewPager(page).From(pager.Cursor()).Collect(t.Context(), 0)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	assert.Equal(t, "c", *rest[0])
}

// Whatever ends a walk is an *Error that names its endpoint.
func TestErrorsOfAWalkNameTheEndpoint(t *testing.T) {
	const endless = `{"meta":{"code":200},"data":[{"id":"1"},{"id":"2"}],"pagination":{"next_max_id":"3"}}`
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, walk := range map[string]func(*instagram.Pager[instagram.MediaEntry]) error{
		"loop": func(p *instagram.Pager[instagram.MediaEntry]) error {
			_, err := p.Collect(t.Context(), 100)
			return err
		},
		"ended context": func(p *instagram.Pager[instagram.MediaEntry]) error {
			_, err := p.Next(ended)
			return err
		},
		"context that ends between entries": func(p *instagram.Pager[instagram.MediaEntry]) (last error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, err := range p.All(ctx) {
				cancel()
				last = err
			}
			return last
		},
		"context that ends with pages fetched ahead": func(p *instagram.Pager[instagram.MediaEntry]) (last error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, err := range p.Prefetch(2).Pages(ctx) {
				cancel()
				last = err
			}
			return last
		},
		"no context": func(p *instagram.Pager[instagram.MediaEntry]) error {
			_, err := p.Next(nil) //nolint:staticcheck // which is the point
			return err
		},
		"limit": func(p *instagram.Pager[instagram.MediaEntry]) error {
			_, err := p.Collect(t.Context(), -1)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(200, endless))
			var e *instagram.Error
			require.ErrorAs(t, walk(client.Users.Feed(nil)), &e)
			assert.Equal(t, "/users/self/feed", e.Endpoint)
			assert.Equal(t, "GET", e.Method)
		})
	}
}

// Nothing that a caller hands over makes a walk panic.
func TestPagerOfNothing(t *testing.T) {
	_, err := new(instagram.Pager[instagram.MediaEntry]).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	_, err = instagram.NewPager[instagram.MediaEntry](nil).Next(t.Context())
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)

	var asked []instagram.Cursor
	pager := instagram.NewPager(pagesOf(10, 4, &asked))
	_, err = pager.Collect(t.Context(), 1)
	require.NoError(t, err)
	_, err = pager.Collect(nil, 1) //nolint:staticcheck // which is the point
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	items, err := pager.Collect(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"2"}, ids(items))

	for _, cursor := range []instagram.Cursor{"taken=-1", "taken=x", "taken=100&last=5", "%zz", "max_id=1&max_id=2&taken=1", "taken=1&last="} {
		assert.NotPanics(t, func() { _, _ = instagram.NewPager(pagesOf(10, 4, &asked)).From(cursor).Collect(t.Context(), 3) })
	}
	_, err = instagram.NewClient(nil)
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
}
