package instagram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wrongs is a value of each kind that some member cannot have.
var wrongs = []string{`[]`, `{}`, `{"a":1}`, `true`, `7`, `0.5`, `"x"`, `""`}

// Every value of a page of media, replaced by one of every other kind, is either read for what it
// is or refused with its own path and offset.
func TestWrongKindsInEveryPosition(t *testing.T) {
	media := `{"id":"1_2","type":"carousel","user":{"id":"2","username":"a","full_name":"b","profile_picture":"c","first_name":"d","is_business":true},` +
		`"caption":{"id":"3","created_time":"4","text":"e","from":{"id":"5"}},"comments":{"count":6,"data":[{"id":"7","message":"f"}]},` +
		`"likes":{"count":8,"data":[{"id":"9"}]},"like_count":3,"images":{"thumbnail":{"url":"g","width":10,"height":11},"low_resolution":{"url":"g"},"standard_resolution":{"url":"h"},"high_resolution":{"width":1}},` +
		`"videos":{"low_bandwidth":{"height":12}},"location":{"id":13,"name":"i","latitude":14.5,"longitude":15.5,"street_address":"j"},"link":"k","filter":"l","tags":["m","n"],` +
		`"created_time":"16","users_in_photo":[{"user":{"id":"17"},"position":{"x":0.18,"y":0.19}}],"user_has_liked":true,"attribution":{"name":"o","website":"p","itunes_url":"q"},` +
		`"distance":20.5,"carousel_media":[{"type":"image","images":{"thumbnail":{"url":"r"}},"videos":{"low_resolution":{"url":"s"}},"users_in_photo":[{"user":{"id":"21"}}]}]}`
	page := `{"meta":{"code":200,"error_type":"","error_message":""},"pagination":{"next_url":"u","next_max_id":"v"},"data":[` + media + `]}`
	refused := 0
	for _, v := range values(t, page) {
		for _, wrong := range wrongs {
			text := page[:v.start] + wrong + page[v.end:]
			_, err := decodeList[MediaEntry]([]byte(text), false)
			if accepted(v.path, page[v.start:v.end], wrong) {
				assert.NoError(t, err, "%s = %s", v.path, wrong)
				continue
			}
			refused++
			var failure *DecodeError
			if assert.ErrorAs(t, err, &failure, "%s = %s", v.path, wrong) {
				assert.Equal(t, v.path, failure.Path, "%s", wrong)
				assert.Equal(t, int64(v.start), failure.Offset, "%s = %s", v.path, wrong)
			}
		}
	}
	assert.Greater(t, refused, 400)
}

// accepted says which values of another kind the decoder takes.
func accepted(path, right, wrong string) bool {
	name := path[strings.LastIndexByte(path, '.')+1:]
	switch kind := wrong[0]; {
	case strings.HasPrefix(right, "{"):
		return kind == '{' || name == "attribution" && kind == '"' || (name == "comments" || name == "likes" || name == "pagination") && wrong == "[]"
	case strings.HasPrefix(right, "["):
		return wrong == "[]"
	case strings.HasPrefix(right, `"`) && name == "created_time":
		return wrong == "7" || wrong == "0.5" || wrong == `""`
	case strings.HasPrefix(right, `"`):
		return kind == '"' || kind == '7' || kind == '0'
	case right == "true":
		return wrong == "true"
	case strings.Contains(right, "."):
		return wrong == "7" || wrong == "0.5"
	case name == "id":
		return kind == '"' || kind == '7' || kind == '0'
	}
	return wrong == "7"
}

// A span is where in a text the value at a path stands.
type span struct {
	path       string
	start, end int
}

