package instagram_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/igv1/instagram"

// rooms are the internal packages, from the ground up: each imports only those that stand before
// it.
var rooms = []string{"redact", "dump", "record", "recent", "bounded", "framing", "resend", "prefetch", "bucket", "queue", "look", "wire"}

// A package below never knows one above.
func TestRoomsAreBelow(t *testing.T) {
	for i, room := range rooms {
		documented, tested := false, false
		for _, name := range goFiles(t, filepath.Join("internal", room)) {
			file := parse(t, name)
			documented = documented || file.Doc != nil
			tested = tested || strings.HasSuffix(name, "_test.go")
			for _, path := range imports(file) {
				below, internal := strings.CutPrefix(path, module+"/internal/")
				switch {
				case internal && below != room:
					assert.Contains(t, rooms[:i], below, "%s imports a room above it", name)
				case path == module || strings.HasPrefix(path, module+"/") && !internal:
					assert.Fail(t, name+" imports "+path)
				}
			}
		}
		assert.True(t, documented, "package %s has no comment", room)
		assert.True(t, tested, "package %s has no tests", room)
	}
	dirs, err := os.ReadDir("internal")
	require.NoError(t, err)
	for _, dir := range dirs {
		assert.Contains(t, append(rooms, "systemtest"), dir.Name(), "it is in no list of rooms")
	}
}

// What stands below the services names none of them: the core and the chain, the codec, errors, and
// paging.
func TestTheCoreNamesNoService(t *testing.T) {
	var services []string
	for _, file := range rootFiles(t) {
		for _, decl := range parse(t, file).Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok && strings.HasSuffix(spec.Name.Name, "Service") {
					services = append(services, spec.Name.Name)
				}
			}
		}
	}
	assert.Len(t, services, 11)

	below := func(name string) bool {
		return strings.HasPrefix(name, "handler_") || strings.HasPrefix(name, "tables") || slices.Contains([]string{
			"answer.go", "call.go", "chain.go", "core.go", "credentials.go", "cursor.go", "decode.go", "errors.go", "fetch.go",
			"marshal.go", "models.go", "pager.go", "params.go", "recorded.go", "tokens.go", "v1.go",
		}, name)
	}
	seen := 0
	for _, name := range rootFiles(t) {
		if !below(name) {
			continue
		}
		seen++
		ast.Inspect(parse(t, name), func(n ast.Node) bool {
			if ident, ok := n.(*ast.Ident); ok {
				assert.NotContains(t, services, ident.Name, "%s names a service", name)
			}
			return true
		})
	}
	assert.GreaterOrEqual(t, seen, 20, "the list of files is out of date")
}

// Every stage of the chain is a file that is named so, with a test beside it.
func TestEveryStageHasAFileAndATest(t *testing.T) {
	stages := map[string]string{
		"logCall": "handler_log", "redactErrors": "handler_redact", "checkCall": "handler_check", "retryRequest": "handler_retry",
		"authorizeRequest": "handler_authorize", "limitRequest": "handler_limit", "recordRateLimit": "handler_ratelimit",
		"sendRequest": "handler_send", "recordAnswer": "handler_record", "callMiddleware": "handler_middleware",
	}
	used := map[string]bool{}
	ast.Inspect(parse(t, "chain.go"), func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok {
			used[ident.Name] = true
		}
		return true
	})
	for stage, name := range stages {
		assert.True(t, used[stage], "chain.go does not name %s", stage)
		assert.NotNil(t, parse(t, name+".go").Scope.Lookup(stage), "%s is not in %s.go", stage, name)
		assert.FileExists(t, name+"_test.go")
	}
}

// A file is a room that one can see over, and a function one that fits on a screen.
func TestSizes(t *testing.T) {
	files, lines := 0, 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules"):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		n := strings.Count(string(text), "\n")
		if filepath.Dir(name) == "." {
			files, lines = files+1, lines+n
		}
		assert.LessOrEqual(t, n, 400, "%s is two rooms", name)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				length := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1
				assert.LessOrEqual(t, length, 60, "%s in %s", f.Name.Name, name)
			}
		}
		return nil
	})
	require.NoError(t, err)
	// The root is to become smaller: 48 files and 7,000 lines. It may not grow on the way.
	assert.LessOrEqual(t, files, 72, "files of the root package without tests")
	assert.LessOrEqual(t, lines, 9515, "lines of the root package without tests")
}

func rootFiles(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range goFiles(t, ".") {
		if !strings.HasSuffix(name, "_test.go") {
			names = append(names, name)
		}
	}
	return names
}

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, names, dir)
	return names
}

func parse(t *testing.T, name string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	require.NoError(t, err)
	return file
}

func imports(file *ast.File) (paths []string) {
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, path)
	}
	return paths
}
