package instagram

import (
	"context"
	"net/http"
)

// SubscriptionsService holds the endpoints for real-time updates. The app itself subscribes, so
// they need the id and the secret of [WithClientCredentials], and send no token.
//
// A [Webhook] answers at the callback URL.
type SubscriptionsService service

// SubscriptionRequest says what to subscribe to, and where updates go.
type SubscriptionRequest struct {
	Object   SubscriptionObject
	ObjectID string // the tag's name without the #, or the location's id; none for the other kinds

	Latitude  float64 // degrees north; geography only
	Longitude float64 // degrees east; geography only
	Radius    int     // metres, at most 5000; geography only, and needed there

	Aspect string // default: media, the only one there is

	CallbackURL string // absolute, http or https
	VerifyToken string // what the server shows when it verifies the callback; optional
}

// Create subscribes to an object. Before it returns, the server asks the callback URL whether it
// wants this, so the [Webhook] must be serving by then.
//
// Instagram API: POST /subscriptions
func (s *SubscriptionsService) Create(ctx context.Context, req SubscriptionRequest) (*Subscription, error) {
	if req.Aspect == "" {
		req.Aspect = "media"
	}
	call := newCall(s, http.MethodPost, "/subscriptions").
		set("object", string(req.Object)).set("object_id", req.ObjectID).set("aspect", req.Aspect).
		link("callback_url", req.CallbackURL).set("verify_token", req.VerifyToken)
	call.subscribed(&req)
	return get[Subscription](ctx, call)
}

// List returns all subscriptions of the app.
//
// Instagram API: GET /subscriptions
func (s *SubscriptionsService) List(ctx context.Context) ([]*Subscription, error) {
	return getList[Subscription](ctx, newCall(s, http.MethodGet, "/subscriptions"))
}

// SubscriptionFilter says which subscriptions to delete: the one that has an ID, or those to a kind
// of object, or to one object of that kind. [ObjectAll] stands for all of them.
type SubscriptionFilter struct {
	ID string

	Object   SubscriptionObject
	ObjectID string // goes with Object
}

// Delete ends subscriptions. A filter that says nothing is refused.
//
// Instagram API: DELETE /subscriptions
func (s *SubscriptionsService) Delete(ctx context.Context, filter SubscriptionFilter) error {
	call := newCall(s, http.MethodDelete, "/subscriptions").
		set("id", filter.ID).set("object", string(filter.Object)).set("object_id", filter.ObjectID)
	switch {
	case filter == SubscriptionFilter{}:
		call.refuse("id", "there is neither an id nor an object; ObjectAll stands for all subscriptions")
	case filter.ID != "" && (filter.Object != "" || filter.ObjectID != ""):
		call.refuse("id", "it does not go with an object")
	case filter.ID != "":
	case filter.Object == ObjectAll && filter.ObjectID != "":
		call.refuse("object_id", "it does not go with all objects")
	case filter.Object != ObjectAll:
		call.object(filter.Object)
	}
	return send(ctx, call)
}

// subscribed checks that the request has what its kind of object needs, and nothing that is for
// another kind.
func (c *call) subscribed(req *SubscriptionRequest) {
	c.object(req.Object)
	switch req.Object {
	case ObjectTag, ObjectLocation:
		c.tag("object_id", req.ObjectID).require("object_id", req.ObjectID)
	default:
		if req.ObjectID != "" {
			c.refuse("object_id", "a %s subscription has none", req.Object)
		}
	}
	if req.Object == ObjectGeography {
		c.point(req.Latitude, req.Longitude).distance("radius", req.Radius)
		if req.Radius == 0 {
			c.refuse("radius", "it is 0")
		}
	} else if req.Latitude != 0 || req.Longitude != 0 || req.Radius != 0 {
		c.refuse("lat", "only a geography has a point and a radius")
	}
}

func (c *call) object(object SubscriptionObject) {
	switch object {
	case ObjectUser, ObjectTag, ObjectLocation, ObjectGeography:
	default:
		c.refuse("object", "%q is not user, tag, location or geography", object)
	}
}
