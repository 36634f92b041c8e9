// Package sign has the signatures of the protocol: those of requests, and those of what the server
// sends.
package sign

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Request returns the sig parameter of a request: the HMAC of the endpoint and of every other
// parameter, sorted and unescaped.
func Request(secret, endpoint string, params url.Values) string {
	var b strings.Builder
	b.WriteString(endpoint)
	for _, key := range slices.Sorted(maps.Keys(params)) {
		b.WriteString("|" + key + "=" + params.Get(key))
	}
	return hexMAC(secret, b.String())
}

// ForwardedFor returns the X-Insta-Forwarded-For header for addresses, which must be valid.
func ForwardedFor(secret string, ips []netip.Addr) string {
	list := make([]string, len(ips))
	for i, ip := range ips {
		list[i] = ip.Unmap().WithZone("").String()
	}
	joined := strings.Join(list, ",")
	return joined + "|" + hexMAC(secret, joined)
}

func hexMAC(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// A Body is what a header says of a body: its HMAC with the secret of the app.
type Body struct {
	hash func() hash.Hash
	sum  []byte
}

// ParseBody reads X-Hub-Signature-256, which is SHA-256, or where there is none X-Hub-Signature,
// which is SHA-1. Both are in hex, after the name of the hash or not. It reports whether there is
// one.
func ParseBody(header http.Header) (Body, bool) {
	s, text, name := Body{hash: sha256.New}, header.Get("X-Hub-Signature-256"), "sha256="
	if text == "" {
		s, text, name = Body{hash: sha1.New}, header.Get("X-Hub-Signature"), "sha1="
	}
	text = strings.TrimPrefix(text, name)
	if len(text) != hex.EncodedLen(s.hash().Size()) {
		return s, false
	}
	var err error
	s.sum, err = hex.DecodeString(text)
	return s, err == nil
}

// Fits reports whether it is the signature of a body.
func (s Body) Fits(body []byte, secret string) bool {
	mac := hmac.New(s.hash, []byte(secret))
	mac.Write(body)
	return hmac.Equal(s.sum, mac.Sum(nil))
}
