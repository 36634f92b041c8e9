package instagram_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// A call that cannot be sent ends before anything else is done for it.
func TestCheckCall(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context //nolint:containedctx // which is the point
		id   string
		want error
	}{
		"parameter":      {t.Context(), "", instagram.ErrInvalidParameters},
		"no context":     {nil, "7", instagram.ErrInvalidParameters},
		"ended context":  {ended, "7", context.Canceled},
		"both are wrong": {ended, "", instagram.ErrInvalidParameters},
	} {
		t.Run(name, func(t *testing.T) {
			limiter := &limiterLog{}
			client, transport := mockClient(t, instagram.WithLimiter(limiter))
			_, err := client.Users.Get(tt.ctx, tt.id)
			require.ErrorIs(t, err, tt.want)
			assert.Zero(t, attempts(t, err))
			assert.Zero(t, transport.GetTotalCallCount())
			assert.Empty(t, limiter.requests)
		})
	}
}
