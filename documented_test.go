package instagram_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram"
)

// exported returns what a package exports: X for what stands on its own, and X.Y for a method or a
// field of X, or of what is embedded in it.
func exported(t *testing.T, dir string) map[string]bool {
	t.Helper()
	names, embedded := map[string]bool{}, map[string]string{}
	add := func(ident *ast.Ident, of string) {
		if ident.IsExported() {
			names[of+ident.Name] = true
		}
	}
	for _, file := range goFiles(t, dir) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, decl := range parse(t, file).Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				of := ""
				if decl.Recv != nil {
					of = strings.TrimLeft(typeName(decl.Recv.List[0].Type), "*") + "."
				}
				add(decl.Name, of)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					addSpec(spec, add, embedded)
				}
			}
		}
	}
	for outer, inner := range embedded {
		for name := range names {
			if y, ok := strings.CutPrefix(name, inner+"."); ok {
				names[outer+"."+y] = true
			}
		}
	}
	return names
}

func addSpec(spec ast.Spec, add func(ident *ast.Ident, of string), embedded map[string]string) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			add(name, "")
		}
	case *ast.TypeSpec:
		add(spec.Name, "")
		if fields, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				for _, name := range field.Names {
					add(name, spec.Name.Name+".")
				}
				if len(field.Names) == 0 {
					embedded[spec.Name.Name] = typeName(field.Type)
				}
			}
		}
	}
}

// typeName returns the name of the type of a receiver.
func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.Ident:
		return expr.Name
	}
	return ""
}

var (
	qualified = regexp.MustCompile(`\b(instagram|instagramtest|archive)\.([A-Z]\w*)(\.[A-Z]\w*)?`)
	onClient  = regexp.MustCompile(`\bclient\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)
	option    = regexp.MustCompile("`(With\\w+)")
	member    = regexp.MustCompile("`([A-Z]\\w*)\\.([A-Z]\\w*)[`(]")
)

// What README, SECURITY and docs name is there, so that go doc finds it.
func TestWhatIsNamedIsThere(t *testing.T) {
	root, server, archives := exported(t, "."), exported(t, "instagramtest"), exported(t, "archive")
	services := map[string]string{} // a field of Client, and its type
	for field := range reflect.TypeFor[instagram.Client]().Fields() {
		if field.IsExported() {
			services[field.Name] = field.Type.Elem().Name()
		}
	}
	// in reports whether X.Y is there, where X is a type or a service of Client.
	in := func(x, y string) bool {
		return root[x+"."+y] || root[services[x]+"."+y] || server[x+"."+y]
	}
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	named := 0
	for _, page := range append(pages, "README.md", "SECURITY.md") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range qualified.FindAllStringSubmatch(string(text), -1) {
			names := map[string]map[string]bool{"instagram": root, "instagramtest": server, "archive": archives}[m[1]]
			named++
			assert.True(t, names[m[2]], "%s names %s", page, m[0])
		}
		for _, m := range onClient.FindAllStringSubmatch(string(text), -1) {
			named++
			assert.True(t, in("Client", m[1]) && (m[2] == "" || in(m[1], m[2])), "%s names %s", page, m[0])
		}
		for _, m := range option.FindAllStringSubmatch(string(text), -1) {
			named++
			assert.True(t, root[m[1]] || server[m[1]] || archives[m[1]] || root["Client."+m[1]], "%s names %s", page, m[0])
		}
		for _, m := range member.FindAllStringSubmatch(string(text), -1) {
			if !root[m[1]] && !server[m[1]] && services[m[1]] == "" {
				continue // of another package
			}
			named++
			assert.True(t, in(m[1], m[2]), "%s names %s", page, m[0])
		}
	}
	assert.Greater(t, named, 200)
}

// The guide of the move says what becomes of every call of v1, once, and names what is there.
func TestTheMoveHasEachCall(t *testing.T) {
	text, err := os.ReadFile("docs/moving-to-the-graph.md")
	require.NoError(t, err)
	root := exported(t, ".")
	name := regexp.MustCompile("`([A-Z]\\w*)`")
	var calls []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z]+ /[^`]+)` \\|[^|]+\\|([^|]+)\\|$").FindAllStringSubmatch(string(text), -1) {
		calls = append(calls, row[1])
		assert.Regexp(t, `gone|not here|\*\*maps\*\*|\*\*in part\*\*`, row[2], row[1])
		for _, named := range name.FindAllStringSubmatch(row[2], -1) {
			of := func(x string) bool { return root[x+"."+named[1]] }
			assert.True(t, of("GraphService") || of("GraphMedia") || of("GraphUser"), "%s: %s", row[1], named[0])
		}
	}
	assert.ElementsMatch(t, endpoints, calls)
}

// Every service and every field of Client can be read about, and has an Example.
func TestWhatIsOfferedIsShown(t *testing.T) {
	examples := ""
	for _, file := range goFiles(t, ".") {
		for _, decl := range parse(t, file).Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Example") {
				examples += f.Name.Name + "\n"
				ast.Inspect(f.Body, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok {
						helper, _ := call.Fun.(*ast.Ident)
						builtin := helper == nil || helper.Obj != nil && helper.Obj.Kind == ast.Var || helper.Name == "string" ||
							helper.Name == "len" || helper.Name == "make" || helper.Name == "new" || helper.Name == "append" || helper.Name == "copy"
						assert.True(t, builtin, "%s hides something in %v", f.Name.Name, call.Fun)
					}
					return true
				})
			}
		}
	}
	for field := range reflect.TypeFor[instagram.Client]().Fields() {
		if field.IsExported() {
			assert.Contains(t, examples, "Example"+field.Type.Elem().Name()+"_", "of %s", field.Name)
		}
	}
	file := parse(t, "client.go")
	spec, ok := file.Scope.Lookup("Client").Decl.(*ast.TypeSpec)
	require.True(t, ok)
	fields, ok := spec.Type.(*ast.StructType)
	require.True(t, ok)
	for _, field := range fields.Fields.List {
		if field.Names[0].IsExported() {
			assert.NotNil(t, field.Comment, field.Names[0].Name)
		}
	}
}

// Each promise of SECURITY.md names tests, and those exist.
func TestPromisesNameTheirTests(t *testing.T) {
	text, err := os.ReadFile("SECURITY.md")
	require.NoError(t, err)
	names := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	declared := map[string]bool{}
	for _, dir := range append([]string{"."}, rooms...) {
		if dir != "." {
			dir = filepath.Join("internal", dir)
		}
		for _, file := range goFiles(t, dir) {
			for _, decl := range parse(t, file).Decls {
				if f, ok := decl.(*ast.FuncDecl); ok {
					declared[f.Name.Name] = true
				}
			}
		}
	}
	promises, _, found := strings.Cut(string(text), "A break of any of these")
	require.True(t, found)
	for promise := range strings.SplitSeq(promises, "\n**") {
		if strings.HasPrefix(promise, "#") {
			continue
		}
		assert.Regexp(t, names, promise, "it names no test")
		for _, name := range names.FindAllStringSubmatch(promise, -1) {
			assert.True(t, declared[name[1]], "%s is no test", name[1])
		}
	}
}
