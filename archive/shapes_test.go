package archive

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// owner is a person as the labels of exports have one since 2025.
const labelledOwner = `{"title": "Owner", "dict": [{"title": "", "dict": [{"label": "URL", "value": ""}, {"label": "Name", "value": "Tilo Quillan"}, {"label": "Username", "value": "tilo.quillan"}]}]}`

// A shape is a file as somebody holds it. Each want is a part of the line of an entry.
type shape struct {
	file, text string
	want       []string
	report     string
}

var shapes = map[string]shape{
	"the caption and the name of what was liked": {
		"likes/liked_posts.json",
		`[{"timestamp": 1588000000, "media": [], "label_values": [{"label": "URL", "value": "https://www.instagram.com/reel/Bdq3xPdAAKy/", "href": "https://www.instagram.com/reel/Bdq3xPdAAKy/"},
			 {"label": "Caption", "value": "Boats \u00e2\u009b\u00b5 #harbour"}, {"label": "Title", "value": ""}, {"title": "Hashtags", "dict": [{"dict": [{"label": "Name", "value": "harbour"}]}]}, ` + labelledOwner + `]}]`,
		[]string{`"user":{"id":"","username":"tilo.quillan","full_name":"Tilo Quillan","profile_picture":""},"caption":{"id":"","created_time":null,"text":"Boats ⛵ #harbour"`},
		"1 like",
	},
	"no caption is no name": {
		"likes/liked_posts.json",
		`[{"timestamp": 1588000000, "label_values": [{"label": "URL", "value": "https://www.instagram.com/p/Bdq3xPdAAKy/"}, {"label": "Caption", "value": ""}, {"title": "Hashtags", "dict": [{"dict": [{"label": "Name", "value": "harbour"}]}]}, ` + labelledOwner + `]}]`,
		[]string{`"full_name":"Tilo Quillan","profile_picture":""},"caption":null`},
		"1 like",
	},
	"stories that were liked have the id of their link": {
		"story_interactions/story_likes.json",
		`[{"timestamp": 1588000000, "label_values": [{"label": "URL", "value": "https://www.instagram.com/stories/tilo.quillan/3312345678901234567"}, ` + labelledOwner + `]}]`,
		[]string{`"media":{"id":"3312345678901234567","type":"","user":{"id":"","username":"tilo.quillan"`},
		"1 like",
	},
	"followers with their names, in a language that is not known": {
		"connections/followers_1.json",
		`[{"timestamp": 1588000000, "label_values": [{"label": "URL", "value": "http://boats.example"}, {"label": "Ainm", "value": "Tilo"}, {"label": "Ainm \u00c3\u00basa\u00c3\u00a1ideora", "value": "tilo.quillan"}], "fbid": "17"},
			  {"timestamp": 1588000001, "label_values": [{"label": "URL", "value": ""}, {"label": "Ainm", "value": ""}, {"label": "Ainm \u00c3\u00basa\u00c3\u00a1ideora", "value": "nandi.corvela"}], "fbid": "18"}]`,
		[]string{`"username":"tilo.quillan","full_name":"Tilo","profile_picture":"","website":"http://boats.example"`, `"username":"nandi.corvela","full_name":""`},
		"2 followers",
	},
	"comments whose time is a text": {
		"comments/post_comments.json",
		`{"comments_media_comments": [{"string_map_data": {"Comment": {"value": "Lovely"}, "Time": {"value": "Apr 19, 2017, 3:35 AM"}}}]}`,
		[]string{`"created_time":"1492572900","text":"Lovely"`},
		"1 comment",
	},
	"a time is nobody's name": {
		"comments/post_comments_1.json",
		`[{"string_map_data": {"Commentaire": {"value": "Joli"}, "Propri\u00c3\u00a9taire": {"value": "tilo.quillan"}, "Heure": {"value": "19 avr. 2017", "timestamp": 1492572900}}}]`,
		[]string{`"text":"Joli","from":{"id":"","username":"","full_name":"","profile_picture":""},"Heure":"19 avr. 2017","media_owner":"tilo.quillan"`},
		"1 comment",
	},
	"comments in a file of another name": {
		"saved by me.json",
		`[{"string_map_data": {"Comment": {"value": "Lovely"}, "Media Owner": {"value": "tilo.quillan"}, "Time": {"timestamp": 1492572900}}}]`,
		[]string{`"text":"Lovely"`},
		"1 comment",
	},
	"comments on stories": {
		"comments/hype.json",
		`[{"string_map_data": {"Kommentar": {"value": "Toll"}, "Zeit": {"timestamp": 1492572900}}}]`,
		[]string{`"text":"Toll"`},
		"1 comment",
	},
	"posts on Threads": {
		"threads/threads_and_replies.json",
		`{"text_post_app_text_posts": [{"media": [{"uri": "", "creation_timestamp": 1588000000, "title": "Words alone"}]}]}`,
		[]string{`"media_product_type":"THREADS"`},
		"1 media",
	},
	"users of the Graph, with the media that were asked for": {
		"me.json",
		`{"id": "178", "username": "mira.solane", "name": "Mira Solane", "biography": "Boats.", "profile_picture_url": "https://images.example/m.jpg", "followers_count": 12, "follows_count": 3, "media_count": 1,
			  "media": {"data": [{"id": "179", "media_type": "IMAGE", "media_url": "https://images.example/g.jpg", "permalink": "https://www.instagram.com/p/Cg1AAAAAAAA/", "timestamp": "2021-03-04T05:06:07+0000",
			   "comments": {"data": [{"id": "180", "text": "Lovely", "timestamp": "2021-03-04T06:00:00+0000", "username": "tilo.quillan"}]}}]}}`,
		[]string{
			`"full_name":"Mira Solane","profile_picture":"https://images.example/m.jpg","bio":"Boats.","website":"","counts":{"media":1,"follows":3,"followed_by":12}}`,
			`{"id":"179","type":"image"`, `"text":"Lovely"`,
		},
		"1 media, 1 comment, 1 user",
	},
	"users of the Graph in an answer": {
		"me.json",
		`{"data": {"id": "178", "username": "mira.solane", "account_type": "BUSINESS", "media_count": 4}, "meta": {"code": 200}}`,
		[]string{`"counts":{"media":4,"follows":0,"followed_by":0},"account_type":"BUSINESS"`},
		"1 user",
	},
	"replies on the Graph": {
		"comments.json",
		`{"data": [{"id": "1", "text": "Which one?", "timestamp": "2021-03-04T06:00:00+0000", "username": "tilo.quillan", "replies": {"data": [{"id": "2", "text": "The red one", "timestamp": "2021-03-04T07:00:00+0000", "username": "mira.solane"}]}}]}`,
		[]string{`"text":"Which one?"`, `"text":"The red one","from":{"id":"","username":"mira.solane","full_name":"","profile_picture":""},"parent_id":"1"`},
		"2 comments",
	},
	"profiles of pages, whose posts are theirs": {
		"shared.json",
		`{"entry_data": {"ProfilePage": [{"graphql": {"user": {"id": "7", "username": "mira.solane", "full_name": "Mira Solane", "biography": "Boats.", "external_url": "https://solane.example", "profile_pic_url": "https://images.example/m.jpg",
			  "edge_followed_by": {"count": 12}, "edge_follow": {"count": 3}, "edge_owner_to_timeline_media": {"count": 1, "edges": [{"node": {"__typename": "GraphImage", "id": "2290275893371078480", "shortcode": "B_IscpmBgdS",
			   "display_url": "https://images.example/w.jpg", "taken_at_timestamp": 1588000000, "owner": {"id": "7"}}}]}}}}]}}`,
		[]string{
			`"bio":"Boats.","website":"https://solane.example","counts":{"media":1,"follows":3,"followed_by":12}}`,
			`{"id":"2290275893371078480_7","type":"image","user":{"id":"7","username":"mira.solane","full_name":"Mira Solane"`,
		},
		"1 media, 1 user",
	},
	"profiles of pages until 2017": {
		"old.json",
		`{"user": {"id": "7", "username": "mira.solane", "full_name": "Mira Solane", "biography": "Boats.", "profile_pic_url": "https://images.example/m.jpg", "followed_by": {"count": 5}, "follows": {"count": 6},
			  "media": {"count": 9, "nodes": [{"code": "BGSuvdKhM5y", "date": 1465000000, "caption": "Low tide", "likes": {"count": 3}, "comments": {"count": 1}, "owner": {"id": "7"}, "id": "1266280016514436722", "display_src": "https://images.example/o.jpg"}]}}}`,
		[]string{`"counts":{"media":9,"follows":6,"followed_by":5}}`, `"user":{"id":"7","username":"mira.solane"`},
		"1 media, 1 user",
	},
	"what instagram-scraper writes": {
		"mira.solane.json",
		`{"GraphImages": [{"__typename": "GraphImage", "id": "2290275893371078480", "shortcode": "B_IscpmBgdS", "display_url": "https://images.example/w.jpg", "taken_at_timestamp": 1588000000, "owner": {"id": "7"}, "username": "mira.solane", "tags": ["x"],
			   "comments": {"data": [{"id": "17", "text": "Lovely", "created_at": 1588000100, "owner": {"id": "8", "username": "tilo.quillan"}}]}}],
			  "GraphProfileInfo": {"info": {"id": "7", "full_name": "Mira Solane", "biography": "Boats.", "posts_count": 1, "followers_count": 12, "following_count": 3}, "username": "mira.solane"},
			  "GraphStories": [{"__typename": "GraphStoryImage", "id": "99", "display_url": "https://images.example/s.jpg", "taken_at_timestamp": 1588000200, "expiring_at_timestamp": 1588086600, "owner": {"id": "7", "username": "mira.solane"}}]}`,
		[]string{
			`"user":{"id":"7","username":"mira.solane"`, `"text":"Lovely"`,
			`"username":"mira.solane","full_name":"Mira Solane","profile_picture":"","bio":"Boats.","website":"","counts":{"media":1,"follows":3,"followed_by":12}}`,
			`{"id":"99_7","type":"image"`,
		},
		"2 media, 1 comment, 1 user",
	},
	"answers to comments on pages, and who is in the picture": {
		"post.json",
		`{"graphql": {"shortcode_media": {"__typename": "GraphImage", "id": "2290275893371078480", "shortcode": "B_IscpmBgdS", "display_url": "https://images.example/w.jpg", "taken_at_timestamp": 1588000000, "owner": {"id": "7", "username": "mira.solane"},
			   "edge_media_to_tagged_user": {"edges": [{"node": {"user": {"id": "9", "username": "nandi.corvela"}, "x": 0.25, "y": 0.5}}]},
			   "edge_media_to_parent_comment": {"count": 2, "edges": [{"node": {"id": "1", "text": "Which one?", "created_at": 1588000100, "owner": {"id": "8", "username": "tilo.quillan"},
			    "edge_threaded_comments": {"edges": [{"node": {"id": "2", "text": "The red one", "created_at": 1588000200, "owner": {"id": "7", "username": "mira.solane"}}}]}}}]}}}}`,
		[]string{`"users_in_photo":[{"user":{"id":"9","username":"nandi.corvela","full_name":"","profile_picture":""},"position":{"x":0.25,"y":0.5}}]`, `"text":"Which one?"`, `"parent_id":"1"`},
		"1 media, 2 comments",
	},
	"stories of instaloader": {
		"2020-04-27_UTC.json",
		`{"node": {"__typename": "GraphStoryImage", "id": "99", "display_url": "https://images.example/s.jpg", "taken_at_timestamp": 1588000200, "expiring_at_timestamp": 1588086600, "owner": {"id": "7", "username": "mira.solane"}}, "instaloader": {"version": "4.14", "node_type": "StoryItem"}}`,
		[]string{`"media_product_type":"STORY"`},
		"1 media",
	},
	"WireMock": {
		"mapping.json",
		`{"mappings": [{"request": {"method": "GET", "urlPath": "/v1/users/7/follows"}, "response": {"status": 200, "jsonBody": {"meta": {"code": 200}, "data": [{"id": "8", "username": "tilo.quillan"}]}}}]}`,
		[]string{`"username":"tilo.quillan"`},
		"1 follow",
	},

	"who asked to follow does not": {
		"pending_follow_requests.json",
		`[{"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/tilo.quillan", "value": "tilo.quillan", "timestamp": 1588000000}]}]`,
		nil,
		"not read: 1 × activity: pending_follow_requests",
	},
	"a tag is nobody": {
		"following_hashtags.json",
		`[{"title": "", "string_list_data": [{"href": "https://www.instagram.com/explore/tags/harbour", "value": "harbour", "timestamp": 1588000000}]}]`,
		nil,
		"not read: 1 × activity: following_hashtags",
	},
	"followers in a file of another name": {
		"people.json",
		`[{"title": "", "media_list_data": [], "string_list_data": [{"href": "https://www.instagram.com/tilo.quillan", "value": "tilo.quillan", "timestamp": 1588000000}]}]`,
		[]string{`"username":"tilo.quillan"`},
		"1 follower",
	},
	"follows in a file of another name": {
		"my_following (1).json",
		`[{"title": "", "string_list_data": [{"href": "https://www.instagram.com/tilo.quillan", "value": "tilo.quillan", "timestamp": 1588000000}]}]`,
		[]string{`"username":"tilo.quillan"`},
		"1 follow\n",
	},
	"profiles of pages in a cassette": {
		"cassette.json",
		`{"http_interactions": [{"request": {"method": "get", "uri": "https://www.instagram.com/mira.solane/?__a=1"}, "response": {"status": {"code": 200}, "headers": {}, "body": {"encoding": "UTF-8",
		  "string": "{\"graphql\":{\"user\":{\"id\":\"7\",\"username\":\"mira.solane\",\"biography\":\"Boats.\",\"edge_followed_by\":{\"count\":187},\"edge_follow\":{\"count\":233},\"edge_owner_to_timeline_media\":{\"count\":5,\"edges\":[]}}}}"}}, "recorded_at": "Tue, 10 Apr 2018 07:50:38 GMT"}]}`,
		[]string{`"bio":"Boats.","website":"","counts":{"media":5,"follows":233,"followed_by":187}}`},
		"1 user",
	},

	"a media without an id has that of its link": {
		"recent.json",
		`{"meta": {"code": 200}, "data": [{"type": "image", "user": {"id": "7", "username": "mira.solane"}, "created_time": "1500000000", "link": "https://www.instagram.com/p/Bdq3xPdAAKy/", "images": {}, "likes": {"count": 1}}]}`,
		[]string{`{"id":"1687406286808810162_7","type":"image"`},
		"1 media",
	},
	"a name alone, in a list of users": {
		"users/7/followed-by.json",
		`{"meta": {"code": 200}, "data": [{"username": "tilo.quillan"}]}`,
		[]string{`"username":"tilo.quillan"`},
		"1 follower",
	},
	"oEmbed":        {"oembed.json", `{"provider_name": "Instagram", "author_name": "mira.solane", "media_id": "12_7", "type": "photo", "url": "https://images.example/o.jpg"}`, nil, "not read: 1 × oEmbed answers"},
	"subscriptions": {"s.json", `{"meta": {"code": 200}, "data": [{"id": "1", "type": "subscription", "object": "user", "aspect": "media", "callback_url": "https://solane.example/"}]}`, nil, "not read: 1 × subscriptions"},
	"updates":       {"s.json", `[{"subscription_id": "1", "object": "user", "object_id": "7", "changed_aspect": "media", "time": 1297286541}]`, nil, "not read: 1 × subscriptions"},
	"insights":      {"i.json", `{"data": [{"name": "reach", "period": "lifetime", "values": [{"value": 18}], "id": "1/insights/reach/lifetime"}]}`, nil, "not read: 1 × insights"},
	"pages of today": {
		"p.json", `{"data": {"xdt_api__v1__feed__user_timeline_graphql_connection": {"edges": [{"node": {"code": "B_IscpmBgdS", "pk": "2290275893371078480", "id": "2290275893371078480_7", "taken_at": 1588000000, "media_type": 1, "user": {"pk": "7", "username": "mira.solane"}}}]}}}`,
		nil, "not read: 1 × answers of the private mobile API",
	},
	"Apify": {"d.json", `[{"id": "22", "type": "Image", "shortCode": "B_IscpmBgdS", "caption": "Low tide", "images": [], "ownerUsername": "mira.solane", "displayUrl": "https://images.example/a.jpg"}]`, nil, "not read: 1 × scrapes of Apify"},
}

// What other people's files hold comes out with all that it says, and nothing beyond that.
func TestShapes(t *testing.T) {
	for name, tt := range shapes {
		t.Run(name, func(t *testing.T) {
			got := described(t, openFiles(t, map[string]string{tt.file: tt.text}))
			entries, report, _ := strings.Cut("\n"+got, "\n\n")
			for _, want := range tt.want {
				assert.Contains(t, entries, want)
			}
			assert.Equal(t, len(tt.want), strings.Count(entries, "\n  {"), entries)
			assert.Contains(t, report, tt.report)
			assert.NotContains(t, got, "error:")
		})
	}
}