// values lists each value in a text, less the text as a whole.
func values(t *testing.T, text string) []span {
	var spans, open []span
	dec := jsontext.NewDecoder(strings.NewReader(text))
	path := func() (path string) {
		for token := range dec.StackPointer().Tokens() {
			if _, err := strconv.Atoi(token); err == nil {
				path += "[" + token + "]"
			} else {
				path += "." + token
			}
		}
		return strings.TrimPrefix(path, ".")
	}
	for {
		inside, members := dec.StackIndex(dec.StackDepth())
		kind := dec.PeekKind()
		switch kind {
		case '}', ']':
			_, err := dec.ReadToken()
			require.NoError(t, err)
			value := open[len(open)-1]
			open = open[:len(open)-1]
			value.end = int(dec.InputOffset())
			spans = append(spans, value)
			if len(open) == 0 {
				return spans[:len(spans)-1]
			}
		case '{', '[':
			_, err := dec.ReadToken()
			require.NoError(t, err)
			open = append(open, span{path: path(), start: int(dec.InputOffset()) - 1})
		default:
			value, err := dec.ReadValue()
			require.NoError(t, err)
			if end := int(dec.InputOffset()); inside == '[' || members%2 == 1 {
				spans = append(spans, span{path(), end - len(value), end})
			}
		}
	}
}

// Each beginning of an answer is refused where it ends.
func TestTruncated(t *testing.T) {
	for _, r := range recordings(t) {
		body := bytes.TrimRight(r.body, "\n")
		for n := 0; n < len(body); n += 1 + len(body)/400 {
			_, err := kinds[r.kind].decode(body[:n])
			var failure *DecodeError
			require.ErrorAs(t, err, &failure, "%s[:%d]", r.name, n)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%s[:%d]", r.name, n)
			require.LessOrEqual(t, failure.Offset, int64(n))
		}
	}
}

