package oauth

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest/internal/params"
)

// The vectors of the documentation of signed requests.
const (
	secret = "6dc1787668c64c939929c17683d7cb74"
	token  = "fb2e77d.47a0479900504cb3ab4a1f626d174d2d"
)

func TestSign(t *testing.T) {
	self := params.Params{Values: url.Values{"access_token": {token}}}
	assert.Equal(t, "cbf5a1f41db44412506cb6563a3218b50f45a710c7a8a65a3e9b18315bb338bf", Sign(secret, "/users/self", self))
	media := params.Params{Values: url.Values{"access_token": {token}, "count": {"10"}}}
	assert.Equal(t, "260634b241a6cfef5e4644c205fb30246ff637591142781b86e2075faf1b163a",
		Sign(secret, "/media/657988443280050001_25025320", media))

	self.Set("sig", "CBF5"+Sign(secret, "/users/self", self)[4:])
	assert.Nil(t, CheckSignature(secret, "/users/self/", self), "a slash at the end and capital digits are fine")
	self.Set("count", "1")
	assert.NotNil(t, CheckSignature(secret, "/users/self", self))
	self.Del("sig")
	assert.NotNil(t, CheckSignature(secret, "/users/self", self))
}

func TestForwardedFor(t *testing.T) {
	const sum = "7e3c45bc34f56fd8e762ee4590a53c8c2bbce27e967a85484712e5faa0191688"
	assert.Nil(t, CheckForwardedFor(secret, "200.15.1.1|"+sum))
	for _, bad := range []string{"", "200.15.1.1", "|" + sum, "200.15.1.2|" + sum, "200.15.1.1|", "200.15.1.1|" + sum[:62],
		"200.15.1.1|" + strings.Repeat("z", 64), "200.15.1.1|" + sum + "zz", "200.15.1.1|" + sum[:63] + "g"} {
		assert.NotNil(t, CheckForwardedFor(secret, bad), bad)
	}
}

func TestTokens(t *testing.T) {
	tokens := &Tokens{Secret: "s"}
	tokens.Reset()
	one := tokens.Issue(7, []string{"likes", "unheard-of"})
	assert.Equal(t, one, tokens.Issue(7, []string{"basic", "likes"}), "the same user and scopes have the same token")
	assert.NotEqual(t, one, tokens.Issue(7, nil))
	assert.True(t, strings.HasPrefix(one, "7."))
	g := tokens.Lookup(one)
	require.NotNil(t, g)
	assert.True(t, g.Has("basic") && g.Has("likes") && g.Has(""))
	assert.False(t, g.Has("comments"))
	tokens.Revoke(one)
	assert.Nil(t, tokens.Lookup(one))
	assert.True(t, tokens.Authorized(7), "by another token")
	assert.False(t, tokens.Authorized(8))
	tokens.Reset()
	assert.NotNil(t, tokens.Lookup(one))
}

func TestCodes(t *testing.T) {
	codes, now := &Codes{}, time.Unix(1500000000, 0)
	codes.Reset()
	code := codes.Issue(7, []string{"likes"}, "http://localhost/", now)
	_, failed := codes.Redeem(code, "http://localhost/other", now)
	assert.NotNil(t, failed)
	g, failed := codes.Redeem(code, "http://localhost/", now.Add(10*time.Minute-1))
	require.Nil(t, failed)
	assert.Equal(t, Grant{UserID: 7, Scopes: []string{"likes"}}, g)
	_, failed = codes.Redeem(code, "http://localhost/", now)
	assert.NotNil(t, failed, "a code works once")
	code = codes.Issue(7, nil, "http://localhost/", now)
	_, failed = codes.Redeem(code, "http://localhost/", now.Add(10*time.Minute))
	assert.NotNil(t, failed, "a code expires")
}

func TestRedirects(t *testing.T) {
	var none RedirectURIs
	assert.NotNil(t, none.Find("http://127.0.0.1:8000/cb?x=1"))
	for _, bad := range []string{"http://example.com/", "ftp://localhost/", "http://localhost/#a", "http://me@localhost/", "http://localhost.example/"} {
		assert.Nil(t, none.Find(bad), bad)
	}
	some, err := ParseRedirectURIs([]string{"https://app.example/cb?a=1"})
	require.NoError(t, err)
	assert.NotNil(t, some.Find("https://APP.example/cb/?a=1&b=2"))
	for _, bad := range []string{"https://app.example/cb", "http://app.example/cb?a=1", "https://app.example/cb?a=12", "http://localhost/"} {
		assert.Nil(t, some.Find(bad), bad)
	}
	for _, bad := range []string{"/cb", "https://app.example/#x", "https://u:p@app.example/"} {
		_, err := ParseRedirectURIs([]string{bad})
		assert.Error(t, err, bad)
	}
}
