package docs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CheckGo compiles the Go blocks of a page.
func CheckGo(repo *Repo, blocks []Block) error {
	checker := NewChecker(repo)
	var err error
	for _, block := range blocks {
		switch block.Language {
		case "go":
			err = errors.Join(err, checker.Check(block))
		case "sh", "bash", "shell", "zsh":
			err = errors.Join(err, fmt.Errorf("%s: commands are shown in console blocks, behind \"$ \"", block))
		}
	}
	return err
}

// RunConsole runs the commands of a page, and the programs that have an output.
func RunConsole(runner *Runner, blocks []Block) error {
	var err error
	var above Block
	for _, block := range blocks {
		switch {
		case block.Language == "console":
			err = errors.Join(err, runner.Run(block))
		case block.Language == "output" && above.Language == "go" && WholeFile(above.Text):
			err = errors.Join(err, runner.runProgram(above, block))
		case block.Language == "output":
			err = errors.Join(err, fmt.Errorf("%s: an output block stands below a go block with a whole program", block))
		}
		above = block
	}
	return err
}

// runProgram runs a program in the main module.
func (r *Runner) runProgram(program, output Block) error {
	dir := fmt.Sprintf("docs-line-%d", program.Line)
	if err := os.Mkdir(filepath.Join(r.dir, dir), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(r.dir, dir, "main.go"), []byte(program.Text), 0o644); err != nil {
		return err
	}
	output.Text = "$ go run ./" + dir + "\n" + output.Text
	return r.Run(output)
}
