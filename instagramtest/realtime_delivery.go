package instagramtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	// maxBatch is how many updates are sent at once.
	maxBatch = 100
	// maxWaiting is how many updates wait for a callback that is slow. The oldest are given up then.
	maxWaiting = 10_000
	// An update is sent up to maxAttempts times. The wait between them doubles from the first to the longest.
	maxAttempts = 8
	firstWait   = 50 * time.Millisecond
	longestWait = time.Second
)

// outbox is the updates that wait for one callback, the oldest first. One goroutine at a time empties it, so they go out
// in order.
type outbox struct {
	waiting [][]byte
	sending bool
}

// announce tells the subscribers of a new media. It does not wait for them.
func (s *Server) announce(m *media) {
	now := s.Now().Unix()
	rt := &s.realtime
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.ctx.Err() != nil {
		return
	}
	for _, sub := range rt.subscriptions {
		if !s.concerns(sub, m) {
			continue
		}
		box := rt.outboxes[sub.callback]
		if box == nil {
			box = &outbox{}
			rt.outboxes[sub.callback] = box
		}
		if len(box.waiting) == maxWaiting {
			box.waiting = box.waiting[1:]
		}
		box.waiting = append(box.waiting, s.appendUpdate(nil, sub, m, now))
		if !box.sending {
			box.sending = true
			ctx, callback := rt.ctx, sub.callback
			rt.work.Go(func() { s.deliver(ctx, callback, box) })
		}
	}
}

// concerns says whether a subscription is about a media. Those about users are for who has authorized the app, private
// or not; all others show what everybody may see.
func (s *Server) concerns(sub *subscription, m *media) bool {
	switch {
	case sub.object == "user":
		return s.tokens.authorized(m.owner.id)
	case !isListed(nil, m.owner):
		return false
	case sub.object == "tag":
		return slices.Contains(m.tags, sub.objectID)
	case sub.object == "location":
		return m.place != nil && strconv.FormatUint(m.place.id, 10) == sub.objectID
	default:
		return sub.area.contains(m)
	}
}

// appendUpdate says that something has changed. The service gave subscription ids as numbers in the end, as strings in
// its documentation.
func (s *Server) appendUpdate(b []byte, sub *subscription, m *media, now int64) []byte {
	b = append(b, `{"subscription_id":`...)
	if s.config.wire == Wire2013 {
		b = quotedUint(b, sub.id)
	} else {
		b = appendUint(b, sub.id)
	}
	b = append(b, `,"object":`...)
	b = quote(b, sub.object)
	b = append(b, `,"object_id":`...)
	switch sub.object {
	case "user":
		b = s.appendID(b, strconv.FormatUint(m.owner.id, 10))
	case "tag":
		b = quote(b, sub.objectID)
	default:
		b = s.appendID(b, sub.objectID)
	}
	b = append(b, `,"changed_aspect":"media","time":`...)
	b = strconv.AppendInt(b, now, 10)
	if sub.object == "user" {
		b = append(b, `,"data":{"media_id":`...)
		b = s.appendID(b, s.wire.mediaID(m))
		b = append(b, '}')
	}
	return append(b, '}')
}

// deliver sends what waits for a callback until there is no more.
func (s *Server) deliver(ctx context.Context, callback string, box *outbox) {
	for {
		s.realtime.mu.Lock()
		if len(box.waiting) == 0 || ctx.Err() != nil {
			box.sending = false
			s.realtime.mu.Unlock()
			return
		}
		n := min(maxBatch, len(box.waiting))
		batch := box.waiting[:n]
		box.waiting = box.waiting[n:]
		s.realtime.mu.Unlock()
		s.send(ctx, callback, slices.Concat([]byte{'['}, bytes.Join(batch, []byte{','}), []byte{']'}))
	}
}

// send sends updates until the callback takes them, or for as often as it is worth it.
func (s *Server) send(ctx context.Context, callback string, body []byte) {
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
		if s.sendOnce(ctx, callback, body) {
			return
		}
	}
}

func (s *Server) sendOnce(ctx context.Context, callback string, body []byte) (taken bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, bytes.NewReader(body))
	if err != nil {
		return false
	}
	mac := hmac.New(sha1.New, []byte(s.ClientSecret))
	mac.Write(body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature", hex.EncodeToString(mac.Sum(nil)))
	resp, err := s.realtime.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	io.CopyN(io.Discard, resp.Body, 1<<16) //nolint:errcheck // read so that the connection can be used again
	return resp.StatusCode/100 == 2
}
