package wire

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

var errTooLong = errors.New("too long")

// values renders what a stream holds of values one after the other, and goes on with the next line
// after an error.
func values(r io.Reader, limit int) (lines []string) {
	s := NewStream(r, 0, limit, errTooLong)
	for {
		if _, err := s.Kind(); err == io.EOF {
			return lines
		}
		var b boat
		failure, broken := s.Value(func(d *Decoder) {
			b = boat{}
			boatTable.Read(d, &b)
		})
		switch {
		case failure != nil:
			lines = append(lines, fmt.Sprintf("failure at %d: %v", failure.Offset, failure))
		case broken == nil:
			lines = append(lines, b.Name)
		default:
			lines = append(lines, fmt.Sprintf("broken at %d: %v", broken.Offset, broken))
			found, next := s.NextLine(broken.Offset)
			if next != nil {
				lines = append(lines, fmt.Sprintf("lost at %d: %v", next.Offset, next))
			}
			if !found {
				return lines
			}
		}
	}
}

var streams = []string{
	"",
	" \n",
	`{"name":"a"}{"name":"b"} "c"`,
	"{\"name\":\"a\"}\n{\"name\":[]}\n{\"name\":\"cut\n{\"name\":\"日本\\u65e5\"}\n[",
	"{\"name\":\"a\",\"x\":tru}\n{\"name\":\"b\"}",
	"{\"name\":\"\\ud83c\\udf0a\",\"x\":[1.5e10,{\"y\":\"\\\\\\\"\"}]}\n 12 null {\"name\":\"b",
	"{\"name\":\"\xff\"}日{\"name\":\"b\"}\n{\"name\":1.5}\n{\"x\":日}",
	"{\"name\":\"\\x\"}\n{\"name\":\"\\u12g4\"}\n{\"a\":12",
	strings.Repeat(`{"name":"`+strings.Repeat("x", 300)+"\"}\n", 300),
	strings.Repeat("[", 20_000) + "\n{\"name\":\"b\"}",
}

// What a stream says does not depend on how its reader cuts the data.
func TestStreamIsTheSameInPieces(t *testing.T) {
	for _, text := range streams {
		want := values(strings.NewReader(text), 1<<20)
		assert.Equal(t, want, values(iotest.OneByteReader(strings.NewReader(text)), 1<<20))
		assert.Equal(t, want, values(iotest.HalfReader(strings.NewReader(text)), 1<<20))
		assert.Equal(t, want, values(iotest.DataErrReader(strings.NewReader(text)), 1<<20))
	}
}

func FuzzStream(f *testing.F) {
	for _, text := range streams {
		f.Add([]byte(text), uint8(3))
	}
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		want := values(strings.NewReader(string(text)), 1<<20)
		assert.Equal(t, want, values(&pieces{string(text), int(size) + 1}, 1<<20))
	})
}

// pieces gives a text in pieces of one size.
type pieces struct {
	text string
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.text == "" {
		return 0, io.EOF
	}
	n := copy(b, p.text[:min(p.size, len(p.text))])
	p.text = p.text[n:]
	return n, nil
}

func TestStreamErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"{\"name\":\"a\"}\n{\"name\":[]}\n{\"name\":\"b\"}", "a; failure at 21: name: want a string, got an array; b"},
		{"{\"name\":\"a", "broken at 10: name: unexpected EOF"},
		{"{\"x\":tru}\n{\"name\":\"b\"}", "broken at 8: x: invalid character '}' in literal true (expecting 'e'); b"},
		{"]\n{\"name\":\"b\"}", "broken at 0: invalid character ']' at start of value; b"},
		{strings.Repeat("[", 10_002), "broken at 10000: " + strings.Repeat("[0]", 66) + "[0…: exceeded max depth"},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, strings.Join(values(strings.NewReader(test.text), 1<<20), "; "))
	}
}

