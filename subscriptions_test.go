package instagram_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

const (
	testClientID     = "d4c0ffee"
	testClientSecret = "6dc1787668c64c939929c17683d7cb74"
)

// appClient has a token as well, which must go nowhere.
func appClient(t *testing.T) (*instagram.Client, *httpmock.MockTransport) {
	t.Helper()
	return mockClient(t, instagram.WithClientCredentials(testClientID, testClientSecret))
}

const callbackURL = "https://app.example/callback"

// What each method sends is the protocol's, with the app's credentials and without a token.
func TestSubscriptions(t *testing.T) {
	create := func(req instagram.SubscriptionRequest) func(context.Context, *instagram.Client) (any, error) {
		req.CallbackURL, req.VerifyToken = callbackURL, "v"
		return func(ctx context.Context, c *instagram.Client) (any, error) { return c.Subscriptions.Create(ctx, req) }
	}
	remove := func(filter instagram.SubscriptionFilter) func(context.Context, *instagram.Client) (any, error) {
		return func(ctx context.Context, c *instagram.Client) (any, error) {
			return nil, c.Subscriptions.Delete(ctx, filter)
		}
	}
	const callback = "&callback_url=https%3A%2F%2Fapp.example%2Fcallback&verify_token=v"
	tests := map[string]struct {
		call   func(context.Context, *instagram.Client) (any, error)
		method string
		params string
		answer string
		want   any
	}{
		"user": {
			create(instagram.SubscriptionRequest{Object: instagram.ObjectUser}), "POST", "object=user&aspect=media" + callback,
			`{"id":"1","type":"subscription","object":"user","aspect":"media","callback_url":"https://app.example/callback"}`,
			&instagram.Subscription{ID: "1", Type: "subscription", Object: "user", Aspect: "media", CallbackURL: callbackURL},
		},
		"tag": {
			create(instagram.SubscriptionRequest{Object: instagram.ObjectTag, ObjectID: "snow"}), "POST",
			"object=tag&object_id=snow&aspect=media" + callback,
			`{"id":2,"object":"tag","object_id":"snow"}`, &instagram.Subscription{ID: "2", Object: "tag", ObjectID: "snow"},
		},
		"location": {
			create(instagram.SubscriptionRequest{Object: instagram.ObjectLocation, ObjectID: "1257285", Aspect: "media"}), "POST",
			"object=location&object_id=1257285&aspect=media" + callback,
			`{"id":"3","object":"location","object_id":1257285}`,
			&instagram.Subscription{ID: "3", Object: "location", ObjectID: "1257285"},
		},
		"geography": {
			create(instagram.SubscriptionRequest{Object: instagram.ObjectGeography, Latitude: 35.657872, Longitude: 139.70232, Radius: 5000}), "POST",
			"object=geography&lat=35.657872&lng=139.70232&radius=5000&aspect=media" + callback,
			`{"id":"4","object":"geography","object_id":"12345","radius":5000}`,
			&instagram.Subscription{ID: "4", Object: "geography", ObjectID: "12345", Extra: map[string]json.RawMessage{"radius": json.RawMessage("5000")}},
		},
		"geography at 0,0": {
			create(instagram.SubscriptionRequest{Object: instagram.ObjectGeography, Radius: 1}), "POST",
			"object=geography&lat=0&lng=0&radius=1&aspect=media" + callback, `{"id":"4"}`, &instagram.Subscription{ID: "4"},
		},
		"list": {
			func(ctx context.Context, c *instagram.Client) (any, error) { return c.Subscriptions.List(ctx) }, "GET", "",
			`[{"id":"1","object":"user","object_id":null},{"id":"2","object":"tag","object_id":"snow"}]`,
			[]*instagram.Subscription{{ID: "1", Object: "user"}, {ID: "2", Object: "tag", ObjectID: "snow"}},
		},
		"delete one":         {remove(instagram.SubscriptionFilter{ID: "1"}), "DELETE", "id=1", "null", nil},
		"delete a kind":      {remove(instagram.SubscriptionFilter{Object: instagram.ObjectTag}), "DELETE", "object=tag", "null", nil},
		"delete of one":      {remove(instagram.SubscriptionFilter{Object: instagram.ObjectTag, ObjectID: "snow"}), "DELETE", "object=tag&object_id=snow", "null", nil},
		"delete a geography": {remove(instagram.SubscriptionFilter{Object: instagram.ObjectGeography, ObjectID: "12345"}), "DELETE", "object=geography&object_id=12345", "null", nil},
		"delete all":         {remove(instagram.SubscriptionFilter{Object: instagram.ObjectAll}), "DELETE", "object=all", "null", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := appClient(t)
			var sent *http.Request
			transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				sent = r
				return answer(200, `{"meta":{"code":200},"data":`+tt.answer+`}`)(r)
			})
			got, err := tt.call(t.Context(), client)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)

			assert.Equal(t, tt.method, sent.Method)
			assert.Equal(t, "/v1/subscriptions", sent.URL.Path)
			params := sent.URL.Query()
			if sent.Method == http.MethodPost {
				assert.Empty(t, sent.URL.RawQuery, "no secret in a URL that can be in the form")
				require.NoError(t, sent.ParseForm())
				params = sent.PostForm
			}
			want, err := url.ParseQuery(tt.params)
			require.NoError(t, err)
			want.Set("client_id", testClientID)
			want.Set("client_secret", testClientSecret)
			assert.Equal(t, want, params)
		})
	}
}

