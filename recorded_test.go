package instagram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeRecorded(t *testing.T) {
	const failed = "instagram: recorded answer: 400 APINotFoundError: invalid media id"
	tests := []struct{ name, text, want, err string }{
		{"answer", `{"meta":{"code":200},"data":{"name":"a"}}`, "a", ""},
		{"answer without meta", `{"data":{"name":"a"}}`, "a", ""},
		{"bare", ` {"name":"a","code":"BX"} `, "a", ""},
		{"byte order mark", "\ufeff" + `{"name":"a"}`, "a", ""},
		{"failed", `{"meta":{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}}`, "", failed},
		{"failed, with data", `{"data":[],"meta":{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}}`, "", failed},
		{"failed, without meta", `{"code":400,"error_type":"APINotFoundError","error_message":"invalid media id"}`, "", failed},
		{"null", `{"meta":{"code":200},"data":null}`, "", "instagram: decode: data: it has no data (offset 0)"},
		{"no data", `{"meta":{"code":200}}`, "", "instagram: decode: data: it has no data (offset 0)"},
		{"list", `{"data":[{"name":"a"}]}`, "", "instagram: decode: data: want an object, got an array (offset 8)"},
		{"bare list", `[{"name":"a"}]`, "", "instagram: decode: want an object, got an array (offset 0)"},
		{"bad data", `{"data":{"media_count":"x"}}`, "", "instagram: decode: data.media_count: want a whole number, got a string (offset 23)"},
		{"bare, and bad", `{"media_count":"x"}`, "", "instagram: decode: media_count: want a whole number, got a string (offset 15)"},
		{"two", `{"name":"a"}{"name":"b"}`, "", "instagram: decode: more follows the end of the value (offset 12)"},
		{"nothing", "", "", "instagram: decode: unexpected EOF (offset 0)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tag, err := Decode[TagInfo](strings.NewReader(test.text))
			if test.err != "" {
				assert.Nil(t, tag)
				assert.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, tag.Name)
		})
	}
	_, err := Decode[TagInfo](strings.NewReader(tests[4].text))
	assert.ErrorIs(t, err, ErrNotFound)
}

func TestDecodePageOfRecorded(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
		next       Cursor
		err        string
	}{
		{"answer", `{"data":[{"id":1},{"id":2}],"meta":{"code":200}}`, 2, CursorEnd, ""},
		{"bare", `[{"id":1},{"id":2}]`, 2, CursorEnd, ""},
		{"empty", `{"data":[],"pagination":{}}`, 0, CursorEnd, ""},
		{"next by id", `{"data":[],"pagination":{"next_max_id":7}}`, 0, "max_id=7", ""},
		{"next by like", `{"data":[],"pagination":{"next_max_like_id":"7"}}`, 0, "max_like_id=7", ""},
		{"next by cursor", `{"data":[],"pagination":{"next_cursor":"7"}}`, 0, "cursor=7", ""},
		{"next by tag", `{"data":[],"pagination":{"next_max_tag_id":"7","next_max_id":"6"}}`, 0, "max_tag_id=7", ""},
		{"next by the URL alone", `{"data":[],"paging":{"next":"http://api.example/v1/x?cursor=7"}}`, 0, "cursor=7", ""},
		{"URL that leads nowhere", `{"data":[],"pagination":{"next_url":"http://api.example/v1/x"}}`, 0, CursorEnd, ""},
		{"failed", `{"meta":{"code":429,"error_type":"OAuthRateLimitException"}}`, 0, "", "instagram: recorded answer: 429 OAuthRateLimitException"},
		{"object", `{"data":{"id":1}}`, 0, "", "instagram: decode: data: want an array, got an object (offset 8)"},
		{"bare object", `{"id":1}`, 0, "", "instagram: decode: neither meta nor data (offset 0)"},
		{"bad entry", `{"data":[{"id":1},{"id":[]}]}`, 0, "", "instagram: decode: data[1].id: want a string, got an array (offset 24)"},
		{"bare, and bad", `[{"id":1},{"id":[]}]`, 0, "", "instagram: decode: [1].id: want a string, got an array (offset 16)"},
		{"bare, and more", `[{"id":1}]]`, 0, "", "instagram: decode: invalid character ']' at start of value (offset 10)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			page, err := DecodePage[UserShortInfo](strings.NewReader(test.text))
			if test.err != "" {
				assert.Nil(t, page)
				assert.EqualError(t, err, test.err)
				return
			}
			require.NoError(t, err)
			assert.Len(t, page.Items, test.want)
			assert.Equal(t, test.next, page.Cursor())
		})
	}
}

