package instagramtest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/instagramtest"
)

var july = time.Unix(1499990000, 0)

// What a row of the table may want of a value.
type (
	wantType   string // number, text, null, list, object
	wantPrefix string
	wantKeys   string // the members of an object, in the order of the alphabet
)

const (
	number = wantType("number")
	text   = wantType("text")
	null   = wantType("null")
	absent = wantType("absent")
)

// generationRow is one point in which the generations of the API differ.
type generationRow struct {
	point string
	wire  instagramtest.Wire
	path  string // {image}, {video}, {album} and {film} are media, {place} is a place
	at    string // members of the answer, with dots between
	want  any
}

const (
	w2011 = instagramtest.Wire2011
	w2013 = instagramtest.Wire2013
	w2017 = instagramtest.Wire2017
)

// generationTable holds what recordings of each generation have and old clients insist on.
var generationTable = []generationRow{
	{"location.id in a media", w2011, "/media/{image}", "data.location.id", number},
	{"location.id in a media", w2013, "/media/{image}", "data.location.id", number},
	{"location.id in a media", w2017, "/media/{image}", "data.location.id", number},
	{"location in a media", w2011, "/media/{image}", "data.location", wantKeys("id latitude longitude name street_address")},
	{"id of a location", w2011, "/locations/{place}", "data.id", number},
	{"id of a location", w2013, "/locations/{place}", "data.id", text},
	{"id of a location", w2017, "/locations/{place}", "data.id", text},
	{"id of a found location", w2011, "/locations/search?" + eiffel, "data.0.id", number},
	{"id of a found location", w2013, "/locations/search?" + eiffel, "data.0.id", text},
	{"id of a found location", w2017, "/locations/search?" + eiffel, "data.0.id", text},

	{"no caption", w2011, "/media/{video}", "data.caption", null},
	{"no caption", w2013, "/media/{video}", "data.caption", null},
	{"no caption", w2017, "/media/{video}", "data.caption", null},
	{"created_time of a caption", w2011, "/media/{image}", "data.caption.created_time", wantPrefix("2017-07-13T")},
	{"created_time of a caption", w2013, "/media/{image}", "data.caption.created_time", "1499990000"},
	{"created_time of a caption", w2017, "/media/{image}", "data.caption.created_time", "1499990000"},
	{"created_time of a carousel's caption", w2017, "/media/{album}", "data.caption.created_time", text},

	{"low_resolution", w2011, "/media/{image}", "data.images.low_resolution.width", 306.0},
	{"low_resolution", w2013, "/media/{image}", "data.images.low_resolution.width", 306.0},
	{"low_resolution", w2017, "/media/{image}", "data.images.low_resolution.width", 320.0},
	{"image sizes", w2011, "/media/{image}", "data.images", wantKeys("high_resolution low_resolution thumbnail")},
	{"image sizes", w2013, "/media/{image}", "data.images", wantKeys("low_resolution standard_resolution thumbnail")},
	{"image sizes", w2017, "/media/{image}", "data.images", wantKeys("low_resolution standard_resolution thumbnail")},

	{"video part of a carousel", w2017, "/media/{album}", "data.carousel_media.1", wantKeys("type users_in_photo videos")},
	{"image part of a carousel", w2017, "/media/{album}", "data.carousel_media.0", wantKeys("images type users_in_photo")},
	{"carousel that starts with an image", w2017, "/media/{album}", "data.videos", absent},
	{"carousel that starts with a video", w2017, "/media/{film}", "data.videos", wantKeys("low_bandwidth low_resolution standard_resolution")},

	{"next page of media", w2011, "/users/self/media/recent?count=1", "pagination.next", wantPrefix("http://")},
	{"next page of media", w2011, "/users/self/media/recent?count=1", "paging", absent},
	{"next page of users", w2011, "/users/self/followed-by?count=1", "paging.next", wantPrefix("http://")},
	{"next page of users", w2011, "/users/self/followed-by?count=1", "pagination", absent},
	{"next page of media", w2013, "/users/self/media/recent?count=1", "pagination", wantKeys("next_max_id next_url")},
	{"next page of media", w2017, "/users/self/media/recent?count=1", "pagination", wantKeys("next_max_id next_url")},
	{"next page of users", w2017, "/users/self/followed-by?count=1", "pagination", wantKeys("next_cursor next_url")},
	{"cursor of a tag", w2013, "/tags/sea/media/recent?count=1", "pagination.next_max_tag_id", func(v any) bool { return isNumber(v) }},
	{"cursor of a tag", w2017, "/tags/sea/media/recent?count=1", "pagination.next_max_tag_id", wantPrefix("AQC")},
	{"newest of a tag", w2017, "/tags/sea/media/recent?count=1", "pagination.min_tag_id", wantPrefix("AQC")},

	{"popular media", w2011, "/media/popular", "meta.code", 200.0},
	{"popular media", w2013, "/media/popular", "meta.code", 200.0},
	{"popular media", w2017, "/media/popular", "meta.error_message", "invalid media id"},

	{"tag", w2011, "/tags/sea", "data", wantKeys("description external_url media_count name")},
	{"tag", w2013, "/tags/sea", "data", wantKeys("media_count name")},
	{"tag", w2017, "/tags/sea", "data", wantKeys("media_count name")},

	{"users in a photo", w2011, "/media/{image}", "data.users_in_photo", absent},
	{"user in a photo", w2013, "/media/{image}", "data.users_in_photo.0.user", wantKeys("full_name id profile_picture username")},
	{"user in a photo", w2017, "/media/{image}", "data.users_in_photo.0.user", wantKeys("username")},

	{"unknown user", w2011, "/users/1", "meta.error_message", "this user does not exist"},
	{"unknown user", w2013, "/users/1", "meta.error_type", "APINotFoundError"},
	{"unknown user", w2017, "/users/1", "meta.code", 400.0},
	{"shortcode with .json", w2017, "/media/shortcode/{code}.json", "meta.code", 404.0},
	{"shortcode", w2017, "/media/shortcode/{code}", "meta.code", 200.0},
}

