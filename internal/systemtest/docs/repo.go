package docs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Repo is the project that the pages are about, with all its modules.
type Repo struct {
	Dir    string
	Module string // the path of the module at the top

	modules  []module            // the longest path first
	packages map[string][]string // paths by name
	exports  map[string]string   // files of export data by module and path
}

type module struct{ path, dir string }

// OpenRepo looks at the project in a directory.
func OpenRepo(dir string) (*Repo, error) {
	r := &Repo{Dir: dir, packages: map[string][]string{}, exports: map[string]string{}}
	names, err := r.Files()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if path.Base(name) == "go.mod" {
			if err := r.addModule(name); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(r.modules, func(a, b module) int { return len(b.path) - len(a.path) })
	if len(r.modules) == 0 {
		return nil, fmt.Errorf("%s: no go.mod", dir)
	}
	r.Module = r.modules[len(r.modules)-1].path
	return r, r.addPackages(names)
}

// Files are the files of the project, those that git ignores left out.
func (r *Repo) Files() ([]string, error) {
	out, err := command(r.Dir, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(r.Dir, name)); err == nil { // deleted, and not yet committed
			names = append(names, name)
		}
	}
	return names, nil
}

var moduleLine = regexp.MustCompile(`(?m)^module (\S+)`)

func (r *Repo) addModule(name string) error {
	text, err := os.ReadFile(filepath.Join(r.Dir, name))
	if err != nil {
		return err
	}
	found := moduleLine.FindSubmatch(text)
	if found == nil {
		return fmt.Errorf("%s names no module", name)
	}
	r.modules = append(r.modules, module{string(found[1]), filepath.Join(r.Dir, path.Dir(name))})
	return nil
}

// addPackages learns which packages there are: the standard library's, the project's, and those
// that its main module needs.
func (r *Repo) addPackages(names []string) error {
	listed, err := command(r.Dir, "go", "list", "std")
	if err != nil {
		return err
	}
	needed, err := command(r.Dir, "go", "list", "-test", "-deps", "./...")
	if err != nil {
		return err
	}
	paths := append(strings.Fields(listed), strings.Fields(needed)...)
	for _, name := range names {
		if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			paths = append(paths, path.Join(r.Module, path.Dir(name)))
		}
	}
	hidden := regexp.MustCompile(`(^|/)(internal|vendor)/|[.\s]test\b|_test$|\[`)
	for _, p := range paths {
		if name := packageName(p); !hidden.MatchString(p) && !slices.Contains(r.packages[name], p) {
			r.packages[name] = append(r.packages[name], p)
		}
	}
	return nil
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// packageName guesses the name of the package at a path.
func packageName(p string) string {
	name := path.Base(p)
	if version.MatchString(name) {
		name = path.Base(path.Dir(p))
	}
	return name
}

// PackageNamed returns the path of the package that a name most likely means: of the standard
// library first, then the shortest.
func (r *Repo) PackageNamed(name string) (string, bool) {
	paths := r.packages[name]
	if len(paths) == 0 {
		return "", false
	}
	return slices.MinFunc(paths, func(a, b string) int {
		if standard(a) != standard(b) {
			if standard(a) {
				return -1
			}
			return 1
		}
		return len(a) - len(b)
	}), true
}

func standard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// importer imports what a file names, as the module does that has it.
func (r *Repo) importer(files *token.FileSet, file *ast.File) (types.Importer, error) {
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		paths = append(paths, p)
	}
	home := r.moduleFor(paths)
	if err := r.export(home, paths); err != nil {
		return nil, err
	}
	return importer.ForCompiler(files, "gc", func(p string) (io.ReadCloser, error) {
		name := r.exports[home.path+" "+p]
		if name == "" {
			return nil, fmt.Errorf("package %s is not known", p)
		}
		return os.Open(name)
	}), nil
}

// moduleFor returns the module that has one of the packages, or else the main one. Modules below it
// can import it, not the other way round.
func (r *Repo) moduleFor(paths []string) module {
	for _, m := range r.modules {
		for _, p := range paths {
			if p == m.path || strings.HasPrefix(p, m.path+"/") {
				if m.path != r.Module {
					return m
				}
			}
		}
	}
	return r.modules[len(r.modules)-1]
}

// export compiles packages, with all that they import.
func (r *Repo) export(m module, paths []string) error {
	paths = slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "unsafe" || r.exports[m.path+" "+p] != "" })
	if len(paths) == 0 {
		return nil
	}
	out, err := command(m.dir, "go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, paths...)...)
	if err != nil {
		return err
	}
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var listed struct{ ImportPath, Export string }
		if err := decoder.Decode(&listed); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		r.exports[m.path+" "+listed.ImportPath] = listed.Export
	}
}

// Copy copies the files of the project to a directory, for commands to run in.
func (r *Repo) Copy(to string) error {
	names, err := r.Files()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := copyFile(filepath.Join(r.Dir, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}

// command returns what a program prints to standard output.
func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...) //nolint:gosec // it is git or go
	cmd.Dir = dir
	var out, status bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &status
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, &status)
	}
	return out.String(), nil
}
