package archive

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An export is its files, by their paths; the parts are the zips that it comes as.
type export struct {
	name  string
	parts []map[string]string
}

const (
	photo = "\xff\xd8\xff\xe0 a photo"
	video = "\x00\x00\x00\x18ftypmp42 a video"
)

// posts2021 is posts_1.json: a photo whose caption is its own, a carousel with a video without an
// extension, and a photo that the export does not hold.
const posts2021 = `[
 {"media": [{"uri": "media/posts/202003/quay_1.jpg", "creation_timestamp": 1583020800, "title": "Caf\u00c3\u00a9 on the quay \u00e2\u0098\u0095 #Harbour",
   "media_metadata": {"photo_metadata": {"exif_data": [{"latitude": 53.5436, "longitude": 9.9663, "device_id": "lantern-1"}]}}, "cross_post_source": {"source_app": "FB"}}]},
 {"media": [
   {"uri": "media/posts/202004/pier_1.webp", "creation_timestamp": 1585699200, "title": "", "media_metadata": {"photo_metadata": {"exif_data": [{}]}}},
   {"uri": "media/posts/202004/pier_2", "creation_timestamp": 1585699201, "title": "", "media_metadata": {"video_metadata": {"subtitles": {}, "exif_data": []}}}],
  "title": "Both piers", "creation_timestamp": 1585699210},
 {"media": [{"uri": "media/posts/202005/lost.jpg", "creation_timestamp": 1588291200, "title": "Der Gr\u00fc\u00dfer"}]}
]`

const stories2021 = `{"ig_stories": [
 {"uri": "media/stories/202003/fog.mp4", "creation_timestamp": 1583100000, "title": "", "media_metadata": {"video_metadata": {"exif_data": [{}]}}}]}`

const reels2022 = `{"ig_reels_media": [{"media": [{"uri": "media/reels/202203/rope.mp4", "creation_timestamp": 1646100000, "title": "Rope work", "media_metadata": {"video_metadata": {"music_genre": "Folk"}}}]}]}`

const archived2022 = `{"ig_archived_post_media": [{"media": [{"uri": "media/archived_posts/202203/kept.jpg", "creation_timestamp": 1646200000, "title": ""}], "title": "Kept back", "creation_timestamp": 1646200001}]}`

// profile2021 is in German, as its labels are.
const profile2021 = `{"profile_user": [{"title": "", "media_map_data": {"Profilbild": {"uri": "media/profile/202001/me.jpg", "creation_timestamp": 1577836800, "title": ""}},
 "string_map_data": {"E-Mail": {"href": "", "value": "mira@solane.example", "timestamp": 0}, "Benutzername": {"href": "", "value": "mira.solane", "timestamp": 0},
  "Name": {"href": "", "value": "Mira S\u00c3\u00b8lane", "timestamp": 0}, "Steckbrief": {"href": "", "value": "Boote.", "timestamp": 0},
  "Website": {"href": "", "value": "https://solane.example", "timestamp": 0}, "Privates Konto": {"href": "", "value": "Falsch", "timestamp": 0}}}]}`

const (
	followersWrapped = `{"relationships_followers": [{"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/tilo.quillan", "value": "tilo.quillan", "timestamp": 1577900000}]}]}`
	followersBare    = `[{"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/tilo.quillan", "value": "tilo.quillan", "timestamp": 1577900000}]}]`
	following        = `{"relationships_following": [{"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/nandi.corvela", "value": "nandi.corvela", "timestamp": 1577900001}]}]}`
	// followingNew has the names in the title alone.
	followingNew = `{"relationships_following": [{"title": "nandi.corvela", "string_list_data": [{"href": "https://www.instagram.com/_u/nandi.corvela", "timestamp": 1577900001}]}]}`
	blocked      = `{"relationships_blocked_users": [{"title": "loud.person", "string_list_data": [{"href": "https://www.instagram.com/loud.person", "timestamp": 1577900002}]}]}`
	likedPosts   = `{"likes_media_likes": [{"title": "tilo.quillan", "string_list_data": [{"href": "https://www.instagram.com/p/Bdq3xPdAAKy/", "value": "\u00f0\u009f\u0091\u008d", "timestamp": 1588000000}]}]}`
	likedNew     = `[{"timestamp": 1588000000, "media": [], "label_values": [{"label": "Lien", "value": "https://www.instagram.com/p/Bdq3xPdAAKy/", "href": "https://www.instagram.com/p/Bdq3xPdAAKy/"},
  {"title": "Propri\u00c3\u00a9taire", "dict": [{"title": "", "dict": [{"label": "URL", "value": "https://www.instagram.com/_u/tilo.quillan"}, {"label": "Nom d\u00e2\u0080\u0099utilisateur", "value": "tilo.quillan"}]}]}], "fbid": "18000000000000001"}]`
	savedNew     = `[{"timestamp": 1588000005, "media": [], "label_values": [{"label": "URL", "value": "https://www.instagram.com/p/Bdq3xPdAAKy/"}]}]`
	comments2021 = `{"comments_media_comments": [{"title": "tilo.quillan", "media_list_data": [], "string_list_data": [{"href": "", "value": "Sch\u00c3\u00b6n!", "timestamp": 1588100000}]}]}`
	commentsNew  = `[{"media_list_data": [{"uri": ""}], "string_map_data": {"Kommentar": {"href": "", "value": "Sch\u00c3\u00b6n!", "timestamp": 0}, "Inhaber des Mediums": {"href": "", "value": "tilo.quillan", "timestamp": 0}, "Zeit": {"href": "", "value": "", "timestamp": 1588100000}}}]`
	reelComments = `{"comments_reels_comments": [{"string_map_data": {"Comment": {"value": "Again!"}, "Media Owner": {"value": "nandi.corvela"}, "Time": {"timestamp": 1588100100}}}]}`
	messages     = `{"participants": [{"name": "Mira"}, {"name": "Tilo"}], "messages": [{"sender_name": "Tilo", "timestamp_ms": 1588000000000, "content": "hi"}], "title": "Tilo"}`
)

