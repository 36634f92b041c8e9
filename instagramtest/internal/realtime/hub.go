// Package realtime keeps the subscriptions of an app and sends updates to their callbacks.
//
// It knows nothing of what the updates say: whoever announces something writes them.
package realtime

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

// Subscription is an app's wish to be told of new media.
type Subscription struct {
	ID       uint64
	Object   string // user, tag, location or geography
	ObjectID string // of a tag, a location or a geography
	Callback string
	Area     *world.Geography // of a geography, nil otherwise
}

// Hub holds the subscriptions and the updates that are on their way. Make one with [New].
type Hub struct {
	client *http.Client
	secret string // updates are signed with it
	form   Form

	mu            sync.Mutex
	ctx           context.Context // ends the deliveries when the hub is reset or closed
	stop          context.CancelFunc
	deliveries    sync.WaitGroup
	lastID        uint64
	subscriptions []*Subscription // in the order in which they were made
	outboxes      map[string]*outbox
}

// callbackTimeout is how long an app may take to answer a challenge or an update.
const callbackTimeout = 2 * time.Second

// New makes a hub without subscriptions.
func New(secret string, form Form) *Hub {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	h := &Hub{secret: secret, form: form, client: &http.Client{
		Transport: transport,
		Timeout:   callbackTimeout,
		// A redirect could lead to another machine.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	h.Reset()
	return h
}

// Reset forgets the subscriptions and gives up what is under way.
func (h *Hub) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stop != nil {
		h.stop()
	}
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.lastID, h.subscriptions, h.outboxes = 0, nil, map[string]*outbox{}
}

// Close gives up what is under way, and waits until it is over.
func (h *Hub) Close() {
	h.mu.Lock()
	h.stop()
	h.mu.Unlock()
	h.deliveries.Wait()
	h.client.CloseIdleConnections()
}

// Add files a subscription and gives it an id. The same subscription again is the one that is
// there. A geography is always new: name is called to give it an id of its own.
func (h *Hub) Add(sub *Subscription, name func(*world.Geography)) *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.subscriptions, func(old *Subscription) bool {
		return old.Object == sub.Object && old.ObjectID == sub.ObjectID && old.Callback == sub.Callback
	})
	if i >= 0 {
		return h.subscriptions[i]
	}
	if sub.Area != nil {
		name(sub.Area)
		sub.ObjectID = fmt.Sprint(sub.Area.ID)
	}
	h.lastID++
	sub.ID = h.lastID
	h.subscriptions = append(h.subscriptions, sub)
	return sub
}

// List is the subscriptions in the order in which they were made.
func (h *Hub) List() []*Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.subscriptions)
}

// Delete ends the subscriptions that match and returns them.
func (h *Hub) Delete(match func(*Subscription) bool) (deleted []*Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscriptions = slices.DeleteFunc(h.subscriptions, func(sub *Subscription) bool {
		if match(sub) {
			deleted = append(deleted, sub)
			return true
		}
		return false
	})
	return deleted
}

// Verify sends a challenge to a callback, which has to send it back. The result is what to tell the
// app if it did not, and "" if it did.
func (h *Hub) Verify(callback, token string) (problem string) {
	h.mu.Lock()
	ctx := h.ctx
	h.mu.Unlock()
	challenge := h.form.Challenge()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, callback, nil)
	if err != nil {
		return "callback_url must be an absolute http or https URL"
	}
	query := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}}
	if token != "" {
		query.Set("hub.verify_token", token)
	}
	if req.URL.RawQuery != "" {
		req.URL.RawQuery += "&"
	}
	req.URL.RawQuery += query.Encode()
	resp, err := h.client.Do(req)
	if err != nil {
		return fmt.Sprintf("Unable to reach callback URL %q.", callback)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 128))
	answer := strings.TrimSpace(string(body))
	switch {
	case err != nil:
		return fmt.Sprintf("Unable to reach callback URL %q.", callback)
	case resp.StatusCode != http.StatusOK:
		return fmt.Sprintf("Challenge verification failed. Callback URL %q answered with status %d.", callback, resp.StatusCode)
	case answer != challenge:
		return fmt.Sprintf("Challenge verification failed. Sent %q, received %q.", challenge, answer)
	}
	return ""
}