func isNumber(v any) bool {
	s, _ := v.(string)
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

func TestGenerationTable(t *testing.T) {
	servers := map[instagramtest.Wire]api{}
	paths := map[instagramtest.Wire]*strings.Replacer{}
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a := start(t, instagramtest.WithWire(wire), instagramtest.WithTime(july))
		me, other := a.srv.Users()[0].ID, a.srv.Users()[1].ID
		post := func(m instagramtest.Media) instagramtest.Media {
			m.CreatedTime = july.Add(-100)
			return a.srv.PostMedia(me, m)
		}
		video := post(instagramtest.Media{Type: "video"})
		post(instagramtest.Media{Caption: "#sea"})
		album := post(instagramtest.Media{Type: "carousel", Caption: "#sea"})
		image := a.srv.PostMedia(me, instagramtest.Media{Caption: "#sea", LocationID: "833", UsersInPhoto: []string{other}, CreatedTime: july})
		film := a.firstWithVideoPart()
		servers[wire] = a
		paths[wire] = strings.NewReplacer("{image}", image.ID, "{video}", video.ID, "{album}", album.ID, "{film}", film, "{place}", "833", "{code}", image.Shortcode)
	}
	for _, row := range generationTable {
		t.Run(fmt.Sprintf("%s %d", row.point, row.wire), func(t *testing.T) {
			path := paths[row.wire].Replace(row.path)
			got := servers[row.wire].get(path)
			var o any
			require.NoError(t, json.Unmarshal(got.body, &o), "%s", got.body)
			checkValue(t, row.want, member(o, row.at))
		})
	}
}

// firstWithVideoPart finds a carousel of the main user whose first part is a video. The seed makes
// some.
func (a api) firstWithVideoPart() string {
	for _, page := range a.pages("/users/self/media/recent?count=33") {
		for _, m := range page {
			parts, _ := m.(object)["carousel_media"].([]any)
			if len(parts) > 0 && parts[0].(object)["type"] == "video" {
				return m.(object)["id"].(string)
			}
		}
	}
	return ""
}

// gone is a member that is not there.
type gone struct{}

func member(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			found, ok := in[name]
			if !ok {
				return gone{}
			}
			v = found
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return gone{}
			}
			v = in[i]
		default:
			return gone{}
		}
	}
	return v
}

func checkValue(t *testing.T, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case wantType:
		kinds := map[wantType]string{number: "float64", text: "string", null: "<nil>", absent: "instagramtest_test.gone"}
		assert.Equal(t, kinds[want], fmt.Sprintf("%T", got), "%v", got)
	case wantPrefix:
		assert.True(t, strings.HasPrefix(fmt.Sprint(got), string(want)), "%v", got)
	case wantKeys:
		o, ok := got.(map[string]any)
		require.True(t, ok, "%v", got)
		assert.ElementsMatch(t, strings.Fields(string(want)), keys(o))
	case func(any) bool:
		assert.True(t, want(got), "%v", got)
	default:
		assert.Equal(t, want, got)
	}
}

func keys(o map[string]any) []string {
	var names []string
	for name := range o {
		names = append(names, name)
	}
	return names
}