func TestBadBytes(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 100_000)
	tests := []struct {
		name, body   string
		path, reason string // of the error
	}{
		{"empty", "", "", "unexpected EOF"},
		{"space", " \n", "", "unexpected EOF"},
		{"page", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "", "invalid character '<' at start of value"},
		{"text", "Oops", "", "invalid character 'O' at start of value"},
		{"zero", "\x00", "", `invalid character '\x00' at start of value`},
		{"null", "null", "", "want an object, got null"},
		{"list", `[{"id":"1"}]`, "", "want an object, got an array"},
		{"string", `"data"`, "", "want an object, got a string"},
		{"no member", `{}`, "", "neither meta nor data"},
		{"two answers", `{"data":[]}{"data":[]}`, "", "more follows the end of the value"},
		{"comma at the end", `{"data":[{"id":"1"},]}`, "data[0]", "invalid character ',' at start of value"},
		{"comma at the end of an object", `{"data":[{"id":"1",}]}`, "data[0].id", "invalid character ',' at start of value"},
		{"no colon", `{"data" []}`, "data", "invalid character '[' after object name (expecting ':')"},
		{"no comma", `{"data":[{"id":"1" "link":"x"}]}`, "data[0].id", `invalid character '"' after object value (expecting ',' or '}')`},
		{"comment", `{"data":[/* none */]}`, "data", "invalid character '/' at start of value"},
		{"single quotes", `{'data':[]}`, "", `invalid character '\'' at start of value`},
		{"wrong literal", `{"data":[{"user_has_liked":tru}]}`, "data[0].user_has_liked", "invalid character '}' in literal true (expecting 'e')"},
		{"longer literal", `{"data":[{"caption":nullx}]}`, "data[0].caption", "invalid character 'x' after object value (expecting ',' or '}')"},
		{"bad escape", `{"data":[{"link":"\x"}]}`, "data[0].link", "invalid escape sequence `\\x` in string"},
		{"bad unicode escape", `{"data":[{"link":"\u12g4"}]}`, "data[0].link", "invalid escape sequence `\\u12g4` in string"},
		{"line in a string", "{\"data\":[{\"link\":\"a\nb\"}]}", "data[0].link", `invalid character '\n' in string (expecting non-control character)`},
		{"control character far from the end", "{\"data\":[{\"link\":\"a\x01\",\"filter\":\"Lo-fi\"}]}", "data[0].link", `invalid character '\x01' in string (expecting non-control character)`},
		{"leading zero", `{"data":[{"id":01}]}`, "data[0].id", "invalid character '1' after object value (expecting ',' or '}')"},
		{"plus", `{"data":[{"id":+1}]}`, "data[0].id", "invalid character '+' at start of value"},
		{"bare point", `{"data":[{"distance":1.}]}`, "data[0].distance", "invalid character '}' in number (expecting digit)"},
		{"bare exponent", `{"data":[{"distance":1e}]}`, "data[0].distance", "invalid character '}' in number (expecting digit)"},
		{"not a number", `{"data":[{"distance":NaN}]}`, "data[0].distance", "invalid character 'N' at start of value"},
		{"wrong bracket", `{"data":[{"id":"1"]}`, "data[0].id", "invalid character ']' after object value (expecting ',' or '}')"},
		{"null entry", `{"data":[{"id":"1"},null]}`, "data[1]", "want an object, got null"},
		{"entry that is a list", `{"data":[[]]}`, "data[0]", "want an object, got an array"},
		{"deep nesting", `{"data":[{"new":` + deep, "", "exceeded max depth"},
		{"deep nesting where a list belongs", `{"data":[{"tags":` + strings.Repeat("[", 100_000), "", "exceeded max depth"},
		{"deep nesting that ends", `{"a":` + deep + "1" + strings.Repeat("}", 100_001), "", "exceeded max depth"},
		{"malformed time", `{"data":[{"created_time":1e}]}`, "data[0].created_time", "invalid character '}' in number (expecting digit)"},
		{"huge number", `{"data":[{"comments":{"count":` + strings.Repeat("9", 1<<20) + `}}]}`, "data[0].comments.count", "want a whole number, got a number: value out of range"},
		{"huge exponent", `{"data":[{"distance":1e999999999}]}`, "data[0].distance", "want a number, got a number: value out of range"},
		{"fraction of a count", `{"data":[{"comments":{"count":1.5}}]}`, "data[0].comments.count", "want a whole number, got a number"},
		{"no count", `{"data":[{"likes":{"count":"many"}}]}`, "data[0].likes.count", "want a whole number, got a string"},
		{"hexadecimal", `{"data":[{"likes":{"count":"0x1F"}}]}`, "data[0].likes.count", "want a whole number, got a string"},
		{"hexadecimal float", `{"data":[{"likes":{"count":"0x1p4"}}]}`, "data[0].likes.count", "want a whole number, got a string"},
		{"infinite", `{"data":[{"distance":"Inf"}]}`, "data[0].distance", "want a number, got a string"},
		{"date", `{"data":[{"created_time":"yesterday"}]}`, "data[0].created_time", "want a time, got a string"},
		{"time out of range", `{"data":[{"created_time":"99999999999999999"}]}`, "data[0].created_time", "want a time, got a string"},
		{"number for a boolean", `{"data":[{"user_has_liked":2}]}`, "data[0].user_has_liked", "want a boolean, got a number"},
		{"meta", `{"meta":[],"data":[]}`, "meta", "want an object, got an array"},
		{"pagination", `{"data":[],"pagination":"x"}`, "pagination", "want an object, got a string"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decodeList[MediaEntry]([]byte(test.body), false)
			var failure *DecodeError
			require.ErrorAs(t, err, &failure)
			if test.reason != "exceeded max depth" { // whose path is cut short
				assert.Equal(t, test.path, failure.Path)
			}
			assert.EqualError(t, failure.Err, test.reason)
			assert.LessOrEqual(t, failure.Offset, int64(len(test.body)))
			assert.Less(t, len(err.Error()), 400)
		})
	}
}

