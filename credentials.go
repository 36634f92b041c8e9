package instagram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/internal/redact"
	"golang.org/x/oauth2"
)

// credentials are what one request is sent with: its parameters and what authenticates it, and the
// secrets among that.
type credentials struct {
	params  url.Values
	header  http.Header
	secrets redact.Set
}

// newCredentials returns those of a call to begin with.
func newCredentials(call *call) credentials {
	return credentials{params: maps.Clone(call.params)}
}

// addToken adds the token that the source holds now. Whether it has expired is for the server to
// say, whose clock counts.
func (c *credentials) addToken(ctx context.Context, source tokenSource) error {
	token, err := source.get(ctx)
	if err != nil {
		return fmt.Errorf("token source: %w", withoutAnswer(err))
	}
	if token == nil {
		return &ParameterError{"access_token", "the token source has none"}
	}
	c.secrets.Add(token.AccessToken, token.RefreshToken)
	c.params.Set("access_token", token.AccessToken)
	return checkToken(token.AccessToken)
}

// withoutAnswer keeps of the error of a token endpoint what its code says, and not the request nor
// the answer, which may hold tokens that this package does not know.
func withoutAnswer(err error) error {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return err
	}
	kept := &oauth2.RetrieveError{
		Response:  &http.Response{},
		ErrorCode: e.ErrorCode, ErrorDescription: e.ErrorDescription, ErrorURI: e.ErrorURI,
	}
	if e.Response != nil {
		kept.Response.Status, kept.Response.StatusCode = e.Response.Status, e.Response.StatusCode
	}
	return kept
}

// signature is the sig parameter: the HMAC of the endpoint and of every other parameter, sorted and
// unescaped.
func signature(secret, endpoint string, params url.Values) string {
	var b strings.Builder
	b.WriteString(endpoint)
	for _, key := range slices.Sorted(maps.Keys(params)) {
		b.WriteString("|" + key + "=" + params.Get(key))
	}
	return hexMAC(secret, b.String())
}

// forwardedFor is the X-Insta-Forwarded-For header.
func forwardedFor(secret string, ips []netip.Addr) (string, error) {
	if secret == "" {
		return "", &ParameterError{"client_secret", "X-Insta-Forwarded-For needs it; set it with WithClientCredentials"}
	}
	var list []string
	for _, ip := range ips {
		if !ip.IsValid() {
			return "", &ParameterError{"X-Insta-Forwarded-For", "an address is empty"}
		}
		list = append(list, ip.Unmap().WithZone("").String())
	}
	joined := strings.Join(list, ",")
	return joined + "|" + hexMAC(secret, joined), nil
}

func hexMAC(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// holder stands for whom the request is made in the name of.
func (c *credentials) holder() string {
	return holderOf(cmp.Or(c.params.Get("access_token"), c.params.Get("client_id")))
}

// holderOf is the same for the same token, or client id, in every process, and does not give it
// away.
func holderOf(token string) string {
	sum := sha256.Sum256([]byte("holder " + token))
	return hex.EncodeToString(sum[:16])
}
