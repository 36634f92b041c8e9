package instagram_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
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
var rooms = []string{"lazy", "redact", "dump", "record", "recent", "bounded", "framing", "resend", "prefetch", "wait", "bucket", "queue", "wire", "look", "usage", "tokens", "sign", "inbound", "state", "poll", "shortcodes", "check"}

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
			"graph_models.go", "limiter.go", "marshal.go", "models.go", "pager.go", "recorded.go", "servers.go",
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
	assert.LessOrEqual(t, files, 48, "files of the root package without tests")
	assert.LessOrEqual(t, lines, 8148, "lines of the root package without tests")
}

// Files of the root that know each other can only be read together. So cycles of files are kept
// small: what stands below names nothing above it.
func TestCyclesOfFiles(t *testing.T) {
	for _, cycle := range cycles(filesNamed(t)) {
		assert.LessOrEqual(t, len(cycle), 8, "a cycle of files: %v", cycle)
	}
}

// filesNamed returns which other files each file of the root names something of.
func filesNamed(t *testing.T) map[string]map[string]bool {
	t.Helper()
	fset := token.NewFileSet()
	var files []*ast.File
	named := map[string]map[string]bool{}
	for _, name := range rootFiles(t) {
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, file)
		named[name] = map[string]bool{}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	// Of other packages nothing is known here, and so there are errors. What is named of this one is
	// found all the same.
	config := types.Config{Importer: emptyPackages{}, Error: func(error) {}}
	pkg, _ := config.Check(module, fset, files, info)
	for ident, object := range info.Uses {
		from, to := fset.Position(ident.Pos()).Filename, fset.Position(object.Pos()).Filename
		if object.Pkg() == pkg && from != to {
			named[from][to] = true
		}
	}
	return named
}

// emptyPackages imports every package without reading it.
type emptyPackages struct{}

func (emptyPackages) Import(path string) (*types.Package, error) {
	elements := strings.Split(path, "/")
	name := elements[len(elements)-1]
	if len(name) == 2 && name[0] == 'v' { // the version of a module
		name = elements[len(elements)-2]
	}
	pkg := types.NewPackage(path, name)
	pkg.MarkComplete()
	return pkg, nil
}

// cycles returns the groups of files in which each leads to each other one, by Tarjan's algorithm.
func cycles(named map[string]map[string]bool) (groups [][]string) {
	index, lowest, open := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var visit func(string)
	visit = func(name string) {
		index[name] = len(index) + 1
		lowest[name] = index[name]
		stack, open[name] = append(stack, name), true
		for other := range named[name] {
			if index[other] == 0 {
				visit(other)
				lowest[name] = min(lowest[name], lowest[other])
			} else if open[other] {
				lowest[name] = min(lowest[name], index[other])
			}
		}
		if lowest[name] < index[name] {
			return
		}
		start := slices.Index(stack, name)
		group := slices.Sorted(slices.Values(stack[start:]))
		stack = stack[:start]
		for _, member := range group {
			open[member] = false
		}
		groups = append(groups, group)
	}
	for name := range named {
		if index[name] == 0 {
			visit(name)
		}
	}
	return groups
}

func TestCycles(t *testing.T) {
	of := func(names ...string) map[string]bool {
		set := map[string]bool{}
		for _, name := range names {
			set[name] = true
		}
		return set
	}
	groups := cycles(map[string]map[string]bool{
		"a": of("b"), "b": of("c"), "c": of("a", "d"), "d": of("e"), "e": of("d"), "f": of("a", "f"),
	})
	assert.ElementsMatch(t, [][]string{{"a", "b", "c"}, {"d", "e"}, {"f"}}, groups)
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
