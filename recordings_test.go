package instagram

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// generations are the directories of testdata with answers of the v1 API, by when it sent them
// first, and with mixtures.
var generations = []string{"2010", "2011", "2016", "mixed"}

// A recording is one such answer. Its file's name starts with its kind.
type recording struct {
	name string // 2010/media_list-search
	kind string // media_list
	body []byte
}

func recordings(t testing.TB) []recording {
	var list []recording
	for _, generation := range generations {
		paths, err := filepath.Glob(filepath.Join("testdata", generation, "*.json"))
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			body, err := os.ReadFile(path)
			require.NoError(t, err)
			file := strings.TrimSuffix(filepath.Base(path), ".json")
			kind, _, _ := strings.Cut(file, "-")
			list = append(list, recording{generation + "/" + file, kind, body})
		}
	}
	return list
}

// decoded is what a recording holds, with its data in the models.
type decoded struct {
	Meta       MetaData   `json:"meta"`
	Pagination Pagination `json:"pagination"`
	Data       any        `json:"data"`
}

// kinds says, for each kind of answer, how the client decodes it and how encoding/json does.
var kinds = map[string]struct {
	decode    func([]byte) (decoded, error)
	unmarshal func([]byte) (decoded, error)
}{
	"media":               {object[MediaEntry], plainly[*MediaEntry]},
	"media_list":          {list[MediaEntry], plainly[[]*MediaEntry]},
	"user":                {object[UserInfo], plainly[*UserInfo]},
	"users":               {list[UserShortInfo], plainly[[]*UserShortInfo]},
	"comment":             {object[CommentEntry], plainly[*CommentEntry]},
	"comments":            {list[CommentEntry], plainly[[]*CommentEntry]},
	"tag":                 {object[TagInfo], plainly[*TagInfo]},
	"tags":                {list[TagInfo], plainly[[]*TagInfo]},
	"location":            {object[LocationInfo], plainly[*LocationInfo]},
	"locations":           {list[LocationInfo], plainly[[]*LocationInfo]},
	"relationship":        {object[RelationshipInfo], plainly[*RelationshipInfo]},
	"relationship_status": {object[RelationshipStatus], plainly[*RelationshipStatus]},
	"null":                {object[CommentEntry], plainly[*CommentEntry]},
	"error":               {list[MediaEntry], plainly[[]*MediaEntry]},
}

func object[T Model](body []byte) (decoded, error) {
	env, err := decodeObject[T](body)
	return decoded{env.Meta, env.Pagination, env.Data}, err
}

func list[T Model](body []byte) (decoded, error) {
	env, err := decodeList[T](body, false)
	return decoded{env.Meta, env.Pagination, env.Items}, err
}

func plainly[T any](body []byte) (decoded, error) {
	var answer struct {
		Meta       MetaData
		Pagination Pagination
		Data       T
	}
	err := json.Unmarshal(body, &answer)
	return decoded{answer.Meta, answer.Pagination, answer.Data}, err
}

// TestRecordings compares what each answer decodes to, in the canonical generation, with a file
// beside it that was checked by hand.
func TestRecordings(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			require.Contains(t, kinds, r.kind)
			answer, err := kinds[r.kind].decode(r.body)
			require.NoError(t, err)
			got := indented(t, answer)
			golden := filepath.Join("testdata", r.name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
		})
	}
}

// indented is json.MarshalIndent without its escapes for HTML.
func indented(t testing.TB, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return b.Bytes()
}

// The canonical generation decodes to the models that it was made of.
func TestRecordingsDecodeAfterEncode(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			first, err := kinds[r.kind].decode(r.body)
			require.NoError(t, err)
			canonical, err := json.Marshal(first)
			require.NoError(t, err)
			second, err := kinds[r.kind].decode(canonical)
			require.NoError(t, err)
			assert.Equal(t, first, second)
		})
	}
}

// encoding/json fills the models as the client does.
func TestRecordingsWithEncodingJSON(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			own, err := kinds[r.kind].decode(r.body)
			require.NoError(t, err)
			plain, err := kinds[r.kind].unmarshal(r.body)
			require.NoError(t, err)
			if !bytes.Contains(r.body, []byte(`"error_type"`)) { // may be outside of meta
				assert.Equal(t, own.Meta, plain.Meta)
			}
			if !bytes.Contains(r.body, []byte(`"paging"`)) { // its name in 2010
				assert.Equal(t, own.Pagination, plain.Pagination)
			}
			assert.Equal(t, own.Data, plain.Data)
		})
	}
}

