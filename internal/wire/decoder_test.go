package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStrings(t *testing.T) {
	for text, want := range map[string]string{
		`""`:                                 "",
		`"a"`:                                "a",
		`12`:                                 "12",
		`-1.50e+400`:                         "-1.50e+400",
		`null`:                               "",
		`"\"\\\/\b\f\n\r\t"`:                 "\"\\/\b\f\n\r\t",
		`"\u0041\u00e9\u65e5"`:               "Aé日",
		`"\ud83c\udf0a"`:                     "🌊",
		`"\ud83c"`:                           "\ufffd",
		`"\udf0a\ud83c"`:                     "\ufffd\ufffd",
		"\"caf\xe9\"":                        "caf\ufffd",
		"\"\xff\\ud83c\xff\"":                "\ufffd\ufffd\ufffd",
		`"` + eightLong + `\n"`:              eightLong + "\n",
		`"` + eightLong + `1\u0041"`:         eightLong + "1A",
		`"` + strings.Repeat("x", 999) + `"`: strings.Repeat("x", 999),
	} {
		d := NewDecoder([]byte(text))
		assert.Equal(t, want, d.String(), text)
		d.End()
		assert.False(t, d.Failed(), text)
		d.Release()
	}
}

const eightLong = "12345678"

// Strings stay as they are, however many share a block.
func TestStringsShareNoMemoryWithTheText(t *testing.T) {
	text := []byte(`["` + strings.Repeat(`tide","`, 500) + `"]`)
	d := NewDecoder(text)
	list := d.Strings()
	clear(text)
	d.Release()
	for _, s := range list[:500] {
		require.Equal(t, "tide", s)
	}
}

func TestInts(t *testing.T) {
	for text, want := range map[string]int{
		`0`: 0, `-1`: -1, `"12"`: 12, `999999999`: 999999999, `1000000000`: 1000000000, `12.0`: 12, `1.2e1`: 12, `1.2E+1`: 12, `120E-1`: 12,
		`"+5"`: 5, strconv.Itoa(math.MaxInt): math.MaxInt, `null`: 0,
	} {
		d := NewDecoder([]byte(text))
		assert.Equal(t, want, d.Int(), text)
		assert.False(t, d.Failed(), text)
	}
	for _, text := range []string{`1.5`, `"x"`, `""`, `"0x1F"`, `"1_0"`, `9223372036854775808`, `1e300`, `true`, `[]`} {
		d := NewDecoder([]byte(text))
		d.Int()
		assert.True(t, d.Failed(), text)
	}
}

// An exponent may be written with e or E.
func TestFloatsAreWrittenAsEncodingJSONDoes(t *testing.T) {
	for _, f := range []float64{0, math.Copysign(0, -1), 1, -1.5, 48.858093, 2.294694, 1e20, 1e21, -1e21, 1e22, 1e-6, 1e-7, -1.25e-9, 1e-10, 1e100, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		want, err := json.Marshal(f)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(appendFloat(nil, f)))
	}
}

func TestFloats(t *testing.T) {
	for text, want := range map[string]float64{
		`0.5`: 0.5, `"-0.5"`: -0.5, `5e-1`: 0.5, `5E-1`: 0.5, `"5E-1"`: 0.5, `1E3`: 1000, `1E+3`: 1000, `null`: 0,
	} {
		d := NewDecoder([]byte(text))
		assert.Equal(t, want, d.Float(), text)
		assert.False(t, d.Failed(), text)
	}
	for _, text := range []string{`"Inf"`, `"NaN"`, `"0x1p4"`, `1E999`, `"1e"`, `true`} {
		d := NewDecoder([]byte(text))
		d.Float()
		assert.True(t, d.Failed(), text)
	}
}

func TestBools(t *testing.T) {
	for text, want := range map[string]bool{`true`: true, `"true"`: true, `1`: true, `"1"`: true, `false`: false, `"0"`: false, `null`: false} {
		d := NewDecoder([]byte(text))
		assert.Equal(t, want, d.Bool(), text)
		assert.False(t, d.Failed(), text)
	}
}

