package instagram

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// syntax is the JSON that recorded answers are written in.
var syntax = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// seed adds every answer of testdata whose kind starts so, or each entry of its data. They go in
// without white space, which only slows the fuzzing down.
func seed(f *testing.F, whole bool, kinds ...string) {
	for _, r := range recordings(f) {
		for _, kind := range kinds {
			if !strings.HasPrefix(r.kind, kind) {
				continue
			}
			body := jsontext.Value(bytes.Clone(r.body))
			require.NoError(f, body.Compact(append([]jsontext.Options{jsontext.PreserveRawStrings(true)}, syntax...)...))
			if whole {
				f.Add([]byte(body))
				continue
			}
			var answer struct{ Data json.RawMessage }
			require.NoError(f, json.Unmarshal(body, &answer))
			var list []json.RawMessage
			if json.Unmarshal(answer.Data, &list) != nil {
				list = []json.RawMessage{answer.Data}
			}
			for _, data := range list {
				f.Add([]byte(data))
			}
		}
	}
}

// checkError checks what every error of the decoder promises.
func checkError(t *testing.T, body []byte, err error) {
	var failure *DecodeError
	require.ErrorAs(t, err, &failure)
	assert.GreaterOrEqual(t, failure.Offset, int64(0))
	assert.LessOrEqual(t, failure.Offset, int64(len(body)))
	assert.Less(t, len(err.Error()), 500)
}

func FuzzEnvelope(f *testing.F) {
	seed(f, true, "media", "user", "tag", "location", "comment", "relationship", "null", "error")
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := decodeList[MediaEntry](body, false)
		if err != nil {
			checkError(t, body, err)
		}
		lenient, lenientErr := decodeList[MediaEntry](body, true)
		if err == nil {
			assert.NoError(t, lenientErr)
			assert.Equal(t, list.Items, lenient.Items)
			assert.Empty(t, lenient.Skipped)
		}
		if lenientErr == nil {
			assert.True(t, jsontext.Value(body).IsValid(syntax...))
		}
		for _, err := range lenient.Skipped {
			checkError(t, body, err)
		}
		if _, err := decodeObject[UserInfo](body); err != nil {
			checkError(t, body, err)
		}
	})
}

func FuzzErrorBody(f *testing.F) {
	seed(f, true, "error", "null")
	f.Add([]byte("<html>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		meta, err := decodeMeta(body)
		if err != nil {
			assert.Zero(t, meta)
			return
		}
		identity(t, &meta)
	})
}

func FuzzMediaEntry(f *testing.F) {
	seed(f, false, "media")
	f.Fuzz(fuzzModel[MediaEntry])
}

func FuzzUserInfo(f *testing.F) {
	seed(f, false, "user")
	f.Fuzz(fuzzModel[UserInfo])
}

func FuzzPagination(f *testing.F) {
	for _, r := range recordings(f) {
		var answer struct{ Pagination, Paging json.RawMessage }
		require.NoError(f, json.Unmarshal(r.body, &answer))
		f.Add([]byte(answer.Pagination))
		f.Add([]byte(answer.Paging))
	}
	f.Fuzz(fuzzModel[Pagination])
}