// What a recording says of its next page stays as it is.
func TestDecodePageKeepsThePagination(t *testing.T) {
	next := "https://api.instagram.com/v1/x?access_token=1.2&max_id=3"
	page, err := DecodePage[MediaEntry](strings.NewReader(`{"data":[],"pagination":{"next_url":"` + next + `"}}`))
	require.NoError(t, err)
	assert.Equal(t, next, page.Pagination.NextURL)
	values, err := url.ParseQuery(string(page.Cursor()))
	require.NoError(t, err)
	assert.Equal(t, url.Values{"max_id": {"3"}}, values)
}

func TestRecordedReadErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	half := func() io.Reader {
		return io.MultiReader(strings.NewReader("{\"name\":\"a\"}\n{\"na"), iotest.ErrReader(broken))
	}
	_, err := Decode[TagInfo](half())
	assert.ErrorIs(t, err, broken)
	_, err = DecodePage[TagInfo](half())
	assert.ErrorIs(t, err, broken)
	var names []string
	var failures []error
	for tag, err := range DecodeAll[TagInfo](half()) {
		if err != nil {
			failures = append(failures, err)
		} else {
			names = append(names, tag.Name)
		}
	}
	assert.Equal(t, []string{"a"}, names)
	require.Len(t, failures, 1)
	assert.ErrorIs(t, failures[0], broken)
	assert.EqualError(t, failures[0], "instagram: decode: disk on fire (offset 17)")
}

// A loop may end where it likes, and what it has not read is not looked at.
func TestDecodeAllStops(t *testing.T) {
	for _, text := range []string{`{"data":[{},{},{}]}`, `[{},{},{}]`, `{} {} {}`, `{} x`, `{"a":[]}{"data":7}`, `{"data":[7,{}]}`, `{"data":[],"meta":{"code":400}}`, `[tru]`} {
		n := 0
		for range DecodeAll[TagInfo](io.MultiReader(strings.NewReader(text), iotest.ErrReader(errors.New("not to be read")))) {
			n++
			break
		}
		assert.Equal(t, 1, n, text)
	}
}

// An entry of any size is read as long as it is within bounds; one past them is an error, and the
// next line is read again.
func TestDecodeAllOfHugeEntries(t *testing.T) {
	large := strings.Repeat("a", 10<<20)
	huge := strings.Repeat("a", 20<<20)
	text := `{"name":"` + large + "\"}\n" + `{"name":"` + huge + "\"}\n" + `{"x":"` + large + `","y":"` + large + "\"}\n" + `{"name":"b"}`
	var sizes []int
	var failures []string
	for tag, err := range DecodeAll[TagInfo](strings.NewReader(text)) {
		if err != nil {
			assert.ErrorIs(t, err, ErrBodyTooLarge)
			failures = append(failures, err.Error())
			continue
		}
		sizes = append(sizes, len(tag.Name))
	}
	assert.Equal(t, []int{10 << 20, 1}, sizes)
	assert.Len(t, failures, 2)
}

// walked renders what DecodeAll yields, an entry or an error a line.
func walked(data string) []string { return walkedFrom(strings.NewReader(data)) }

func walkedFrom(r io.Reader) []string {
	var lines []string
	for tag, err := range DecodeAll[TagInfo](r) {
		switch failure := (*Error)(nil); {
		case errors.As(err, &failure):
			lines = append(lines, fmt.Sprintf("error %d: %v", failure.Code, err))
		case err != nil:
			lines = append(lines, err.Error())
		default:
			lines = append(lines, fmt.Sprintf("%s %d", tag.Name, tag.MediaCount))
		}
	}
	return lines
}

