package instagram

import (
	"cmp"
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/igv1/instagram/internal/queue"
	"github.com/igv1/instagram/internal/redact"
)

// A Webhook is the [http.Handler] for the callback URL of subscriptions. It verifies new ones, and
// hands updates over to the program without making the server wait for it:
//
//	hook, err := instagram.NewWebhook(clientSecret, instagram.WebhookOptions{
//		VerifyToken: verifyToken,
//		Handle:      func(ctx context.Context, update *instagram.Update) { ... },
//	})
//	http.Handle("/callback", hook)
//
// It takes the updates of v1 and those of the Graph, whichever there is a function for.
//
// An update that the server sends again is dropped. Updates of v1 have whole seconds, and few name
// the media: where something changes twice in one second, the second update looks like the first
// one sent again. So ask once more after a second, as a woken [Watcher] does. Updates of the Graph
// are told apart by what they say.
//
// What a Webhook answers is
//
//	200  the updates were accepted; each will be delivered, or Shutdown tells
//	400  it is no verification, or no list of updates, or does not arrive
//	403  the verify token or the signature is wrong
//	405  neither GET nor POST
//	413  the body is over the limit
//	503  the queue is full, or Shutdown was called: none of the updates in the
//	     body was accepted, and the server is to send them again
//
// A body is not read without the header of a signature. The time for it is 10 seconds, or the
// ReadTimeout of the [http.Server] if that is shorter. Memory is used for what has arrived, not for
// what was announced.
//
// A Webhook has goroutines only while there are updates to deliver.
type Webhook struct {
	secret  redact.Secret
	verify  func(ctx context.Context, token string) bool
	maxBody int64
	v1      bool // whether it takes updates of v1
	graph   bool // whether it takes updates of the Graph
	queue   *queue.Queue[delivery]
	logger  *slog.Logger // nil for the default
	panics  *atomic.Int64
}

// WebhookOptions say whom a [Webhook] trusts and where updates go.
type WebhookOptions struct {
	// VerifyToken is that of [SubscriptionRequest], or what was entered in the dashboard of the
	// app. Where subscriptions have different ones, Verify says instead which are good.
	VerifyToken string
	Verify      func(ctx context.Context, token string) bool

	// Handle is called for each update of v1, and HandleGraph for each of the Graph, in the order
	// of their arrival if there is one worker. Their context ends when that of [Webhook.Shutdown]
	// does. A panic in them is logged and counted, see [Webhook.Panics]; the other updates are
	// delivered all the same.
	Handle      func(ctx context.Context, update *Update)
	HandleGraph func(ctx context.Context, update *GraphUpdate)

	// Updates is the channel to which updates of v1 are sent in the order of their arrival. It
	// takes the place of Handle, HandleGraph and Workers, which do not go with it.
	Updates chan<- *Update

	Workers     int   // calls of Handle and HandleGraph at a time; default: 1
	QueueSize   int   // updates that may wait to be delivered; default: 1024
	MaxBodySize int64 // bytes; default: 1 MiB

	// RepeatWindow is how long a repeat is known as one, among the latest 65,536 updates; default:
	// 10 minutes.
	RepeatWindow time.Duration

	Logger *slog.Logger // told of panics; default: slog.Default()
}

// NewWebhook returns the handler for updates that are signed with the secret of the app. What
// cannot work is refused with a [*ParameterError].
func NewWebhook(clientSecret string, opts WebhookOptions) (*Webhook, error) {
	if err := opts.check(clientSecret); err != nil {
		return nil, err
	}
	h := &Webhook{
		secret:  redact.NewSecret(clientSecret),
		verify:  opts.Verify,
		maxBody: cmp.Or(opts.MaxBodySize, 1<<20),
		v1:      opts.Handle != nil || opts.Updates != nil,
		graph:   opts.HandleGraph != nil,
		logger:  opts.Logger,
		panics:  new(atomic.Int64),
	}
	h.queue = h.newQueue(&opts)
	if h.verify == nil {
		expected := redact.NewSecret(opts.VerifyToken)
		h.verify = func(_ context.Context, token string) bool {
			return subtle.ConstantTimeCompare([]byte(token), []byte(expected.Reveal())) == 1
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
	case o.Handle == nil && o.HandleGraph == nil && o.Updates == nil:
		return &ParameterError{"Handle", "one of Handle, HandleGraph and Updates must be set"}
	case o.Updates != nil && (o.Handle != nil || o.HandleGraph != nil):
		return &ParameterError{"Handle", "neither Handle nor HandleGraph goes with Updates; set one or the other"}
	case min(int64(o.Workers), int64(o.QueueSize), o.MaxBodySize, int64(o.RepeatWindow)) < 0:
		return &ParameterError{"options", "a number in them is negative"}
	case o.Updates != nil && o.Workers > 1:
		return &ParameterError{"Workers", "Updates takes one update at a time; leave Workers out, or use Handle"}
	}
	return nil
}

// ServeHTTP answers the server.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.queue == nil {
		http.Error(w, "this webhook was not made with NewWebhook", http.StatusInternalServerError)
		return
	}
	body := incoming(w, r)
	switch r.Method {
	case http.MethodGet:
		h.verifySubscription(w, r)
	case http.MethodPost:
		h.receive(w, r.Header, body)
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
	case h.queue.Closed():
		unavailable(w)
	default:
		// The challenge is anyone's text: no browser shall take it for a page.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge)
	}
}

func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	http.Error(w, "no room for updates now; send them again", http.StatusServiceUnavailable)
}

// Shutdown stops accepting updates and waits until those that were accepted are delivered and
// Handle has returned. Where ctx ends before that, the error is an [*UndeliveredError]. Without a
// context it does nothing but return a [*ParameterError].
//
// It may be called before or after Shutdown of the [http.Server], which knows nothing of what was
// accepted.
func (h *Webhook) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return &ParameterError{"ctx", "it is nil"}
	}
	if h.queue == nil {
		return nil
	}
	select {
	case <-h.queue.Close():
		return nil
	case <-ctx.Done():
		return h.abandon(ctx.Err())
	}
}

// Panics returns how many calls of Handle and HandleGraph ended in a panic.
func (h *Webhook) Panics() int64 {
	if h.panics == nil {
		return 0
	}
	return h.panics.Load()
}

// String names the type. It holds no secret.
func (h Webhook) String() string { return "instagram.Webhook()" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (h Webhook) Format(f fmt.State, verb rune) { fmt.Fprint(f, h.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (h Webhook) LogValue() slog.Value { return slog.StringValue(h.String()) }
