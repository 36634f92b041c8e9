package instagramtest

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/graph"
	"github.com/igv1/instagram/instagramtest/internal/realtime"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

// SubscribeWebhook has the server tell a callback of each comment, and each reply to one, on the
// media of those who have let the app in, as the Graph API does. It sends a challenge first, as the
// app's dashboard does, and an error says what came of it if not what should. What it sends then is
// signed with X-Hub-Signature-256, and sent again until the callback answers with a 2xx, eight times
// at most. Subscriptions end with the server, and with [Server.Reset].
func (s *Server) SubscribeWebhook(callbackURL, verifyToken string) error {
	if err := s.subscribeWebhook(callbackURL, verifyToken); err != nil {
		return fmt.Errorf("instagramtest: %w", err)
	}
	return nil
}

func (s *Server) subscribeWebhook(callbackURL, verifyToken string) error {
	if err := s.checkCallback(callbackURL); err != nil {
		return err
	}
	if problem := s.webhooks.Verify(callbackURL, verifyToken); problem != "" {
		return errors.New(problem)
	}
	s.webhooks.Add(&realtime.Subscription{Object: "instagram", Callback: callbackURL}, nil)
	return nil
}

// announceComment tells the webhooks of the Graph API of a comment, or of a reply to one. It does
// not wait for them.
func (s *Server) announceComment(m *world.Media, c, parent *world.Comment) {
	if !s.tokens.Authorized(m.Owner.ID) {
		return
	}
	id := func(n uint64) string { return strconv.FormatUint(n, 10) }
	value := map[string]any{
		"id": id(c.ID), "text": c.Text, "from": map[string]string{"id": id(c.From.ID), "username": c.From.Username},
		"media": map[string]string{"id": id(m.Number), "media_product_type": graph.Product(m)},
	}
	if parent != nil {
		value["parent_id"] = id(parent.ID)
	}
	entry := encode.JSON(map[string]any{
		"id": id(m.Owner.ID), "time": s.Now().Unix(), "changes": []any{map[string]any{"field": "comments", "value": value}},
	})
	s.webhooks.Announce(func(*realtime.Subscription) []byte { return entry })
}
