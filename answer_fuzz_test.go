package instagram_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// FuzzAnswer answers calls with arbitrary bytes, header and all. Whatever they are, a call returns
// in time, in bounded memory, with a value or an *Error that holds no secret.
func FuzzAnswer(f *testing.F) {
	answers := []string{
		"Content-Length: 60\r\n\r\n" + goodAnswer,
		"Content-Type: application/json; charset=utf-8\r\nX-Ratelimit-Limit: 5000\r\nX-Ratelimit-Remaining: 4999\r\n\r\n" +
			`{"meta":{"code":200},"data":[{"id":"1"}],"pagination":{"next_url":"http://h/?max_id=1&access_token=` + testToken + `"}}`,
		"Content-Encoding: gzip\r\n\r\n" + gzipped(goodAnswer),
		"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n",
		"Retry-After: 0\r\n\r\n" + `{"code":429,"error_type":"OAuthRateLimitException"}`,
		"Location: /v1/users/7?access_token=" + testToken + "\r\n\r\n",
		"\r\n" + strings.Repeat("[", 2000),
	}
	for _, status := range []string{"200 OK", "302 Found", "400 Bad Request", "429 Too Many Requests", "503 Service Unavailable"} {
		for _, answer := range answers {
			f.Add([]byte("HTTP/1.1 " + status + "\r\n" + answer))
		}
	}
	f.Add([]byte("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"))
	f.Add([]byte(""))

	f.Fuzz(func(t *testing.T, answer []byte) {
		transport := instagram.NewTransport()
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
					_, _ = server.Write(answer)
				}
			}()
			return client, nil
		}
		client := dialing(t, "http://v1.example/v1",
			instagram.WithHTTPClient(&http.Client{Transport: transport}),
			instagram.WithMaxBodySize(1<<20),
			instagram.WithTimeout(5*time.Second),
			instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 2, BaseDelay: time.Nanosecond, MaxDelay: time.Millisecond}),
			instagram.WithLenientDecoding())
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()

		check := func(err error) {
			if err == nil {
				return
			}
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.NotContains(t, err.Error(), testToken)
			assert.Less(t, len(err.Error()), 4000)
			assert.NotErrorIs(t, err, io.EOF)
		}
		before := allocated()
		_, err := client.Users.Get(ctx, "7")
		check(err)
		_, err = client.Comments.Create(ctx, "7", "hi")
		check(err)
		check(client.Likes.Like(ctx, "7"))
		_, err = client.Users.Feed(nil).Prefetch(1).Next(ctx)
		check(err)
		require.NoError(t, ctx.Err(), "no call hangs")
		assert.Less(t, (allocated()-before)>>20, uint64(64), "MiB allocated")
	})
}
