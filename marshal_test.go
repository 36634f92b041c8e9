package instagram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// models is one of each model.
var models = []any{
	MediaEntry{}, CarouselMedia{}, Attribution{}, CaptionData{}, CommentEntry{}, CommentsCollection{}, LikesCollection{},
	ImagesData{}, VideosData{}, ImageInfo{}, LocationInfo{}, UserInPhoto{}, Position{}, UserInfo{}, UserCounts{},
	UserShortInfo{}, TagInfo{}, RelationshipInfo{}, RelationshipStatus{}, MetaData{}, Pagination{},
	Subscription{}, Embed{}, GraphCursors{},
	GraphUser{}, GraphInsight{}, GraphValue{}, GraphTotal{}, GraphBreakdown{}, GraphBreakdownResult{},
}

// Whatever a model holds, decoding what it marshals to gives it back: by its own methods, and by
// encoding/json with what that does to the text.
func TestDecodeAfterEncodeIsIdentity(t *testing.T) {
	for _, model := range models {
		typ := reflect.TypeOf(model)
		t.Run(typ.Name(), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(len(typ.Name()))))
			for i := range 100 {
				want := reflect.New(typ)
				if i > 0 { // the zero value first
					fill(random, want.Elem(), "")
				}
				plain, err := json.Marshal(want.Elem().Interface())
				require.NoError(t, err)
				own, err := want.Interface().(json.Marshaler).MarshalJSON()
				require.NoError(t, err)
				indented, err := json.MarshalIndent(want.Interface(), "", "\t")
				require.NoError(t, err)
				for _, text := range [][]byte{own, plain, indented} {
					got := reflect.New(typ)
					require.NoError(t, json.Unmarshal(text, got.Interface()), "%s", text)
					require.Equal(t, want.Interface(), got.Interface(), "%s", text)
				}
			}
		})
	}
}

// newModel returns a pointer to an empty model of the same type.
func newModel(model any) any { return reflect.New(reflect.TypeOf(model)).Interface() }

func dereference(model any) any { return reflect.ValueOf(model).Elem().Interface() }