func TestSubscriptionsRefuse(t *testing.T) {
	create := func(req instagram.SubscriptionRequest) func(context.Context, *instagram.Client) error {
		return func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Subscriptions.Create(ctx, req)
			return err
		}
	}
	remove := func(filter instagram.SubscriptionFilter) func(context.Context, *instagram.Client) error {
		return func(ctx context.Context, c *instagram.Client) error { return c.Subscriptions.Delete(ctx, filter) }
	}
	type request = instagram.SubscriptionRequest
	type filter = instagram.SubscriptionFilter
	const cb = callbackURL
	tests := map[string]struct {
		call      func(context.Context, *instagram.Client) error
		parameter string
		reason    string
	}{
		"nothing":              {create(request{CallbackURL: cb}), "object", "not user"},
		"unknown object":       {create(request{Object: "likes", CallbackURL: cb}), "object", `"likes"`},
		"all objects":          {create(request{Object: instagram.ObjectAll, CallbackURL: cb}), "object", `"all"`},
		"no callback":          {create(request{Object: "user"}), "callback_url", "absolute"},
		"relative callback":    {create(request{Object: "user", CallbackURL: "/callback"}), "callback_url", "absolute"},
		"callback not http":    {create(request{Object: "user", CallbackURL: "ftp://h/"}), "callback_url", "absolute"},
		"tag without name":     {create(request{Object: "tag", CallbackURL: cb}), "object_id", "empty"},
		"blank tag":            {create(request{Object: "tag", ObjectID: " ", CallbackURL: cb}), "object_id", "empty"},
		"tag with #":           {create(request{Object: "tag", ObjectID: "#snow", CallbackURL: cb}), "object_id", "#"},
		"location without id":  {create(request{Object: "location", CallbackURL: cb}), "object_id", "empty"},
		"user with id":         {create(request{Object: "user", ObjectID: "7", CallbackURL: cb}), "object_id", "user"},
		"geography with id":    {create(request{Object: "geography", ObjectID: "7", Radius: 1, CallbackURL: cb}), "object_id", "geography"},
		"geography, no radius": {create(request{Object: "geography", Latitude: 1, CallbackURL: cb}), "radius", "0"},
		"radius too far":       {create(request{Object: "geography", Radius: 5001, CallbackURL: cb}), "radius", "over 5000"},
		"negative radius":      {create(request{Object: "geography", Radius: -1, CallbackURL: cb}), "radius", "negative"},
		"latitude too far":     {create(request{Object: "geography", Latitude: 91, Radius: 1, CallbackURL: cb}), "lat", "±90"},
		"tag with a point":     {create(request{Object: "tag", ObjectID: "snow", Longitude: 1, CallbackURL: cb}), "lat", "geography"},
		"user with a radius":   {create(request{Object: "user", Radius: 1, CallbackURL: cb}), "lat", "geography"},
		"delete nothing":       {remove(filter{}), "id", "neither"},
		"delete by both":       {remove(filter{ID: "1", Object: "tag"}), "id", "does not go"},
		"delete id and object": {remove(filter{ID: "1", ObjectID: "snow"}), "id", "does not go"},
		"delete object id":     {remove(filter{ObjectID: "snow"}), "object", "not user"},
		"delete unknown":       {remove(filter{Object: "likes"}), "object", `"likes"`},
		"delete all of one":    {remove(filter{Object: "all", ObjectID: "snow"}), "object_id", "all"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := appClient(t)
			var parameter *instagram.ParameterError
			require.ErrorAs(t, tt.call(t.Context(), client), &parameter)
			assert.Equal(t, tt.parameter, parameter.Parameter)
			assert.Contains(t, parameter.Reason, tt.reason)
			assert.Zero(t, transport.GetTotalCallCount(), "nothing is sent")
		})
	}
}

