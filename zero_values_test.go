package instagram_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram"
)

// zeros are the zero values of what has methods, and nil pointers where a method of the package
// returns one beside an error.
func zeros(t *testing.T) []any {
	t.Helper()
	hourly, err := instagram.NewHourlyLimiter(instagram.HourlyLimits{})
	require.NoError(t, err)
	usage, err := instagram.NewUsageLimiter(instagram.UsageLimits{})
	require.NoError(t, err)
	return []any{
		hourly, usage,
		new(instagram.Client), (*instagram.Client)(nil),
		new(instagram.UsersService), (*instagram.UsersService)(nil),
		new(instagram.RelationshipsService), (*instagram.RelationshipsService)(nil),
		new(instagram.MediaService), (*instagram.MediaService)(nil),
		new(instagram.CommentsService), (*instagram.CommentsService)(nil),
		new(instagram.LikesService), (*instagram.LikesService)(nil),
		new(instagram.TagsService), (*instagram.TagsService)(nil),
		new(instagram.LocationsService), (*instagram.LocationsService)(nil),
		new(instagram.GeographiesService), (*instagram.GeographiesService)(nil),
		new(instagram.SubscriptionsService), (*instagram.SubscriptionsService)(nil),
		new(instagram.EmbedsService), (*instagram.EmbedsService)(nil),
		new(instagram.GraphService), (*instagram.GraphService)(nil),
		new(instagram.SignIn), new(instagram.GraphSignIn), new(instagram.Grant), new(instagram.GraphGrant),
		new(instagram.Webhook), new(instagram.Watcher), new(instagram.Pager[instagram.MediaEntry]),
		new(instagram.Page[instagram.MediaEntry]), new(instagram.Call), new(instagram.RateLimit), instagram.Cursor(""),
		new(instagram.Error), new(instagram.ParameterError), new(instagram.DecodeError), new(instagram.LimitError),
		new(instagram.DeniedError), new(instagram.UndeliveredError), new(instagram.Pagination),
		new(instagram.MediaEntry), new(instagram.GraphMedia), new(instagram.Embed), new(instagram.GraphUser),
		new(instagram.GraphComment), new(instagram.GraphInsight), new(instagram.UserInfo), new(instagram.CommentEntry),
	}
}

// Nothing that a caller passes panics, and nothing that a caller forgot to make: every method of a
// zero value, with zero parameters and with ordinary ones, answers or returns an error.
func TestZeroValuesDoNotPanic(t *testing.T) {
	served := map[reflect.Type]any{ // which net/http never leaves out
		reflect.TypeFor[http.ResponseWriter](): httptest.NewRecorder(),
		reflect.TypeFor[*http.Request]():       httptest.NewRequest(http.MethodGet, "/?hub.mode=subscribe", nil),
	}
	ordinary := map[reflect.Type]any{
		reflect.TypeFor[context.Context](): context.Background(),
		reflect.TypeFor[string]():          "7",
		reflect.TypeFor[float64]():         1.0,
		reflect.TypeFor[time.Time]():       time.Unix(1e9, 0),
	}
	maps.Copy(ordinary, served)
	for _, zero := range zeros(t) {
		receiver := reflect.ValueOf(zero)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, zero), "PANIC")
		}
		slog.New(slog.NewTextHandler(io.Discard, nil)).Info("printed", "zero", zero)
		for i := range receiver.NumMethod() {
			method := receiver.Type().Method(i)
			if slices.Contains([]string{"Format", "String", "LogValue"}, method.Name) {
				continue // they are for packages fmt and slog to call, see below
			}
			for name, of := range map[string]map[reflect.Type]any{"zero": served, "ordinary": ordinary} {
				t.Run(fmt.Sprintf("%T(%v)/%s/%s", zero, receiver.Kind() == reflect.Pointer && receiver.IsNil(), method.Name, name), func(t *testing.T) {
					var parameters []reflect.Value
					for j := 1; j < method.Type.NumIn(); j++ {
						parameter := method.Type.In(j)
						value, ok := of[parameter]
						switch {
						case j == method.Type.NumIn()-1 && method.Type.IsVariadic():
						case ok:
							parameters = append(parameters, reflect.ValueOf(value))
						case parameter.Kind() == reflect.Func: // the body of a loop
							parameters = append(parameters, reflect.MakeFunc(parameter, func([]reflect.Value) []reflect.Value {
								return []reflect.Value{reflect.ValueOf(false)}
							}))
						default:
							parameters = append(parameters, reflect.Zero(parameter))
						}
					}
					assert.NotPanics(t, func() {
						for _, result := range receiver.Method(i).Call(parameters) {
							drain(t, result)
						}
					})
				})
			}
		}
	}
}

