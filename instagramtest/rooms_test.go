package instagramtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rooms of the server from the ground up: a package imports only those that stand before it.
var rooms = []string{
	"encode", "paths", "world", "limits", "pictures", "apierror", "params", "oauth", "seed", "wire", "graph", "realtime", "recorded", "answers", "console",
}

const (
	module   = "github.com/igv1/instagram"
	internal = module + "/instagramtest/internal/"
)

// TestRooms keeps the imports of the server's packages in one direction, and each package with a
// comment and tests of its own. The server imports nothing of the client.
func TestRooms(t *testing.T) {
	for at, room := range rooms {
		files, err := filepath.Glob(filepath.Join("internal", room, "*.go"))
		require.NoError(t, err)
		require.NotEmpty(t, files, room)
		documented, tested := false, false
		for _, name := range files {
			f := parseFile(t, name)
			documented = documented || f.Doc != nil
			tested = tested || strings.HasSuffix(name, "_test.go")
			for _, imported := range imports(t, f) {
				if below, ok := strings.CutPrefix(imported, internal); ok && !strings.HasSuffix(name, "_test.go") {
					assert.Contains(t, rooms[:at], below, "%s imports a room above it", name)
				}
			}
		}
		assert.True(t, documented, "package %s has no comment", room)
		assert.True(t, tested, "package %s has no tests", room)
	}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" {
			return err
		}
		if room := filepath.Base(filepath.Dir(name)); room != "." {
			assert.Contains(t, rooms, room, "%s is in no room", name)
		}
		for _, imported := range imports(t, parseFile(t, name)) {
			ours := strings.HasPrefix(imported, module)
			allowed := strings.HasPrefix(imported, module+"/instagramtest") || imported == module+"/openapi"
			assert.True(t, !ours || allowed, "%s imports %s", name, imported)
		}
		return nil
	})
	require.NoError(t, err)
}

// TestSizesOfFiles keeps files below 400 lines and functions below 60.
func TestSizesOfFiles(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		assert.LessOrEqual(t, set.Position(f.End()).Line, 400, name)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				lines := set.Position(d.End()).Line - set.Position(d.Pos()).Line + 1
				assert.LessOrEqual(t, lines, 60, "%s: %s", name, d.Name)
			}
		}
		return nil
	})
	require.NoError(t, err)
}

func parseFile(t *testing.T, name string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
	require.NoError(t, err)
	return f
}

func imports(t *testing.T, f *ast.File) []string {
	t.Helper()
	var paths []string
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}
