package instagram_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// Each call is one line, with what happened and no secret.
func TestLogger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		client, transport := retryingClient(t,
			instagram.WithLogger(slog.New(slog.NewJSONHandler(&out, nil))),
			instagram.WithClientCredentials("id", "hunter2"), instagram.WithSignedRequests())
		line := func() map[string]any {
			t.Helper()
			assert.NotContains(t, out.String(), testToken)
			assert.NotContains(t, out.String(), "hunter2")
			line := map[string]any{}
			require.NoError(t, json.Unmarshal(out.Bytes(), &line), "one line")
			delete(line, "time")
			out.Reset()
			return line
		}

		script{answer(429, "").HeaderSet(http.Header{"Retry-After": {"2"}}), good}.play(transport)
		require.NoError(t, client.Likes.Like(t.Context(), "secret-media"))
		got := line()
		assert.GreaterOrEqual(t, got["duration"], float64(2*time.Second))
		delete(got, "duration")
		assert.Equal(t, map[string]any{
			"level": "INFO", "msg": "instagram call", "method": "POST", "endpoint": "/media/{media-id}/likes",
			"status": 200.0, "attempt": 2.0, "remaining": 4999.0,
		}, got)

		script{answer(400, `{"meta":{"code":400,"error_type":"APIError","error_message":"no `+testToken+` hunter2"}}`)}.play(transport)
		_, err := client.Users.Get(t.Context(), "7")
		require.Error(t, err)
		got = line()
		assert.Equal(t, "WARN", got["level"])
		assert.Equal(t, 400.0, got["status"])
		assert.Equal(t, err.Error(), got["error"])

		script{fails(reset)}.play(transport)
		require.Error(t, client.Likes.Like(t.Context(), "1"))
		got = line()
		assert.Equal(t, 0.0, got["status"])
		assert.Equal(t, 3.0, got["attempt"])
		assert.NotContains(t, got, "remaining", "nobody said")

		_, err = client.Users.Get(t.Context(), "")
		require.Error(t, err)
		assert.Equal(t, 0.0, line()["attempt"], "nothing was sent")

		_, err = client.Users.Get(nil, "7") //nolint:staticcheck // a nil context is refused, not a crash
		require.Error(t, err)
		line()
	})
	_, err := instagram.NewClient(instagram.WithLogger(nil))
	assert.ErrorIs(t, err, instagram.ErrInvalidParameters)
}
