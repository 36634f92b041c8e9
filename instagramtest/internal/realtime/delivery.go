package realtime

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

const (
	// maxBatch is how many updates are sent at once.
	maxBatch = 100
	// maxWaiting is how many updates wait for a slow callback. The oldest are given up then.
	maxWaiting = 10_000
	// An update is sent up to maxAttempts times. The wait between them doubles from the first to
	// the longest.
	maxAttempts = 8
	firstWait   = 50 * time.Millisecond
	longestWait = time.Second
)

// outbox is the updates that wait for one callback, the oldest first. One goroutine at a time
// empties it, so they go out in order.
type outbox struct {
	waiting [][]byte
	sending bool
}

// Announce sends each subscription the update that write makes for it, as JSON. It sends nothing
// where write returns nil. It does not wait for the callbacks.
func (h *Hub) Announce(write func(*Subscription) []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil {
		return
	}
	for _, sub := range h.subscriptions {
		update := write(sub)
		if update == nil {
			continue
		}
		box := h.outboxes[sub.Callback]
		if box == nil {
			box = &outbox{}
			h.outboxes[sub.Callback] = box
		}
		if len(box.waiting) == maxWaiting {
			box.waiting = box.waiting[1:]
		}
		box.waiting = append(box.waiting, update)
		if !box.sending {
			box.sending = true
			ctx, callback := h.ctx, sub.Callback
			h.deliveries.Go(func() { h.deliver(ctx, callback, box) })
		}
	}
}

// deliver sends what waits for a callback until there is no more.
func (h *Hub) deliver(ctx context.Context, callback string, box *outbox) {
	for {
		h.mu.Lock()
		if len(box.waiting) == 0 || ctx.Err() != nil {
			box.sending = false
			h.mu.Unlock()
			return
		}
		n := min(maxBatch, len(box.waiting))
		batch := box.waiting[:n]
		box.waiting = box.waiting[n:]
		h.mu.Unlock()
		h.send(ctx, callback, h.form.Body(batch))
	}
}

// send sends updates until the callback takes them, up to maxAttempts times.
func (h *Hub) send(ctx context.Context, callback string, body []byte) {
	wait := firstWait
	for attempt := range maxAttempts {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			wait = min(2*wait, longestWait)
		}
		if h.sendOnce(ctx, callback, body) {
			return
		}
	}
}

func (h *Hub) sendOnce(ctx context.Context, callback string, body []byte) (taken bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(h.form.Header, h.form.Sign(h.secret, body))
	resp, err := h.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	io.CopyN(io.Discard, resp.Body, 1<<16) //nolint:errcheck // read so that the connection can be used again
	return resp.StatusCode/100 == 2
}