// The text of an error names members, but holds no value and not much of a name.
func TestDecodeErrorIsShortAndSilent(t *testing.T) {
	secret := "s3cr3t" + strings.Repeat("x", 1<<16)
	for _, body := range []string{
		`{"data":[{"likes":{"count":"` + secret + `"}}]}`,
		`{"data":[{"created_time":"` + secret + `"}]}`,
		`{"data":[{"distance":"` + secret + `"}]}`,
		`{"data":[{"user_has_liked":"` + secret + `"}]}`,
		`{"data":[{"id":["` + secret + `"]}]}`,
		`{"data":"` + secret + `"}`,
		`{"data":[{"link":"` + secret,
		`{"data":[{"link":"` + secret + `\q"}]}`,
	} {
		_, err := decodeList[MediaEntry]([]byte(body), false)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "s3cr3t")
		assert.Less(t, len(err.Error()), 200)
	}
	for _, name := range []string{strings.Repeat("n", 1<<16), strings.Repeat("\xff\n", 1<<16), strings.Repeat(`{\"é`, 1<<14)} {
		quoted, _ := json.Marshal(name)
		_, err := decodeList[MediaEntry](fmt.Appendf(nil, `{"data":[{"a":{%s:{%s:tru`, quoted, quoted), false)
		require.Error(t, err)
		assert.Less(t, len(err.Error()), 500)
	}
}

// The syntax of paths, as the documentation of DecodeError has it.
func TestDecodeErrorPath(t *testing.T) {
	for path, body := range map[string]string{
		`data[3].images.thumbnail.width`: `{"data":[{},{},{},{"images":{"thumbnail":{"width":{}}}}]}`,
		`data[0]["a b"].0.x-y_Z9[1]`:     `{"data":[{"a b":{"0":{"x-y_Z9":[0,tru`,
		`data[0][""]["\u00e9\""]`:        `{"data":[{"":{"é\"":!`,
		`data[0]["a.b"]["~1/~0"][0][12]`: `{"data":[{"a.b":{"~1/~0":[[0,0,0,0,0,0,0,0,0,0,0,0,-}`,
	} {
		_, err := decodeList[MediaEntry]([]byte(body), false)
		var failure *DecodeError
		require.ErrorAs(t, err, &failure)
		assert.Equal(t, path, failure.Path)
	}
}

// The text of an error is one line, whatever is in it.
func TestDecodeErrorIsOneLine(t *testing.T) {
	for _, err := range []error{
		&DecodeError{Path: "data\n[0]", Err: errors.New("disk\r\non fire\x1b[31m\u2028\u202e")},
		&DecodeError{Err: fmt.Errorf("read %w", &Error{Message: "a\nb"})},
	} {
		assert.NotRegexp(t, "[\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\u202e]", err.Error())
	}
	_, err := Decode[TagInfo](strings.NewReader(`{"data":{"media_count":[],"a\nb":{"c\u001b":tru`))
	require.ErrorContains(t, err, `data["a\nb"]["c\x1b"]`)
	for _, err := range DecodeAll[TagInfo](io.MultiReader(strings.NewReader(`{"na`), iotest.ErrReader(errors.New("disk\non fire")))) {
		require.EqualError(t, err, `instagram: decode: disk\non fire (offset 4)`)
	}
}

func TestLenientListSkipsBadEntries(t *testing.T) {
	body := `{"data":[{"id":"1"},{"likes":{"count":"x"}},null,{"id":"2"},7,{"user":{"id":{}}}],"meta":{"code":200}}`
	env, err := decodeList[MediaEntry]([]byte(body), true)
	require.NoError(t, err)
	assert.Equal(t, 200, env.Meta.Code)
	require.Len(t, env.Items, 2)
	assert.Equal(t, "2", env.Items[1].ID)
	var texts []string
	for _, err := range env.Skipped {
		texts = append(texts, err.Error())
	}
	assert.Equal(t, []string{
		"instagram: decode: data[1].likes.count: want a whole number, got a string (offset 38)",
		"instagram: decode: data[2]: want an object, got null (offset 44)",
		"instagram: decode: data[4]: want an object, got a number (offset 60)",
		"instagram: decode: data[5].user.id: want a string, got an object (offset 76)",
	}, texts)

	// A page that is no JSON is no page, and one bad entry fails a page that is not read leniently.
	env, err = decodeList[MediaEntry]([]byte(body[:len(body)-40]), true)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Len(t, env.Skipped, 3)
	_, err = decodeList[MediaEntry]([]byte(body), false)
	require.ErrorContains(t, err, "data[1].likes.count")
}