// A reader that fails in the middle ends the stream where it failed.
func TestStreamOfAReaderThatFails(t *testing.T) {
	fire := errors.New("disk on fire")
	for _, read := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, func(r io.Reader) io.Reader { return r }} {
		r := read(io.MultiReader(strings.NewReader("{\"name\":\"a\"}\n{\"name\":\"b"), iotest.ErrReader(fire)))
		assert.Equal(t, []string{"a", "broken at 23: name: disk on fire", "lost at 23: disk on fire"}, values(r, 1<<20))
	}
	s := NewStream(iotest.ErrReader(fire), 7, 100, errTooLong)
	_, err := s.Kind()
	require.ErrorIs(t, err, fire)
	_, broken := s.Raw()
	require.ErrorIs(t, broken, fire)
	assert.True(t, s.IsFailure(broken))
	assert.False(t, s.IsFailure(io.ErrUnexpectedEOF))
	assert.Equal(t, int64(7), broken.Offset)
}

// A value past the limit is an error, and costs no more than itself.
func TestStreamLimit(t *testing.T) {
	fits, over := `{"name":"`+strings.Repeat("x", 89)+`"}`, `{"name":"`+strings.Repeat("x", 90)+`"}`
	require.Len(t, fits, 100)
	assert.Equal(t, []string{strings.Repeat("x", 89), "b"}, values(iotest.OneByteReader(strings.NewReader(fits+"\n"+`{"name":"b"}`)), 100))
	lines := values(iotest.OneByteReader(strings.NewReader(over+"\n"+`{"name":"b"}`)), 100)
	assert.Len(t, lines, 2)
	assert.Contains(t, lines[0], "too long")
	assert.Equal(t, "b", lines[1])
}

// A value is dealt with as soon as all of it is there: what comes next may wait for that.
func TestStreamDoesNotReadAhead(t *testing.T) {
	r, w := io.Pipe()
	defer r.Close()
	handled := make(chan bool)
	go func() {
		for _, piece := range []string{`{"name":"` + strings.Repeat("x", 1000), `"}`} {
			_, _ = io.WriteString(w, piece)
		}
		<-handled
		_, _ = io.WriteString(w, ` {"name":"b"}`)
		w.Close()
	}()
	s := NewStream(r, 0, 1<<20, errTooLong)
	for range 2 {
		raw, broken := s.Raw()
		require.Nil(t, broken)
		if len(raw) > 1000 {
			close(handled)
		}
	}
}

func TestStreamWalksIntoObjects(t *testing.T) {
	s := NewStream(strings.NewReader(` {"a" : 1, "b c":[true] ,"d":"x"} `), 0, 100, errTooLong)
	_, err := s.Kind()
	require.NoError(t, err)
	require.Nil(t, s.Open())
	var got []string
	for first := true; ; first = false {
		more, broken := s.More('}', first)
		require.Nil(t, broken)
		if !more {
			break
		}
		name, broken := s.Name(first)
		require.Nil(t, broken)
		value, broken := s.Raw()
		require.Nil(t, broken)
		got = append(got, Member(name)+"="+string(value))
	}
	assert.Equal(t, []string{".a=1", `["b c"]=[true]`, `.d="x"`}, got)
	for text, want := range map[string]string{
		`{a`:       "invalid character 'a' at start of value",
		`{"a" 1`:   "invalid character '1' after object name (expecting ':')",
		`{"a":1,}`: "invalid character ',' at start of value",
		`{"a":1 2`: "invalid character '2' after object value (expecting ',' or '}')",
		`{"a":1`:   "unexpected EOF",
	} {
		assert.EqualError(t, walkObject(text).Err, want, text)
	}
}

func walkObject(text string) *Error {
	s := NewStream(strings.NewReader(text), 0, 100, errTooLong)
	_, _ = s.Kind()
	_ = s.Open()
	for first := true; ; first = false {
		if more, broken := s.More('}', first); broken != nil || !more {
			return broken
		}
		if _, broken := s.Name(first); broken != nil {
			return broken
		}
		if _, broken := s.Raw(); broken != nil {
			return broken
		}
	}
}
