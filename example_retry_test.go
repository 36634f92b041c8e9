package instagram_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// A program that would rather wait than fail is more patient than the default.
func ExampleWithRetry() {
	server := instagramtest.NewServer()
	defer server.Close()
	server.Fail("GET /users/{user-id}", instagramtest.Fault{Status: http.StatusBadGateway}, 4)

	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithRetry(instagram.RetryPolicy{MaxAttempts: 6, BaseDelay: time.Millisecond, MaxDelay: 2 * time.Minute}),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	user, err := client.Users.Get(context.Background(), instagram.Self)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Username, "after", len(server.Requests()), "attempts")
	// Output: mira.solane after 5 attempts
}

// A limiter that does not wait says when the call would have had its turn.
func ExampleNewHourlyLimiter() {
	server := instagramtest.NewServer()
	defer server.Close()

	limiter, err := instagram.NewHourlyLimiter(instagram.HourlyLimits{Calls: 20, FailFast: true})
	if err != nil {
		log.Fatal(err)
	}
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithLimiter(limiter),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for {
		_, err := client.Users.Get(context.Background(), instagram.Self)
		if full, ok := errors.AsType[*instagram.LimitError](err); ok {
			fmt.Println("next in", full.RetryAfter.Round(10*time.Second))
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(client.RateLimit().Remaining, "remain")
	}
	// Output:
	// 4999 remain
	// 4998 remain
	// next in 3m20s
}

// Each call is a line, whatever came of it.
func ExampleWithLogger() {
	server := instagramtest.NewServer()
	defer server.Close()
	server.Fail("POST /media/{media-id}/likes", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)

	handler := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" { // which differ each time
				return slog.Attr{}
			}
			return a
		},
	})
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithLogger(slog.New(handler)),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	page, err := client.Users.RecentMedia(instagram.Self, nil).Next(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	_ = client.Likes.Like(context.Background(), page.Items[0].ID)
	_ = client.Likes.Like(context.Background(), "0")
	// Output:
	// level=INFO msg="instagram call" method=GET endpoint=/users/{user-id}/media/recent status=200 attempt=1 remaining=4999
	// level=INFO msg="instagram call" method=POST endpoint=/media/{media-id}/likes status=200 attempt=2 remaining=4998
	// level=WARN msg="instagram call" method=POST endpoint=/media/{media-id}/likes status=400 attempt=1 remaining=4997 error="instagram: POST /media/{media-id}/likes: 400 APINotFoundError: invalid media id"
}

// tracing stands for what looks at requests, such as OpenTelemetry's otelhttp.NewTransport, which
// goes in the same place.
type tracing struct{ next http.RoundTripper }

func (t tracing) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.next.RoundTrip(r)
	if err == nil {
		fmt.Println("span:", r.Method, r.URL.Path, res.StatusCode) // the query holds the token
	}
	return res, err
}

// What traces and counts requests goes around the transport: each attempt of a call is one request,
// with the context of the call.
func ExampleNewTransport() {
	server := instagramtest.NewServer()
	defer server.Close()
	server.Fail("GET /users/{user-id}", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)

	transport := instagram.NewTransport()
	transport.ResponseHeaderTimeout = 5 * time.Second
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
		instagram.WithHTTPClient(&http.Client{Transport: tracing{transport}, Timeout: 10 * time.Second}),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer transport.CloseIdleConnections() // which client.Close cannot reach through tracing
	if _, err := client.Users.Get(context.Background(), instagram.Self); err != nil {
		log.Fatal(err)
	}
	// Output:
	// span: GET /v1/users/self 503
	// span: GET /v1/users/self 200
}

// The next page is on its way while the loop handles this one.
func ExamplePager_Prefetch() {
	server := instagramtest.NewServer(instagramtest.WithTime(time.Date(2017, 6, 1, 12, 0, 0, 0, time.UTC)))
	defer server.Close()
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()), // of your server
		instagram.WithAccessToken(server.AccessToken("mira.solane")),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	n := 0
	for page, err := range client.Users.RecentMedia(instagram.Self, nil).Prefetch(1).Pages(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		n += len(page.Items)
	}
	fmt.Println(n, "media")
	// Output: 240 media
}