// The path of a bad entry is not looked up from the start of the page: here that would take
// minutes.
func TestLenientListOfManyBadEntries(t *testing.T) {
	const n = 20_000
	body := `{"data":[` + strings.Repeat(`{"images":{"thumbnail":{"width":"x"}}},`, n) + `{}]}`
	env, err := decodeList[MediaEntry]([]byte(body), true)
	require.NoError(t, err)
	assert.Len(t, env.Skipped, n)
}

func TestMetaIsReadBesideBadData(t *testing.T) {
	env, err := decodeList[MediaEntry]([]byte(`{"data":{"id":1},"meta":{"code":400,"error_type":"APIError"}}`), false)
	require.Error(t, err)
	assert.Equal(t, MetaData{Code: 400, ErrorType: ErrorTypeAPIError}, env.Meta)
}

func TestDecodeMeta(t *testing.T) {
	tests := []struct {
		body string
		want MetaData
		ok   bool
	}{
		{`{"meta":{"code":400,"error_type":"OAuthException","error_message":"m"}}`, MetaData{Code: 400, ErrorType: "OAuthException", ErrorMessage: "m"}, true},
		{`{"code":"429","error_type":"OAuthRateLimitException","error_message":"m"}`, MetaData{Code: 429, ErrorType: "OAuthRateLimitException", ErrorMessage: "m"}, true},
		{`{"error_type":"OAuthException","code":400,"error_message":"m"}`, MetaData{Code: 400, ErrorType: "OAuthException", ErrorMessage: "m"}, true},
		{`{"meta":{"code":200},"data":{"any":[1,{}]},"new":{}}`, MetaData{Code: 200}, true},
		{`{"error":{"message":"m","type":"OAuthException","code":190}}`, MetaData{}, false},
		{`{"meta":null}`, MetaData{}, false},
		{`{"meta":{"code":"x"}}`, MetaData{}, false},
		{`{"meta":{"code":400}`, MetaData{}, false},
		{`{"code":400}`, MetaData{}, false},
		{`[]`, MetaData{}, false},
		{`<html>`, MetaData{}, false},
		{``, MetaData{}, false},
	}
	for _, test := range tests {
		meta, err := decodeMeta([]byte(test.body))
		assert.Equal(t, test.ok, err == nil, test.body)
		assert.Equal(t, test.want, meta, test.body)
	}
}

// A number of a gigabyte costs no more than the limit of what is read.
func TestHugeNumberIsBounded(t *testing.T) {
	gigabyte := func() io.Reader {
		return io.MultiReader(strings.NewReader(`{"data":{"media_count":`), io.LimitReader(nines{}, 1<<30))
	}
	grown := allocated(func() {
		_, err := Decode[TagInfo](gigabyte())
		require.ErrorIs(t, err, ErrBodyTooLarge)
	})
	assert.Less(t, grown, uint64(256<<20))
	grown = allocated(func() {
		for _, err := range DecodeAll[TagInfo](gigabyte()) {
			require.ErrorIs(t, err, ErrBodyTooLarge)
			var failure *DecodeError
			require.True(t, errors.As(err, &failure))
			assert.Equal(t, "data.media_count", failure.Path)
			break
		}
	})
	assert.Less(t, grown, uint64(256<<20))
}