var archiveTests = []struct {
	name, data string
	want       []string
}{
	{"nothing", " \n", nil},
	{"envelopes one after the other", `{"meta":{"code":200},"data":[{"name":"a","media_count":1},{"name":"b"}]}{"data":[{"name":"c"}],"pagination":{"next_url":"x"}}`,
		[]string{"a 1", "b 0", "c 0"}},
	{"envelope of an object", `{"data":{"name":"a"},"meta":{"code":200}}`, []string{"a 0"}},
	{"envelope of nothing", `{"data":null,"meta":{"code":200}}{"meta":{"code":200}}`, nil},
	{"pretty-printed", "{\n  \"data\": [\n    {\n      \"name\": \"a\"\n    }\n  ]\n}\n", []string{"a 0"}},
	{"bare objects on lines", "{\"name\":\"a\"}\n{\"media_count\":2, \"name\":\"b\"}\r\n\n{}\n", []string{"a 0", "b 2", "instagram: decode: this is an empty object, not a tag (offset 45)"}},
	{"bare arrays", `[{"name":"a"}] [] [{"name":"b"},{"name":"c"}]`, []string{"a 0", "b 0", "c 0"}},
	{"array of envelopes", `[{"data":[{"name":"a"}]},{"status":"ok","data":{"name":"b"}},[{"name":"c"}]]`, []string{"a 0", "b 0", "c 0"}},
	{"byte order mark", "\ufeff{\"name\":\"a\"}", []string{"a 0"}},
	{"errors among answers", `{"meta":{"code":400,"error_type":"APINotAllowedError","error_message":"you cannot view this resource"}}` +
		`{"data":[{"name":"a"}]}{"code":429,"error_type":"OAuthRateLimitException","error_message":"The maximum number of requests per hour has been exceeded."}`,
		[]string{"error 400: instagram: decode: meta: recorded answer: 400 APINotAllowedError: you cannot view this resource (offset 0)", "a 0",
			"error 429: instagram: decode: meta: recorded answer: 429 OAuthRateLimitException: The maximum number of requests per hour has been exceeded. (offset 126)"}},
	{"bad entries", `{"data":[{"name":"a"},{"media_count":"x"},null,{"name":"b"}]}` + "\n" + `[{"name":[]}, {"name":"c"}]`,
		[]string{"a 0", "instagram: decode: data[1].media_count: want a whole number, got a string (offset 37)",
			"instagram: decode: data[2]: want an object, got null (offset 42)", "b 0",
			"instagram: decode: [0].name: want a string, got an array (offset 71)", "c 0"}},
	{"bad bare objects", "{\"name\":\"a\",  \"media_count\":true}\n 7 \"x\" null {\"name\":\"b\"}",
		[]string{"instagram: decode: media_count: want a number, got a boolean (offset 28)", "instagram: decode: want an object, got a number (offset 35)",
			"instagram: decode: want an object, got a string (offset 37)", "instagram: decode: want an object, got null (offset 41)", "b 0"}},
	{"lines that were cut off", "{\"name\":\"a\"}\n{\"name\":\"cut\n{\"name\":\"b\"}\n{\"name\":\n{\"name\":\"c\"}\n{\"name\":\"d\",\"media_count\":1",
		[]string{"a 0", "instagram: decode: name: invalid character '\\n' in string (expecting non-control character) (offset 25)", "b 0",
			"instagram: decode: name: invalid character '{' after object value (expecting ',' or '}') (offset 61)",
			"instagram: decode: media_count: unexpected EOF (offset 88)"}},
	{"broken entry of an array", "[\n{\"name\":\"a\"},\n{\"name\":tru},\n{\"name\":\"b\"}\n]",
		[]string{"a 0", "instagram: decode: [1].name: invalid character '}' in literal true (expecting 'e') (offset 27)", "b 0",
			"instagram: decode: invalid character ']' at start of value (offset 43)"}},
	{"broken entry of an answer", "{\"data\":[\n{\"name\":\"a\"},\n{\"name\":tru},\n{\"name\":\"b\"}\n]}",
		[]string{"a 0", "instagram: decode: data[1].name: invalid character '}' in literal true (expecting 'e') (offset 35)", "b 0",
			"instagram: decode: invalid character ']' at start of value (offset 51)"}},
	{"broken line with objects in it", "{\"name\":tru,\"x\":{\"name\":\"no\"}}\n{\"name\":\"b\"}",
		[]string{"instagram: decode: name: invalid character ',' in literal true (expecting 'e') (offset 11)", "b 0"}},
	{"page", "<html>\n<body>\n{\"name\":\"a\"}", []string{"instagram: decode: invalid character '<' at start of value (offset 0)", "a 0"}},
}

// archives are the data of the tests above.
var archives = func() (list []string) {
	for _, test := range archiveTests {
		list = append(list, test.data)
	}
	return list
}()

func TestDecodeAll(t *testing.T) {
	for _, test := range archiveTests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, walked(test.data)) })
	}
}

