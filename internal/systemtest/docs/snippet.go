package docs

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// prelude declares what every fragment may use without saying where it is from.
const prelude = `
	ctx          context.Context
	client       *instagram.Client
	server       *instagramtest.Server
	media        *instagram.MediaEntry
	t            *testing.T
	w            http.ResponseWriter
	r            *http.Request
	token        string // an access token
	id, secret   string // those of an app
	clientSecret string
	verifyToken  string
	err          error
`

// A Checker compiles the Go blocks of one page, in their order.
type Checker struct {
	repo  *Repo
	known map[string]variable // what fragments of the page have declared
}

// A variable is one that a fragment has declared, for those below it.
type variable struct {
	declaration string
	imports     []string
}

// NewChecker returns a checker for a page.
func NewChecker(repo *Repo) *Checker {
	return &Checker{repo: repo, known: map[string]variable{}}
}

// Check compiles a block, which is one of:
//
//   - a whole file, from its package clause on;
//   - declarations of functions, types and so on;
//   - a fragment: statements, as in a function that returns an error. It may use
//     the variables of the prelude, and those that fragments above it on the page
//     have declared. It need not use those that it declares.
//
// The last two import what they name, but may begin with imports of their own. Three dots stand for
// what is left out: on a line, in braces, or as the last argument of a call. Fragments, and
// whatever leaves something out, need not use the variables that they declare.
func (c *Checker) Check(block Block) error {
	text := elide(block.Text)
	elided := text != block.Text
	if WholeFile(text) {
		return c.compile(block, source{text: lineOf(block.Page, block.Line) + text, whole: true, elided: elided})
	}
	imports, body, skipped := cutImports(text)
	start := lineOf(block.Page, block.Line+skipped)
	fragment := source{imports: imports, text: "func _() error {\n" + start + body + "\nreturn nil\n}\n", fragment: true, elided: true}
	declarations := source{imports: imports, text: start + body, elided: elided}
	switch asFragment, asDeclarations := parse(fragment), parse(declarations); {
	case asFragment == nil:
		return c.compile(block, fragment)
	case asDeclarations == nil:
		return c.compile(block, declarations)
	case strings.HasPrefix(body, "func ") || strings.HasPrefix(body, "type "):
		return asDeclarations
	default:
		return asFragment
	}
}

// A source is a snippet on the way to become a file.
type source struct {
	imports  []string // lines such as _ "embed"
	text     string
	fragment bool
	whole    bool // it has a package clause
	elided   bool // what uses its variables may be left out
}

// lineOf makes errors name the place in the page.
func lineOf(page string, line int) string { return fmt.Sprintf("//line %s:%d\n", page, line) }

var elisions = strings.NewReplacer("{ ... }", "{ }", "{...}", "{}", ", ...)", ")", "(...)", "()")