// FuzzGraph: all models of the Graph, of which each text is one or another.
func FuzzGraph(f *testing.F) {
	text, err := os.ReadFile("testdata/graph/documented.json")
	require.NoError(f, err)
	var answers map[string]json.RawMessage
	require.NoError(f, json.Unmarshal(text, &answers))
	for _, body := range answers {
		f.Add([]byte(body))
		var list struct{ Data []json.RawMessage }
		require.NoError(f, json.Unmarshal(body, &list))
		for _, data := range list.Data {
			f.Add([]byte(data))
		}
	}
	f.Add([]byte(`{"error":{"message":"Fatal","type":"OAuthException","code":-1,"error_subcode":2207073,"error_user_msg":"No","fbtrace_id":"A"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		fuzzModel[GraphMedia](t, text)
		fuzzModel[GraphUser](t, text)
		fuzzModel[GraphComment](t, text)
		fuzzModel[GraphInsight](t, text)
		fuzzModel[GraphUpdate](t, text)
		if e := new(Error); !readGraphError(e, text) {
			assert.Equal(t, new(Error), e)
		}
	})
}

// fuzzModel checks that a text of any kind is read or refused as it should be: JSON is what
// jsontext takes for it, nothing is lost in the model, encoding/json agrees, and decoding what it
// marshals to gives it back.
func fuzzModel[T any](t *testing.T, text []byte) {
	model := new(T)
	err := any(model).(json.Unmarshaler).UnmarshalJSON(text)
	if err != nil {
		checkError(t, text, err)
	}
	valid := jsontext.Value(text).IsValid(syntax...)
	if !valid {
		require.Error(t, err)
		return
	}
	if err != nil {
		failure, _ := errors.AsType[*DecodeError](err)
		require.True(t, strings.HasPrefix(failure.Err.Error(), "want "), "%v", err)
		return
	}
	identity(t, model)
	if !json.Valid(text) { // nested deeper than it goes
		return
	}
	plain := new(T)
	require.NoError(t, json.Unmarshal(text, plain))
	require.Equal(t, model, plain)
	if object, ok := tree(t, text).(map[string]any); ok && jsontext.Value(text).IsValid() { // no name twice
		out, err := json.Marshal(model)
		require.NoError(t, err)
		require.Empty(t, missing("", object, tree(t, out)))
	}
}

func identity[T any](t *testing.T, model *T) {
	text, err := json.Marshal(model)
	require.NoError(t, err)
	again := new(T)
	require.NoError(t, json.Unmarshal(text, again), "%s", text)
	require.Equal(t, model, again, "%s", text)
}

// FuzzAgainstEncodingJSON compares the canonical generation with what encoding/json makes of it by
// reflection.
func FuzzAgainstEncodingJSON(f *testing.F) {
	seed(f, false, "media")
	for _, entry := range tree(f, benchmarkPage(true)).(map[string]any)["data"].([]any)[:4] {
		text, err := json.Marshal(entry)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var media MediaEntry
		if json.Unmarshal(text, &media) != nil {
			return
		}
		canonical, err := json.Marshal(media)
		require.NoError(t, err)
		if foldsTogether(tree(t, canonical)) { // encoding/json would take ID for id
			return
		}
		var plain plainMedia
		require.NoError(t, json.Unmarshal(canonical, &plain), "%s", canonical)
		require.Equal(t, plain, newPlainMedia(media), "%s", canonical)
	})
}

// foldsTogether reports whether a name in a tree is a name of the models in other letters.
func foldsTogether(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			if foldsTogether(element) {
				return true
			}
		}
	case map[string]any:
		for name, value := range v {
			if foldsTogether(value) {
				return true
			}
			for known := range plainNames {
				if name != known && strings.EqualFold(name, known) {
					return true
				}
			}
		}
	}
	return false
}

// plainNames are the names of all members of plainMedia.
var plainNames = func() map[string]bool {
	names := map[string]bool{}
	var add func(reflect.Type)
	add = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			add(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				names[typ.Field(i).Tag.Get("json")] = true
				add(typ.Field(i).Type)
			}
		default: // has no members
		}
	}
	add(reflect.TypeFor[plainMedia]())
	return names
}()

func FuzzDecodeAll(f *testing.F) {
	seed(f, true, "media")
	for _, data := range []string{"{\"id\":\"1\"}\n{\"id\":\"2\n{\"id\":\"3\"}\n", `[{"data":[{"id":1}]},{"id":2},[{}]]`, "{}\n\n[", "\ufeff{}"} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries := 0 // those that are refused for what they look like included
		for media, err := range DecodeAll[MediaEntry](bytes.NewReader(data)) {
			if err != nil {
				assert.Nil(t, media)
				checkError(t, data, err)
				if strings.Contains(err.Error(), ": this ") {
					entries++
				}
				continue
			}
			entries++
			identity(t, media)
		}
		// One whole answer comes out as from the client.
		if list, err := decodeList[MediaEntry](data, false); err == nil && !list.Meta.failed() && !bytes.Contains(data, []byte(`\u`)) &&
			jsontext.Value(data).IsValid() {
			assert.Equal(t, len(list.Items), entries)
		}
	})
}
