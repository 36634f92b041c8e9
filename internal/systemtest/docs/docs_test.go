package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elsewhere are commands that .ci/run runs as they are, and that take long.
var elsewhere = []string{"go test ./...", "go vet ./..."}

func openRepo(t *testing.T) *Repo {
	t.Helper()
	repo, err := OpenRepo(filepath.Join("..", "..", ".."))
	require.NoError(t, err)
	return repo
}

// pages are the blocks of README.md and docs/*.md.
func pages(t *testing.T, repo *Repo) map[string][]Block {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(repo.Dir, "docs", "*.md"))
	require.NoError(t, err)
	found := map[string][]Block{}
	for _, name := range append(names, filepath.Join(repo.Dir, "README.md")) {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		page, err := filepath.Rel(repo.Dir, name)
		require.NoError(t, err)
		found[page], err = Blocks(filepath.ToSlash(page), string(text))
		require.NoError(t, err)
	}
	return found
}

func TestGo(t *testing.T) {
	repo := openRepo(t)
	compiled := 0
	for page, blocks := range pages(t, repo) {
		t.Run(page, func(t *testing.T) { assert.NoError(t, CheckGo(repo, blocks)) })
		compiled += len(blocks)
	}
	assert.Positive(t, compiled)
}

func TestCommands(t *testing.T) {
	repo := openRepo(t)
	script, err := os.ReadFile(filepath.Join(repo.Dir, ".ci", "run"))
	require.NoError(t, err)
	skip := map[string]bool{}
	for _, command := range elsewhere {
		require.Contains(t, string(script), "\nrun "+command+"\n")
		skip[command] = true
	}
	for page, blocks := range pages(t, repo) {
		t.Run(page, func(t *testing.T) {
			runner, err := NewRunner(repo, filepath.Join(t.TempDir(), "instagram"), skip)
			require.NoError(t, err)
			assert.NoError(t, RunConsole(runner, blocks))
		})
	}
}

// The checks themselves: what is right passes, and what is wrong is told with its place.
func TestBlocks(t *testing.T) {
	text := "# A\n```go\nx\n```\n  ```console title\n  $ a\n    b\n  ```\n````\n```\n````\n    indented\n"
	blocks, err := Blocks("p.md", text)
	require.NoError(t, err)
	assert.Equal(t, []Block{
		{"p.md", 3, "go", "x\n"}, {"p.md", 6, "console", "$ a\n  b\n"}, {"p.md", 10, "", "```\n"},
	}, blocks)
	_, err = Blocks("p.md", "```go\nx\n")
	assert.EqualError(t, err, "p.md:2: the block does not end")
}

func TestCheck(t *testing.T) {
	repo := openRepo(t)
	for name, test := range map[string]struct {
		blocks []string // each a go block, the last on line 10
		want   string   // empty where it is right
	}{
		"fragment":          {[]string{"user, err := client.Users.Get(ctx, instagram.Self)"}, ""},
		"own error":         {[]string{"if err != nil {\n\treturn err\n}"}, ""},
		"declarations":      {[]string{"func f(s string) string { return strings.ToUpper(s) }\n\ntype T struct{}"}, ""},
		"whole file":        {[]string{"// A comment.\npackage main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }"}, ""},
		"imports":           {[]string{"import (\n\t\"crypto/rand\"\n)\n\nkey := rand.Text()"}, ""},
		"named import":      {[]string{"import ig \"github.com/igv1/instagram\"\n\nfunc f() *ig.Client { return nil }"}, ""},
		"elisions":          {[]string{"for media, err := range client.Users.Feed(nil).All(ctx) { ... }\n...\nc, err := instagram.NewClient(instagram.WithTimeout(1), ...)"}, ""},
		"needed package":    {[]string{"var source oauth2.TokenSource"}, ""},
		"test":              {[]string{"func TestMine(t *testing.T) {\n\tserver := instagramtest.NewServer()\n\tdefer server.Close()\n}"}, ""},
		"earlier variables": {[]string{"pager := client.Tags.RecentMedia(\"snow\", nil)", "page, err := pager.Next(ctx)", "cursor := page.Cursor()"}, ""},
		"another module":    {[]string{"import \"github.com/igv1/instagram/internal/systemtest/docs\"\n\nvar block docs.Block"}, ""},
		"unused, elided":    {[]string{"func f() {\n\tx := 1\n\t...\n}"}, ""},

		"misspelt":        {[]string{"a := 1", "b := a\nclient.Users.Gett(ctx)"}, "p.md:11: client.Users.Gett undefined"},
		"wrong type":      {[]string{"var n int = token"}, "p.md:10:"},
		"no Go":           {[]string{"client.Users.Get(ctx"}, "p.md:10:"},
		"unknown package": {[]string{"nosuchpackage.Call()"}, "p.md:10: no package or variable nosuchpackage is known"},
		"unused in file":  {[]string{"package main\n\nfunc main() { x := 1 }"}, "p.md:12: declared and not used: x"},
		"unused import":   {[]string{"package main\n\nimport \"fmt\"\n\nfunc main() {}"}, "p.md:12: \"fmt\" imported and not used"},
		"gone variable":   {[]string{"x, err := 1, error(nil)", "y := z"}, "p.md:10: undefined: z"},
	} {
		t.Run(name, func(t *testing.T) {
			checker := NewChecker(repo)
			for i, text := range test.blocks {
				err := checker.Check(Block{"p.md", 10, "go", text + "\n"})
				switch {
				case i < len(test.blocks)-1 || test.want == "":
					assert.NoError(t, err)
				default:
					assert.ErrorContains(t, err, test.want)
				}
			}
		})
	}
	assert.ErrorContains(t, CheckGo(repo, []Block{{"p.md", 3, "sh", "go version\n"}}), "p.md:3: commands are shown in console blocks")
}