// drain runs a loop over what a method returned.
func drain(t *testing.T, result reflect.Value) {
	switch result := result.Interface().(type) {
	case *instagram.Pager[instagram.MediaEntry]:
		for _, err := range result.All(t.Context()) {
			require.Error(t, err)
		}
	case *instagram.Client:
		_, err := result.Users.Get(t.Context(), "7")
		require.Error(t, err)
	case iter.Seq2[*instagram.MediaEntry, error]:
		for _, err := range result {
			require.Error(t, err)
		}
	}
}

// The functions of the package take nil for an error too.
func TestNilParametersDoNotPanic(t *testing.T) {
	one := func(f func() error) func() error { return f }
	client := func(options ...instagram.Option) func() error {
		return func() error { _, err := instagram.NewClient(options...); return err }
	}
	for name, call := range map[string]func() error{
		"option":         client(nil),
		"client derived": one(func() error { _, err := new(instagram.Client).With(nil).Users.Get(t.Context(), "7"); return err }),
		"client of a client": one(func() error {
			_, err := new(instagram.Client).WithToken("7.abc").Users.Get(t.Context(), "7")
			return err
		}),
		"debug writer":       client(instagram.WithDebug(nil)),
		"limiter":            client(instagram.WithLimiter(nil)),
		"Graph limiter":      client(instagram.WithGraphLimiter(nil)),
		"logger":             client(instagram.WithLogger(nil)),
		"middleware":         client(instagram.WithMiddleware(nil)),
		"recorder":           client(instagram.WithRecorder(nil)),
		"token source":       client(instagram.WithTokenSource(nil)),
		"Graph token source": client(instagram.WithGraphTokenSource(nil)),
		"HTTP client":        client(instagram.WithHTTPClient(nil)),
		"recording":          one(func() error { return instagram.RecordTo(t.TempDir())(t.Context(), nil) }),
		"token":              one(func() error { _, err := instagram.GraphTokenSource(nil, nil); return err }),
		"webhook":            one(func() error { _, err := instagram.NewWebhook("", instagram.WebhookOptions{}); return err }),
		"fetch":              one(func() error { _, err := instagram.NewPager[instagram.MediaEntry](nil).Next(t.Context()); return err }),
		"Decode":             one(func() error { _, err := instagram.Decode[instagram.MediaEntry](nil); return err }),
		"DecodePage":         one(func() error { _, err := instagram.DecodePage[instagram.MediaEntry](nil); return err }),
		"Encode":             one(func() error { return instagram.Encode(nil, new(instagram.MediaEntry)) }),
		"DecodeAll": one(func() error {
			for _, err := range instagram.DecodeAll[instagram.MediaEntry](nil) {
				return err
			}
			return nil
		}),
		"watch": one(func() error {
			for _, err := range instagram.Watch(nil, nil).All(t.Context()) {
				return err
			}
			return nil
		}),
		"token of a zero client": one(func() error {
			source, err := instagram.GraphTokenSource(&oauth2.Token{AccessToken: "7.abc"}, &instagram.GraphTokenOptions{Client: new(instagram.Client)})
			require.NoError(t, err)
			_, err = source.Token()
			require.NoError(t, err, "the token that it has is used all the same")
			return instagram.ErrInvalidParameters
		}),
	} {
		t.Run(name, func(t *testing.T) {
			assert.NotPanics(t, func() { require.ErrorIs(t, call(), instagram.ErrInvalidParameters) })
		})
	}
}
