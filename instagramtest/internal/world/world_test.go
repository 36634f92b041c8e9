package world

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShortcodes(t *testing.T) {
	for number, code := range map[uint64]string{1687406286808810162: "Bdq3xPdAAKy", 0: "A", 63: "_", 64: "BA"} {
		assert.Equal(t, code, Shortcode(number))
		got, ok := ParseShortcode(code)
		assert.True(t, ok)
		assert.Equal(t, number, got)
	}
	for _, bad := range []string{"", "AB", "a b", "é", "____________", "__________-"} {
		if n, ok := ParseShortcode(bad); ok {
			assert.Equal(t, bad, Shortcode(n), "another spelling of the same number")
		}
	}
}

func TestMediaIDs(t *testing.T) {
	for id, want := range map[string][2]uint64{"17": {17, 0}, "17_4": {17, 4}} {
		number, owner, ok := ParseMediaID(id)
		assert.True(t, ok, id)
		assert.Equal(t, want, [2]uint64{number, owner}, id)
	}
	for _, bad := range []string{"", "017", "+17", "17_", "17_x", "_4", "17_4_5", "99999999999999999999"} {
		_, _, ok := ParseMediaID(bad)
		assert.False(t, ok, bad)
	}
}

func TestHashtags(t *testing.T) {
	assert.Equal(t, []string{"sky", "été", "東京", "🌅"}, TagsIn("#Sky, #été and #東京#🌅 again #SKY, but not # nor #-"))
	assert.Equal(t, "sky", TagName(" #Sky "))
	assert.False(t, IsTag("two words"))
	assert.False(t, IsTag("food™"))
}

// people makes a world of three users: two public ones and a private one.
func people() (w *World, a, b, private *User) {
	w = New(false)
	a, b, private = &User{ID: 1, Username: "a"}, &User{ID: 2, Username: "b"}, &User{ID: 3, Username: "c", Private: true}
	w.AddUser(a)
	w.AddUser(b)
	w.AddUser(private)
	return w, a, b, private
}

func TestFollowing(t *testing.T) {
	w, a, b, private := people()
	w.Follow(a, b)
	w.Follow(a, b)
	assert.Len(t, a.Follows, 1)
	assert.Len(t, b.FollowedBy, 1)

	w.Follow(a, private)
	assert.False(t, w.CanView(a, private), "a request is not a follow")
	assert.Len(t, private.RequestedBy, 1)
	assert.True(t, w.Approve(private, a))
	assert.False(t, w.Approve(private, a), "there is no request any more")
	assert.True(t, w.CanView(a, private))
	assert.False(t, w.CanView(nil, private))

	w.Block(private, a)
	assert.Empty(t, private.FollowedBy)
	assert.False(t, w.CanView(a, private))
	assert.Len(t, a.Follows, 1, "b is still followed")
}

func TestLikes(t *testing.T) {
	w, a, b, _ := people()
	m := post(t, w, "a", time.Unix(1500000000, 0))
	w.Like(b, m)
	w.Like(b, m)
	assert.Len(t, m.Likes, 1)
	assert.Len(t, b.Liked, 1)
	w.Unlike(b, m)
	w.Unlike(a, m)
	assert.Empty(t, m.Likes)
	assert.Empty(t, b.Liked)
}

func post(t *testing.T, w *World, owner string, at time.Time) *Media {
	t.Helper()
	m, err := w.NewMedia(owner, &Post{Caption: "up #early", CreatedTime: at}, at)
	require.NoError(t, err)
	w.AddMedia(m)
	return m
}

// TestNumbersAreInTheOrderOfTime posts media in every order: paging by id needs the order of
// numbers to be that of time.
func TestNumbersAreInTheOrderOfTime(t *testing.T) {
	for _, counting := range []bool{false, true} {
		w := New(counting)
		w.AddUser(&User{ID: 1, Username: "a"})
		base := time.Unix(1500000000, 0)
		for _, minutes := range []int{5, 1, 9, 3, 7, 2, 8, 4, 6, 9, 9, 1} {
			post(t, w, "a", base.Add(time.Duration(minutes)*time.Minute))
		}
		for i, m := range w.Timeline[1:] {
			before := w.Timeline[i]
			assert.Greater(t, m.Number, before.Number)
			assert.GreaterOrEqual(t, m.Created, before.Created)
		}
		assert.Equal(t, w.Timeline, w.Tags["early"].Media)
	}
}

func TestRemoveMedia(t *testing.T) {
	w, a, b, _ := people()
	m := post(t, w, "a", time.Unix(1500000000, 0))
	w.Like(b, m)
	w.RemoveMedia(m)
	assert.Empty(t, w.Timeline)
	assert.Empty(t, a.Media)
	assert.Empty(t, b.Liked)
	assert.Empty(t, w.Tags["early"].Media)
	next := post(t, w, "a", time.Unix(1500000000, 0))
	assert.NotEqual(t, m.Number, next.Number, "a number is never used again")
}

func TestApply(t *testing.T) {
	w, a, b, private := people()
	m := post(t, w, "a", time.Unix(1500000000, 0))
	for _, c := range []Change{
		{Do: "like", User: 2, Media: m.Number},
		{Do: "comment", User: 2, Media: m.Number, Comment: 77, Text: "ha", Time: 1500000001},
		{Do: "follow", User: 2, Target: 3},
		{Do: "approve", User: 3, Target: 2},
		{Do: "like", User: 9, Media: m.Number}, // nobody has this id: it does nothing
		{Do: "post", User: 1, Media: m.Number + 5, Comment: 88, Post: &Post{Caption: "again", CreatedTime: time.Unix(1500000002, 0)}},
	} {
		require.NoError(t, w.Apply(c), "%+v", c)
	}
	assert.Len(t, m.Likes, 1)
	assert.Equal(t, "ha", m.Comments[0].Text)
	assert.True(t, w.CanView(b, private))
	assert.Equal(t, uint64(88), a.Media[1].Caption.ID)
	require.NoError(t, w.Apply(Change{Do: "uncomment", User: 2, Media: m.Number, Comment: 77}))
	assert.Empty(t, m.Comments)
	assert.Error(t, w.Apply(Change{Do: "dance", User: 1, Target: 2}))
}

func TestMetres(t *testing.T) {
	eiffel, louvre := Point{48.85837, 2.294481}, Point{48.860611, 2.337644}
	assert.InDelta(t, 3167, Metres(eiffel, louvre), 5)
	g := Geography{Center: eiffel, Radius: 3000}
	assert.False(t, g.Contains(&Media{}))
	assert.False(t, g.Contains(&Media{Point: &louvre}))
	assert.True(t, g.Contains(&Media{Place: &Place{Point: eiffel}}))
}

func TestRecordedURL(t *testing.T) {
	var none *RecordedMedia
	assert.Empty(t, none.URL("images", 0, 150))
	r := &RecordedMedia{Images: [][]RecordedFile{{{"s", 150}, {"m", 306}, {"l", 612}}}}
	for width, want := range map[int]string{100: "s", 150: "s", 200: "m", 1080: "l"} {
		assert.Equal(t, want, r.URL("images", 0, width), fmt.Sprint(width))
	}
	assert.Empty(t, r.URL("images", 1, 150))
	assert.Empty(t, r.URL("videos", 0, 150))
}
