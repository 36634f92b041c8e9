package instagram

import (
	"bytes"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/bounded"
)

func TestDecodeTimes(t *testing.T) {
	at := time.Date(2011, 2, 3, 15, 55, 24, 0, time.UTC)
	tests := map[string]time.Time{
		`"1296748524"`:                at,
		`1296748524`:                  at,
		`"1296748524.0"`:              at,
		`1296748524.25`:               at.Add(250 * time.Millisecond),
		`1.296748524e9`:               at,
		`"2011-02-03T15:55:24+0000"`:  at,
		`"2011-02-03T16:55:24+0100"`:  at,
		`"2011-02-03T15:55:24Z"`:      at,
		`"2011-02-03T15:55:24+00:00"`: at,
		`"0"`:                         time.Unix(0, 0).UTC(),
		`-1`:                          time.Unix(-1, 0).UTC(),
		`"-1.5"`:                      time.Unix(-2, 5e8).UTC(),
		`-0.5`:                        time.Unix(-1, 5e8).UTC(),
		`"253402300799"`:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		`""`:                          {},
		`null`:                        {},
	}
	for text, want := range tests {
		var comment CommentEntry
		require.NoError(t, json.Unmarshal([]byte(`{"created_time":`+text+`}`), &comment), text)
		assert.Equal(t, want, comment.CreatedTime, text)
		out, err := json.Marshal(comment)
		require.NoError(t, err)
		var again CommentEntry
		require.NoError(t, json.Unmarshal(out, &again))
		assert.Equal(t, comment, again, text)
	}
	for _, text := range []string{`"253402300800"`, `1e30`, `"1296748524.1234567890"`, `"1296748524.5x"`, `"2011-02-03"`, `"2011-02-03T15:55:24"`, `" 1"`, `true`, `"0x10"`, `"0x1p4"`, `"1_0"`} {
		assert.Error(t, json.Unmarshal([]byte(`{"created_time":`+text+`}`), new(CommentEntry)), text)
	}
}

// A time that could not be read back is refused when it is written.
func TestTimesPastTheYear9999(t *testing.T) {
	at := time.Date(9999, 12, 31, 23, 59, 59, 5e8, time.UTC)
	text, err := json.Marshal(CommentEntry{CreatedTime: at})
	require.NoError(t, err)
	var again CommentEntry
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, at, again.CreatedTime)
	for _, at := range []time.Time{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)} {
		_, err := json.Marshal(CommentEntry{CreatedTime: at})
		require.ErrorContains(t, err, "created_time is not in one of the years 1 to 9999")
		_, err = json.Marshal(&MediaEntry{Caption: &CaptionData{CreatedTime: at}})
		require.Error(t, err)
		_, err = json.Marshal(Update{Time: at})
		require.Error(t, err)
		_, err = json.Marshal(GraphMedia{Timestamp: at})
		require.Error(t, err)
	}
}

// An exponent may be written with e or with E.
func TestDecodeExponents(t *testing.T) {
	for _, e := range []string{"e", "E", "e+", "E+"} {
		var media MediaEntry
		text := `{"created_time":1.296748524` + e + `9,"comments":{"count":1.2` + e + `1},"distance":"2.5` + e + `2"}`
		require.NoError(t, json.Unmarshal([]byte(text), &media), text)
		assert.Equal(t, int64(1296748524), media.CreatedTime.Unix())
		assert.Equal(t, 12, media.Comments.Count)
		assert.InDelta(t, 250, media.Distance, 0)
	}
}

