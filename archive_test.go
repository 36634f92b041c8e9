package instagram

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
