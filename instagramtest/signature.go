package instagramtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
)

// sign is the sig of an endpoint and its parameters: everything but sig itself, sorted, values as they are.
func sign(secret, endpoint string, p params) string {
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
	return digest(secret, b.String())
}

// checkSignature accepts a sig over the path as it was sent or as it reads unescaped, and with or without what the
// routes ignore at its end: clients differ in what they take for the endpoint.
func checkSignature(secret, path string, p params) *apiError {
	sig := p.Get("sig")
	if sig == "" {
		return forbidden("Invalid signed-request: Missing required parameter 'sig'")
	}
	endpoints := []string{path, trimPath(path)}
	for _, endpoint := range endpoints {
		if plain, err := url.PathUnescape(endpoint); err == nil {
			endpoints = append(endpoints, plain)
		}
	}
	for _, endpoint := range endpoints {
		if equalHex(sig, sign(secret, endpoint, p)) {
			return nil
		}
	}
	return forbidden("Invalid signed-request: Signature does not match")
}

// checkForwardedFor checks the header that writes were signed with before sig: IPS|hex(HMAC-SHA256(secret, IPS)).
func checkForwardedFor(secret, header string) *apiError {
	ips, sum, ok := strings.Cut(header, "|")
	if !ok || strings.TrimSpace(ips) == "" {
		return forbidden("Invalid header: X-Insta-Forwarded-For is required for this operation")
	}
	if !equalHex(sum, digest(secret, ips)) {
		return forbidden("Invalid header: the signature of X-Insta-Forwarded-For does not match")
	}
	return nil
}

// equalHex compares in constant time, whatever the case of the digits.
func equalHex(got, want string) bool {
	a, err := hex.DecodeString(strings.TrimSpace(got))
	b, _ := hex.DecodeString(want)
	return err == nil && len(a) == sha256.Size && hmac.Equal(a, b)
}
