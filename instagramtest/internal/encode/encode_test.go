package encode

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"plain":         `"plain"`,
		"é":             `"\u00e9"`,
		"🌅":             `"\ud83c\udf05"`,
		"a\"b\\c\nd\te": `"a\"b\\c\nd\u0009e"`,
		"\xff":          `"\ufffd"`,
	} {
		assert.Equal(t, want, string(ASCII(nil, in)))
	}
}

func TestSlashed(t *testing.T) {
	assert.Equal(t, `"http:\/\/x\/\u00e9"`, string(Slashed(nil, "http://x/é")))
}

func TestToASCII(t *testing.T) {
	const in = `{"é":"http:\/\/x/🌅","b":"\\/\"é"}`
	assert.Equal(t, `{"\u00e9":"http:\/\/x/\ud83c\udf05","b":"\\/\"\u00e9"}`, string(ToASCII([]byte(in), false)))
	assert.Equal(t, `{"\u00e9":"http:\/\/x\/\ud83c\udf05","b":"\\\/\"\u00e9"}`, string(ToASCII([]byte(in), true)))
}

func TestList(t *testing.T) {
	assert.Equal(t, `[1,2,3]`, string(List(nil, []int{1, 2, 3}, Int)))
	assert.Equal(t, `[]`, string(List(nil, []int(nil), Int)))
}

func TestNumbersAndTimes(t *testing.T) {
	assert.Equal(t, `"17"`, string(TextUint(nil, 17)))
	assert.Equal(t, `"-3"`, string(TextTime(nil, -3)))
	assert.Equal(t, `"2011-02-01T19:08:57+0000"`, string(TextDate(nil, 1296587337)))
	assert.Equal(t, `0.000001`, string(Float(nil, 1e-6)))
	assert.Equal(t, `,"a":1`, string(Member(nil, "a", []byte("1"))))
	assert.Equal(t, `{"u":"http://x/?a&b"}`, string(JSON(map[string]string{"u": "http://x/?a&b"})))
}

// FuzzText writes a string and reads it back with encoding/json.
func FuzzText(f *testing.F) {
	f.Add("a\x00\xff\u2028\U0001f305\"\\/")
	f.Fuzz(func(t *testing.T, s string) {
		want, err := json.Marshal(s)
		require.NoError(t, err)
		var wanted string
		require.NoError(t, json.Unmarshal(want, &wanted))
		for _, b := range [][]byte{ASCII(nil, s), Slashed(nil, s), ToASCII(want, true), ToASCII(want, false)} {
			var got string
			require.NoError(t, json.Unmarshal(b, &got), "%s", b)
			assert.Equal(t, wanted, got)
		}
	})
}
