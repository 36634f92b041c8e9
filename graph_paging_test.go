package instagram_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

func graphID(m *instagram.GraphMedia) string { return m.ID }

// serveGraph answers with the list 1 to 9, three a page, as the Graph does: with cursors on every
// page, and with URLs of another host where there is a page.
func serveGraph(t *testing.T, transport *httpmock.MockTransport) {
	ids := strings.Fields("1 2 3 4 5 6 7 8 9")
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		query := r.URL.Query()
		assert.Equal(t, "graph.instagram.com", r.URL.Host, "the token stays")
		assert.Equal(t, testToken, query.Get("access_token"))
		assert.Equal(t, "3", query.Get("limit"))
		first := slices.Index(ids, query.Get("after")) + 1
		if before := query.Get("before"); before != "" {
			assert.False(t, query.Has("after"))
			first = slices.Index(ids, before) - 3
		}
		var data []string
		for _, id := range ids[first : first+3] {
			data = append(data, fmt.Sprintf(`{"id":%q}`, id))
		}
		paging := fmt.Sprintf(`"cursors":{"before":%q,"after":%q}`, ids[first], ids[first+2])
		const elsewhere = "http://graph.elsewhere.example/v3.2/7/media?access_token=" + testToken + "&limit=1"
		if first+3 < len(ids) {
			paging += fmt.Sprintf(`,"next":"%s&after=%s"`, elsewhere, ids[first+2])
		}
		if first > 0 {
			paging += fmt.Sprintf(`,"previous":"%s&before=%s"`, elsewhere, ids[first])
		}
		return answer(200, fmt.Sprintf(`{"data":[%s],"paging":{%s}}`, strings.Join(data, ","), paging))(r)
	})
}

func TestGraphPaging(t *testing.T) {
	client, transport := mockClient(t)
	serveGraph(t, transport)
	opts := &instagram.GraphMediaOptions{Limit: 3}

	ids, err := walk(t.Context(), client.Graph.UserMedia("me", opts), graphID)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3 4 5 6 7 8 9", ids)
	ids, err = walk(t.Context(), client.Graph.Entries("me", opts), mediaID)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3 4 5 6 7 8 9", ids)
}

// A walk turns round where it is asked to, in another client too.
func TestGraphBackward(t *testing.T) {
	client, transport := mockClient(t)
	serveGraph(t, transport)
	opts := &instagram.GraphMediaOptions{Limit: 3}
	pages := []*instagram.Page[instagram.GraphMedia]{}
	for page, err := range client.Graph.UserMedia("me", opts).Pages(t.Context()) {
		require.NoError(t, err)
		pages = append(pages, page)
	}
	require.Len(t, pages, 3)
	_, ok := pages[0].Reverse()
	assert.False(t, ok, "nothing is before the first page")
	assert.Equal(t, instagram.CursorEnd, pages[2].Cursor())
	back, ok := pages[2].Reverse()
	require.True(t, ok)
	assert.Equal(t, instagram.Cursor("before=7"), back)

	another, transport := mockClient(t)
	serveGraph(t, transport)
	pager := another.Graph.Entries("me", opts).From(back)
	page, err := pager.Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "4", page.Items[0].ID, "entries keep their order")
	assert.Equal(t, instagram.Cursor("before=4"), page.Cursor())
	forward, ok := page.Reverse()
	require.True(t, ok)
	assert.Equal(t, instagram.Cursor("after=6"), forward)

	ids, err := walk(t.Context(), pager, mediaID)
	require.NoError(t, err)
	assert.Equal(t, "1 2 3", ids, "back to the start, which is the end")
	ids, err = walk(t.Context(), pager.From(forward), mediaID)
	require.NoError(t, err)
	assert.Equal(t, "7 8 9", ids)
}

func TestV1PagesHaveNoReverse(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, `{"meta":{"code":200},"data":[],"paging":{"cursors":{"before":"1"},"previous":"https://h/?before=1","next":"https://h/?max_id=1"}}`))
	page, err := client.Users.Feed(nil).Next(t.Context())
	require.NoError(t, err)
	_, ok := page.Reverse()
	assert.False(t, ok)
	assert.Equal(t, instagram.Cursor("max_id=1"), page.Cursor())
}

