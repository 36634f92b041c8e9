package instagram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// A Webhook is the [http.Handler] for the callback URL of subscriptions. It
// verifies new ones, and hands updates over to the program without making the
// server wait for it:
//
//	hook, err := instagram.NewWebhook(clientSecret, instagram.WebhookOptions{
//		VerifyToken: verifyToken,
//		Handle:      func(ctx context.Context, update *instagram.Update) { ... },
//	})
//	http.Handle("/callback", hook)
//
// An update that the server sends again is dropped. Updates have whole seconds,
// and few name the media: where something changes twice in one second, the second
// update looks like the first one sent again. So ask once more after a second, as
// a woken [Watcher] does.
//
// What a Webhook answers is
//
//	200  the updates were accepted; each will be delivered, or Shutdown tells
//	400  it is no verification, or no list of updates
//	403  the verify token or the signature is wrong
//	405  neither GET nor POST
//	413  the body is over the limit
//	503  the queue is full, or Shutdown was called: none of the updates in the
//	     body was accepted, and the server is to send them again
//
// A Webhook has goroutines only while there are updates to deliver.
type Webhook struct {
	secret  []byte
	verify  func(ctx context.Context, token string) bool
	maxBody int64
	inbox   *inbox
}

// WebhookOptions say whom a [Webhook] trusts and where updates go.
type WebhookOptions struct {
	// VerifyToken is that of [SubscriptionRequest]. Where subscriptions have
	// different ones, Verify says instead which are good.
	VerifyToken string
	Verify      func(ctx context.Context, token string) bool

	// Handle is called for each update, in the order of their arrival if there
	// is one worker. Its context ends when that of [Webhook.Shutdown] does.
	// Instead, updates can be sent to the channel Updates, in that order.
	Handle  func(ctx context.Context, update *Update)
	Updates chan<- *Update

	Workers      int           // calls of Handle at a time; default: 1
	QueueSize    int           // updates that may wait to be delivered; default: 1024
	MaxBodySize  int64         // bytes; default: 1 MiB
	RepeatWindow time.Duration // how long a repeat is known as one, among the latest 65,536 updates; default: 10 minutes
}

// NewWebhook returns the handler for updates that are signed with the secret of
// the app. What cannot work is refused with a [*ParameterError].
func NewWebhook(clientSecret string, opts WebhookOptions) (*Webhook, error) {
	if err := opts.check(clientSecret); err != nil {
		return nil, err
	}
	h := &Webhook{
		secret:  []byte(clientSecret),
		verify:  opts.Verify,
		maxBody: cmp.Or(opts.MaxBodySize, 1<<20),
		inbox:   newInbox(opts),
	}
	if h.verify == nil {
		h.verify = func(_ context.Context, token string) bool {
			return hmac.Equal([]byte(token), []byte(opts.VerifyToken))
		}
	}
	return h, nil
}

func (o *WebhookOptions) check(clientSecret string) error {
	switch {
	case clientSecret == "":
		return &ParameterError{"client_secret", "it is empty"}
	case (o.VerifyToken == "") == (o.Verify == nil):
		return &ParameterError{"verify_token", "one of VerifyToken and Verify must be set"}
	case (o.Handle == nil) == (o.Updates == nil):
		return &ParameterError{"Handle", "one of Handle and Updates must be set"}
	case min(int64(o.Workers), int64(o.QueueSize), o.MaxBodySize, int64(o.RepeatWindow)) < 0:
		return &ParameterError{"options", "a number in them is negative"}
	}
	return nil
}

// ServeHTTP answers the server.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		h.verifySubscription(w, r)
	case http.MethodPost:
		h.receive(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "the callback takes GET and POST", http.StatusMethodNotAllowed)
	}
}

// verifySubscription answers the question whether a new subscription is wanted.
func (h *Webhook) verifySubscription(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	challenge := query.Get("hub.challenge")
	switch {
	case query.Get("hub.mode") != "subscribe":
		http.Error(w, "hub.mode is not subscribe", http.StatusBadRequest)
	case challenge == "":
		http.Error(w, "there is no hub.challenge", http.StatusBadRequest)
	case !h.verify(r.Context(), query.Get("hub.verify_token")):
		http.Error(w, "hub.verify_token is wrong", http.StatusForbidden)
	case h.inbox.isClosed():
		unavailable(w)
	default:
		// The challenge is anyone's text: no browser shall take it for a page.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge)
	}
}

// bodyTimeout is for bodies that trickle in. The server itself gives up after 2 s.
const bodyTimeout = 10 * time.Second

// receive answers a body of updates. Nothing of it is read as JSON before its
// signature is checked, nor anything at all without one.
func (h *Webhook) receive(w http.ResponseWriter, r *http.Request) {
	signature, ok := parseSignature(r.Header.Get("X-Hub-Signature"))
	if !ok {
		http.Error(w, "there is no signature", http.StatusForbidden)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // where the writer can
	body, err := readBody(r.Body, r.ContentLength, h.maxBody)
	switch {
	case errors.Is(err, ErrBodyTooLarge):
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the body does not arrive", http.StatusBadRequest)
		return
	}
	defer body.release()
	if !hmac.Equal(signature[:], h.sign(body.Bytes())) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return
	}
	updates, err := decodeUpdates(body.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !h.inbox.accept(updates) {
		unavailable(w)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	http.Error(w, "no room for updates now; send them again", http.StatusServiceUnavailable)
}

func (h *Webhook) sign(body []byte) []byte {
	mac := hmac.New(sha1.New, h.secret)
	mac.Write(body)
	return mac.Sum(nil)
}

// parseSignature reads a header that is the signature in hex, after sha1= or not.
func parseSignature(header string) (signature [sha1.Size]byte, ok bool) {
	digits := strings.TrimPrefix(header, "sha1=")
	if len(digits) != hex.EncodedLen(len(signature)) {
		return signature, false
	}
	_, err := hex.Decode(signature[:], []byte(digits))
	return signature, err == nil
}

// Shutdown stops accepting updates and waits until those that were accepted are
// delivered and Handle has returned. Where ctx ends before that, the error is an
// [*UndeliveredError].
//
// It may be called before or after Shutdown of the [http.Server], which knows
// nothing of what was accepted.
func (h *Webhook) Shutdown(ctx context.Context) error {
	idle := h.inbox.close()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return h.inbox.abandon(ctx.Err())
	}
}

// String names the type. It holds no secret.
func (h *Webhook) String() string { return "instagram.Webhook()" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (h *Webhook) Format(f fmt.State, verb rune) { fmt.Fprint(f, h.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (h *Webhook) LogValue() slog.Value { return slog.StringValue(h.String()) }
