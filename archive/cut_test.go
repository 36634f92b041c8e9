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
