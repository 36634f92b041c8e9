package instagram

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/igv1/instagram/internal/inbound"
	"github.com/igv1/instagram/internal/queue"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/sign"
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
// ReadTimeout of the [http.Server] if that is shorter; then the connection ends. Middleware whose
// [http.ResponseWriter] neither has Unwrap nor embeds the next one, as that of
// [http.TimeoutHandler], hides the connection: the answer comes in time all the same, but nothing
// ends the connection except ReadTimeout. Memory is used for what has arrived, not for what was
// announced.
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

	// RepeatWindow is how long a repeat is known, among the latest 65,536 updates; default: 10 minutes.
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
	body := inbound.Prepare(w, r)
	defer body.Close()
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
		// Anybody can choose the challenge, so no browser may take it for a page.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = io.WriteString(w, challenge)
	}
}

// receive answers a body of updates. Nothing of it is read as JSON before its signature is checked,
// nor anything at all without one.
func (h *Webhook) receive(w http.ResponseWriter, header http.Header, in *inbound.Body) {
	signature, ok := sign.ParseBody(header)
	if !ok {
		http.Error(w, "there is no signature", http.StatusForbidden)
		return
	}
	body, err := in.Read(h.maxBody)
	switch {
	case errors.Is(err, ErrBodyTooLarge):
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the body does not arrive", http.StatusBadRequest)
		return
	}
	defer body.Release()
	if !signature.Fits(body.Bytes(), h.secret.Reveal()) {
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return
	}
	updates, keys, err := h.decode(body.Bytes())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !h.queue.Accept(updates, keys) {
		unavailable(w)
		return
	}
	w.WriteHeader(http.StatusOK)
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

// An UndeliveredError says what [Webhook.Shutdown] could not wait for.
type UndeliveredError struct {
	Updates      []*Update      // accepted but not delivered, oldest first
	GraphUpdates []*GraphUpdate // the same, for those of the Graph
	Handling     int            // calls of Handle and HandleGraph that had not returned
	Err          error          // of the context
}

func (e *UndeliveredError) Error() string {
	return fmt.Sprintf("instagram: webhook: %d updates not delivered, %d being handled: %v",
		len(e.Updates)+len(e.GraphUpdates), e.Handling, e.Err)
}

// Unwrap returns Err.
func (e *UndeliveredError) Unwrap() error { return e.Err }

// A delivery is an update on its way to the program: one of v1 or one of the Graph.
type delivery struct {
	update *Update
	graph  *GraphUpdate
}

func (h *Webhook) newQueue(opts *WebhookOptions) *queue.Queue[delivery] {
	options := queue.Options[delivery]{
		Panicked: h.panicked,
		Workers:  cmp.Or(opts.Workers, 1),
		Size:     cmp.Or(opts.QueueSize, 1024),
		Window:   cmp.Or(opts.RepeatWindow, 10*time.Minute),
	}
	if updates := opts.Updates; updates != nil {
		options.Prompt = true
		options.Deliver = func(ctx context.Context, d delivery) bool {
			select {
			case updates <- d.update:
				return true
			case <-ctx.Done():
				return false
			}
		}
		return queue.New(options)
	}
	handle, handleGraph := opts.Handle, opts.HandleGraph
	options.Deliver = func(ctx context.Context, d delivery) bool {
		if d.graph != nil {
			handleGraph(ctx, d.graph)
		} else {
			handle(ctx, d.update)
		}
		return true
	}
	return queue.New(options)
}

// panicked reports a panic of Handle or HandleGraph.
func (h *Webhook) panicked(d delivery, value any, stack []byte) {
	h.panics.Add(1)
	logger := cmp.Or(h.logger, slog.Default())
	var of slog.Attr
	if d.graph != nil {
		of = slog.Group("update", "object", d.graph.Object, "id", d.graph.AccountID, "field", d.graph.Field)
	} else {
		of = slog.Group("update", "object", d.update.Object, "id", d.update.ObjectID)
	}
	logger.Error("instagram: webhook: panic while an update was handled", of, "panic", fmt.Sprint(value), "stack", string(stack))
}

// decode reads the body of a callback: the updates, and for each of them what tells that it comes
// again.
func (h *Webhook) decode(body []byte) (deliveries []delivery, keys []queue.Key, err error) {
	updates, err := decodeUpdates(body)
	if err != nil {
		return nil, nil, err
	}
	deliveries, keys = make([]delivery, 0, len(updates)), make([]queue.Key, 0, len(updates))
	for i := range updates {
		entries, isGraph := updates[i].Extra[entryMember]
		switch {
		case !isGraph && !h.v1:
			return nil, nil, errNotForV1
		case !isGraph:
			deliveries, keys = append(deliveries, delivery{update: &updates[i]}), append(keys, updates[i].key())
			continue
		case !h.graph:
			return nil, nil, errNotForGraph
		}
		changes, err := decodeEntries(string(updates[i].Object), entries)
		if err != nil {
			return nil, nil, err
		}
		for j := range changes {
			deliveries, keys = append(deliveries, delivery{graph: &changes[j]}), append(keys, changes[j].key())
		}
	}
	return deliveries, keys, nil
}

// abandon says what was not delivered, if there is something.
func (h *Webhook) abandon(because error) error {
	undelivered, handling := h.queue.Abandon()
	if len(undelivered) == 0 && handling == 0 {
		return nil
	}
	e := &UndeliveredError{Handling: handling, Err: because}
	for _, d := range undelivered {
		if d.graph != nil {
			e.GraphUpdates = append(e.GraphUpdates, d.graph)
		} else {
			e.Updates = append(e.Updates, d.update)
		}
	}
	return e
}

// String names the type. It holds no secret.
func (h Webhook) String() string { return "instagram.Webhook()" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (h Webhook) Format(f fmt.State, verb rune) { fmt.Fprint(f, h.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (h Webhook) LogValue() slog.Value { return slog.StringValue(h.String()) }
