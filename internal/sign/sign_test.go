package sign

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const vectorSecret = "6dc1787668c64c939929c17683d7cb74"

// The signatures that the API's reference gives.
func TestSignatureVectors(t *testing.T) {
	const token = "fb2e77d.47a0479900504cb3ab4a1f626d174d2d"
	tests := []struct {
		endpoint string
		params   url.Values
		want     string
	}{
		{
			"/users/self", url.Values{"access_token": {token}},
			"cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf",
		},
		{
			"/media/657988443280050001_25025320", url.Values{"access_token": {token}, "count": {"10"}},
			"260634b241a6cfef5e4644c205fb30246ff637591142781b86e2075faf1b163a",
		},
	}
	for _, tt := range tests {
		assert.Equal(t, tt.want, Request(vectorSecret, tt.endpoint, tt.params), tt.endpoint)
	}
}

func TestForwardedForVector(t *testing.T) {
	header := ForwardedFor(vectorSecret, []netip.Addr{netip.MustParseAddr("200.15.1.1")})
	assert.Equal(t, "200.15.1.1|7e3c45bc34f56fd8e762ee4590a53c8c2bbce27e967a85484712e5faa0191688", header)
	both := ForwardedFor(vectorSecret, []netip.Addr{netip.MustParseAddr("::ffff:200.15.1.1"), netip.MustParseAddr("fe80::1%eth0")})
	assert.Regexp(t, `^200\.15\.1\.1,fe80::1\|[0-9a-f]{64}$`, both)
}

// The HMACs of "what do ya want for nothing?" with the key Jefe, from RFC 4231 and RFC 2202.
const (
	body      = "what do ya want for nothing?"
	sumSHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	sumSHA1   = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
)

func TestBody(t *testing.T) {
	tests := map[string]struct {
		sha256, sha1 string
		there, fits  bool
	}{
		"SHA-256":             {"sha256=" + sumSHA256, "", true, true},
		"SHA-256 alone":       {sumSHA256, "", true, true},
		"SHA-1":               {"", "sha1=" + sumSHA1, true, true},
		"SHA-1 alone":         {"", sumSHA1, true, true},
		"SHA-256 counts":      {sumSHA256, sumSHA1[1:], true, true},
		"SHA-256 is wrong":    {strings.Repeat("0", 64), sumSHA1, true, false},
		"SHA-1 is wrong":      {"", strings.Repeat("0", 40), true, false},
		"nothing":             {"", "", false, false},
		"SHA-1 as SHA-256":    {sumSHA1, "", false, false},
		"a broken SHA-256":    {"sha256=" + strings.Repeat("x", 64), sumSHA1, false, false},
		"with another's name": {"sha1=" + sumSHA256, "", false, false},
	}
	for name, tt := range tests {
		header := http.Header{}
		header.Set("X-Hub-Signature-256", tt.sha256)
		header.Set("X-Hub-Signature", tt.sha1)
		signature, there := ParseBody(header)
		assert.Equal(t, tt.there, there, name)
		if there {
			assert.Equal(t, tt.fits, signature.Fits([]byte(body), "Jefe"), name)
			assert.False(t, signature.Fits([]byte(body+" "), "Jefe"), name)
			assert.False(t, signature.Fits([]byte(body), "jefe"), name)
		}
	}
}
