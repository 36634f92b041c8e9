package instagram_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// remaining answers with what remains of a limit, as the headers say it.
func remaining(limit, remaining string) httpmock.Responder {
	return httpmock.NewStringResponder(200, `{"meta":{"code":200},"data":{"id":"7"}}`).
		HeaderSet(http.Header{"X-Ratelimit-Limit": {limit}, "X-Ratelimit-Remaining": {remaining}})
}

func TestRateLimit(t *testing.T) {
	client, transport := mockClient(t, instagram.WithClientCredentials("id", ""))
	call := func(c *instagram.Client, responder httpmock.Responder) {
		transport.RegisterNoResponder(responder)
		_, _ = c.Users.Get(t.Context(), "7")
	}
	ada, bob, nobody := client.WithToken("ada"), client.WithToken("bob"), client.WithTokenSource(nil)
	assert.Zero(t, ada.RateLimit())

	call(ada, remaining("5000", "4999"))
	call(bob, remaining("500", "17"))
	call(nobody, remaining("60", "59"))
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999}, ada.RateLimit())
	assert.Equal(t, instagram.RateLimit{Limit: 500, Remaining: 17}, bob.RateLimit())
	assert.Equal(t, instagram.RateLimit{Limit: 60, Remaining: 59}, nobody.RateLimit(), "of the client id")
	assert.Equal(t, instagram.RateLimit{Limit: 500, Remaining: 17}, client.WithToken("bob").RateLimit(), "one that was just derived")
	assert.Zero(t, client.RateLimit(), "no call was made with its own token")

	call(ada, answer(404, ""))
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999}, ada.RateLimit(), "errors say it too")
	for _, said := range [][2]string{{"", ""}, {"5000", ""}, {"", "3"}, {"NaN", "1"}, {"0", "0"}, {"-1", "5"}, {"99999999999999999999", "1"}} {
		call(bob, remaining(said[0], said[1]))
		assert.Equal(t, instagram.RateLimit{Limit: 500, Remaining: 17}, bob.RateLimit(), "%v says nothing", said)
	}
	call(bob, remaining("500", "-3"))
	assert.Equal(t, instagram.RateLimit{Limit: 500, Remaining: 0}, bob.RateLimit())

	transport.RegisterNoResponder(httpmock.NewStringResponder(200, `{"data":[]}`).HeaderSet(http.Header{"X-App-Usage": {`{"call_count":7}`}}))
	_, err := ada.WithGraphToken("ada").Graph.UserMedia("me", nil).Next(t.Context())
	require.NoError(t, err)
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4999, AppUsage: instagram.AppUsage{CallCount: 7}}, ada.RateLimit(), "of both servers")
	call(ada, remaining("5000", "4998"))
	assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 4998, AppUsage: instagram.AppUsage{CallCount: 7}}, ada.RateLimit())

	broken := client.WithTokenSource(tokenFunc(func() (*oauth2.Token, error) { return nil, errors.New("no") }))
	assert.Zero(t, broken.RateLimit())
}

// An answer that says nothing of the budget changes nothing, and before the first that does, there
// is nothing.
func TestRateLimitOfAnswersThatSayNothing(t *testing.T) {
	client, transport := mockClient(t)
	get := func(responder httpmock.Responder) {
		transport.RegisterNoResponder(responder)
		_, _ = client.Users.Get(t.Context(), "7")
	}
	nothing := httpmock.NewStringResponder(200, `{"meta":{"code":200},"data":{"id":"7"}}`)
	get(nothing)
	assert.Zero(t, client.RateLimit())
	get(remaining("5000", "17"))
	for _, responder := range []httpmock.Responder{
		nothing, httpmock.NewStringResponder(503, ""), httpmock.NewStringResponder(429, ""), httpmock.NewErrorResponder(errors.New("reset")),
	} {
		get(responder)
		assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 17}, client.RateLimit())
	}
}

// Of many tokens, the budgets of those used last are kept, and the others are forgotten.
func TestRateLimitForgetsTokens(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(remaining("5000", "17"))
	for i := range 30_000 {
		_, err := client.WithToken(fmt.Sprint("token", i)).Users.Get(t.Context(), "7")
		require.NoError(t, err)
	}
	for i := 29_999; i >= 20_000; i-- {
		require.NotZero(t, client.WithToken(fmt.Sprint("token", i)).RateLimit(), "%d", i)
	}
	assert.Zero(t, client.WithToken("token0").RateLimit(), "the memory is bounded")
}

func TestRateLimitConcurrently(t *testing.T) {
	client, transport := mockClient(t)
	transport.RegisterNoResponder(remaining("5000", "1"))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := client.WithToken(fmt.Sprint("token", i))
			for range 100 {
				_, err := mine.Users.Get(t.Context(), "7")
				assert.NoError(t, err)
				assert.Equal(t, instagram.RateLimit{Limit: 5000, Remaining: 1}, mine.RateLimit())
			}
		})
	}
	wg.Wait()
	require.Equal(t, 800, transport.GetTotalCallCount())
}

func TestRateLimitOfASourceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan struct{})
		client, _ := mockClient(t, instagram.WithTimeout(time.Minute), instagram.WithTokenSource(sourceFunc(func() (*oauth2.Token, error) {
			<-answer
			return &oauth2.Token{AccessToken: "late"}, nil
		})))
		start := time.Now()
		assert.Zero(t, client.RateLimit())
		assert.Equal(t, time.Minute, time.Since(start))
		close(answer)
		synctest.Wait()
	})
}
