package instagram

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/check"
	"github.com/igv1/instagram/internal/redact"
	"github.com/igv1/instagram/internal/tokens"
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
// use Start and Finish, others AuthURL and Exchange. The result is a token of 60 days. Make
// one with [Client.GraphSignIn] and share it: it is safe for any number of goroutines.
type GraphSignIn struct {
	authorization
	graph service // where short-lived tokens are, with the app's secret
}

// GraphSignIn returns the sign-in for the Graph. The client must have the id and the secret that the
// app's dashboard shows under "Instagram app" ([WithClientCredentials]). The redirect URL must be
// registered there as it is here. Without scopes, [GraphScopeBusinessBasic] is asked for.
func (c *Client) GraphSignIn(redirectURL string, scopes ...GraphScope) (*GraphSignIn, error) {
	if len(scopes) == 0 {
		scopes = []GraphScope{GraphScopeBusinessBasic}
	}
	c = c.made()
	base, _ := strings.CutSuffix(c.config.graphEndpoint.TokenURL, exchangeEndpoint)
	a, err := newAuthorization(service{&c.core, newOAuthAPI(base)}, c.config.graphEndpoint, redirectURL, scopes)
	if err != nil {
		return nil, err
	}
	return &GraphSignIn{a, service{&c.core, newGraphAppAPI(c.config.graphURL)}}, nil
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
	query, _, reason := check.Callback(callbackURL)
	if reason != "" {
		return nil, refused("callback URL", reason)
	}
	return s.finish(ctx, query, state)
}

// Finish takes the request with which the user comes back, as [SignIn.Finish] does, and returns
// what Exchange returns.
func (s *GraphSignIn) Finish(w http.ResponseWriter, r *http.Request) (*GraphGrant, error) {
	callback := r.URL.Query()
	return s.finish(r.Context(), callback, s.states.Take(w, r, callback.Get("state")))
}

func (s *GraphSignIn) finish(ctx context.Context, callback url.Values, state string) (*GraphGrant, error) {
	if err := s.verify(callback, state); err != nil {
		return nil, err
	}
	now := time.Now()
	answer, _, err := fetch(ctx, s.exchangeCall(callback.Get("code")), readTokenAnswer)
	if err != nil {
		return nil, err
	}
	grant := &GraphGrant{UserID: answer.UserID}
	for _, scope := range answer.Permissions {
		grant.Permissions = append(grant.Permissions, GraphScope(scope))
	}
	grant.hold(&oauth2.Token{AccessToken: answer.AccessToken, Expiry: now.Add(shortLife), ExpiresIn: int64(shortLife / time.Second)})
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
	call := newCall(&s.graph, http.MethodGet, "/access_token").set("grant_type", "ig_exchange_token")
	return fetchGraphToken(ctx, call, token)
}

// fetchGraphToken makes a call that trades a token for another one.
func fetchGraphToken(ctx context.Context, call *call, token *oauth2.Token) (*oauth2.Token, error) {
	switch {
	case token == nil:
		return nil, &ParameterError{"access_token", "there is none"}
	case call.core == nil:
		return nil, call.error(errUnmade)
	}
	now := time.Now()
	call.core = &core{settings: call.core.settings, tokens: tokens.Static(&token.AccessToken)}
	answer, _, err := fetch(ctx, call, readTokenAnswer)
	if err != nil {
		return nil, err
	}
	traded := &oauth2.Token{AccessToken: answer.AccessToken, TokenType: answer.TokenType, ExpiresIn: answer.ExpiresIn}
	if traded.ExpiresIn > 0 {
		traded.Expiry = now.Add(time.Duration(traded.ExpiresIn) * time.Second)
	}
	return traded, nil
}

func readTokenAnswer(body []byte) (*tokens.Answer, MetaData, error) {
	answer, err := tokens.ReadAnswer(body)
	if err != nil {
		return nil, MetaData{}, decodeError(err)
	}
	return answer, MetaData{}, checkGrant(answer.AccessToken)
}

// shortLife is that of the token that a code is traded for.
const shortLife = time.Hour

