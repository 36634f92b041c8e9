package instagram

import (
	"errors"
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
