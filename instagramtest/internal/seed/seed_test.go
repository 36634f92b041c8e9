package seed

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest/internal/world"
)

var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func TestSameSeedSameWorld(t *testing.T) {
	a, b := World(1, DefaultSize, Form{}, monday), World(1, DefaultSize, Form{}, monday.AddDate(0, 0, 3))
	other := World(2, DefaultSize, Form{}, monday)
	require.Equal(t, len(a.Timeline), len(b.Timeline))
	different := false
	for i, m := range a.Timeline {
		assert.Equal(t, m.Number, b.Timeline[i].Number)
		assert.Equal(t, len(m.Likes), len(b.Timeline[i].Likes))
		assert.Equal(t, len(m.Comments), len(b.Timeline[i].Comments))
		different = different || m.Number != other.Timeline[i].Number
	}
	assert.True(t, different)
}

// TestInvariants holds what every handler relies on.
func TestInvariants(t *testing.T) {
	for _, form := range []Form{{}, {Counting: true, Bare: true}} {
		w := World(3, Size{Users: 60, Media: 500, MainMedia: 50}, form, monday)
		assert.Len(t, w.Everyone, 60)
		assert.Len(t, w.Main.Media, 50)
		for i, m := range w.Timeline {
			if i > 0 {
				assert.Greater(t, m.Number, w.Timeline[i-1].Number)
				assert.GreaterOrEqual(t, m.Created, w.Timeline[i-1].Created)
			}
			assert.LessOrEqual(t, m.Created, monday.Unix())
			assert.Contains(t, m.Owner.Media, m)
			for _, l := range m.Likes {
				assert.Equal(t, l.Seq, l.To.LikeOf(m))
				assert.True(t, w.CanView(l.To, m.Owner))
			}
		}
		for _, u := range w.Everyone {
			for _, l := range u.Follows {
				assert.Equal(t, l.Seq, u.Following[l.To.ID])
				assert.True(t, contains(l.To.FollowedBy, u))
			}
		}
	}
}

func contains(links world.Links[*world.User], u *world.User) bool {
	for _, l := range links {
		if l.To == u {
			return true
		}
	}
	return false
}
