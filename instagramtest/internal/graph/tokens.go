package graph

import (
	"net/http"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/encode"
	"github.com/igv1/instagram/instagramtest/internal/oauth"
)

var (
	errExpired    = &apiError{http.StatusBadRequest, "OAuthException", 190, 463, "Error validating access token: Session has expired"}
	errNotShort   = &apiError{http.StatusBadRequest, "IGApiException", 452, 0, "Session key invalid. This could be because the session key has an incorrect format, or because the user has revoked this session"}
	errTooYoung   = &apiError{http.StatusBadRequest, "IGApiException", 100, 0, "The access token must be at least 24 hours old to be refreshed"}
	errOfOtherApp = &apiError{http.StatusBadRequest, "OAuthException", 101, 0, "Error validating application. Invalid application secret"}
)

// tokenEndpoints answer what trades one token for another.
var tokenEndpoints = map[string]func(*call, *oauth.Grant) *apiError{
	"access_token":         (*call).lengthen,
	"refresh_access_token": (*call).refresh,
}

// lengthen trades a token of an hour for one of 60 days.
func (g *call) lengthen(grant *oauth.Grant) *apiError {
	switch {
	case g.params.Get("grant_type") != "ig_exchange_token":
		return badParameter("grant_type must be ig_exchange_token")
	case g.params.Get("client_secret") != g.Secret:
		return errOfOtherApp
	case grant.Expires.IsZero() || grant.LongLived():
		return errNotShort
	}
	return g.trade(grant)
}

// refresh trades a token of 60 days for the next one.
func (g *call) refresh(grant *oauth.Grant) *apiError {
	switch {
	case g.params.Get("grant_type") != "ig_refresh_token":
		return badParameter("grant_type must be ig_refresh_token")
	case !grant.LongLived():
		return errNotShort
	case g.Now().Sub(grant.Issued) < oauth.RenewAge:
		return errTooYoung
	}
	return g.trade(grant)
}

func (g *call) trade(grant *oauth.Grant) *apiError {
	token := g.Tokens.IssueGraph(grant.UserID, grant.Scopes, g.Now(), oauth.LongLife)
	g.b = encode.ASCII(append(g.b, `{"access_token":`...), token)
	g.b = encode.Int(append(g.b, `,"token_type":"bearer","expires_in":`...), int(oauth.LongLife.Seconds()))
	g.b = encode.ASCII(append(g.b, `,"permissions":`...), strings.Join(grant.Scopes, ","))
	g.b = append(g.b, '}')
	return nil
}