func TestRun(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no output shown":   {"$ echo a", ""},
		"output":            {"$ echo a; echo b >&2\na\nb", ""},
		"several":           {"$ echo a\na\n$ echo b\nb", ""},
		"any lines":         {"$ printf 'a\\nb\\nc\\n'\na\n...\nc", ""},
		"no lines at all":   {"$ printf 'a\\nc\\n'\na\n...\nc", ""},
		"any text":          {"$ echo after 600µs\nafter ...s", ""},
		"spaces at the end": {"$ printf 'a  \\n\\n'\na", ""},
		"cd":                {"$ mkdir -p d && cd d\n$ basename $PWD\nd", ""},
		"joined":            {"$ echo a \\\n    b\na b", ""},
		"failure shown":     {"$ echo exit status 3; exit 3\nexit status 3", ""},
		"background":        {"$ echo up; sleep 100 &\nup\n$ echo a\na", ""},
		"elsewhere":         {"$ skipped\nnot looked at", ""},

		"other output":       {"$ echo a\n$ echo b\nc", "p.md:7: echo b: it does not print what is shown"},
		"more output":        {"$ printf 'a\\nb\\n'\na", "it does not print what is shown"},
		"less output":        {"$ echo a\na\nb", "it does not print what is shown"},
		"failure":            {"$ exit 3", "exit status 3"},
		"no command":         {"go version", "p.md:6: a console block begins with a command"},
		"unexpected in dots": {"$ echo abd\na...c", "it does not print what is shown"},
	} {
		t.Run(name, func(t *testing.T) {
			runner := &Runner{t.TempDir(), map[string]bool{"skipped": true}}
			err := runner.Run(Block{"p.md", 6, "console", test.text + "\n"})
			if test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, test.want)
			}
		})
	}
}

// What is started in the background ends with its block.
func TestBackgroundEnds(t *testing.T) {
	dir := t.TempDir()
	runner := &Runner{dir, nil}
	err := runner.Run(Block{"p.md", 1, "console", "$ trap 'echo ended >end; exit' INT; echo up; while true; do sleep 0.05; done &\nup\n"})
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(dir, "end"))
	require.NoError(t, err)
	assert.Equal(t, "ended\n", string(text))
}

func TestProgramWithOutput(t *testing.T) {
	repo := openRepo(t)
	runner, err := NewRunner(repo, filepath.Join(t.TempDir(), "instagram"), nil)
	require.NoError(t, err)
	program := "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/igv1/instagram\"\n)\n\nfunc main() { fmt.Println(instagram.Self) }\n"
	blocks := func(output string) []Block {
		return []Block{{"p.md", 3, "go", program}, {"p.md", 16, "output", output}}
	}
	require.NoError(t, RunConsole(runner, blocks("self\n")))
	require.NoError(t, os.RemoveAll(filepath.Join(runner.dir, "docs-line-3")))
	assert.ErrorContains(t, RunConsole(runner, blocks("other\n")), "printed:\nself")
	assert.ErrorContains(t, RunConsole(runner, []Block{{"p.md", 3, "go", "x := 1\n"}, {"p.md", 6, "output", ""}}), "p.md:6: an output block")
	assert.NotContains(t, strings.Join(elsewhere, " "), "run")
}
