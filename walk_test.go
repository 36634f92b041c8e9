package instagram_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// mediaPerPage is what the API sent at most.
const mediaPerPage = 33

// A mediaServer answers calls for media with one page after the other, until it has sent as many as
// it has.
type mediaServer struct{ left int }

func (e *mediaServer) RoundTrip(*http.Request) (*http.Response, error) {
	var page bytes.Buffer
	page.WriteString(`{"meta":{"code":200},"data":[`)
	for i := range min(mediaPerPage, e.left) {
		if i > 0 {
			page.WriteByte(',')
		}
		id := e.left - i
		fmt.Fprintf(&page, `{"id":"%d_7","type":"image","user":{"id":"7","username":"mira.solane","full_name":"Mira Solane","profile_picture":"https://images.example/7.jpg"},`+
			`"caption":{"id":"%d","text":"tide table, page by page #%d","created_time":"1400000000","from":{"id":"7","username":"mira.solane"}},`+
			`"comments":{"count":%d},"likes":{"count":%d},"images":{"standard_resolution":{"url":"https://images.example/%d.jpg","width":640,"height":640}},`+
			`"tags":["tide"],"created_time":"1400000000","link":"https://pages.example/p/%d/","users_in_photo":[],"user_has_liked":false,"street":"kept in Extra"}`,
			id, id, id, id%9, id%70, id, id)
	}
	page.WriteString(`],"pagination":{`)
	if e.left -= min(mediaPerPage, e.left); e.left > 0 {
		fmt.Fprintf(&page, `"next_max_id":"%d_7"`, e.left+1)
	}
	page.WriteString(`}}`)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(&page), ContentLength: int64(page.Len())}, nil
}

// A walk holds no more at its end than it did at page 10, however long it is. It is 30,000 media
// long here, or as long as WALK_MEDIA says:
//
//	WALK_MEDIA=1000000 go test -run TestWalkHoldsOnePage -v .
func TestWalkHoldsOnePage(t *testing.T) {
	total := 30_000
	if n, err := strconv.Atoi(os.Getenv("WALK_MEDIA")); err == nil {
		total = n
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL("http://api.example/v1"),
		instagram.WithAccessToken("token"),
		instagram.WithHTTPClient(&http.Client{Transport: &mediaServer{left: total}}),
	)
	require.NoError(t, err)
	var seen int
	var atPage10 uint64
	pager := client.Users.RecentMedia(instagram.Self, nil)
	for media, err := range pager.All(t.Context()) {
		require.NoError(t, err)
		require.NotEmpty(t, media.ID)
		if seen++; seen == 10*mediaPerPage {
			atPage10 = liveHeap()
		}
	}
	assert.Equal(t, total, seen)
	grown := int64(liveHeap()) - int64(atPage10)
	runtime.KeepAlive(pager)
	t.Logf("%d media; the live heap grew by %d kB from page 10 on", seen, grown>>10)
	assert.LessOrEqual(t, grown, int64(4<<20))
}

// An archive is walked in as little memory as its largest entry takes.
func TestDecodeAllHoldsOneEntry(t *testing.T) {
	const total = 20_000
	r, w := io.Pipe()
	go func() { // one answer with all media in its data
		pages := &mediaServer{left: total}
		_, _ = io.WriteString(w, `{"data":[`)
		for pages.left > 0 {
			res, _ := pages.RoundTrip(nil)
			body, _ := io.ReadAll(res.Body)
			body, _, _ = bytes.Cut(body[len(`{"meta":{"code":200},"data":[`):], []byte(`],"pagination"`))
			if pages.left > 0 {
				body = append(body, ',')
			}
			_, _ = w.Write(body)
		}
		_, _ = io.WriteString(w, `],"meta":{"code":200}}`)
		w.Close()
	}()
	var seen int
	var early, most uint64
	for _, err := range instagram.DecodeAll[instagram.MediaEntry](r) {
		require.NoError(t, err)
		if seen++; seen == 100 {
			early = liveHeap()
		} else if seen%4000 == 0 {
			most = max(most, liveHeap())
		}
	}
	assert.Equal(t, total, seen)
	assert.Less(t, int64(most)-int64(early), int64(1<<20))
}

func liveHeap() uint64 {
	runtime.GC()
	runtime.GC() // what pools held in the first one's shadow
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
