package instagram

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readers read a text as each model there is, and say what comes out.
var readers = map[string]func(text string) error{
	"media":               readAs[MediaEntry],
	"comment":             readAs[CommentEntry],
	"user":                readAs[UserInfo],
	"short user":          readAs[UserShortInfo],
	"tag":                 readAs[TagInfo],
	"location":            readAs[LocationInfo],
	"relationship":        readAs[RelationshipInfo],
	"relationship_status": readAs[RelationshipStatus],
	"graph":               readAs[GraphMedia],
	"subscription":        readAs[Subscription],
}

func readAs[T Model](text string) error {
	_, err := Decode[T](strings.NewReader(text))
	_, inAnswer := Decode[T](strings.NewReader(`{"data":` + text + `}`))
	_, inPage := DecodePage[T](strings.NewReader(`{"data":[` + text + `]}`))
	var walked []error
	for _, all := range []string{text, `{"meta":{"code":200},"data":[` + text + `]}`, `[` + text + `]`} {
		for item, err := range DecodeAll[T](strings.NewReader(all)) {
			if err == nil && item == nil {
				return fmt.Errorf("a nil entry of %s", all)
			}
			walked = append(walked, err)
		}
	}
	for _, other := range append(walked, inAnswer, inPage) {
		if (err == nil) != (other == nil) {
			return fmt.Errorf("one way of reading says %w, another one %w", err, other)
		}
	}
	return err
}

// Each entry of the recordings is what it is, and nothing else: no comment, user, tag or place
// passes for a media, nor a media for one of them.
func TestRecordingsAreReadAsWhatTheyAre(t *testing.T) {
	same := map[string]string{"users": "user", "media_list": "media", "comments": "comment", "tags": "tag", "locations": "location"}
	read, refused := 0, 0
	for _, r := range recordings(t) {
		kind := r.kind
		if one, ok := same[kind]; ok {
			kind = one
		}
		var answer struct{ Data json.RawMessage }
		require.NoError(t, json.Unmarshal(r.body, &answer))
		var entries []json.RawMessage
		if json.Unmarshal(answer.Data, &entries) != nil {
			entries = []json.RawMessage{answer.Data}
		}
		for _, entry := range entries {
			if string(entry) == "null" || string(entry) == "{}" {
				continue
			}
			for as, reader := range readers {
				err := reader(string(entry))
				if as == kind || kind == "user" && as == "short user" || strings.HasPrefix(kind, "relationship") && strings.HasPrefix(as, "relationship") {
					assert.NoError(t, err, "%s of %s as %s", entry, r.name, as)
					read++
				} else if kind == "location" && as == "tag" && !strings.Contains(string(entry), "latitude") {
					continue // a name, with an id: that may be a tag of another server
				} else if assert.Error(t, err, "%s of %s as %s", entry, r.name, as) {
					refused++
				}
			}
		}
	}
	assert.Greater(t, read, 50)
	assert.Greater(t, refused, 400)
}

// The error says what an object looks like.
func TestErrorsSayWhatAnObjectLooksLike(t *testing.T) {
	for text, want := range map[string]string{
		`{"id":"1","created_time":"2","text":"hi","from":{"id":"3"}}`:                            "this is a comment, not a media",
		`{"id":"1","username":"ada","full_name":"Ada","profile_picture":"p","type":"user"}`:      "this is a user, not a media",
		`{"name":"kelp","media_count":3}`:                                                        "this is a tag, not a media",
		`{"id":"1","name":"Quay","latitude":1.5,"longitude":2}`:                                  "this is a place, not a media",
		`{"outgoing_status":"none"}`:                                                             "this is a relationship, not a media",
		`{"user":{"id":"1"},"position":{"x":0.5,"y":0.5}}`:                                       "this is a user in a photo, not a media",
		`{"id":"1","media_type":"IMAGE","caption":"text","permalink":"p"}`:                       "this is a Graph media, not a media",
		`{"id":"1","media_type":"IMAGE","permalink":"p"}`:                                        "this is a Graph media, not a media",
		`{"provider_name":"Instagram","media_id":"1_2","type":"photo","author_name":"ada"}`:      "this is what oEmbed answers, not a media",
		`{"access_token":"SECRET","user":{"id":"1","username":"ada"}}`:                           "this is what the server of tokens answers, not a media",
		`{"__typename":"GraphImage","id":"1","owner":{"id":"2"}}`:                                "this is web page data (GraphQL), not a media",
		`{"id":"1","code":"B","caption":"text","likes":{"count":1},"display_src":"u"}`:           "this is web page data (GraphQL), not a media",
		`{"id":"1","edge_media_to_caption":{"edges":[]}}`:                                        "this is web page data (GraphQL), not a media",
		`{"pk":1,"id":"1_2","caption":{"text":"t"},"user":{"pk":2},"like_count":3,"taken_at":4}`: "this is an object of the private mobile API, not a media",
		`{"media":[{"uri":"a"}],"title":"t","creation_timestamp":1}`:                             "this is an export of Instagram's (posts_1.json): use package archive, not a media",
		`{"caption":"t","taken_at":"2018-01-01T00:00:00","path":"photos/a.jpg"}`:                 "this is an export of Instagram's (posts_1.json): use package archive, not a media",
		`{"a":1,"b":{"id":"1"}}`:                                                                 "this has no member of a media",
		`{}`:                                                                                     "this is an empty object, not a media",
	} {
		err := readAs[MediaEntry](text)
		require.Error(t, err, text)
		assert.Contains(t, err.Error(), want, text)
		var failure *DecodeError
		require.ErrorAs(t, err, &failure)
	}
}

// What is a media stays one, whatever else it holds.
func TestMediaWithMoreMembers(t *testing.T) {
	for _, text := range []string{
		`{"id":"1"}`,
		`{"id":1,"type":1,"created_time":"2011-02-01T19:08:57+0000"}`,
		`{"id":"1","images":{},"code":"B","pk":1,"is_video":false,"text":"t"}`,
		`{"link":"l","text":"t","username":"u"}`,
		`{"created_time":null}`,
	} {
		assert.NoError(t, readAs[MediaEntry](text), text)
	}
	assert.NoError(t, readAs[LocationInfo](`{"id":null,"name":null,"latitude":null,"longitude":null}`))
	assert.NoError(t, readAs[TagInfo](`{"name":"kelp"}`))
}

// The answer of the Graph to a call that failed is an *Error wherever it stands.
func TestGraphErrorsOfRecordings(t *testing.T) {
	text := `{"error":{"message":"expired","type":"OAuthException","code":190,"fbtrace_id":"f"}}`
	_, err := Decode[GraphMedia](strings.NewReader(text))
	_, ofPage := DecodePage[MediaEntry](strings.NewReader(text))
	errs := []error{err, ofPage}
	for _, err := range DecodeAll[MediaEntry](strings.NewReader(text + "\n" + `[` + text + `]`)) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 4)
	for _, err := range errs {
		var failure *Error
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, 190, failure.Code)
		assert.ErrorIs(t, err, ErrUnauthorized)
	}
}

// PHP writes an object without members as an array.
func TestEmptyPaginationOfPHP(t *testing.T) {
	page, err := DecodePage[MediaEntry](strings.NewReader(`{"pagination":[ ],"data":[],"meta":{"code":200}}`))
	require.NoError(t, err)
	assert.Equal(t, Pagination{}, page.Pagination)
	_, err = DecodePage[MediaEntry](strings.NewReader(`{"pagination":[1],"data":[]}`))
	require.ErrorContains(t, err, "pagination: want an object, got an array")
}
