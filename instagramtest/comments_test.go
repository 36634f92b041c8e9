package instagramtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

func TestComments(t *testing.T) {
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{}).ID
	assert.Empty(t, a.list("/media/"+m+"/comments"))

	first := a.post("/media/"+m+"/comments", "text", "Schöner Tag! 🌞 #sun http://example.com/?a=1&b=2").(object)
	assert.Equal(t, "Schöner Tag! 🌞 #sun http://example.com/?a=1&b=2", first["text"])
	assert.Equal(t, a.srv.Users()[0].Username, first["from"].(object)["username"])
	second := a.as(a.srv.Users()[2].ID).post("/media/"+m+"/comments", "text", "true").(object)
	assert.Equal(t, []any{first, second}, a.list("/media/"+m+"/comments"), "oldest first")
	assert.EqualValues(t, 2, a.one("/media/" + m)["comments"].(object)["count"])

	assert.Nil(t, a.remove("/media/"+m+"/comments/"+first["id"].(string)))
	assert.Equal(t, []any{second}, a.list("/media/"+m+"/comments"))
	assert.EqualValues(t, 1, a.one("/media/" + m)["comments"].(object)["count"])
	a.fails(a.do("DELETE", "/media/"+m+"/comments/"+first["id"].(string), nil), 400, "APINotFoundError", "invalid comment id")
	a.fails(a.do("DELETE", "/media/"+m+"/comments/x", nil), 400, "APINotFoundError", "invalid comment id")
}

func TestWhoMayDeleteAComment(t *testing.T) {
	a := start(t)
	users := a.srv.Users()
	owner, author, other := users[0].ID, users[1].ID, users[2].ID
	m := a.srv.PostMedia(owner, instagramtest.Media{}).ID
	for who, allowed := range map[string]bool{owner: true, author: true, other: false} {
		c := a.as(author).post("/media/"+m+"/comments", "text", "hm").(object)
		path := "/media/" + m + "/comments/" + c["id"].(string)
		if allowed {
			a.as(who).remove(path)
		} else {
			a.fails(a.as(who).do("DELETE", path, nil), 400, "APINotAllowedError", "delete")
		}
	}
	assert.Len(t, a.list("/media/"+m+"/comments"), 1)
}

func TestCommentRules(t *testing.T) {
	a := start(t)
	m := a.srv.PostMedia(a.srv.Users()[1].ID, instagramtest.Media{}).ID
	tests := []struct{ name, text, kind string }{
		{"300 characters", strings.Repeat("ö", 300), ""},
		{"301 characters", strings.Repeat("ö", 301), "APICommentTooLongError"},
		{"four tags", "#a #b #c #d", ""},
		{"five tags", "#a #b #c #d #e", "APICommentTooManyTagsError"},
		{"five tags without spaces", "#a#b#c#ü#夕", "APICommentTooManyTagsError"},
		{"signs that are no tags", "# # # # # ok", ""},
		{"one URL", "see https://example.com/a", ""},
		{"two URLs", "see http://example.com and HTTPS://example.com", "APIInvalidParametersError"},
		{"two without a scheme", "see www.example.com www.example.org", "APIInvalidParametersError"},
		{"capitals", "THIS IS GREAT!!! 100%", "APICommentAllCapsError"},
		{"cyrillic capitals", "КРАСОТА", "APICommentAllCapsError"},
		{"one small letter", "THIS IS GREAt", ""},
		{"no letters", "😍 100%", ""},
		{"a script without capitals", "きれい", ""},
		{"capitals with such a script", "東京 TOKYO", ""},
		{"nothing", "", "APIInvalidParametersError"},
		{"spaces", " \n", "APIInvalidParametersError"},
		{"not UTF-8", "a\xff", "APIInvalidParametersError"},
	}
	want := 0
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := a.do("POST", "/media/"+m+"/comments", form("text", tt.text))
			if tt.kind == "" {
				assert.Equal(t, tt.text, a.object(got)["data"].(object)["text"])
				want++
			} else {
				a.fails(got, 400, tt.kind, "")
			}
		})
	}
	assert.Len(t, a.list("/media/"+m+"/comments"), want)
}

func TestCommentsShowTheLatest150(t *testing.T) {
	a := start(t, instagramtest.WithLimits(1000, 1000))
	m := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{}).ID
	for i := range 155 {
		a.post("/media/"+m+"/comments", "text", fmt.Sprint("no. ", i))
	}
	got := a.list("/media/" + m + "/comments")
	require.Len(t, got, 150)
	assert.Equal(t, "no. 5", got[0].(object)["text"])
	assert.Equal(t, "no. 154", got[149].(object)["text"])
}
