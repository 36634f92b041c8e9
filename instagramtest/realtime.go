package instagramtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// subscription is an app's wish to be told of new media.
type subscription struct {
	id       uint64
	object   string // user, tag, location or geography
	objectID string // of a tag, a location or a geography
	callback string
	area     *geography // of a geography
}

// realtime is the subscriptions and the updates that are on their way to their callbacks.
type realtime struct {
	client *http.Client

	mu            sync.Mutex
	ctx           context.Context // ends what is under way when the server is reset or closed
	stop          context.CancelFunc
	work          sync.WaitGroup // of the deliveries
	lastID        uint64
	subscriptions []*subscription // in the order in which they were made
	outboxes      map[string]*outbox
}

// callbackTimeout is how long an app may take to answer, be it a challenge or an update.
const callbackTimeout = 2 * time.Second

func newCallbackClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	return &http.Client{
		Transport: transport,
		Timeout:   callbackTimeout,
		// A redirect could lead to another machine.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reset forgets the subscriptions and gives up what is under way.
func (rt *realtime) reset() {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.stop != nil {
		rt.stop()
	}
	rt.ctx, rt.stop = context.WithCancel(context.Background())
	rt.lastID, rt.subscriptions, rt.outboxes = 0, nil, map[string]*outbox{}
}

// close gives up what is under way, and waits until it is over.
func (rt *realtime) close() {
	rt.mu.Lock()
	rt.stop()
	rt.mu.Unlock()
	rt.work.Wait()
	rt.client.CloseIdleConnections()
}

func badSubscription(format string, args ...any) *apiError {
	return badRequest("APISubscriptionError", format, args...)
}

// createSubscription asks the callback whether it wants what is being subscribed to before it answers.
func createSubscription(c *call) *apiError {
	sub, failed := c.readSubscription()
	if failed != nil {
		return failed
	}
	rt := &c.s.realtime
	if failed := rt.verify(sub.callback, c.params.Get("verify_token")); failed != nil {
		return failed
	}
	rt.mu.Lock()
	defer rt.mu.Unlock()
	// The same subscription again is the one that is there. A geography has no id yet, and so is always new.
	i := slices.IndexFunc(rt.subscriptions, func(old *subscription) bool {
		return old.object == sub.object && old.objectID == sub.objectID && old.callback == sub.callback
	})
	if i >= 0 {
		c.subscription(rt.subscriptions[i])
		return nil
	}
	if sub.area != nil {
		c.w.mu.Lock()
		sub.area.id = c.w.nextGeography()
		c.w.geographies[sub.area.id] = sub.area
		c.w.mu.Unlock()
		sub.objectID = strconv.FormatUint(sub.area.id, 10)
	}
	rt.lastID++
	sub.id = rt.lastID
	rt.subscriptions = append(rt.subscriptions, sub)
	c.subscription(sub)
	return nil
}

// readSubscription reads what is to be subscribed to.
func (c *call) readSubscription() (*subscription, *apiError) {
	sub := &subscription{object: c.params.Get("object"), objectID: c.params.Get("object_id"), callback: c.params.Get("callback_url")}
	if aspect := c.params.Get("aspect"); aspect != "media" {
		return nil, badSubscription("aspect must be media")
	}
	switch sub.object {
	case "user":
		sub.objectID = "" // all who have authorized the app, and nobody else
	case "tag":
		if sub.objectID = tagName(sub.objectID); !isTag(sub.objectID) {
			return nil, badSubscription("object_id must be a tag")
		}
	case "location":
		id, _ := parseID(sub.objectID)
		c.w.mu.RLock()
		known := c.w.places[id] != nil
		c.w.mu.RUnlock()
		if !known {
			return nil, badSubscription("object_id must be the id of a location")
		}
	case "geography":
		center, radius, failed := c.params.area("radius", 0)
		if failed != nil {
			return nil, badSubscription("%s", failed.message)
		}
		sub.objectID, sub.area = "", &geography{center: center, radius: radius}
	default:
		return nil, badSubscription("object must be user, tag, location or geography")
	}
	u, err := url.Parse(sub.callback)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, badSubscription("callback_url must be an absolute http or https URL")
	case !c.s.remoteCallbacks && !isLoopback(u.Hostname()):
		return nil, badSubscription("Unable to reach callback URL %q: this test server calls the loopback interface alone, "+
			"unless it was started with WithRemoteCallbacks", sub.callback)
	}
	return sub, nil
}