func pictures2021() map[string]string {
	return map[string]string{
		"media/posts/202003/quay_1.jpg": photo, "media/posts/202004/pier_1.webp": photo, "media/posts/202004/pier_2": video,
		"media/stories/202003/fog.mp4": video, "media/reels/202203/rope.mp4": video, "media/archived_posts/202203/kept.jpg": photo,
		"media/profile/202001/me.jpg": photo,
	}
}

// exports are the layouts of the years.
var exports = []export{
	{"2018", []map[string]string{{
		"media.json": `{"photos": [
  {"caption": "Low tide #harbour", "taken_at": "2017-08-01T10:00:00", "location": "North Pier", "path": "photos/201708/a.jpg"},
  {"caption": "Low tide #harbour", "taken_at": "2017-08-01T10:00:00", "path": "photos/201708/b.jpg"}],
 "videos": [{"caption": "Bells", "taken_at": "2017-09-01T10:00:00+00:00", "path": "videos/201709/c.mp4"}],
 "stories": [{"caption": "", "taken_at": "2018-01-01T00:00:00", "path": "stories/201801/d.jpg"}],
 "profile": [{"caption": "", "taken_at": "2016-01-01T00:00:00", "path": "profile/201601/e.jpg", "is_active_profile": true}],
 "direct": [{"taken_at": "2018-02-01T00:00:00", "path": "direct/201802/f.jpg"}]}`,
		"profile.json":        `{"biography": "Boats.", "date_joined": "2012-05-01T00:00:00", "email": "mira@solane.example", "website": "https://solane.example", "private_account": false, "name": "Mira Solane", "username": "mira.solane", "profile_pic_url": "https://images.example/1574083.jpg"}`,
		"connections.json":    `{"blocked_users": {"loud.person": "2018-01-01T00:00:00"}, "followers": {"tilo.quillan": "2017-01-01T00:00:00"}, "following": {"nandi.corvela": "2017-01-02T00:00:00"}, "follow_requests_sent": {}}`,
		"comments.json":       `{"media_comments": [["2018-03-01T00:00:00", "Sch\u00c3\u00b6n!", "tilo.quillan"]], "story_comments": []}`,
		"likes.json":          `{"media_likes": [["2018-03-02T00:00:00", "nandi.corvela"]], "comment_likes": [["2018-03-03T00:00:00", "tilo.quillan"]]}`,
		"saved.json":          `{"saved_media": [["2018-03-04T00:00:00", "tilo.quillan"]]}`,
		"messages.json":       `[{"participants": ["mira.solane", "tilo.quillan"], "conversation": [{"sender": "tilo.quillan", "created_at": "2018-01-01T00:00:00", "text": "hi"}]}]`,
		"photos/201708/a.jpg": photo, "photos/201708/b.jpg": photo, "videos/201709/c.mp4": video, "stories/201801/d.jpg": photo,
	}}},
	{"2021", []map[string]string{{
		"content/posts_1.json": posts2021, "content/stories.json": stories2021, "account_information/personal_information.json": profile2021,
		"followers_and_following/followers.json": followersWrapped, "followers_and_following/following.json": following,
		"followers_and_following/blocked_accounts.json": blocked, "likes/liked_posts.json": likedPosts, "comments/post_comments.json": comments2021,
	}, pictures2021()}},
	{"2023", []map[string]string{{
		"your_instagram_activity/content/posts_1.json": posts2021, "your_instagram_activity/content/reels.json": reels2022,
		"your_instagram_activity/content/archived_posts.json": archived2022, "personal_information/personal_information/personal_information.json": profile2021,
		"connections/followers_and_following/followers_1.json": followersBare, "connections/followers_and_following/following.json": following,
		"your_instagram_activity/likes/liked_posts.json": likedPosts, "your_instagram_activity/comments/post_comments_1.json": commentsNew,
		"your_instagram_activity/comments/reels_comments.json": reelComments, "your_instagram_activity/messages/inbox/tilo_1/message_1.json": messages,
		"start_here.html": "<!DOCTYPE html><html></html>",
	}, pictures2021()}},
	{"2025", []map[string]string{pictures2021(), {
		"your_instagram_activity/media/posts_1.json": posts2021, "your_instagram_activity/media/reels.json": reels2022,
		"your_instagram_activity/media/stories.json": stories2021, "your_instagram_activity/media/archived_posts.json": archived2022,
		"personal_information/personal_information/personal_information.json": profile2021,
		"connections/followers_and_following/followers_1.json":                followersBare, "connections/followers_and_following/following.json": followingNew,
		"your_instagram_activity/likes/liked_posts.json": likedNew, "your_instagram_activity/saved/saved_posts.json": savedNew,
		"your_instagram_activity/comments/post_comments_1.json": commentsNew,
	}}},
}

