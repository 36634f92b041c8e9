package instagram_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// A middleware is around a call with all its attempts, and knows what came of it.
func TestMiddleware(t *testing.T) {
	type key struct{}
	var seen []instagram.Call
	var order []string
	wraps := 0
	named := func(name string) instagram.Option {
		return instagram.WithMiddleware(func(next instagram.CallFunc) instagram.CallFunc {
			wraps++
			return func(ctx context.Context, call *instagram.Call) error {
				order = append(order, name)
				err := next(context.WithValue(ctx, key{}, name), call)
				if name == "outer" {
					seen = append(seen, instagram.Call{
						Method: call.Method, Endpoint: call.Endpoint, StatusCode: call.StatusCode, Attempts: call.Attempts, RateLimit: call.RateLimit,
					})
				}
				return err
			}
		})
	}
	client, transport := retryingClient(t, named("outer"), named("inner"))
	script{answer(503, ""), answer(200, goodAnswer), answer(404, "")}.play(transport)
	user, err := client.Users.Get(t.Context(), "7")
	require.NoError(t, err)
	assert.Equal(t, "ada", user.Username)
	_, err = client.WithToken("other").Users.Get(t.Context(), "7")
	require.ErrorIs(t, err, instagram.ErrNotFound)
	_, err = client.Users.Get(t.Context(), "")
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	limit := instagram.RateLimit{Limit: 5000, Remaining: 4999}
	assert.Equal(t, []instagram.Call{
		{Method: "GET", Endpoint: "/users/{user-id}", StatusCode: 200, Attempts: 2, RateLimit: limit},
		{Method: "GET", Endpoint: "/users/{user-id}", StatusCode: 404, Attempts: 1, RateLimit: limit},
		{Method: "GET", Endpoint: "/users/{user-id}"},
	}, seen)
	assert.Equal(t, []string{"outer", "inner", "outer", "inner", "outer", "inner"}, order)
	assert.Equal(t, 2, wraps, "once each, however many calls there are")

	// A derived client has one more.
	order = nil
	_, _ = client.With(named("innermost")).Users.Get(t.Context(), "7")
	assert.Equal(t, []string{"outer", "inner", "innermost"}, order)
	order = nil
	_, _ = client.Users.Get(t.Context(), "7")
	assert.Equal(t, []string{"outer", "inner"}, order)
	_, err = client.Users.Get(nil, "7") //nolint:staticcheck // which is the point
	require.ErrorIs(t, err, instagram.ErrInvalidParameters)
}

// Whatever a middleware does, a call ends with a value or with an *Error.
func TestMiddlewareErrors(t *testing.T) {
	mine := errors.New("not today")
	for name, tt := range map[string]struct {
		status     int
		middleware func(next instagram.CallFunc) instagram.CallFunc
		want       error
		text       string
	}{
		"refuses": {200, func(instagram.CallFunc) instagram.CallFunc {
			return func(context.Context, *instagram.Call) error { return mine }
		}, mine, "instagram: GET /users/self/feed: not today"},
		"replaces": {404, func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, call *instagram.Call) error { return errors.Join(mine, next(ctx, call)) }
		}, instagram.ErrNotFound, "not today"},
		"hides": {404, func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, call *instagram.Call) error { _ = next(ctx, call); return nil }
		}, instagram.ErrNotFound, "404"},
		"does nothing": {200, func(instagram.CallFunc) instagram.CallFunc {
			return func(context.Context, *instagram.Call) error { return nil }
		}, nil, "must call next once"},
		"calls twice": {200, func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, call *instagram.Call) error {
				return errors.Join(next(ctx, call), next(ctx, call))
			}
		}, nil, "must call next once"},
		"a nil *Error": {200, func(instagram.CallFunc) instagram.CallFunc {
			return func(context.Context, *instagram.Call) error { return (*instagram.Error)(nil) }
		}, nil, "must call next once"},
		"makes up a call": {200, func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, _ *instagram.Call) error { return next(ctx, &instagram.Call{}) }
		}, nil, "must call next once"},
		"passes none": {200, func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, _ *instagram.Call) error { return next(ctx, nil) }
		}, nil, "must call next once"},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, instagram.WithMiddleware(tt.middleware))
			transport.RegisterNoResponder(answer(tt.status, `{"meta":{"code":200},"data":[]}`))
			page, err := client.Users.Feed(nil).Next(t.Context())
			require.Error(t, err)
			assert.Nil(t, page)
			_, ok := errors.AsType[*instagram.Error](err)
			assert.True(t, ok)
			assert.ErrorContains(t, err, tt.text)
			if tt.want != nil {
				assert.ErrorIs(t, err, tt.want)
			}
		})
	}
	t.Run("is none", func(t *testing.T) {
		client, transport := mockClient(t, instagram.WithMiddleware(func(instagram.CallFunc) instagram.CallFunc { return nil }))
		transport.RegisterNoResponder(answer(200, goodAnswer))
		_, err := client.Users.Get(t.Context(), "7")
		require.NoError(t, err)
		_, err = instagram.NewClient(instagram.WithMiddleware(nil))
		require.ErrorIs(t, err, instagram.ErrInvalidParameters)
	})
}

// The error of a middleware holds no secret, wherever the call has one.
func TestMiddlewareErrorsShowNoSecret(t *testing.T) {
	client := hotClient(t)
	for _, callNext := range []bool{false, true} {
		refusing := client.With(instagram.WithMiddleware(func(next instagram.CallFunc) instagram.CallFunc {
			return func(ctx context.Context, call *instagram.Call) error {
				if callNext {
					_ = next(ctx, call)
				}
				return errors.New("refused " + call.Endpoint + " for " + hotToken)
			}
		}))
		err := refusing.Do(t.Context(), "GET", "/x/"+hotToken, nil, nil)
		require.ErrorContains(t, err, "refused")
		assertCold(t, err.Error())
	}
}
