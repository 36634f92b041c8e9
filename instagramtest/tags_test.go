package instagramtest_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestGetTag(t *testing.T) {
	a := start(t)
	tag := a.one("/tags/nofilter")
	assert.Equal(t, "nofilter", tag["name"])
	assert.Greater(t, tag["media_count"], 100.0)
	assert.Equal(t, tag, a.one("/tags/NoFilter"))
	for _, name := range []string{"über", "夕焼け", "غروب", "сніг"} {
		assert.Positive(t, a.one("/tags/" + url.PathEscape(name))["media_count"], name)
	}
	assert.Equal(t, object{"name": "neverused", "media_count": 0.0}, a.one("/tags/neverused"))
	assert.Empty(t, a.list("/tags/neverused/media/recent"))
	for _, name := range []string{"two%20words", "a-b", "a%e2%84%a2", "%ff", "%e2%80%94", "%c3%bcber%2f%c3%a9t%c3%a9", "..%2f", "a%3fb"} {
		a.fails(a.get("/tags/"+name), 400, "APIInvalidParametersError", "is not a tag")
	}
}

// TestTagsOfAllKinds are those that are not words: they are found in texts, by their name and among
// recorded answers.
func TestTagsOfAllKinds(t *testing.T) {
	names := []string{"😍", "wow❤️", "👩🏽‍🚀", "a·b", "メル・ボルン"}
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{Caption: "#" + strings.Join(names, " #") + " #food™"})
	assert.Equal(t, append(names, "food"), m.Tags)
	b := recorded(t, files("media.json", strings.Replace(picture, `["Harbour"]`, `["`+strings.Join(names, `","`)+`"]`, 1)))
	for _, name := range names {
		for _, a := range []api{a, b} {
			assert.Equal(t, object{"name": name, "media_count": 1.0}, a.one("/tags/"+url.PathEscape(name)))
			assert.Len(t, a.list("/tags/"+url.PathEscape(name)+"/media/recent"), 1)
			assert.Len(t, a.list("/tags/search?q="+url.QueryEscape(name)), 1)
		}
	}
}

func TestTagMedia(t *testing.T) {
	a := start(t)
	all := flat(a.pages("/tags/nofilter/media/recent?count=33"))
	require.Greater(t, len(all), 100)
	private := map[string]bool{}
	for _, u := range a.srv.Users() {
		private[u.ID] = u.Private
	}
	for _, m := range all {
		assert.Contains(t, m.(object)["tags"], "nofilter")
		assert.False(t, private[m.(object)["user"].(object)["id"].(string)], "private media are not listed by tag")
	}
	assert.Len(t, all, len(slices.Compact(slices.Sorted(slices.Values(ids(all))))), "no media twice")

	o := a.object(a.get("/tags/nofilter/media/recent?count=4"))
	p := o["pagination"].(object)
	assert.Equal(t, all[:4], o["data"])
	assert.Equal(t, p["next_max_tag_id"], p["next_max_id"])
	assert.Equal(t, p["min_tag_id"], p["next_min_id"])
	assert.Contains(t, p["deprecation_warning"], "use min_tag_id and max_tag_id instead")
	next, newest := p["next_max_tag_id"].(string), p["min_tag_id"].(string)
	assert.Equal(t, all[4:6], a.list("/tags/nofilter/media/recent?count=2&max_tag_id="+next))
	assert.Equal(t, all[4:6], a.list("/tags/nofilter/media/recent?count=2&max_id="+next), "by its deprecated name")
	assert.Empty(t, a.list("/tags/nofilter/media/recent?min_tag_id="+newest))

	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{Caption: "#NoFilter"})
	assert.Equal(t, []string{m.ID}, ids(a.list("/tags/nofilter/media/recent?min_tag_id="+newest)))
	assert.Equal(t, []string{m.ID}, ids(a.list("/tags/nofilter/media/recent?min_id="+newest)))
	a.fails(a.get("/tags/nofilter/media/recent?max_tag_id=x"), 400, "APIInvalidParametersError", "max_tag_id")

	last := a.object(a.get("/tags/nofilter/media/recent?min_tag_id=" + newest))["pagination"].(object)
	assert.NotContains(t, last, "next_url")
	assert.Contains(t, last, "min_tag_id")
}

func TestSearchTags(t *testing.T) {
	a := start(t)
	found := a.list("/tags/search?q=s")
	require.NotEmpty(t, found)
	assert.True(t, slices.IsSortedFunc(found, func(x, y any) int {
		return int(y.(object)["media_count"].(float64) - x.(object)["media_count"].(float64))
	}))
	assert.Equal(t, "snowy", a.list("/tags/search?q=%23SNOW")[0].(object)["name"])
	assert.Equal(t, "夕焼け", a.list("/tags/search?q=" + url.QueryEscape("夕"))[0].(object)["name"])
	assert.Empty(t, a.list("/tags/search?q=neverused"))
	a.fails(a.get("/tags/search"), 400, "APIInvalidParametersError", "q is required")
}