// fill puts anything at all into a value. The name is of the field it is in.
func fill(random *rand.Rand, v reflect.Value, name string) {
	if random.IntN(4) == 0 {
		return // stays zero
	}
	switch v.Interface().(type) {
	case time.Time:
		nanos := []int64{0, 0, 5e8, 1}[random.IntN(4)]
		v.Set(reflect.ValueOf(time.Unix(random.Int64N(8e9)-4e9, nanos).UTC()))
		return
	case map[string]json.RawMessage:
		v.Set(reflect.ValueOf(randomExtra(random)))
		return
	case map[string]ImageInfo:
		info := reflect.New(reflect.TypeFor[ImageInfo]()).Elem()
		fill(random, info, "")
		v.Set(reflect.ValueOf(map[string]ImageInfo{"size " + randomText(random): info.Interface().(ImageInfo)}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(random, v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(random, v.Elem(), "")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(3), 3))
		for i := range v.Len() {
			fill(random, v.Index(i), "")
		}
	case reflect.String:
		v.SetString(randomText(random))
	case reflect.Int:
		v.SetInt(random.Int64N(1<<62) >> random.IntN(62))
	case reflect.Float64:
		v.SetFloat(random.NormFloat64() * []float64{1, 1e-9, 1e21, 1e300}[random.IntN(4)])
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(fmt.Sprintf("%s is a %s", name, v.Type()))
	}
}

var texts = []string{"", "a", "kelp forest", "<b>&amp;\u2028", `"\/`, "\x00\x1f\x7f", "日本語 😍", "�", "null", "12", "café"}

func randomText(random *rand.Rand) string {
	return texts[random.IntN(len(texts))] + texts[random.IntN(len(texts))]
}

func randomExtra(random *rand.Rand) map[string]json.RawMessage {
	values := []string{`null`, `0`, `-1.50e+400`, `9007199254740993`, `""`, `"\u0007 <&> \\ 日"`, `[]`, `[1,{"a":[null,"x"]}]`, `{"b":true,"b":false}`}
	extra := map[string]json.RawMessage{}
	for range random.IntN(3) + 1 {
		extra["extra "+randomText(random)] = json.RawMessage(values[random.IntN(len(values))])
	}
	return extra
}

// A field goes before what Extra has under its name, however it got there.
func TestFieldsGoBeforeExtra(t *testing.T) {
	user := UserShortInfo{ID: "1", Bio: "field", Extra: map[string]json.RawMessage{
		"id": json.RawMessage(`"2"`), "bio": json.RawMessage(`""`), "website": json.RawMessage(`""`), "new": nil,
	}}
	text, err := json.Marshal(user)
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":"1","username":"","full_name":"","profile_picture":"","bio":"field","website":"","new":null}`, string(text))
	images := ImagesData{Sizes: map[string]ImageInfo{"thumbnail": {URL: "x"}, "big": {URL: "y"}}, Extra: map[string]json.RawMessage{"big": json.RawMessage(`1`)}}
	text, err = json.Marshal(images)
	require.NoError(t, err)
	assert.Equal(t, "y", tree(t, text).(map[string]any)["big"].(map[string]any)["url"])
	assert.Equal(t, "", tree(t, text).(map[string]any)["thumbnail"].(map[string]any)["url"])
}

func TestMarshalRefusesWhatIsNoJSON(t *testing.T) {
	nan := Position{Y: 1}
	nan.X /= nan.X - nan.X // 0/0
	_, err := json.Marshal(UserInPhoto{Position: nan})
	assert.ErrorContains(t, err, "x is NaN")
	_, err = json.Marshal(MediaEntry{Extra: map[string]json.RawMessage{"a": json.RawMessage(`{"b`)}})
	assert.ErrorContains(t, err, `"a" is not JSON`)
}

// Invalid UTF-8 in a field becomes U+FFFD, as encoding/json has it.
func TestMarshalReplacesInvalidUTF8(t *testing.T) {
	text, err := json.Marshal(TagInfo{Name: "caf\xe9\xff"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"caf\ufffd\ufffd","media_count":0}`, string(text))
}

// A null leaves a model as it is; anything else replaces all of it.
func TestUnmarshalIntoAModelInUse(t *testing.T) {
	tag := TagInfo{Name: "kelp", Extra: map[string]json.RawMessage{"a": json.RawMessage(`1`)}}
	require.NoError(t, json.Unmarshal([]byte(`null`), &tag))
	assert.Equal(t, "kelp", tag.Name)
	require.Error(t, json.Unmarshal([]byte(`{"name":"reef","media_count":[]}`), &tag))
	assert.Equal(t, "kelp", tag.Name)
	require.NoError(t, json.Unmarshal([]byte(`{"media_count":3}`), &tag))
	assert.Equal(t, TagInfo{MediaCount: 3}, tag)
}

// Encode writes what MarshalJSON does, a line each, and DecodeAll reads it.
func TestEncode(t *testing.T) {
	page, err := decodeList[MediaEntry](benchmarkPage(true), false)
	require.NoError(t, err)
	var lines, want bytes.Buffer
	require.NoError(t, Encode(&lines, page.Items...))
	for _, media := range page.Items {
		text, err := media.MarshalJSON()
		require.NoError(t, err)
		want.Write(append(text, '\n'))
	}
	assert.Equal(t, want.String(), lines.String())
	var read []*MediaEntry
	for media, err := range DecodeAll[MediaEntry](&lines) {
		require.NoError(t, err)
		read = append(read, media)
	}
	assert.Equal(t, page.Items, read)

	lines.Reset()
	require.NoError(t, Encode[TagInfo](&lines))
	require.NoError(t, Encode(&lines, &TagInfo{Name: "fog"}, nil))
	assert.Equal(t, `{"name":"fog","media_count":0}`+"\nnull\n", lines.String())
	require.ErrorContains(t, Encode(&lines, &LocationInfo{Latitude: math.NaN()}), "latitude")
	require.ErrorIs(t, Encode(failingWriter{}, page.Items...), io.ErrShortWrite)
	require.ErrorIs(t, Encode(failingWriter{}, page.Items[0]), io.ErrShortWrite)
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
