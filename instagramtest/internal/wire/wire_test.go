package wire

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest/internal/seed"
	"github.com/igv1/instagram/instagramtest/internal/world"
)

var years = []Year{Y2011, Y2013, Y2017}

func small() *world.World {
	return seed.World(1, seed.Size{Users: 20, Media: 60, MainMedia: 20}, seed.Form{Bare: true}, time.Unix(1593000000, 0))
}

func TestEverythingIsJSON(t *testing.T) {
	w := small()
	for _, year := range years {
		e := New(year, false).At("http://h")
		var b []byte
		for _, m := range w.Timeline {
			b = append(e.Media(b, m, View{Viewer: w.Main, Distance: 17.25}), '\n')
			for _, c := range m.Comments {
				b = append(e.Comment(b, c), '\n')
			}
		}
		for _, u := range w.Everyone {
			b = append(e.UserInfo(b, u), '\n')
			b = append(e.FoundUser(b, u), '\n')
		}
		for _, line := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
			require.True(t, json.Valid(line), "%s", line)
		}
	}
}

// TestCacheKeepsObjectsApart has objects share their place in the cache: the answer is that of the
// object all the same.
func TestCacheKeepsObjectsApart(t *testing.T) {
	w := small()
	for _, year := range years {
		for _, m := range w.Timeline {
			m.Serial = 0
		}
		shared := New(year, false)
		for _, origin := range []string{"http://h", "https://other.example:8080", "http://h"} {
			for _, m := range w.Timeline {
				fresh := New(year, false).At(origin)
				assert.Equal(t, string(fresh.Media(nil, m, View{Distance: -1})), string(shared.At(origin).Media(nil, m, View{Distance: -1})))
			}
		}
	}
}

// TestCacheFollowsChanges has what others do to a media show in the next answer.
func TestCacheFollowsChanges(t *testing.T) {
	w := small()
	m, u := w.Main.Media[0], w.Everyone[3]
	for _, year := range years {
		kept := New(year, false).At("http://h")
		write := func(e Encoder) string { return string(e.Media(nil, m, View{Viewer: u, Distance: -1})) }
		var made *world.Comment
		for _, change := range []func(){
			func() { w.Like(u, m) },
			func() { made = w.Comment(u, m, "one more", 1593000000) },
			func() { m.Uncomment(made.ID) },
			func() { w.Unlike(u, m) },
		} {
			before := write(kept)
			change()
			assert.NotEqual(t, before, write(kept), year)
			assert.Equal(t, write(New(year, false).At("http://h")), write(kept), year)
		}
	}
}

func TestPagination(t *testing.T) {
	p := Page{Param: "max_id", Next: "17", URL: "http://h/v1/x?max_id=17"}
	for _, year := range years {
		var o map[string]map[string]any
		b := New(year, false).At("http://h").Pagination(nil, p)
		require.NoError(t, json.Unmarshal(append([]byte("{"), append(b[1:], '}')...), &o), "%s", b)
		assert.Len(t, o, 1)
		last := New(year, false).At("http://h").Pagination(nil, Page{Param: "max_id"})
		assert.Contains(t, string(last), ":{}")
	}
}

func TestTagCursor(t *testing.T) {
	for _, year := range years {
		e := New(year, false)
		for _, n := range []uint64{1, 17, 1687406286808810162} {
			got, ok := ParseTagCursor(e.TagCursor(n))
			assert.True(t, ok)
			assert.Equal(t, n, got)
		}
	}
	cursor := New(Y2017, false).TagCursor(17)
	assert.Regexp(t, `^AQC[\w-]{16}$`, cursor)
	for _, bad := range []string{"AQC", cursor[:18], cursor + "A", "AQCAAAAAAAAAAAAAAAA", "x"} {
		_, ok := ParseTagCursor(bad)
		assert.False(t, ok, bad)
	}
	n, ok := ParseTagCursor("17_4")
	assert.True(t, ok, "the id of a media is one, too")
	assert.Equal(t, uint64(17), n)
}