// Granted reports whether the user granted a scope.
func (g *GraphGrant) Granted(scope GraphScope) bool { return slices.Contains(g.Permissions, scope) }

// String returns who signed in, without the token.
func (g GraphGrant) String() string { return "instagram.GraphGrant(" + g.UserID + ")" }

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (g GraphGrant) Format(f fmt.State, verb rune) { fmt.Fprint(f, g.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (g GraphGrant) LogValue() slog.Value { return slog.StringValue(g.String()) }

// GraphTokenOptions are how a [GraphTokenSource] renews its token.
type GraphTokenOptions struct {
	// Client makes the calls that renew the token, at its Graph URL and with its HTTP client,
	// retries and logger. Of its own tokens it uses none. The default is what [NewClient] returns.
	Client *Client

	// Age is how old a token is when it is renewed. The default is half its life; the least is 24
	// hours, for the Graph renews no younger one.
	Age time.Duration

	// Save is handed each new token, to keep it for the next start of the program: a token marshals
	// to JSON whole. It is called by one goroutine at a time, and has 10 s, or half of what the
	// call has left. Where it fails the token is used all the same, and handed over again later.
	Save func(context.Context, *oauth2.Token) error

	// Failed is told of each renewal and each Save that failed, for neither fails a call. By
	// default a line is logged: to the client's logger, or else to [slog.Default].
	Failed func(context.Context, error)
}

// GraphTokenSource returns a source for [WithGraphTokenSource] that keeps a token of [GraphSignIn]
// alive: it renews it once it is old enough, and before it expires, as part of the first call that
// is made then. The other calls of that time go on with the old token. One that cannot be renewed
// is used until it expires, and renewing is tried again after a minute, then after two, up to an
// hour. Renewing takes a call at most 10 s, or half of the time that its context leaves it.
//
// Behind its expiry a token cannot be renewed: the source then returns an error that matches
// [ErrUnauthorized], and the user has to sign in again. A token without an Expiry is renewed at
// once, because nothing else tells when it ends.
//
// The source starts no goroutine, and is safe for any number of them. Where it is asked by a client
// of this package, the context of the call ends its work too.
//
// Graph API: GET /refresh_access_token
func GraphTokenSource(token *oauth2.Token, opts *GraphTokenOptions) (oauth2.TokenSource, error) {
	o := value(opts)
	switch {
	case token == nil:
		return nil, &ParameterError{"access_token", "there is none"}
	case o.Age < 0 || o.Age >= tokens.LongLife:
		return nil, &ParameterError{"token age", "it is not between 0 and 60 days"}
	}
	if err := refused("access_token", check.Token(token.AccessToken)); err != nil {
		return nil, err
	}
	if o.Client == nil {
		client, err := NewClient()
		if err != nil {
			return nil, err
		}
		o.Client = client
	}
	o.Client = o.Client.made()
	refresh := service{core: &o.Client.core, api: newGraphAPI(o.Client.config.graphURL, "", nil)}
	if o.Failed == nil {
		o.Failed = func(ctx context.Context, err error) {
			logger := cmp.Or(refresh.core.logger, slog.Default())
			logger.WarnContext(ctx, "instagram token", slog.String("error", err.Error()))
		}
	}
	return &graphTokenSource{tokens.Renew(*token, tokens.RenewOptions{
		Renew: func(ctx context.Context, token *oauth2.Token) (*oauth2.Token, error) {
			call := newCall(&refresh, http.MethodGet, "/refresh_access_token").set("grant_type", "ig_refresh_token")
			return fetchGraphToken(ctx, call, token)
		},
		Age: o.Age, Save: o.Save, Failed: o.Failed, Expired: ErrUnauthorized,
	})}, nil
}

type graphTokenSource struct{ *tokens.Renewed }

// Format implements [fmt.Formatter]: no verb prints the token.
func (s *graphTokenSource) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, "instagram.GraphTokenSource")
}

// LogValue implements [slog.LogValuer] with the same text.
func (s *graphTokenSource) LogValue() slog.Value {
	return slog.StringValue("instagram.GraphTokenSource")
}
