package archive

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOptions(t *testing.T) {
	a := openFiles(t, map[string]string{"a.json": page(1, 40), "b.json": `{"items":[` + post(50, "x", 0) + `],"status":"ok"}`, "c.json": "{\"data\": [1,2\n" + post(60, "", 0)})
	at := func(id int) time.Time { return time.Unix(int64(1500000000+id), 0) }
	ids, errs := mediaIDs(t, a.With(Since(at(39)), Until(at(50))))
	assert.Equal(t, []string{"39_7", "40_7"}, ids)
	assert.Len(t, errs, 1)

	public := a.With(Formats(FormatPublic))
	ids, _ = mediaIDs(t, public)
	assert.Equal(t, []string{"50_7"}, ids)
	assert.Equal(t, 41, public.Report().Total().Read[KindMedia]+public.Report().Total().Skipped["a format that was not asked for"]+38, "the others are counted")

	strict := a.With(Strict(), Workers(3))
	ids, errs = mediaIDs(t, strict)
	assert.Equal(t, 41, len(ids), "all before the error")
	require.Len(t, errs, 1)
	var failure *Error
	require.ErrorAs(t, errs[0], &failure)
	assert.Equal(t, "c.json", failure.Source.File)

	unordered, _ := mediaIDs(t, a.With(Unordered(), Workers(4)))
	assert.Len(t, unordered, 42)
}

// A report for people fits on a screen or two.
func TestReportIsShort(t *testing.T) {
	files := map[string]string{"a.json": page(1, 1)}
	for i := range 40 {
		files[fmt.Sprintf("thing%02d.json", i)] = `[{"title":"x","string_map_data":{"A":{"value":"b"}}}]`
	}
	report := openFiles(t, files).Report()
	assert.Len(t, report.Total().Skipped, 40)
	assert.Equal(t, 33, strings.Count(report.String(), "\n"))
	assert.Contains(t, report.String(), "not read: for 10 reasons more\n")
}

// What is read does not depend on how many read it, nor on how large the pieces are.
// What igarchive was writing when it was killed is not what it read.
func TestPartialFiles(t *testing.T) {
	a := openFiles(t, map[string]string{"a.json": page(1, 1), "out/.b.jsonl.partial": post(2, "", 0) + "\n{\"id\":\"3"})
	ids, errs := mediaIDs(t, a)
	assert.Empty(t, errs)
	assert.Equal(t, []string{"1_7"}, ids)
	assert.Equal(t, 1, a.Report().Total().Skipped["a file that was not written to its end"])
}

func TestWithout(t *testing.T) {
	a := openFiles(t, map[string]string{"a.json": page(1, 1), "out/b.json": page(2, 1), "out/c/d.json": page(3, 1), "outer.json": page(4, 1)})
	ids, errs := mediaIDs(t, a.With(Without("out", "a.jso")))
	assert.Empty(t, errs)
	assert.Equal(t, []string{"1_7", "4_7"}, ids)
	ids, _ = mediaIDs(t, a.With(Without("a.json"), KeepDuplicates()))
	assert.Equal(t, []string{"2_7", "3_7", "4_7"}, ids)
}
