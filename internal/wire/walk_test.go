package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

var errRefused = errors.New("the answer says no")

// walkBoats renders what a walk over recorded boats yields, a boat or an error a line.
func walkBoats(data string, most int) (lines []string) {
	var b *boat
	w := Walk{
		In:       NewStream(iotest.HalfReader(strings.NewReader(data)), 0, 1<<10, errors.New("too large")),
		Read:     func(d *Decoder) { b = new(boat); boatTable.Read(d, b) },
		IsAnswer: func(name []byte) bool { return string(name) == "meta" || string(name) == "data" },
		Rest: func(rest []byte) *Error {
			if i := bytes.Index(rest, []byte(`"no"`)); i >= 0 {
				return &Error{Path: "meta", Offset: int64(i), Err: errRefused}
			}
			return nil
		},
		Yield: func(failure *Error) bool {
			if failure != nil {
				lines = append(lines, fmt.Sprintf("%s (%d)", failure, failure.Offset))
			} else {
				lines = append(lines, b.Name)
			}
			return len(lines) < most
		},
	}
	w.Run()
	return lines
}

func TestWalk(t *testing.T) {
	tests := map[string]struct {
		data string
		want []string
	}{
		"nothing":             {" \n", nil},
		"objects":             {`{"name":"a"} {"name":"b"}`, []string{"a", "b"}},
		"bare values":         {`"a" "b"`, []string{"a", "b"}},
		"lists":               {`[{"name":"a"},["b",[]]] ["c"]`, []string{"a", "b", "c"}},
		"answers":             {`{"meta":1,"data":[{"name":"a"},"b"]}{"data":"c","meta":1}{"data":null}`, []string{"a", "b", "c"}},
		"answers in a list":   {`[{"data":["a"]},{"name":"b"}]`, []string{"a", "b"}},
		"a bad entry":         {`{"data":["a",{"name":[]},"b"]}`, []string{"a", "data[1].name: want a string, got an array (21)", "b"}},
		"an answer that ends": {`{"meta":{"code":1},"data":["a"],"x":"no"}{"name":"b"}`, []string{"a", "meta: the answer says no (36)", "b"}},
		"broken lines": {"{\"name\":\"a\n{\"name\":\"b\"}\n[1,\n\"c\"",
			[]string{"name: invalid character '\\n' in string (expecting non-control character) (10)", "b",
				"[0]: want an object, got a number (25)", "c", "[1]: unexpected EOF (31)"}},
		"too much beside the data": {`{"data":["a"],"x":"` + strings.Repeat("x", 600) + `","y":"` + strings.Repeat("y", 600) + `"}` + "\n{\"name\":\"b\"}",
			[]string{"a", "y: too large (1227)", "b"}},
		"a long entry": {`["a",{"x":"` + strings.Repeat("x", 2000) + `"}]`, []string{"a", "[1].x: too large (1029)"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, walkBoats(tt.data, 100))
		})
	}
	assert.Equal(t, []string{"a"}, walkBoats(`{"data":["a","b"]}"c"`, 1), "a loop that ends")
}