// Of paging, only cursors are used, and only a URL says that there is a page.
func TestGraphPagingShapes(t *testing.T) {
	const cursors = `"cursors":{"before":"b","after":"a"}`
	tests := map[string]struct {
		paging  string
		next    instagram.Cursor
		reverse instagram.Cursor
	}{
		"none":                     {``, instagram.CursorEnd, ""},
		"empty":                    {`,"paging":{}`, instagram.CursorEnd, ""},
		"null":                     {`,"paging":null`, instagram.CursorEnd, ""},
		"only page":                {`,"paging":{` + cursors + `}`, instagram.CursorEnd, ""},
		"URLs, empty":              {`,"paging":{` + cursors + `,"next":"","previous":null}`, instagram.CursorEnd, ""},
		"middle":                   {`,"paging":{` + cursors + `,"next":"https://h/?after=A","previous":"https://h/?before=B"}`, "after=A", "before=B"},
		"URLs without cursors":     {`,"paging":{"next":"https://h/?after=A&before=x","previous":"https://h/?before=B&after=x"}`, "after=A", "before=B"},
		"URLs cut off":             {`,"paging":{` + cursors + `,"next":"https://graph.elsewh...","previous":"https://h"}`, "after=a", "before=b"},
		"URLs that are none":       {`,"paging":{` + cursors + `,"next":"http://%zz","previous":":"}`, "after=a", "before=b"},
		"cursor to escape":         {`,"paging":{"cursors":{"after":"a&access_token=x=="},"next":"https://h"}`, "after=a%26access_token%3Dx%3D%3D", ""},
		"way back without cursor":  {`,"paging":{"cursors":{"after":"a"},"next":"https://h","previous":"https://h"}`, "after=a", ""},
		"cursors as numbers":       {`,"paging":{"cursors":{"after":12},"next":"https://h"}`, "after=12", ""},
		"other parameters ignored": {`,"paging":{` + cursors + `,"next":"https://h/?max_id=1&access_token=theirs"}`, "after=a", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(200, `{"data":[{"id":"1"}]`+tt.paging+`}`))
			page, err := client.Graph.UserMedia("me", nil).Next(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.next, page.Cursor())
			reverse, ok := page.Reverse()
			assert.Equal(t, tt.reverse, reverse)
			assert.Equal(t, tt.reverse != "", ok)
		})
	}
}

// A next page that cannot be asked for is an error, not the end.
func TestGraphPagingWithoutWayOn(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, `{"data":[],"paging":{"next":"https://h/?since=1","previous":"https://h/?until=1"}}`))
	for _, at := range []instagram.Cursor{"", "before=x"} {
		_, err := client.Graph.UserMedia("me", nil).From(at).Next(t.Context())
		require.ErrorIs(t, err, instagram.ErrInvalidResponse)
		assert.ErrorContains(t, err, "no cursor")
	}
}

// What a page keeps of paging can be logged.
func TestGraphPagingHasNoSecrets(t *testing.T) {
	client, transport := mockClient(t)
	serveGraph(t, transport)
	page, err := client.Graph.Entries("me", &instagram.GraphMediaOptions{Limit: 3}).From("after=3").Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "http://graph.elsewhere.example/v3.2/7/media?after=6&limit=1", page.Pagination.NextURL)
	assert.Equal(t, "http://graph.elsewhere.example/v3.2/7/media?before=4&limit=1", page.Pagination.PreviousURL)
	assert.Equal(t, instagram.GraphCursors{Before: "4", After: "6"}, page.Pagination.Cursors)
}

// A server that goes in circles does not hold a walk for ever, either way.
func TestGraphPagingLoop(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(answer(200, `{"data":[{"id":"1"}],"paging":{"next":"https://h/?after=1","previous":"https://h/?before=1"}}`))
	for _, at := range []instagram.Cursor{"", "before=9"} {
		before := transport.GetTotalCallCount()
		ids, err := walk(t.Context(), client.Graph.UserMedia("me", nil).From(at), graphID)
		require.ErrorIs(t, err, instagram.ErrPaginationLoop)
		assert.Equal(t, "1 1", ids)
		assert.Equal(t, 2, transport.GetTotalCallCount()-before)
	}
}

// Entries that do not decode are reported by the pager of the bridge too.
func TestGraphEntriesSkipped(t *testing.T) {
	client, transport := mockClient(t, instagram.WithLenientDecoding())
	transport.RegisterNoResponder(answer(200, `{"data":[{"id":"1"},{"id":"2","timestamp":"soon"},`+strconv.Quote("x")+`]}`))
	page, err := client.Graph.Entries("me", nil).Next(t.Context())
	require.NoError(t, err)
	assert.Len(t, page.Items, 1)
	assert.Len(t, page.Skipped, 2)
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999}, page.RateLimit)
}
