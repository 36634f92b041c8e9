package instagram

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/wire"
	"golang.org/x/oauth2"
)

// A GraphScope is a permission that a user grants an app for the Graph.
type GraphScope string

// The scopes of the Graph, as of November 2026. Each needs the first.
const (
	GraphScopeBusinessBasic    GraphScope = "instagram_business_basic"           // profile and media
	GraphScopeBusinessComments GraphScope = "instagram_business_manage_comments" // comments
	GraphScopeBusinessInsights GraphScope = "instagram_business_manage_insights" // insights
	GraphScopeBusinessMessages GraphScope = "instagram_business_manage_messages" // messages; nothing here uses it
	GraphScopeBusinessPublish  GraphScope = "instagram_business_content_publish" // posting; nothing here uses it
)

// GraphOAuthEndpoint returns where Instagram signs users in to the Graph: a page on the web, and
// codes are traded on another host. See [WithGraphOAuthEndpoint].
func GraphOAuthEndpoint() oauth2.Endpoint {
	return oauth2.Endpoint{
		AuthURL:   "https://www.instagram.com/oauth/authorize",
		TokenURL:  "https://api.instagram.com" + exchangeEndpoint,
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// A GraphSignIn signs users in to one app for the Graph, as a [SignIn] does for v1: web programs
// use Start and Finish, others AuthURL and Exchange. What comes of it is a token of 60 days. Make
// one with [Client.GraphSignIn] and share it: it is safe for any number of goroutines.
type GraphSignIn struct {
	authorization
	codes *service // where codes are traded for tokens
	graph *service // where short-lived tokens are, with the app's secret
}

// GraphSignIn returns the sign-in for the Graph of the app whose credentials c has: the id and the
// secret that the app's dashboard calls those of the Instagram app. The redirect URL must be
// registered there as it is written here. Without scopes, [GraphScopeBusinessBasic] is asked for.
func (c *Client) GraphSignIn(redirectURL string, scopes ...GraphScope) (*GraphSignIn, error) {
	if len(scopes) == 0 {
		scopes = []GraphScope{GraphScopeBusinessBasic}
	}
	a, err := newAuthorization(&c.core, c.config.graphEndpoint, redirectURL, scopes)
	if err != nil {
		return nil, err
	}
	base, _ := strings.CutSuffix(c.config.graphEndpoint.TokenURL, exchangeEndpoint)
	return &GraphSignIn{
		authorization: a,
		codes:         &service{core: &c.core, api: newOAuthAPI(base)},
		graph:         &service{core: &c.core, api: newGraphAppAPI(c.config.graphURL)},
	}, nil
}

// A GraphGrant is what a sign-in for the Graph comes to. Printed, logged or marshaled it does not
// show the token.
type GraphGrant struct {
	token   redact.Secret
	expiry  time.Time
	seconds int64 // of its whole life

	// UserID is that of who signed in, as the app knows them: GraphUser.ID.
	UserID string

	// Permissions are the scopes that the user granted, which may be fewer than the app asked for.
	// They are empty where the server does not say.
	Permissions []GraphScope
}

// Token returns the token for [WithGraphToken], or for [GraphTokenSource] to keep alive. Its Expiry
// says until when it is good.
func (g *GraphGrant) Token() *oauth2.Token {
	return &oauth2.Token{AccessToken: g.token.Reveal(), TokenType: "bearer", Expiry: g.expiry, ExpiresIn: g.seconds}
}

func (g *GraphGrant) hold(token *oauth2.Token) {
	g.token, g.expiry, g.seconds = redact.NewSecret(token.AccessToken), token.Expiry, token.ExpiresIn
}

// Exchange finishes a sign-in that AuthURL has started. It takes the URL that the server sent the
// user back to, trades the code in it for a token of an hour, and that for one of 60 days.
//
// The errors are those of [SignIn.Exchange]. A code works once: where the second step fails, the
// grant is there beside the error with the token of an hour, and LongLived may be called again.
func (s *GraphSignIn) Exchange(ctx context.Context, callbackURL, state string) (*GraphGrant, error) {
	query, _, err := parseCallback(callbackURL)
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, query, state)
}

// Finish takes the request with which the user comes back, as [SignIn.Finish] does, and returns
// what Exchange returns.
func (s *GraphSignIn) Finish(w http.ResponseWriter, r *http.Request) (*GraphGrant, error) {
	callback := r.URL.Query()
	return s.finish(r.Context(), callback, s.takeState(w, r, callback.Get("state")))
}

func (s *GraphSignIn) finish(ctx context.Context, callback url.Values, state string) (*GraphGrant, error) {
	if err := s.verify(callback, state); err != nil {
		return nil, err
	}
	now := time.Now()
	grant, _, err := fetch(ctx, s.codes.core, s.exchangeCall(s.codes.api, callback.Get("code")), decodeGraphGrant)
	if err != nil {
		return nil, err
	}
	grant.expiry, grant.seconds = now.Add(shortLife), int64(shortLife/time.Second)
	token, err := s.LongLived(ctx, grant.Token())
	if err != nil {
		return grant, err
	}
	grant.hold(token)
	return grant, nil
}

// LongLived trades a token of an hour for one of 60 days. Exchange and Finish have done it already.
//
// Graph API: GET /access_token
func (s *GraphSignIn) LongLived(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
	call := s.graph.api.call(http.MethodGet, "/access_token").set("grant_type", "ig_exchange_token")
	return fetchGraphToken(ctx, s.graph.core, call, token)
}

// newGraphAppAPI describes where the Graph trades tokens with the app itself.
func newGraphAppAPI(base string) *api {
	return &api{base: base, authorize: authorizeGraphApp, readError: readGraphError}
}

// authorizeGraphApp adds the secret of the app to the token.
func authorizeGraphApp(ctx context.Context, c *core, call *call) (credentials, error) {
	creds, err := authorizeGraph(ctx, c, call)
	secret := c.clientSecret.Reveal()
	if secret == "" {
		return creds, &ParameterError{"client_secret", "a long-lived token needs it; set it with WithClientCredentials"}
	}
	creds.params.Set("client_secret", secret)
	return creds, err
}

// fetchGraphToken makes a call that trades a token for another one.
func fetchGraphToken(ctx context.Context, c *core, call *call, token *oauth2.Token) (*oauth2.Token, error) {
	if token == nil {
		return nil, &ParameterError{"access_token", "there is none"}
	}
	now := time.Now()
	traded, _, err := fetch(ctx, &core{settings: c.settings, tokens: tokenSource{static: &token.AccessToken}}, call, decodeGraphToken)
	if err == nil && traded.ExpiresIn > 0 {
		traded.Expiry = now.Add(time.Duration(traded.ExpiresIn) * time.Second)
	}
	return traded, err
}

// shortLife is that of the token that a code is traded for.
const shortLife = time.Hour

// maxLife is what an absurd expires_in is taken for, in seconds: ten years.
const maxLife = 10 * 365 * 24 * 3600

// decodeGraphToken reads {access_token, token_type, expires_in}.
func decodeGraphToken(body []byte) (*oauth2.Token, MetaData, error) {
	token := &oauth2.Token{}
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		for name := range d.Members {
			switch string(name) {
			case "access_token":
				token.AccessToken = d.String()
			case "token_type":
				token.TokenType = d.String()
			case "expires_in":
				token.ExpiresIn = int64(min(max(d.Int(), 0), maxLife))
			default:
				d.Skip()
			}
		}
	})
	if err != nil {
		return nil, MetaData{}, decodeError(err)
	}
	return token, MetaData{}, checkGrant(token.AccessToken)
}

