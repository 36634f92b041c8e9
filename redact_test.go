package instagram

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whatever stands around a secret, and however it is written, it is found.
func FuzzRedact(f *testing.F) {
	const core = "47a0479900504cb3ab4a1f626d174d2d"
	f.Add("Sorry, ", "+/&.", " is wrong")
	f.Add(`\u00`, "", "%")
	f.Add(strings.Repeat("x", maxMessage-20), `"`, "")
	f.Fuzz(func(t *testing.T, before, odd, after string) {
		secret := odd + core + odd
		if checkSecret("secret", secret) != nil || strings.Contains(before+after+odd, core[:8]) {
			return
		}
		var hidden secrets
		hidden.hide(secret)
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), url.QueryEscape(url.PathEscape(secret))} {
			assert.NotContains(t, hidden.clean(before+"="+form+"&"+after), core[:16])
		}
		quoted := errors.New(before + "=" + strconv.Quote(secret) + after)
		assert.NotContains(t, hidden.redactCause(quoted).Error(), core[:16])
	})
}
