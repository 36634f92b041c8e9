package instagram

import (
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
		assert.Equal(t, tt.want, signature(vectorSecret, tt.endpoint, tt.params), tt.endpoint)
	}
}

func TestForwardedForVector(t *testing.T) {
	header, err := forwardedFor(vectorSecret, []netip.Addr{netip.MustParseAddr("200.15.1.1")})
	require.NoError(t, err)
	assert.Equal(t, "200.15.1.1|7e3c45bc34f56fd8e762ee4590a53c8c2bbce27e967a85484712e5faa0191688", header)
}