// decodeGraphGrant reads the answer to a code: {access_token, user_id, permissions}, which the
// documentation shows within the list data.
func decodeGraphGrant(body []byte) (*GraphGrant, MetaData, error) {
	grant := &GraphGrant{}
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		for name := range d.Members {
			if string(name) != "data" {
				grant.member(d, name)
				continue
			}
			for range d.Elements {
				for name := range d.Members {
					grant.member(d, name)
				}
			}
		}
	})
	if err != nil {
		return nil, MetaData{}, decodeError(err)
	}
	return grant, MetaData{}, checkGrant(grant.token.Reveal())
}

func (g *GraphGrant) member(d *wire.Decoder, name []byte) {
	switch string(name) {
	case "access_token":
		g.token = redact.NewSecret(d.String())
	case "user_id":
		g.UserID = d.String()
	case "permissions": // a list, or a text with commas
		if d.Peek() == '[' {
			for range d.Elements {
				g.Permissions = append(g.Permissions, GraphScope(d.String()))
			}
			return
		}
		for scope := range strings.SplitSeq(d.String(), ",") {
			if scope = strings.TrimSpace(scope); scope != "" {
				g.Permissions = append(g.Permissions, GraphScope(scope))
			}
		}
	default:
		d.Skip()
	}
}

// Granted reports whether the user granted a scope.
func (g *GraphGrant) Granted(scope GraphScope) bool { return slices.Contains(g.Permissions, scope) }

// String returns who signed in, without the token.
func (g GraphGrant) String() string { return "instagram.GraphGrant(" + g.UserID + ")" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (g GraphGrant) Format(f fmt.State, verb rune) { fmt.Fprint(f, g.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (g GraphGrant) LogValue() slog.Value { return slog.StringValue(g.String()) }