// Of a name that is there twice the last one counts, and whatever the earlier one left behind is
// gone from where it would come up again.
func TestDecodeNamesTwice(t *testing.T) {
	extra := func(name, value string) map[string]json.RawMessage {
		return map[string]json.RawMessage{name: json.RawMessage(value)}
	}
	tests := []struct {
		text string
		want any
	}{
		{`{"id":"1","id":"2"}`, UserShortInfo{ID: "2"}},
		{`{"id":"1","\u0069d":"2"}`, UserShortInfo{ID: "2"}},
		{`{"id":"1","id":null}`, UserShortInfo{}},
		{`{"bio":"","bio":"b"}`, UserShortInfo{Bio: "b"}},
		{`{"bio":"","bio":null}`, UserShortInfo{}},
		{`{"bio":"b","bio":""}`, UserShortInfo{Extra: extra("bio", `""`)}},
		{`{"new":1,"new":[2]}`, UserShortInfo{Extra: extra("new", `[2]`)}},
		{`{"counts":{"media":1,"follows":2},"counts":{"media":3}}`, UserInfo{Counts: UserCounts{Media: 3, Follows: 2}}},
		{`{"big":5,"big":{"url":"a"}}`, ImagesData{Sizes: map[string]ImageInfo{"big": {URL: "a"}}}},
		{`{"big":{"url":"a"},"big":5}`, ImagesData{Extra: extra("big", `5`)}},
		{`{"high_resolution":{},"high_resolution":null}`, ImagesData{}},
		{`{"high_resolution":{"width":1},"standard_resolution":{"width":2}}`, ImagesData{HighResolution: ImageInfo{Width: 1}, StandardResolution: ImageInfo{Width: 2}}},
		{`{"count":1,"data":[{"id":"1"}],"data":[]}`, LikesCollection{Count: 1, Data: []UserShortInfo{}}},
	}
	for _, test := range tests {
		got := newModel(test.want)
		require.NoError(t, json.Unmarshal([]byte(test.text), got), test.text)
		assert.Equal(t, test.want, dereference(got), test.text)
	}
}

// Two names for the same: the newer one counts, and what the other one says besides is kept.
func TestDecodeOlderNameBesideTheNewer(t *testing.T) {
	extra := func(name, value string) map[string]json.RawMessage {
		return map[string]json.RawMessage{name: json.RawMessage(value)}
	}
	tests := []struct {
		text string
		want any
	}{
		{`{"message":"old"}`, CommentEntry{Text: "old"}},
		{`{"message":"old","text":null}`, CommentEntry{Text: "old"}},
		{`{"message":"old","text":"new"}`, CommentEntry{Text: "new", Extra: extra("message", `"old"`)}},
		{`{"text":"","message":"old"}`, CommentEntry{Extra: extra("message", `"old"`)}},
		{`{"text":"same","message":"same"}`, CommentEntry{Text: "same"}},
		{`{"next":"a"}`, Pagination{NextURL: "a"}},
		{`{"next":"a","next_url":""}`, Pagination{NextURL: "a"}},
		{`{"next":""}`, Pagination{Extra: extra("next", `""`)}},
		{`{"next":"a","next_url":"b"}`, Pagination{NextURL: "b", Extra: extra("next", `"a"`)}},
		{`{"next_url":"a","next":"a"}`, Pagination{NextURL: "a"}},
		{`{"like_count":3}`, MediaEntry{Likes: LikesCollection{Count: 3}}},
		{`{"like_count":3,"likes":{"count":3}}`, MediaEntry{Likes: LikesCollection{Count: 3}}},
		{`{"like_count":3,"likes":{"count":4}}`, MediaEntry{Likes: LikesCollection{Count: 4}, Extra: extra("like_count", `3`)}},
		{`{"like_count":3,"likes":{"data":[]}}`, MediaEntry{Likes: LikesCollection{Count: 3, Data: []UserShortInfo{}}}},
		{`{"like_count":3,"likes":[{"id":"1"}]}`, MediaEntry{Likes: LikesCollection{Count: 3, Data: []UserShortInfo{{ID: "1"}}}}},
		{`{"likes":[{"id":"1"}]}`, MediaEntry{Likes: LikesCollection{Count: 1, Data: []UserShortInfo{{ID: "1"}}}}},
		{`{"comments":[]}`, MediaEntry{Comments: CommentsCollection{Data: []CommentEntry{}}}},
		{`{"comments":{"data":[{"id":"1"},{"id":"2"}]}}`, MediaEntry{Comments: CommentsCollection{Count: 2, Data: []CommentEntry{{ID: "1"}, {ID: "2"}}}}},
	}
	for _, test := range tests {
		got := newModel(test.want)
		require.NoError(t, json.Unmarshal([]byte(test.text), got), test.text)
		assert.Equal(t, test.want, dereference(got), test.text)
		out, err := json.Marshal(got)
		require.NoError(t, err)
		again := newModel(test.want)
		require.NoError(t, json.Unmarshal(out, again))
		assert.Equal(t, got, again, test.text)
	}
}