// zipped makes a zip of files.
func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte(files[name]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// zips writes the parts of an export as Instagram names them.
func (e export) zips(t testing.TB, dir string) []string {
	t.Helper()
	var paths []string
	for i, part := range e.parts {
		name := filepath.Join(dir, "instagram-mira.solane-2024-05-01-part"+string(rune('1'+i))+".zip")
		require.NoError(t, os.WriteFile(name, zipped(t, part), 0o600))
		paths = append(paths, name)
	}
	return paths
}

// folder writes all parts into one folder.
func (e export) folder(t testing.TB, dir string) {
	t.Helper()
	for _, part := range e.parts {
		for name, text := range part {
			name = filepath.Join(dir, filepath.FromSlash(name))
			require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
			require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		}
	}
}

// Every layout comes out as its golden file says, from its zips, from a folder of them, and
// unpacked.
func TestExports(t *testing.T) {
	for _, e := range exports {
		t.Run(e.name, func(t *testing.T) {
			dir := t.TempDir()
			paths := e.zips(t, dir)
			read := func(paths ...string) string {
				a, err := Open(paths...)
				require.NoError(t, err)
				defer a.Close()
				return strings.ReplaceAll(described(t, a), filepath.ToSlash(dir)+"/", "")
			}
			got := read(paths...)
			assertGolden(t, "export-"+e.name, got)
			assert.Equal(t, got, read(dir))
			assert.NotContains(t, got, "\u00c3", "no text is garbled")

			folder := t.TempDir()
			e.folder(t, folder)
			a, err := Open(folder)
			require.NoError(t, err)
			defer a.Close()
			media := 0
			for item, err := range a.Media(t.Context()) {
				require.NoError(t, err)
				assert.Equal(t, "mira.solane", item.Value.User.Username, "the profile tells whose export it is")
				for _, f := range item.Files {
					r, err := f.Open()
					require.NoError(t, err)
					r.Close()
				}
				media++
			}
			assert.Equal(t, strings.Count(got, "\nmedia ")+strings.Count(got[:6], "media "), media)
		})
	}
}

// All pictures may have one name, in as many folders.
func TestPicturesOfOneName(t *testing.T) {
	files, posts := map[string]string{}, []string{}
	for i := range maxCandidates + 100 {
		files[fmt.Sprintf("part2/media/posts/%d/image.jpg", i)] = photo
		posts = append(posts, fmt.Sprintf(`{"media":[{"uri":"media/posts/%d/image.jpg","creation_timestamp":%d,"title":"x"}]}`, i, 1600000000+i))
	}
	files["part1/content/posts_1.json"] = "[" + strings.Join(posts, ",") + "]"
	for item, err := range openFiles(t, files).Media(t.Context()) {
		require.NoError(t, err)
		require.Len(t, item.Files, 1)
		assert.Equal(t, "part2/"+item.Value.Images.Thumbnail.URL, item.Files[0].Name)
	}
}
