package instagram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"

	"github.com/igv1/instagram/internal/wire"
)

// What goes wrong when a code is exchanged for a token. Test for them with [errors.Is].
var (
	// ErrInvalidCode is a code that was used before, has expired or is unknown: the user has to
	// sign in again.
	ErrInvalidCode = errors.New("instagram: invalid code")
	// ErrRedirectURI is a redirect URI that is not the one registered for the app: the program or
	// its registration has to change.
	ErrRedirectURI = errors.New("instagram: redirect URI does not match")
)

const exchangeEndpoint = "/oauth/access_token"

// OAuthEndpoint returns where the server at a base URL signs users in. That is beside its /v1, not
// under it. [SignIn] uses it; so can an [oauth2.Config].
func OAuthEndpoint(baseURL string) oauth2.Endpoint {
	base := besideV1(strings.TrimRight(baseURL, "/"))
	return oauth2.Endpoint{
		AuthURL:   base + "/oauth/authorize",
		TokenURL:  base + exchangeEndpoint,
		AuthStyle: oauth2.AuthStyleInParams,
	}
}

// besideV1 takes the /v1 off a base URL, if its path ends in one.
func besideV1(base string) string {
	if beside, ok := strings.CutSuffix(base, "/v1"); ok && !strings.HasSuffix(beside, "/") {
		return beside
	}
	return base
}

// A Grant is what a sign-in comes to: a token for [Client.WithToken], and who signed in. Printed,
// logged or marshaled it does not show the token.
type Grant struct {
	token redact.Secret

	// User is the profile of who signed in, less its counts. The implicit flow does not say who
	// that was and leaves it empty.
	User UserInfo
}

// Token returns the token, for [Client.WithToken] and for storing. It has no expiry: tokens of v1
// last until the user revokes them.
func (g Grant) Token() *oauth2.Token { return &oauth2.Token{AccessToken: g.token.Reveal()} }

// exchange trades a code for a token. oauth2.Config.Exchange would do so too, but reads ids as
// floats, knows no error of this API, and repeats what the server answered in its own.
func (s *SignIn) exchange(ctx context.Context, code string) (*Grant, error) {
	grant, _, err := fetch(ctx, s.codes.core, s.exchangeCall(s.codes.api, code), decodeGrant)
	return grant, err
}

// exchangeCall describes the request that trades a code for a token.
func (a *authorization) exchangeCall(oauth *api, code string) *call {
	return oauth.call(http.MethodPost, exchangeEndpoint).
		set("grant_type", "authorization_code").
		set("redirect_uri", a.redirectURL).
		require("code", code)
}

// decodeGrant reads the answer to an exchange, which has no envelope.
func decodeGrant(body []byte) (*Grant, MetaData, error) {
	var meta MetaData
	grant := &Grant{}
	var token string
	err := wire.ReadWhole("", body, func(d *wire.Decoder) {
		for name := range d.Members {
			switch string(name) {
			case "access_token":
				token = d.String()
			case "user":
				userTable.Read(d, &grant.User)
			case "meta":
				metaTable.Read(d, &meta)
			case "code", "error_type", "error_message":
				metaTable.ReadMember(d, &meta, string(name))
			default:
				d.Skip()
			}
		}
	})
	if err != nil {
		return nil, meta, decodeError(err)
	}
	grant.token = redact.NewSecret(token)
	return grant, meta, checkGrant(token)
}

// checkGrant refuses an answer whose token could not be sent.
func checkGrant(token string) error {
	if checkToken(token) != nil {
		return errors.New("it has no access_token that can be used")
	}
	return nil
}

// newOAuthAPI describes where codes are exchanged for tokens.
func newOAuthAPI(base string) *api {
	return &api{base: base, authorize: authorizeApp, readError: readExchangeError}
}

func readExchangeError(e *Error, body []byte) bool {
	e.meaning = exchangeSentinel
	return readMeta(e, body)
}

// exchangeSentinel tells the refusals of a token endpoint apart, which have nothing but their
// message to be told by.
func exchangeSentinel(e *Error) error {
	switch {
	case tooMany(e.StatusCode) || tooMany(e.Code):
	case aboutRedirectURI.MatchString(e.Message):
		return ErrRedirectURI
	case aboutCode.MatchString(e.Message):
		return ErrInvalidCode
	}
	return standardSentinel(e)
}

var (
	aboutRedirectURI = regexp.MustCompile(`(?i)\bredirect`)
	aboutCode        = regexp.MustCompile(`(?i)\bcode\b`) // not authorization_code
)

// parseCallback returns what the server sent the user back with: the parameters in the query and
// those in the fragment.
func parseCallback(callbackURL string) (query, fragment url.Values, err error) {
	// The URL is not in the errors: it may hold a code or a token.
	u, err := url.Parse(callbackURL)
	if err != nil {
		return nil, nil, &ParameterError{"callback URL", "it is not a URL"}
	}
	_, raw, _ := strings.Cut(callbackURL, "#")
	if fragment, err = url.ParseQuery(raw); err != nil {
		return nil, nil, &ParameterError{"callback URL", "its fragment is not a query"}
	}
	return u.Query(), fragment, nil
}

// String returns who signed in, without the token.
func (g Grant) String() string {
	return fmt.Sprintf("instagram.Grant(%s %s)", g.User.ID, g.User.Username)
}

// Format implements [fmt.Formatter]: every verb prints the same as String.
func (g Grant) Format(f fmt.State, verb rune) { fmt.Fprint(f, g.String()) }

// LogValue implements [slog.LogValuer] with the text of String.
func (g Grant) LogValue() slog.Value { return slog.StringValue(g.String()) }