func TestSubscriptionsNeedTheApp(t *testing.T) {
	for name, opts := range map[string][]instagram.Option{
		"neither":   nil,
		"no secret": {instagram.WithClientCredentials(testClientID, "")},
	} {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t, opts...)
			_, err := client.Subscriptions.List(t.Context())
			require.ErrorIs(t, err, instagram.ErrInvalidParameters)
			assert.ErrorContains(t, err, "WithClientCredentials")
			assert.Zero(t, transport.GetTotalCallCount())
		})
	}
}

// A server that repeats what it was sent does not get the secrets into an error.
func TestSubscriptionErrorsHaveNoSecrets(t *testing.T) {
	client, transport := appClient(t)
	transport.RegisterNoResponder(answer(400, `{"meta":{"code":400,"error_type":"APISubscriptionError",
		"error_message":"Unable to reach callback URL with hunter2 for `+testClientSecret+`"}}`))
	_, err := client.Subscriptions.Create(t.Context(), instagram.SubscriptionRequest{
		Object: instagram.ObjectUser, CallbackURL: callbackURL, VerifyToken: "hunter2",
	})
	var failure *instagram.Error
	require.ErrorAs(t, err, &failure)
	assert.Equal(t, instagram.ErrorTypeAPISubscriptionError, failure.Type)
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
	assert.NotContains(t, err.Error(), "hunter2")
	assert.NotContains(t, err.Error(), testClientSecret)
}

func TestSubscriptionAsJSON(t *testing.T) {
	sameAgain(t, `{"id":1,"type":"subscription","object":"user","object_id":"","aspect":"media","callback_url":"http://h/","lat":1.50}`,
		`{"id":"1","type":"subscription","object":"user","object_id":"","aspect":"media","callback_url":"http://h/","lat":1.50}`,
		instagram.Subscription{
			ID: "1", Type: "subscription", Object: instagram.ObjectUser, Aspect: "media", CallbackURL: "http://h/",
			Extra: map[string]json.RawMessage{"object_id": json.RawMessage(`""`), "lat": json.RawMessage("1.50")},
		})
	sameAgain(t, `{"id":"2","object":"tag","object_id":"snow"}`,
		`{"id":"2","type":"","object":"tag","object_id":"snow","aspect":"","callback_url":""}`,
		instagram.Subscription{ID: "2", Object: instagram.ObjectTag, ObjectID: "snow"})
}