// TestGenerationsEscape looks at the bytes: nothing outside ASCII, and in 2013 no slash without a
// backslash.
func TestGenerationsEscape(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a := start(t, instagramtest.WithWire(wire), instagramtest.WithRedirectURI("http://localhost/"))
		me := a.srv.Users()[0]
		m := a.srv.PostMedia(me.ID, instagramtest.Media{Caption: "Grüße 🌅 #été", Tags: []string{"été"}})
		code := a.srv.AuthorizationCode(me.ID, "http://localhost/")
		bodies := map[string][]byte{
			"media":         a.get("/media/" + m.ID).body,
			"list":          a.get("/users/self/media/recent").body,
			"users":         a.get("/users/search?q=a").body,
			"tags":          a.get("/tags/search?q=" + url.QueryEscape("ét")).body,
			"locations":     a.get("/locations/search?" + eiffel).body,
			"comment":       a.do("POST", "/media/"+m.ID+"/comments", form("text", "schön / été")).body,
			"error":         a.get("/tags/" + url.PathEscape("é / é")).body,
			"unknown path":  a.get("/usres/self").body,
			"oembed":        a.oembed(a.srv.URL + "/p/" + m.Shortcode + "/").body,
			"subscriptions": a.anonymous().get("/subscriptions?client_id=" + a.srv.ClientID + "&client_secret=" + a.srv.ClientSecret).body,
			"oauth":         a.oauth("POST", "access_token", form("client_id", a.srv.ClientID, "client_secret", a.srv.ClientSecret, "grant_type", "authorization_code", "redirect_uri", "http://localhost/", "code", code)).body,
		}
		escaped := 0
		for name, body := range bodies {
			require.True(t, json.Valid(body), "%s: %s", name, body)
			for _, c := range body {
				require.Less(t, c, byte(0x80), "%d %s: %s", wire, name, body)
			}
			s := strings.ReplaceAll(string(body), `\/`, "")
			escaped += strings.Count(string(body), `\u00`)
			if wire == w2013 {
				assert.NotContains(t, s, "/", "%s", name)
			} else {
				assert.Len(t, s, len(body), "%d %s has no escaped slash", wire, name)
			}
		}
		assert.Greater(t, escaped, 5)
	}
}

// TestGenerationsOfScopes asks for what came in November 2015.
func TestGenerationsOfScopes(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a := start(t, instagramtest.WithWire(wire))
		ask := func(scope string) answer { return a.oauth("GET", "authorize?"+a.request("scope", scope).Encode(), nil) }
		other := a.srv.Users()[1]
		basic := a.as(a.srv.Users()[0].ID, "basic")
		for _, path := range []string{"/users/self/follows", "/tags/sea", "/users/" + other.ID} {
			want := map[bool]int{true: 400, false: 200}[wire == w2017]
			assert.Equal(t, want, basic.get(path).status, "%d %s", wire, path)
		}
		assert.Equal(t, 200, ask("basic likes comments relationships").status)
		for _, scope := range []string{"public_content", "follower_list"} {
			want := map[bool]int{true: 200, false: 400}[wire == w2017]
			assert.Equal(t, want, ask(scope).status, "%d %s", wire, scope)
		}
		client := a.anonymous().get("/tags/sea?client_id=" + a.srv.ClientID)
		if wire == w2017 {
			a.fails(client, 400, "OAuthAccessTokenException", "The access_token provided is invalid.")
		} else {
			assert.Equal(t, 200, client.status)
		}
	}
}

func TestGenerationsPostComments(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a := start(t, instagramtest.WithWire(wire))
		m := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
		posted := a.post("/media/"+m.ID+"/comments", "text", "so nice")
		require.IsType(t, object{}, posted)
		assert.Equal(t, a.list("/media/" + m.ID + "/comments")[0], posted)
	}
}

// TestErrorsWithAndWithoutMeta tells the limit of writes from that of all calls by their shape.
func TestErrorsWithAndWithoutMeta(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a := start(t, instagramtest.WithWire(wire), instagramtest.WithLimits(3, 1))
		m := a.srv.PostMedia(a.srv.Users()[0].ID, instagramtest.Media{})
		a.post("/media/"+m.ID+"/likes", "", "")
		write := a.do("POST", "/media/"+m.ID+"/likes", nil)
		a.fails(write, 429, "OAuthRateLimitException", "exceeded")
		a.get("/users/self")
		a.get("/users/self")
		all := a.get("/users/self")
		a.failsBare(all, 429, "OAuthRateLimitException", "The maximum number of requests per hour has been exceeded.")
	}
}

func TestServiceHeaders(t *testing.T) {
	a := start(t)
	for _, path := range []string{"/users/self", "/media/1", "/nothing", "/users/self?callback=f"} {
		header := a.get(path).header
		for name, want := range map[string]string{
			"Content-Language": "en", "Vary": "Cookie, Accept-Language, Accept-Encoding", "Pragma": "no-cache",
			"Cache-Control": "private, no-cache, no-store, must-revalidate", "Expires": "Sat, 01 Jan 2000 00:00:00 GMT",
		} {
			assert.Equal(t, want, header.Get(name), "%s %s", path, name)
		}
	}
}

func TestGenerationsOfOEmbed(t *testing.T) {
	for _, wire := range []instagramtest.Wire{w2011, w2013, w2017} {
		a, m := posted(t, instagramtest.WithWire(wire))
		o := a.object(a.oembed("http://instagr.am/p/" + m.Shortcode + "/"))
		if wire == w2017 {
			assert.Equal(t, "rich", o["type"])
			assert.Nil(t, o["height"])
			continue
		}
		assert.Equal(t, []any{"photo", 612.0, 612.0, a.srv.URL + "/images/" + m.Shortcode + "/s612.jpg"}, []any{o["type"], o["width"], o["height"], o["url"]})
	}
}
