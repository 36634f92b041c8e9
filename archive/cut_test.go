package archive

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A file that was not written to its end has what is whole in it, once, and an error for the rest.
func TestFileThatWasCutOff(t *testing.T) {
	whole := page(1, 3)
	third := strings.LastIndex(whole, `{"id":"3_7"`)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"in an entry":             {whole[:len(whole)-60], []string{"1_7", "2_7"}},
		"before an entry":         {whole[:third], []string{"1_7", "2_7"}},
		"behind the last entry":   {strings.TrimSuffix(whole, "]}"), []string{"1_7", "2_7", "3_7"}},
		"behind the list":         {strings.TrimSuffix(whole, "}") + `,"pagination":{"next_url":"https://`, []string{"1_7", "2_7", "3_7"}},
		"in the first entry":      {whole[:strings.Index(whole, "low tide")], nil},
		"in one media":            {strings.TrimSuffix(post(1, "", 0), "}") + `,"carousel_media":[{"type":"image","images":{}},{"ty`, nil},
		"in the media of an item": {`{"meta":{"code":200},"data":` + post(1, "low tide", 2)[:300], nil},
		"entries on lines":        {"{\"data\":[\n" + post(1, "", 0) + ",\n" + post(2, "", 0) + ",\n" + post(3, "", 0)[:80], []string{"1_7", "2_7"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := openFiles(t, map[string]string{"a.json": test.text, "b.json": post(9, "", 0)})
			ids, errs := mediaIDs(t, a)
			assert.Equal(t, append(test.want, "9_7"), ids)
			assert.NotEmpty(t, errs)
		})
	}
}

// A line may begin and end with brackets and not be a value.
func TestLinesThatAreNoValues(t *testing.T) {
	for text, want := range map[string][]string{
		"{\"a\":{\"b\":1},\r\n\"c\":{}}\n{\"d\":2}\n":      {"{\"a\":{\"b\":1},\r\n\"c\":{}}", `{"d":2}`},
		"[{\"a\":1},\n{\"b\":2}]\n{\"c\":3}\n":             {`{"a":1}`, `{"b":2}`, `{"c":3}`},
		"[{\"a\":[{\"x\":1}, \r\n{\"x\":2}]},\n{\"b\":2}]": {"{\"a\":[{\"x\":1}, \r\n{\"x\":2}]}", `{"b":2}`},
		"{\"a\":[{\"x\":1}\n\n,{\"x\":2}]}\n{\"b\":2}":     {"{\"a\":[{\"x\":1}\n\n,{\"x\":2}]}", `{"b":2}`},
		"{\"a\":1}\n\n\r\n{\"b\":\"}{\"}\n[{\"c\":1}]\n{}": {`{"a":1}`, `{"b":"}{"}`, `[{"c":1}]`, `{}`},
		"{\"a\":\"}\"}\n{\"b\":{}\n{\"c\":1}\n{\"d\":2}":   {`{"a":"}"}`, `{"b":{}`, `{"c":1}`, `{"d":2}`}, // who reads the second says that it is broken
	} {
		assert.Equal(t, want, split(t, []byte(text), len(text)), "%q", text)
	}
}
