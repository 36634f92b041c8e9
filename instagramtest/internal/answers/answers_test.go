package answers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest/internal/answers"
)

func file(l *answers.Log, path, body string) {
	d := l.Begin()
	d.Path = path
	d.Write([]byte(body)) //nolint:errcheck // it never fails
	l.End(d)
}

func TestLogKeepsTheLatest(t *testing.T) {
	var l answers.Log
	for i := range answers.Kept + 5 {
		file(&l, "/users/self", strings.Repeat("x", i))
	}
	list := l.After(0)
	require.Len(t, list, answers.Kept)
	assert.Equal(t, uint64(6), list[0].ID)
	for _, a := range list {
		got, ok := l.Get(a.ID)
		require.True(t, ok)
		assert.Len(t, got.Body, int(a.ID)-1, "memory that is used again holds one body at a time")
	}
	_, ok := l.Get(5)
	assert.False(t, ok)
	assert.Len(t, l.After(100), 5)

	l.Clear()
	assert.Empty(t, l.After(0))
	file(&l, "/", "")
	assert.Equal(t, uint64(answers.Kept+6), l.After(0)[0].ID)
}

func TestLogKeepsSomeOfALongBody(t *testing.T) {
	var l answers.Log
	d := l.Begin()
	for range 3 {
		n, err := d.Write(make([]byte, answers.MaxBody/2))
		require.NoError(t, err)
		require.Equal(t, answers.MaxBody/2, n)
	}
	l.End(d)
	got, _ := l.Get(1)
	assert.Len(t, got.Body, answers.MaxBody)
	assert.True(t, got.Cut)
}

func TestLogTellsManyWatchers(t *testing.T) {
	var l answers.Log
	const watchers, calls = 8, 300
	var watching, writing sync.WaitGroup
	for range watchers {
		told, stop := l.Watch()
		watching.Go(func() {
			defer stop()
			var last uint64
			for last < calls {
				<-told
				for _, a := range l.After(last) {
					assert.Greater(t, a.ID, last)
					last = a.ID
				}
			}
		})
	}
	for range 3 {
		writing.Go(func() {
			for range calls / 3 {
				file(&l, "/users/self", "{}")
			}
		})
	}
	writing.Wait()
	watching.Wait()
}

func TestMask(t *testing.T) {
	a := answers.Answer{
		Params: url.Values{"access_token": {"1.secret"}, "q": {"mira"}, "code": {"secret"}},
		Header: http.Header{"Location": {"http://app.example/back?code=secret&state=1", "http://app.example/#access_token=1.secret"}},
		Body: `{"access_token":"1.secret","meta":{"code":400},"data":{"error_type":"code=x"},"pagination":{"next_url":` +
			`"http:\/\/server\/v1\/users\/self?access_token=1.secret&count=2&sig=secret&max_id=5"}}`,
	}
	got := a.Mask()
	assert.Equal(t, url.Values{"access_token": {"***"}, "q": {"mira"}, "code": {"***"}}, got.Params)
	assert.Equal(t, http.Header{"Location": {"http://app.example/back?code=***&state=1", "http://app.example/#access_token=***"}}, got.Header)
	assert.NotContains(t, got.Body, "secret")
	assert.Contains(t, got.Body, `count=2&sig=***&max_id=5"`)
	assert.Contains(t, got.Body, `"code":400`)
	assert.Contains(t, a.Body, "secret", "what is kept stays")
}
