package oauth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGraphTokensOutliveTheServer(t *testing.T) {
	before, after, other := &Tokens{Secret: "s"}, &Tokens{Secret: "s"}, &Tokens{Secret: "t"}
	for _, each := range []*Tokens{before, after, other} {
		each.Reset()
	}
	now := time.Unix(1593000000, 17)
	token := before.IssueGraph(4, []string{ScopeBusinessBasic}, now, LongLife)
	assert.NotEqual(t, token, before.IssueGraph(4, []string{ScopeBusinessBasic}, now, LongLife))
	for _, known := range []*Tokens{before, after} {
		g := known.Lookup(token)
		require.NotNil(t, g)
		assert.Equal(t, uint64(4), g.UserID)
		assert.Equal(t, []string{ScopeBusinessBasic}, g.Scopes)
		assert.True(t, g.LongLived())
		assert.False(t, g.Expired(now.Add(LongLife-1)))
		assert.True(t, g.Expired(now.Add(LongLife)))
	}
	assert.Nil(t, other.Lookup(token))
	for i := range len(token) {
		changed := []byte(token)
		changed[i] ^= 1
		assert.Nil(t, after.Lookup(string(changed)), "%d", i)
		assert.Nil(t, after.Lookup(token[:i]), "%d", i)
	}
	after.Revoke(token)
	assert.Nil(t, after.Lookup(token))
}