func elide(text string) string {
	lines := strings.Split(elisions.Replace(text), "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == "..." {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

var lineComments = regexp.MustCompile(`(?m)^\s*//.*$`)

// WholeFile says whether a snippet has a package clause.
func WholeFile(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(lineComments.ReplaceAllString(text, "")), "package ")
}

var importDeclaration = regexp.MustCompile(`^\s*import\s+(\(([^)]*)\)|[\w.]*\s*"[^"]+")[ \t]*\n`)

// cutImports takes the import declarations from the start of a snippet, and says how many lines
// that were.
func cutImports(text string) (imports []string, body string, lines int) {
	for body = text; ; {
		found := importDeclaration.FindStringSubmatch(body)
		if found == nil {
			return imports, body, lines
		}
		list := found[2]
		if list == "" {
			list = found[1]
		}
		for line := range strings.Lines(list) {
			if line = strings.TrimSpace(line); line != "" {
				imports = append(imports, line)
			}
		}
		lines += strings.Count(found[0], "\n")
		body = body[len(found[0]):]
	}
}

// parse says whether a source is Go.
func parse(s source) error {
	_, err := parser.ParseFile(token.NewFileSet(), "snippet.go", "package snippet\n"+s.text, parser.SkipObjectResolution)
	return err
}

// file puts a snippet into a file with the variables that it may use, and with the imports for the
// packages that it names.
func (c *Checker) file(s source) (string, error) {
	variables, imports := prelude, map[string]bool{}
	for _, line := range s.imports {
		imports[line] = true
	}
	if s.fragment {
		for _, path := range []string{"context", "net/http", "testing", c.repo.Module, c.repo.Module + "/instagramtest"} {
			imports[fmt.Sprintf("%q", path)] = true
		}
		for _, name := range slices.Sorted(maps.Keys(c.known)) {
			v := c.known[name]
			if declared := regexp.MustCompile(`(?m)^\s*` + name + `\s.*$`); declared.MatchString(variables) {
				variables = declared.ReplaceAllString(variables, "")
			}
			variables += "\t" + name + " " + v.declaration + "\n"
			for _, path := range v.imports {
				imports[fmt.Sprintf("%q", path)] = true
			}
		}
	} else {
		variables = ""
	}
	body := "var (" + variables + ")\n" + s.text
	parsed, err := parser.ParseFile(token.NewFileSet(), "snippet.go", "package snippet\n"+body, 0)
	if err != nil {
		return "", err
	}
	named, err := c.named(parsed, imports)
	if err != nil {
		return "", err
	}
	for _, path := range named {
		imports[fmt.Sprintf("%q", path)] = true
	}
	return "package snippet\nimport (\n" + strings.Join(slices.Sorted(maps.Keys(imports)), "\n") + "\n)\n" + body, nil
}

// named finds the packages that a file names and does not import.
func (c *Checker) named(file *ast.File, imported map[string]bool) ([]string, error) {
	unresolved := map[*ast.Ident]bool{}
	for _, name := range file.Unresolved {
		unresolved[name] = true
	}
	var paths []string
	var err error
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok || !unresolved[name] || importsName(imported, name.Name) {
			return true
		}
		path, found := c.repo.PackageNamed(name.Name)
		if !found {
			err = errors.Join(err, fmt.Errorf("no package or variable %s is known: import it in the block", name.Name))
		}
		paths = append(paths, path)
		return true
	})
	return paths, err
}

// importsName says whether imports have a package of that name already.
func importsName(imports map[string]bool, name string) bool {
	for line := range imports {
		alias, path, _ := strings.Cut(line, `"`)
		path = strings.TrimSuffix(path, `"`)
		if alias = strings.TrimSpace(alias); alias == name || alias == "" && packageName(path) == name {
			return true
		}
	}
	return false
}

// compile checks a file as the compiler does.
func (c *Checker) compile(block Block, s source) error {
	text := s.text
	if !s.whole {
		var err error
		if text, err = c.file(s); err != nil {
			return fmt.Errorf("%s: %w", block, err)
		}
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "snippet.go", text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	importer, err := c.repo.importer(files, file)
	if err != nil {
		return fmt.Errorf("%s: %w", block, err)
	}
	var problems []error
	config := types.Config{Importer: importer, Error: func(err error) {
		//nolint:errorlint // the type checker passes no other errors
		if problem := err.(types.Error); !s.elided || !strings.HasPrefix(problem.Msg, "declared and not used") {
			problems = append(problems, fmt.Errorf("%s: %s", files.Position(problem.Pos), problem.Msg))
		}
	}}
	info := &types.Info{Scopes: map[ast.Node]*types.Scope{}}
	_, _ = config.Check("snippet", files, []*ast.File{file}, info) // Error has what goes wrong
	if len(problems) == 0 && s.fragment {
		c.remember(file, info)
	}
	return errors.Join(problems...)
}

// remember keeps the variables of a fragment for those below it.
func (c *Checker) remember(file *ast.File, info *types.Info) {
	function := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	scope := info.Scopes[function.Type]
	for _, name := range scope.Names() {
		object, ok := scope.Lookup(name).(*types.Var)
		if !ok {
			continue
		}
		v := variable{}
		speakable := true
		v.declaration = types.TypeString(object.Type(), func(p *types.Package) string {
			if p.Name() == "snippet" {
				speakable = false
			}
			v.imports = append(v.imports, p.Path())
			return p.Name()
		})
		if speakable {
			c.known[name] = v
		}
	}
}
