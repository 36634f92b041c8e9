package oauth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/igv1/instagram/instagramtest/internal/apierror"
	"github.com/igv1/instagram/instagramtest/internal/params"
	"github.com/igv1/instagram/instagramtest/internal/paths"
)

// Sign is the sig of an endpoint and its parameters: everything but sig itself, sorted, values as
// they are.
func Sign(secret, endpoint string, p params.Params) string {
	keys := make([]string, 0, len(p.Values))
	for k := range p.Values {
		if k != "sig" {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var b strings.Builder
	b.WriteString(endpoint)
	for _, k := range keys {
		b.WriteString("|" + k + "=" + p.Get(k))
	}
	return Digest(secret, b.String())
}

// CheckSignature accepts a sig over the path as it was sent or as it reads unescaped, and with or
// without what the routes ignore at its end: clients differ in what they take for the endpoint.
func CheckSignature(secret, path string, p params.Params) *apierror.Error {
	sig := p.Get("sig")
	if sig == "" {
		return apierror.Forbidden("Invalid signed-request: Missing required parameter 'sig'")
	}
	endpoints := []string{path, paths.TrimPath(path)}
	for _, endpoint := range endpoints {
		if plain, err := url.PathUnescape(endpoint); err == nil {
			endpoints = append(endpoints, plain)
		}
	}
	for _, endpoint := range endpoints {
		if equalHex(sig, Sign(secret, endpoint, p)) {
			return nil
		}
	}
	return apierror.Forbidden("Invalid signed-request: Signature does not match")
}

// CheckForwardedFor checks the header that writes were signed with before sig:
// IPS|hex(HMAC-SHA256(secret, IPS)).
func CheckForwardedFor(secret, header string) *apierror.Error {
	ips, sum, ok := strings.Cut(header, "|")
	if !ok || strings.TrimSpace(ips) == "" {
		return apierror.Forbidden("Invalid header: X-Insta-Forwarded-For is required for this operation")
	}
	if !equalHex(sum, Digest(secret, ips)) {
		return apierror.Forbidden("Invalid header: the signature of X-Insta-Forwarded-For does not match")
	}
	return nil
}

// equalHex compares in constant time, whatever the case of the digits.
func equalHex(got, want string) bool {
	a, err := hex.DecodeString(strings.TrimSpace(got))
	b, _ := hex.DecodeString(want)
	return err == nil && len(a) == sha256.Size && hmac.Equal(a, b)
}
