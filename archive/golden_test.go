package archive

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/igv1/instagram"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// described writes all that an archive yields, an entry or an error a line, and the report.
func described(t testing.TB, a *Archive) string {
	t.Helper()
	var b strings.Builder
	for e, err := range a.All(t.Context()) {
		if err != nil {
			failure, failed := errors.AsType[*instagram.Error](err)
			fmt.Fprintf(&b, "error: %v\n", err)
			if failed {
				fmt.Fprintf(&b, "  code %d, type %s, status %d, %s\n", failure.Code, failure.Type, failure.StatusCode, sourceOf(err).Request)
			}
			continue
		}
		fmt.Fprintf(&b, "%s %s %s\n", e.Kind, e.Source.Format, e.Source.File)
		if s := e.Source; s.Request != "" {
			fmt.Fprintf(&b, "  %s: %d, remaining %s\n", s.Request, s.Status, s.Header.Get("X-Ratelimit-Remaining"))
		}
		if e.MediaID != "" || e.Owner != "" {
			fmt.Fprintf(&b, "  media %s, owner %s\n", e.MediaID, e.Owner)
		}
		for _, f := range e.Files {
			fmt.Fprintf(&b, "  file %s\n", f.Name)
		}
		text, err := json.Marshal(valueOf(e))
		require.NoError(t, err)
		fmt.Fprintf(&b, "  %s\n", text)
	}
	fmt.Fprintf(&b, "\n%s", a.Report())
	return b.String()
}

func valueOf(e *Entry) any {
	switch e.Kind {
	case KindMedia:
		return e.Media
	case KindComment:
		return e.Comment
	case KindUser:
		return e.User
	case KindFollower:
		return e.Follower
	case KindFollow:
		return e.Follow
	case KindLike:
		return e.Like
	case KindTag:
		return e.Tag
	default:
		return e.Location
	}
}

func assertGolden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", "golden", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got)
}

// Each format comes out as its golden file says, whichever way it is read.
func TestFormats(t *testing.T) {
	folders, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	for _, folder := range folders {
		name := filepath.Base(folder)
		if name == "golden" || name == "fuzz" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			a, err := OpenFS(os.DirFS(folder))
			require.NoError(t, err)
			defer a.Close()
			want := described(t, a)
			assertGolden(t, name, want)
			assert.NotContains(t, want, "SECRET", "no credentials come out")
			for _, workers := range []int{1, 7} {
				assert.Equal(t, want, described(t, a.With(Workers(workers))))
			}
		})
	}
}
