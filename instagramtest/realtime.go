package instagramtest

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
	"github.com/igv1/instagram/instagramtest/internal/realtime"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

func badSubscription(format string, args ...any) *apierror.Error {
	return apierror.BadRequest("APISubscriptionError", format, args...)
}

// createSubscription asks the callback whether it wants the subscription before it answers.
func createSubscription(c *call) *apierror.Error {
	sub, failed := c.readSubscription()
	if failed != nil {
		return failed
	}
	if problem := c.s.realtime.Verify(sub.Callback, c.params.Get("verify_token")); problem != "" {
		return badSubscription("%s", problem)
	}
	c.subscription(c.s.realtime.Add(sub, func(area *world.Geography) {
		c.w.Mu.Lock()
		defer c.w.Mu.Unlock()
		area.ID = c.w.NextGeography()
		c.w.Geographies[area.ID] = area
	}))
	return nil
}

// readSubscription reads what is to be subscribed to.
func (c *call) readSubscription() (*realtime.Subscription, *apierror.Error) {
	sub := &realtime.Subscription{Object: c.params.Get("object"), ObjectID: c.params.Get("object_id"), Callback: c.params.Get("callback_url")}
	if aspect := c.params.Get("aspect"); aspect != "media" {
		return nil, badSubscription("aspect must be media")
	}
	switch sub.Object {
	case "user":
		sub.ObjectID = "" // all who have authorized the app, and nobody else
	case "tag":
		if sub.ObjectID = world.TagName(sub.ObjectID); !world.IsTag(sub.ObjectID) {
			return nil, badSubscription("object_id must be a tag")
		}
	case "location":
		id, _ := world.ParseID(sub.ObjectID)
		c.w.Mu.RLock()
		known := c.w.Places[id] != nil
		c.w.Mu.RUnlock()
		if !known {
			return nil, badSubscription("object_id must be the id of a location")
		}
	case "geography":
		center, radius, failed := c.params.Area("radius", 0)
		if failed != nil {
			return nil, badSubscription("%s", failed.Message)
		}
		sub.ObjectID, sub.Area = "", &world.Geography{Center: center, Radius: radius}
	default:
		return nil, badSubscription("object must be user, tag, location or geography")
	}
	if err := c.s.checkCallback(sub.Callback); err != nil {
		return nil, badSubscription("%s", err)
	}
	return sub, nil
}

// checkCallback says what is wrong with a callback's URL.
func (s *Server) checkCallback(callback string) error {
	u, err := url.Parse(callback)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("callback_url must be an absolute http or https URL")
	case !s.remoteCallbacks && !oauth.IsLoopback(u.Hostname()):
		return fmt.Errorf("Unable to reach callback URL %q: this test server calls the loopback interface alone, "+ //nolint:staticcheck // as it was sent
			"unless it was started with WithRemoteCallbacks", callback)
	default:
		return nil
	}
}

func listSubscriptions(c *call) *apierror.Error {
	c.b = encode.List(c.b, c.s.realtime.List(), c.s.appendSubscription)
	return nil
}

// deleteSubscriptions ends one by its id, or those of an object, or of a kind of object, or all.
// That there are none is no error.
func deleteSubscriptions(c *call) *apierror.Error {
	id, object, objectID := c.params.Get("id"), c.params.Get("object"), c.params.Get("object_id")
	switch {
	case id == "" && object == "":
		return badSubscription("id or object is required")
	case !slices.Contains([]string{"", "all", "user", "tag", "location", "geography"}, object):
		return badSubscription("object must be all, user, tag, location or geography")
	}
	deleted := c.s.realtime.Delete(func(sub *realtime.Subscription) bool {
		return (id == "" || id == strconv.FormatUint(sub.ID, 10)) &&
			(object == "" || object == "all" || object == sub.Object) &&
			(objectID == "" || strings.EqualFold(objectID, sub.ObjectID))
	})
	c.w.Mu.Lock()
	defer c.w.Mu.Unlock()
	for _, sub := range deleted {
		if sub.Area != nil {
			delete(c.w.Geographies, sub.Area.ID)
		}
	}
	c.null()
	return nil
}

func (c *call) subscription(sub *realtime.Subscription) { c.b = c.s.appendSubscription(c.b, sub) }

func (s *Server) appendSubscription(b []byte, sub *realtime.Subscription) []byte {
	b = append(b, `{"id":`...)
	b = s.appendID(b, strconv.FormatUint(sub.ID, 10))
	b = append(b, `,"type":"subscription","object":`...)
	b = encode.ASCII(b, sub.Object)
	b = append(b, `,"object_id":`...)
	switch sub.Object {
	case "user":
		b = append(b, "null"...)
	case "tag":
		b = encode.ASCII(b, sub.ObjectID)
	default:
		b = s.appendID(b, sub.ObjectID)
	}
	b = append(b, `,"aspect":"media","callback_url":`...)
	b = encode.ASCII(b, sub.Callback)
	return append(b, '}')
}

// appendID writes a number that is an id in the form of its generation.
func (s *Server) appendID(b []byte, id string) []byte {
	if s.config.wire == Wire2011 {
		return append(b, id...)
	}
	return fmt.Appendf(b, `"%s"`, id)
}

// announce tells the subscribers of a new media. It does not wait for them.
func (s *Server) announce(m *world.Media) {
	now := s.Now().Unix()
	s.realtime.Announce(func(sub *realtime.Subscription) []byte {
		if !s.concerns(sub, m) {
			return nil
		}
		return s.appendUpdate(nil, sub, m, now)
	})
}

// concerns says whether a subscription is about a media. Those about users are for who has
// authorized the app, private or not; all others show what everybody may see.
func (s *Server) concerns(sub *realtime.Subscription, m *world.Media) bool {
	switch {
	case sub.Object == "user":
		return s.tokens.Authorized(m.Owner.ID)
	case !world.IsListed(nil, m.Owner):
		return false
	case sub.Object == "tag":
		return slices.Contains(m.Tags, sub.ObjectID)
	case sub.Object == "location":
		return m.Place != nil && strconv.FormatUint(m.Place.ID, 10) == sub.ObjectID
	default:
		return sub.Area.Contains(m)
	}
}

// appendUpdate says that something has changed. The service gave subscription ids as numbers in the
// end, as strings in its documentation.
func (s *Server) appendUpdate(b []byte, sub *realtime.Subscription, m *world.Media, now int64) []byte {
	b = append(b, `{"subscription_id":`...)
	if s.config.wire == Wire2013 {
		b = encode.TextUint(b, sub.ID)
	} else {
		b = encode.Uint(b, sub.ID)
	}
	b = append(b, `,"object":`...)
	b = encode.ASCII(b, sub.Object)
	b = append(b, `,"object_id":`...)
	switch sub.Object {
	case "user":
		b = s.appendID(b, strconv.FormatUint(m.Owner.ID, 10))
	case "tag":
		b = encode.ASCII(b, sub.ObjectID)
	default:
		b = s.appendID(b, sub.ObjectID)
	}
	b = append(b, `,"changed_aspect":"media","time":`...)
	b = strconv.AppendInt(b, now, 10)
	if sub.Object == "user" {
		b = append(b, `,"data":{"media_id":`...)
		b = s.appendID(b, s.wire.MediaID(m))
		b = append(b, '}')
	}
	return append(b, '}')
}