// verify sends a challenge to a callback, which has to send it back.
func (rt *realtime) verify(callback, token string) *apiError {
	rt.mu.Lock()
	ctx := rt.ctx
	rt.mu.Unlock()
	challenge := strings.ToLower(rand.Text())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, callback, nil)
	if err != nil {
		return badSubscription("callback_url must be an absolute http or https URL")
	}
	hub := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}}
	if token != "" {
		hub.Set("hub.verify_token", token)
	}
	if req.URL.RawQuery != "" {
		req.URL.RawQuery += "&"
	}
	req.URL.RawQuery += hub.Encode()
	resp, err := rt.client.Do(req)
	if err != nil {
		return badSubscription("Unable to reach callback URL %q.", callback)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 128))
	answer := strings.TrimSpace(string(body))
	switch {
	case err != nil:
		return badSubscription("Unable to reach callback URL %q.", callback)
	case resp.StatusCode != http.StatusOK:
		return badSubscription("Challenge verification failed. Callback URL %q answered with status %d.", callback, resp.StatusCode)
	case answer != challenge:
		return badSubscription("Challenge verification failed. Sent %q, received %q.", challenge, answer)
	}
	return nil
}

func listSubscriptions(c *call) *apiError {
	rt := &c.s.realtime
	rt.mu.Lock()
	defer rt.mu.Unlock()
	c.b = list(c.b, rt.subscriptions, c.s.appendSubscription)
	return nil
}

// deleteSubscriptions ends one by its id, or those of an object, or of a kind of object, or all. That there are none is
// no error.
func deleteSubscriptions(c *call) *apiError {
	id, object, objectID := c.params.Get("id"), c.params.Get("object"), c.params.Get("object_id")
	switch {
	case id == "" && object == "":
		return badSubscription("id or object is required")
	case !slices.Contains([]string{"", "all", "user", "tag", "location", "geography"}, object):
		return badSubscription("object must be all, user, tag, location or geography")
	}
	rt := &c.s.realtime
	rt.mu.Lock()
	defer rt.mu.Unlock()
	rt.subscriptions = slices.DeleteFunc(rt.subscriptions, func(sub *subscription) bool {
		if id != "" && id != strconv.FormatUint(sub.id, 10) ||
			object != "" && object != "all" && object != sub.object ||
			objectID != "" && !strings.EqualFold(objectID, sub.objectID) {
			return false
		}
		if sub.area != nil {
			c.w.mu.Lock()
			delete(c.w.geographies, sub.area.id)
			c.w.mu.Unlock()
		}
		return true
	})
	c.null()
	return nil
}

func (c *call) subscription(sub *subscription) { c.b = c.s.appendSubscription(c.b, sub) }

func (s *Server) appendSubscription(b []byte, sub *subscription) []byte {
	b = append(b, `{"id":`...)
	b = s.appendID(b, strconv.FormatUint(sub.id, 10))
	b = append(b, `,"type":"subscription","object":`...)
	b = quote(b, sub.object)
	b = append(b, `,"object_id":`...)
	switch sub.object {
	case "user":
		b = append(b, "null"...)
	case "tag":
		b = quote(b, sub.objectID)
	default:
		b = s.appendID(b, sub.objectID)
	}
	b = append(b, `,"aspect":"media","callback_url":`...)
	b = quote(b, sub.callback)
	return append(b, '}')
}

// appendID writes a number that is an id in the form of its generation.
func (s *Server) appendID(b []byte, id string) []byte {
	if s.config.wire == Wire2011 {
		return append(b, id...)
	}
	return fmt.Appendf(b, `"%s"`, id)
}
