// Package tracing shows that OpenTelemetry's transport works around the client's as it is.
package tracing

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// Each attempt of a call is a span under the one in the context.
func TestOpenTelemetry(t *testing.T) {
	server := instagramtest.NewServer()
	defer server.Close()
	server.Fail("GET /users/{user-id}", instagramtest.Fault{Status: http.StatusServiceUnavailable}, 1)
	spans := tracetest.NewInMemoryExporter()
	tracing := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	defer tracing.Shutdown(context.Background()) //nolint:errcheck // it keeps spans in memory

	token := server.AccessToken(server.Users()[0].ID)
	client, err := instagram.NewClient(
		instagram.WithBaseURL(server.BaseURL()),
		instagram.WithAccessToken(token),
		instagram.WithHTTPClient(&http.Client{
			Transport: withoutQuery(func(next http.RoundTripper) http.RoundTripper {
				return otelhttp.NewTransport(next, otelhttp.WithTracerProvider(tracing))
			}, instagram.NewTransport()),
		}))
	require.NoError(t, err)
	defer client.Close()

	ctx, parent := tracing.Tracer("test").Start(t.Context(), "program")
	_, err = client.Users.Get(ctx, instagram.Self)
	require.NoError(t, err)
	parent.End()

	got := spans.GetSpans()
	require.Len(t, got, 3)
	for i, status := range []int64{http.StatusServiceUnavailable, http.StatusOK} {
		assert.Equal(t, parent.SpanContext().SpanID(), got[i].Parent.SpanID())
		attributes := map[string]any{}
		for _, a := range got[i].Attributes {
			attributes[string(a.Key)] = a.Value.AsInterface()
			assert.NotContains(t, a.Value.String(), token)
		}
		assert.Equal(t, status, attributes["http.response.status_code"])
		assert.Equal(t, server.BaseURL()+"/users/self", attributes["url.full"])
	}
}

// withoutQuery puts what looks at requests around a transport and keeps from it the query, which
// holds the token.
func withoutQuery(around func(http.RoundTripper) http.RoundTripper, transport http.RoundTripper) http.RoundTripper {
	type key struct{}
	looks := around(roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.RawQuery, _ = r.Context().Value(key{}).(string)
		return transport.RoundTrip(r)
	}))
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(context.WithValue(r.Context(), key{}, r.URL.RawQuery))
		r.URL.RawQuery = ""
		return looks.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