// What a walk yields does not depend on how its reader cuts the data into pieces.
func TestDecodeAllIsTheSameInPieces(t *testing.T) {
	for _, data := range append(archives,
		"{\"name\":\"日\xe6\"}\n{\"name\":tru日}\n[{\"name\":\"a\"} 日\n{\"meta\":{\"code\":200日\n{\"data\":[{\"name\":\"\\u12g4\"}]}",
		"{\"data\":[{\"name\":\"a\"}],\"pagination\":[7],\"meta\":{\"code\":400}}",
	) {
		want := walkedFrom(strings.NewReader(data))
		for _, pieces := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
			assert.Equal(t, want, walkedFrom(pieces(strings.NewReader(data))))
		}
	}
}

// Lines that were cut off cost no more behind a large entry than before it. What is counted is
// memory: the time went with it.
func TestDecodeAllIsLinearAfterALargeEntry(t *testing.T) {
	large := `{"name":"` + strings.Repeat("x", 12<<20) + "\"}\n"
	cut := strings.Repeat("{\"name\":\"cut off here\n", 20_000)
	failed := 0
	grown := allocated(func() {
		for _, err := range DecodeAll[TagInfo](strings.NewReader(large + cut)) {
			if err != nil {
				failed++
			}
		}
	})
	assert.Equal(t, 20_000, failed)
	assert.Less(t, grown>>20, uint64(256), "MiB")
}

// A reader that fails in the middle of an archive fails it there, once, wherever that is.
func TestDecodeAllOfAReaderThatFails(t *testing.T) {
	fire := errors.New("disk on fire")
	for before, want := range map[string][]string{
		``: {"instagram: decode: disk on fire (offset 0)"},
		`{"meta":{"code":200},"data":[{"name":"a"},{"name":"b"}`: {"a 0", "b 0", "instagram: decode: data[1]: disk on fire (offset 54)"},
		`{"meta":{"code":200},"data":[{"name":"a"},{"na`:         {"a 0", "instagram: decode: data[1]: disk on fire (offset 46)"},
		`{"meta":{"code":200},"data":[{"name":"a"}],"pagi`:       {"a 0", "instagram: decode: data: disk on fire (offset 48)"},
		"[{\"name\":\"a\"},\n":                                   {"a 0", "instagram: decode: [1]: disk on fire (offset 15)"},
		"{\"name\":tru}\n\n":                                     {"instagram: decode: name: invalid character '}' in literal true (expecting 'e') (offset 11)", "instagram: decode: disk on fire (offset 14)"},
	} {
		assert.Equal(t, want, walkedFrom(io.MultiReader(strings.NewReader(before), iotest.ErrReader(fire))), before)
	}
}

// Offsets count from the start of the data, behind a line that was cut off and a byte order mark as
// well.
func TestDecodeAllOffsets(t *testing.T) {
	data := "\ufeff" + strings.Repeat("{\"name\":\"cut\n"+`{"name":"a","media_count":"x"}`+"\n", 5_000) + `{"data":[{"media_count":[]}],"meta":{"code":400,"error_type":"APIError"}}`
	failures := 0
	for _, err := range DecodeAll[TagInfo](strings.NewReader(data)) {
		failure, ok := errors.AsType[*DecodeError](err)
		require.True(t, ok, "%v", err)
		at := data[failure.Offset:]
		switch failures++; {
		case failure.Path == "name":
			require.True(t, strings.HasPrefix(at, "\n{"), "%v: %.20q", err, at)
		case failure.Path == "media_count":
			require.True(t, strings.HasPrefix(at, `"x"}`), "%v: %.20q", err, at)
		case failure.Path == "data[0].media_count":
			require.True(t, strings.HasPrefix(at, `[]}`), "%v: %.20q", err, at)
		default:
			require.Equal(t, "meta", failure.Path)
		}
	}
	assert.Equal(t, 10_002, failures)
}

// Lists in lists are walked to any depth that is JSON, and the paths in them do not grow with it.
func TestDecodeAllOfDeepLists(t *testing.T) {
	lines := walked(strings.Repeat("[", 9_000) + `{"name":"a"},{"name":[]}` + strings.Repeat("]", 9_000) + "\n" + strings.Repeat("[", 11_000) + "\n[]{\"name\":\"b\"}")
	assert.Len(t, lines, 4)
	assert.Equal(t, "a 0", lines[0])
	assert.Contains(t, lines[1], "want a string, got an array")
	assert.Contains(t, lines[2], "exceeded max depth")
	assert.Equal(t, "b 0", lines[3])
	assert.Less(t, len(strings.Join(lines, "")), 1000)
}

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
