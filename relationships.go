package instagram

import (
	"context"
	"net/http"
)

// RelationshipsService holds the endpoints of the relationships group.
type RelationshipsService service

// RelationshipListOptions narrow [RelationshipsService.Follows] and
// [RelationshipsService.FollowedBy].
type RelationshipListOptions struct {
	Count int // users a page; the default of 0 leaves it to the server
}

// Follows lists the users that a user follows. It needs [ScopeFollowerList].
//
// Instagram API: GET /users/{user-id}/follows
func (s *RelationshipsService) Follows(id string, opts *RelationshipListOptions) *Pager[UserShortInfo] {
	call := newCall(s, http.MethodGet, "/users/{user-id}/follows", id).count(value(opts).Count)
	return newPager[UserShortInfo](call, "cursor")
}

// FollowedBy lists the followers of a user. It needs [ScopeFollowerList].
//
// Instagram API: GET /users/{user-id}/followed-by
func (s *RelationshipsService) FollowedBy(id string, opts *RelationshipListOptions) *Pager[UserShortInfo] {
	call := newCall(s, http.MethodGet, "/users/{user-id}/followed-by", id).count(value(opts).Count)
	return newPager[UserShortInfo](call, "cursor")
}

// RequestedBy returns the users who asked to follow the signed-in one and wait for an answer; see
// [ActionApprove]. It needs [ScopeFollowerList].
//
// Instagram API: GET /users/self/requested-by
func (s *RelationshipsService) RequestedBy(ctx context.Context) ([]*UserShortInfo, error) {
	return getList[UserShortInfo](ctx, newCall(s, http.MethodGet, "/users/self/requested-by"))
}

// Get returns how the signed-in user and another one stand. It needs [ScopeFollowerList].
//
// Instagram API: GET /users/{user-id}/relationship
func (s *RelationshipsService) Get(ctx context.Context, id string) (*RelationshipInfo, error) {
	return get[RelationshipInfo](ctx, newCall(s, http.MethodGet, "/users/{user-id}/relationship", id))
}

// RelationshipAction is what [RelationshipsService.Modify] does.
type RelationshipAction string

// The actions on a relationship.
const (
	ActionFollow   RelationshipAction = "follow" // a private user has to approve
	ActionUnfollow RelationshipAction = "unfollow"
	ActionBlock    RelationshipAction = "block"
	ActionUnblock  RelationshipAction = "unblock"
	ActionApprove  RelationshipAction = "approve" // lets one who asked follow the signed-in user

	// ActionIgnore turns one who asked down. ActionDeny is the same action by the name that older
	// servers have for it.
	ActionIgnore RelationshipAction = "ignore"
	ActionDeny   RelationshipAction = "deny"
)

// Modify changes how the signed-in user and another one stand, and returns how they stand then:
// [OutgoingRequested] after asking to follow a private user. The status is empty where the server
// does not say it: after a repetition that found the work done, for one. Unknown actions are
// refused. It needs [ScopeRelationships].
//
// Instagram API: POST /users/{user-id}/relationship
func (s *RelationshipsService) Modify(ctx context.Context, id string, action RelationshipAction) (*RelationshipStatus, error) {
	call := newCall(s, http.MethodPost, "/users/{user-id}/relationship", id).set("action", string(action)).
		repeatable().counts(RelationshipWrites)
	switch action {
	case ActionFollow, ActionUnfollow, ActionBlock, ActionUnblock:
	case ActionApprove, ActionIgnore, ActionDeny:
		call.doneIf(ErrNotFound, ErrInvalidParameters) // there is no such request any more
	default:
		call.refuse("action", "there is no action %q", action)
	}
	status, err := getOptional[RelationshipStatus](ctx, call)
	if err == nil && status == nil {
		status = new(RelationshipStatus)
	}
	return status, err
}
