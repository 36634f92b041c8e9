package instagram_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// Whoever lacks a scope is told which one, and whoever has it gets in.
func TestMissingScopeOnServer(t *testing.T) {
	server := startServer(t)
	me, other := server.Users()[0], public(server.Users())[1]
	media := collect(t, signedIn(t, server, other).Users.RecentMedia(instagram.Self, nil))[0]
	type call = func(context.Context, *instagram.Client) error
	tests := map[instagram.Scope]call{
		instagram.ScopePublicContent: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Tags.Get(ctx, "snow")
			return err
		},
		instagram.ScopeFollowerList: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Follows(instagram.Self, nil).Next(ctx)
			return err
		},
		instagram.ScopeComments: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Comments.Create(ctx, media.ID, "Lovely")
			return err
		},
		instagram.ScopeRelationships: func(ctx context.Context, c *instagram.Client) error {
			_, err := c.Relationships.Modify(ctx, other.ID, instagram.ActionFollow)
			return err
		},
		instagram.ScopeLikes: func(ctx context.Context, c *instagram.Client) error { return c.Likes.Like(ctx, media.ID) },
	}
	var scopes []string
	for scope := range tests {
		scopes = append(scopes, string(scope))
	}
	for scope, call := range tests {
		t.Run(string(scope), func(t *testing.T) {
			client := signedIn(t, server, me)
			others := slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == string(scope) })
			err := call(t.Context(), client.WithToken(server.AccessToken(me.ID, others...)))
			require.ErrorIs(t, err, instagram.ErrMissingScope)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, scope, failure.MissingScope())
			assert.ErrorContains(t, err, string(scope))

			// Media of others are public content, on top.
			granted := server.AccessToken(me.ID, string(scope), "public_content")
			err = call(t.Context(), client.WithToken(granted))
			assert.NotErrorIs(t, err, instagram.ErrMissingScope)
		})
	}
}

// Every token of the server has the scope basic, so its absence is told here.
func TestMissingScope(t *testing.T) {
	tests := map[string]struct {
		body string
		want instagram.Scope
	}{
		"basic": {
			`{"meta":{"code":400,"error_type":"OAuthPermissionsException","error_message":"This request requires scope=basic, but this access token is not authorized with this scope. The user must re-authorize your application with scope=basic to be granted this permission."}}`,
			instagram.ScopeBasic,
		},
		"a scope unknown to us": {
			`{"meta":{"code":400,"error_type":"OAuthPermissionsException","error_message":"This request requires scope=stories, sorry"}}`, "stories",
		},
		"in other words": {
			`{"meta":{"code":403,"error_type":"OAuthPermissionsException","error_message":"this token was not granted follower_list"}}`,
			instagram.ScopeFollowerList,
		},
		"not said":      {`{"meta":{"code":403,"error_type":"OAuthPermissionsException","error_message":"not with this scope. Sorry"}}`, ""},
		"another error": {`{"meta":{"code":400,"error_type":"APIError","error_message":"scope=likes"}}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, transport := mockClient(t)
			transport.RegisterNoResponder(answer(400, tt.body))
			_, err := client.Users.Get(t.Context(), instagram.Self)
			var failure *instagram.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, tt.want, failure.MissingScope())
		})
	}
}
