package instagram_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
	"github.com/igv1/instagram/instagramtest"
)

// TestGraphWebhookOnServer has a Webhook take what the server tells of comments and replies.
func TestGraphWebhookOnServer(t *testing.T) {
	server := startServer(t, instagramtest.WithMedia(0, 0))
	me, other := server.Users()[0], public(server.Users()[1:])[0]
	posted := server.PostMedia(me.ID, instagramtest.Media{Type: "video"})
	server.GraphToken(me.ID)
	updates := make(chan *instagram.GraphUpdate, 10)
	hook, url := callback(t, server, instagram.WebhookOptions{HandleGraph: func(_ context.Context, u *instagram.GraphUpdate) { updates <- u }})
	require.Error(t, server.SubscribeWebhook(url, "not this one"))
	require.NoError(t, server.SubscribeWebhook(url, "v"))

	_, err := signedIn(t, server, other).Comments.Create(t.Context(), posted.ID, "So calm ✓")
	require.NoError(t, err)
	next := func() *instagram.GraphUpdate {
		select {
		case u := <-updates:
			return u
		case <-time.After(soon):
			require.Fail(t, "no update came")
			return nil
		}
	}
	said := next()
	assert.Equal(t, instagram.GraphUpdateComments, said.Field)
	assert.Equal(t, me.ID, said.AccountID)
	assert.Equal(t, "So calm ✓", said.Value.Text)
	assert.Equal(t, other.Username, said.Value.From.Username)
	assert.Equal(t, "REELS", said.Value.Media.ProductType)
	assert.Empty(t, said.Value.ParentID)
	assert.WithinDuration(t, server.Now(), said.Time, time.Minute)

	reply := server.PostReply(me.ID, said.Value.ID, "It is")
	answered := next()
	assert.Equal(t, reply, answered.Value.ID)
	assert.Equal(t, said.Value.ID, answered.Value.ParentID)
	require.NoError(t, hook.Shutdown(t.Context()))
}