// What is in Extra stands by itself: a change in one place does not show in another.
func TestHighResolutionIsCopiedWhole(t *testing.T) {
	var images ImagesData
	require.NoError(t, json.Unmarshal([]byte(`{"high_resolution":{"url":"a","etag":1}}`), &images))
	delete(images.HighResolution.Extra, "etag")
	assert.Equal(t, ImageInfo{URL: "a", Extra: map[string]json.RawMessage{"etag": json.RawMessage(`1`)}}, images.StandardResolution)
}

func TestDecodeLocations(t *testing.T) {
	for text, want := range map[string]*LocationInfo{
		`null`: nil,
		`{}`:   nil,
		`{"id":null,"name":null,"latitude":null,"longitude":null}`: nil,
		`{"latitude":1.5,"longitude":-2}`:                          {Latitude: 1.5, Longitude: -2},
		`{"latitude":"1.5","longitude":0}`:                         {Latitude: 1.5},
		`{"id":0}`:                                                 {ID: "0"},
		`{"name":""}`:                                              {},
		`{"new":1}`:                                                {Extra: map[string]json.RawMessage{"new": json.RawMessage(`1`)}},
		`{"id":123456789012345678901234567890}`:                    {ID: "123456789012345678901234567890"},
		`{"latitude":0,"longitude":0.0}`: {Extra: map[string]json.RawMessage{
			"latitude": json.RawMessage(`0`), "longitude": json.RawMessage(`0.0`)}},
	} {
		var media MediaEntry
		require.NoError(t, json.Unmarshal([]byte(`{"location":`+text+`}`), &media), text)
		assert.Equal(t, want, media.Location, text)
		out, err := json.Marshal(media)
		require.NoError(t, err)
		var again MediaEntry
		require.NoError(t, json.Unmarshal(out, &again))
		assert.Equal(t, media, again, text)
	}
}

// An optional member that says nothing is kept all the same.
func TestDecodeKeepsWhatAFieldCannotShow(t *testing.T) {
	for name, test := range map[string]struct {
		model any
		value string
	}{
		"bio":                    {UserShortInfo{}, `""`},
		"first_name":             {UserInfo{}, `""`},
		"is_business":            {UserInfo{}, `false`},
		"street_address":         {LocationInfo{}, `""`},
		"description":            {TagInfo{}, `""`},
		"distance":               {MediaEntry{}, `0.00`},
		"high_resolution":        {ImagesData{}, `{}`},
		"low_bandwidth":          {VideosData{}, `{"url":""}`},
		"images":                 {CarouselMedia{}, `{}`},
		"target_user_is_private": {RelationshipStatus{}, `false`},
		"error_message":          {MetaData{}, `""`},
		"next_max_id":            {Pagination{}, `""`},
	} {
		got := newModel(test.model)
		require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":`+test.value+`}`), got), name)
		out, err := json.Marshal(got)
		require.NoError(t, err)
		assert.Contains(t, string(out), `"`+name+`":`+test.value)

		absent := newModel(test.model)
		require.NoError(t, json.Unmarshal([]byte(`{"`+name+`":null}`), absent), name)
		assert.Equal(t, test.model, dereference(absent), name)
	}
}

// Models hold nothing of the buffer that they were read from, so that its next answer does not show
// up in them. The race detector would see the access.
func TestModelsOutliveTheirBuffer(t *testing.T) {
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 20 {
				text := benchmarkPage((worker+i)%2 == 0)
				buffer, err := bounded.Read(bytes.NewReader(text), int64(len(text)), 1<<20)
				if !assert.NoError(t, err) {
					return
				}
				env, err := decodeList[MediaEntry](buffer.Bytes(), false)
				if !assert.NoError(t, err) {
					return
				}
				before := indented(t, env.Items)
				clear(buffer.Bytes())
				buffer.Release()
				if !assert.Equal(t, before, indented(t, env.Items)) {
					return
				}
			}
		})
	}
	group.Wait()
}