// An answer whose models would take far more memory than its text is an error, before they do. What
// it takes is measured here: the bound is of all that is ever allocated for the answer.
func TestMemoryOfAnAnswerIsBounded(t *testing.T) {
	list := func(before, element, after string) string {
		return before + strings.Repeat(element+",", (1<<20)/(len(element)+1)) + element + after
	}
	for name, body := range map[string]string{
		"empty media":       list(`{"data":[`, `{}`, `]}`),
		"media with extras": list(`{"data":[`, `{"a":1}`, `]}`),
		"wrong media":       list(`{"data":[`, `7`, `]}`),
		"nulls":             list(`{"data":[`, `null`, `]}`),
		"captions":          list(`{"data":[`, `{"caption":{}}`, `]}`),
		"locations":         list(`{"data":[`, `{"location":{"a":1}}`, `]}`),
		"videos":            list(`{"data":[`, `{"videos":{}}`, `]}`),
		"sizes":             list(`{"data":[`, `{"images":{"a":{"url":""}}}`, `]}`),
		"many sizes":        list(`{"data":[{"images":{`, `"a":{"url":""}`, `}}]}`),
		"comments":          list(`{"data":[{"comments":[`, `{}`, `]}]}`),
		"likes":             list(`{"data":[{"likes":{"data":[`, `{}`, `]}}]}`),
		"users in a photo":  list(`{"data":[{"users_in_photo":[`, `{}`, `]}]}`),
		"parts":             list(`{"data":[{"carousel_media":[`, `{}`, `]}]}`),
		"tags":              list(`{"data":[{"tags":[`, `""`, `]}]}`),
		"long tags":         list(`{"data":[{"tags":[`, `"`+strings.Repeat("x", 200)+`"`, `]}]}`),
		"empty lists":       list(`{"data":[`, `{"tags":[],"likes":[]}`, `]}`),
		"links":             list(`{"data":[`, `{"link":"x"}`, `]}`),
		"extras":            list(`{"data":[{`, `"abcdef":[1]`, `}]}`),
		"big extras":        list(`{"data":[`, `{"a":"`+strings.Repeat("x", 100)+`"}`, `]}`),
	} {
		for _, lenient := range []bool{false, true} {
			var err error
			grown := allocated(func() { _, err = decodeList[MediaEntry]([]byte(body), lenient) })
			assert.Less(t, grown, uint64(32*len(body)+4<<20), "%s: %v", name, err)
			if name == "empty media" || name == "comments" {
				require.ErrorContains(t, err, "it would take more memory than its length allows", name)
				checkError(t, []byte(body), err)
			}
			if name == "tags" || name == "long tags" {
				require.NoError(t, err, name)
			}
		}
	}
}

// Names of a megabyte are not kept beside the models that have them.
func TestHugeNamesAreNotKept(t *testing.T) {
	name := strings.Repeat("n", 1<<20)
	lines := []string{
		`{"id":"1","` + name + `":{"` + name + `":tru}}`,
		`{"id":"1","images":{"` + name + `":{"url":[]}},"` + name + `":{"` + name + `":1}}`,
		`{"meta":{"code":200,"` + name + `":1},"` + name + `":1,"data":[{"` + name + `":{"id":1},"link":[]}]}`,
		`{"id":"1","user":{"` + name + `":{"` + name + `":[`,
	}
	var most uint64
	var errs []error
	pages := 0
	r, w := io.Pipe()
	go func() {
		for i := range 200 {
			_, _ = io.WriteString(w, lines[i%len(lines)]+"\n")
		}
		w.Close()
	}()
	for _, err := range DecodeAll[MediaEntry](r) {
		errs = append(errs, err)
		if pages++; pages%20 == 0 {
			var stats runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
		}
	}
	assert.Greater(t, len(errs), 150)
	assert.Less(t, most>>20, uint64(64), "MiB")
}

type nines struct{}

func (nines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '9'
	}
	return len(p), nil
}

// allocated returns how many bytes f takes from the heap, in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