// Each value of each answer is found again in what the models marshal to: under its own name, or
// under that of the canonical generation.
func TestNothingIsLost(t *testing.T) {
	for _, r := range recordings(t) {
		t.Run(r.name, func(t *testing.T) {
			answer, err := kinds[r.kind].decode(r.body)
			require.NoError(t, err)
			out, err := json.Marshal(answer)
			require.NoError(t, err)
			assert.Empty(t, missing("", tree(t, r.body), tree(t, out)))
		})
	}
}

// tree is what encoding/json makes of a text.
func tree(t testing.TB, text []byte) any {
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&v))
	return v
}

// renamed returns what stands in an object of the canonical generation for a member that older ones
// had.
func renamed(object map[string]any, name string) any {
	member := func(of, name string) any {
		inner, _ := object[of].(map[string]any)
		return inner[name]
	}
	switch name {
	case "message":
		return object["text"]
	case "next":
		return object["next_url"]
	case "paging":
		return object["pagination"]
	case "like_count":
		return member("likes", "count")
	case "comments", "likes": // a list
		return member(name, "data")
	case "attribution": // a string
		return member(name, "name")
	case "code", "error_type", "error_message": // without meta
		return member("meta", name)
	}
	return nil
}

// missing lists the paths of the values of in that are not in out.
func missing(path string, in, out any) []string {
	switch in := in.(type) {
	case nil:
		return nil // as if it were absent
	case map[string]any:
		object, ok := out.(map[string]any)
		if !ok && len(flat(in)) > 0 {
			return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
		}
		var paths []string
		for name, value := range in {
			lost := missing(path+"."+name, value, object[name])
			if lost != nil && missing(path+"."+name, value, renamed(object, name)) != nil {
				paths = append(paths, lost...)
			}
		}
		return paths
	case []any:
		list, _ := out.([]any)
		if len(list) != len(in) {
			return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
		}
		var paths []string
		for i, value := range in {
			paths = append(paths, missing(fmt.Sprintf("%s[%d]", path, i), value, list[i])...)
		}
		return paths
	}
	name := path[strings.LastIndexByte(path, '.')+1:]
	if !same(name, in, out) {
		return []string{fmt.Sprintf("%s: %v is %v", path, in, out)}
	}
	return nil
}

// timeIn is the time that a model of the Graph takes a value for.
func timeIn[T any](name string, value any) time.Time {
	text, err := json.Marshal(map[string]any{name: value})
	model := new(T)
	if err != nil || json.Unmarshal(text, model) != nil {
		return time.Now() // none
	}
	for _, field := range []string{"Timestamp", "Time"} {
		if at := reflect.ValueOf(model).Elem().FieldByName(field); at.IsValid() {
			return at.Interface().(time.Time)
		}
	}
	return time.Now()
}

// flat lists the values in an object, at any depth.
func flat(object map[string]any) []any {
	var values []any
	for _, value := range object {
		if inner, ok := value.(map[string]any); ok {
			values = append(values, flat(inner)...)
		} else if value != nil {
			values = append(values, value)
		}
	}
	return values
}

// same reports whether out says what in does, as a member of that name.
func same(name string, in, out any) bool {
	text, written := fmt.Sprint(in), fmt.Sprint(out)
	if text == written {
		return true
	}
	switch name {
	case "type":
		return text == "1" && written == "image" || text == "2" && written == "video"
	case "created_time":
		if text == "" {
			return out == nil
		}
		if at, err := time.Parse("2006-01-02T15:04:05-0700", text); err == nil {
			return written == strconv.FormatInt(at.Unix(), 10)
		}
	case "timestamp", "end_time":
		return timeIn[GraphMedia]("timestamp", in).Equal(timeIn[GraphMedia]("timestamp", out))
	case "time":
		return timeIn[GraphUpdate]("time", in).Equal(timeIn[GraphUpdate]("time", out))
	case "target_user_is_private", "user_has_liked", "is_business", "is_shared_to_feed", "is_comment_enabled", "hidden":
		a, errA := strconv.ParseBool(text)
		b, errB := strconv.ParseBool(written)
		return errA == nil && errB == nil && a == b
	}
	a, okA := new(big.Float).SetString(text)
	b, okB := new(big.Float).SetString(written)
	if !okA || !okB {
		return false
	}
	x, _ := a.Float64()
	y, _ := b.Float64()
	return x == y
}