func TestTimesAreOfTheYears1To9999(t *testing.T) {
	for _, text := range []string{`"-62135596799"`, `1296748524.25`, `1.296748524E9`, `"2011-02-03T16:55:24+0100"`, `253402300799`} {
		d := NewDecoder([]byte(text))
		at := d.Time()
		require.False(t, d.Failed(), text)
		again, ok := parseTime(appendTime(nil, at))
		assert.True(t, ok)
		assert.Equal(t, at, again)
	}
	for _, text := range []string{`"-62135596800"`, `253402300800`, `"10000-01-01T00:00:00+0000"`, `"0000-01-01T00:00:00Z"`} {
		d := NewDecoder([]byte(text))
		d.Time()
		assert.True(t, d.Failed(), text)
	}
	assert.Equal(t, "-1.5", string(appendTime(nil, time.Unix(-2, 5e8))))
}

// Of what is JSON the decoder says the same as jsontext.
func FuzzSkip(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-0.5e+3,"\u12aF\ud800",true,false,null,{}],"b":[]}`, `[[[`, `01`, `1.`, `1e`, `-`, `"\x"`, `"\u12"`, "\"\x01\"", `tru`, `{"a" 1}`,
		`{"a":1,}`, `[1,]`, `{,}`, `{1:2}`, ``, ` `, `"`, `"\`, "\xef\xbb\xbf{}", strings.Repeat("[", 10_001), strings.Repeat(`{"a":`, 9_999) + "{}" + strings.Repeat("}", 9_999),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		valid := jsontext.Value(text).IsValid(syntax...)
		assert.Equal(t, valid, Valid(text))
		if !valid {
			err := SyntaxError(text)
			assert.GreaterOrEqual(t, err.Offset, int64(0))
			assert.LessOrEqual(t, err.Offset, int64(len(text)))
			assert.LessOrEqual(t, len(err.Path), maxPath+len("…"))
			return
		}
		d := NewDecoder(text)
		defer d.Release()
		extra := Extra{}
		d.Keep(&extra, "kept", d.Skip())
		if json.Valid(text) {
			assert.True(t, json.Valid(extra["kept"]))
		}
	})
}

func TestPathsToValues(t *testing.T) {
	for path, text := range map[string]string{
		"":                              `!`,
		"a":                             `{"a":!`,
		"b.c":                           `{"a":{"x":[1]},"b":{"c":!`,
		"b.d":                           `{"a":1,"b":{"c":[],"d":!`,
		"[2]":                           `[0,{"a":1},-!`,
		"[1]":                           `[0,{"a":1},!`,
		"[0][0][1].a":                   `[[[{},{"a":"`,
		`["a b"][""]["\u00e9\""].x-_Z9`: `{"a b":{"":{"\u00e9\"":{"x-_Z9":!`,
		"c":                             `{"a":1,"c":2 "d"`,
	} {
		assert.Equal(t, path, SyntaxError([]byte(text)).Path, text)
	}
}

// A path is short, however long the names and the way are, and finding it takes no more memory than
// the text.
func TestPathsAreShort(t *testing.T) {
	long := strings.Repeat("n", 1<<20)
	deep := strings.Repeat(`{"`+long[:1000]+`":`, 5000) + "!"
	for _, text := range []string{deep, strings.Repeat("[", 9000) + "!", `{"` + long + `":!`, `{"` + strings.Repeat("é", 1<<18) + `":!`} {
		path := SyntaxError([]byte(text)).Path
		assert.LessOrEqual(t, len(path), maxPath+len("…"))
		assert.NotEmpty(t, path)
	}
}

// The models of a text may take 32 times its length, and no more than 256 MiB whatever that is.
func TestMemoryOfModels(t *testing.T) {
	const mib = 1 << 20
	for length, most := range map[int]int{10: mib, mib: 32 * mib, 8 * mib: 256 * mib, 16 * mib: 256 * mib} {
		d := NewDecoder(bytes.Repeat([]byte(" "), length))
		d.Spend(most)
		assert.Equal(t, most, d.Spent())
		assert.False(t, d.Failed(), "%d bytes", length)
		d.Spend(1)
		assert.ErrorIs(t, d.Failure("", d.Mark()).Err, ErrMemory, "%d bytes", length)
		d.Release()
	}
}
